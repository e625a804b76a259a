"""Mail that comes in: fetched, read, taken, and in the end deleted from the mailbox.

How far the mailbox was taken is kept, and nothing else: the mailbox itself is where mail waits. A
mail that cannot be taken now is tried again beside those that come after it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from channels import Barred, Unreachable
from channels.email.imap import Box
from channels.email.inbox import Inbox
from channels.email.reading import Known, Mail
from delivery import Clock, Duty
from delivery.retries import back_off
from dialogue.incoming import Incoming, TryAgain
from handlers.mail.tickets import Ticket
from service.mail_fetched import Piece, incoming_of, piece_of
from service.mail_heard import Place, keep, place_of
from service.platform import Poison
from storage import Storage, Unavailable
from storage.persons import MAILED

log = logging.getLogger("tadamun.mail")

LOOK_EVERY = 60.0
"""Seconds, where the server does not tell of new mail by itself, and where it should have."""
TIDY_EVERY = timedelta(hours=1)
AGAIN_AFTER = 60.0
"""Seconds until what could not be taken is tried again."""
HELD_FOR = timedelta(days=1)
AT_ONCE = 10
"""Mails that are taken beside each other."""


@dataclass(slots=True)
class _Round:
    """What this connection knows beside how far it is."""

    place: Place
    held: dict[int, datetime] = field(default_factory=dict[int, datetime])
    """Mails that could not be taken, with when that was first tried."""
    tidied: datetime | None = None

    @property
    def kept(self) -> Place:
        """How far all was taken."""
        return replace(self.place, last=min([self.place.last, *(uid - 1 for uid in self.held)]))


class MailIn:
    """The mailbox, as long as this process serves it."""

    def __init__(
        self,
        box: Box,
        known: Known,
        storage: Storage,
        clock: Clock,
        *,
        take: Callable[[Incoming], Awaitable[None]],
        poison: Poison,
        noted: Callable[[Mail], None],
        days: int,
    ) -> None:
        """`noted` is told of each mail that is answered.

        After so many `days` mails are deleted; never for 0.
        """
        self._box = box
        self._known = known
        self._storage = storage
        self._clock = clock
        self._take = take
        self._poison = poison
        self._noted = noted
        self._days = days
        self._again = asyncio.Semaphore(2)
        self._left = asyncio.Event()
        self._tried: dict[tuple[int, int], datetime] = {}
        """Since when mails cannot be taken, whatever became of the connection."""
        self.connected = False
        """Whether the mailbox was open when it was tried last."""

    async def run(self, duty: Duty) -> None:
        """Take what comes in, until cancelled or `hang_up`."""
        attempt = 0
        while not self._left.is_set():
            await duty.on.wait()
            inbox = Inbox(self._box)
            try:
                async with asyncio.TaskGroup() as tasks:
                    serving = tasks.create_task(self._serve(inbox, duty))
                    ends = [
                        tasks.create_task(_cancel_after(event, serving))
                        for event in (duty.off, self._left)
                    ]
                    await asyncio.wait([serving])
                    for end in ends:
                        end.cancel()
            except* (Barred, Unreachable, Unavailable) as faults:
                attempt = 0 if self.connected else attempt + 1
                _complain(faults.exceptions[0])
            finally:
                self.connected = False
                await inbox.close()
            await self._clock.wait(self._left, back_off(attempt, self._clock.chance()))

    def hang_up(self) -> None:
        """Fetch nothing more. What was fetched and not taken is fetched again at the next start."""
        self._left.set()

    async def once_more(self, ticket: Ticket) -> Incoming | None:
        """This mail, if it is still there and still theirs; raises Barred or Unreachable."""
        validity, _, uid = ticket.lies_at.partition(".")
        if not uid.isdecimal():
            return None
        async with self._again:
            inbox = Inbox(self._box)
            try:
                standing = await inbox.open()
                if str(standing.validity) != validity:
                    return None
                fetched = await inbox.fetch(int(uid))
            finally:
                await inbox.close()
        piece = None if fetched is None else await asyncio.to_thread(piece_of, fetched, self._known)
        mail = piece.mail if piece else None
        if mail is None or mail.automatic:
            return None
        self._noted(mail)
        return incoming_of(mail, ticket.lies_at)

    async def _serve(self, inbox: Inbox, duty: Duty) -> None:
        standing = await inbox.open()
        self.connected = True
        now = _Round(await place_of(inbox, standing, self._storage, self._clock.now()))
        await keep(now.kept, self._storage)
        while duty.on.is_set():
            await self._tidy(inbox, now)
            await self._retry(inbox, now)
            # Looked for last before the wait: what a server tells meanwhile it may not tell again.
            while uids := await inbox.after(now.place.last):
                for some in _in_groups(uids):
                    await self._take_all(inbox, now, some)
            await inbox.wait(AGAIN_AFTER if now.held else LOOK_EVERY)

    async def _take_all(self, inbox: Inbox, now: _Round, uids: Sequence[int]) -> None:
        pieces: list[Piece] = []
        for uid in uids:
            fetched = await inbox.fetch(uid)
            if fetched is not None:
                # In a thread, too: markup may take longer than anybody's turn may wait.
                pieces.append(await asyncio.to_thread(piece_of, fetched, self._known))
        validity = now.place.validity
        taken = await asyncio.gather(*(self._one(piece, validity) for piece in pieces))
        for piece, done in zip(pieces, taken, strict=True):
            name = (validity, piece.uid)
            if done:
                self._tried.pop(name, None)
            else:
                now.held[piece.uid] = self._tried.setdefault(name, self._clock.now())
        now.place = replace(now.place, last=max(now.place.last, *uids))
        await keep(now.kept, self._storage)

    async def _retry(self, inbox: Inbox, now: _Round) -> None:
        """Try once more what could not be taken; not for ever."""
        over = self._clock.now() - HELD_FOR
        for uid in [uid for uid, since in now.held.items() if since < over]:
            log.error("ALERT: a mail could not be taken for a day, and stays in the mailbox")
            del now.held[uid], self._tried[now.place.validity, uid]
        for some in _in_groups(sorted(now.held)):
            for uid in some:
                del now.held[uid]
            await self._take_all(inbox, now, some)

    async def _one(self, piece: Piece, validity: int) -> bool:
        """Whether there is nothing more to do about this mail."""
        mail = piece.mail
        try:
            if piece.unread is not None:
                raw, reason, account = piece.unread
                await self._poison(MAILED, account, raw, reason)
            elif mail is not None and not mail.automatic:
                self._noted(mail)
                await self._take(incoming_of(mail, f"{validity}.{piece.uid}"))
        except TryAgain:
            return False
        return True

    async def _tidy(self, inbox: Inbox, now: _Round) -> None:
        """Delete what was there for as long as it may be."""
        at, place = self._clock.now(), now.kept
        if not self._days or (now.tidied is not None and at - now.tidied < TIDY_EVERY):
            return
        now.tidied = at
        old = await inbox.before(at - timedelta(days=self._days), place.first, place.last)
        await inbox.delete(old)


def _complain(fault: BaseException) -> None:
    if isinstance(fault, Barred):
        log.error("ALERT: the mailbox cannot be opened: %s", fault)
    else:
        log.warning("no mail comes in: %s", fault)


async def _cancel_after(event: asyncio.Event, task: asyncio.Task[None]) -> None:
    await event.wait()
    task.cancel()


def _in_groups(uids: Sequence[int]) -> list[Sequence[int]]:
    return [uids[start : start + AT_ONCE] for start in range(0, len(uids), AT_ONCE)]
