"""Twilio's log: what never reached us is taken from it, and what is old is deleted there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from channels.whatsapp import TwilioApi, delete_before, inbound_since
from delivery import Clock
from dialogue.incoming import Incoming
from storage import Storage

log = logging.getLogger("tadamun.whatsapp")

BEFORE = timedelta(minutes=2)
"""Twilio's clock may be behind ours, and what it notes may stand in its log a little later."""
REMEMBERED = timedelta(days=6)
"""What came in is known again for a week; what is older could be taken twice."""
HEARD = "whatsapp-heard"
"""What the note is called that says up to when everything was taken."""
PATIENCE = 5.0
"""Seconds, from the start, for which what Twilio brings waits behind what it could not bring
before; it waits 15 seconds for our answer."""
TIDIED_EVERY = timedelta(hours=1)


class TwilioLog:
    """What we ask of it, about one number."""

    def __init__(
        self,
        storage: Storage,
        api: TwilioApi,
        sender: str,
        take: Callable[[Incoming], Awaitable[None]],
        clock: Clock,
        keeps: timedelta,
    ) -> None:
        """It `keeps` messages for so long; for ever where that is nothing."""
        self._storage = storage
        self._api = api
        self._sender = sender
        self._take = take
        self._clock = clock
        self._keeps = keeps
        self._complete = asyncio.Event()
        self._patient_until = clock.monotonic() + PATIENCE
        self._waiting: dict[str, Incoming] = {}
        self._tidied: datetime | None = None

    async def take(self, incoming: Incoming) -> None:
        """Take what Twilio brings, when what it could not bring before has been taken.

        Somebody's new message does not overtake the one that came while nobody listened.
        """
        patience = self._patient_until - self._clock.monotonic()
        if patience > 0 and not self._complete.is_set():
            self._waiting[incoming.id] = incoming
            await self._clock.wait(self._complete, patience)
            self._waiting.pop(incoming.id, None)
        await self._take(incoming)

    def let_in(self) -> None:
        """Nothing has to be waited for any more: Twilio was asked, or does not answer."""
        self._complete.set()

    async def catch_up(self) -> None:
        """Take what stands in the log and never reached us; what did is known again.

        Raises TryAgain, Unavailable or one of FAULTS: then all of it is asked for again.
        """
        now = self._clock.now()
        async with self._storage.reading() as tx:
            noted = await tx.meta.get(HEARD)
        heard = datetime.fromisoformat(noted) if noted else now
        if now - heard > REMEMBERED:
            log.warning("nobody listened on WhatsApp for days; only the last %s count", REMEMBERED)
        since = max(heard, now - REMEMBERED) - BEFORE
        for incoming in await inbound_since(self._api, self._sender, since):
            # What is here as well tells more: of a pressed button the log has only the words.
            await self._take(self._waiting.get(incoming.id, incoming))
        async with self._storage.transaction() as tx:
            await tx.meta.put(HEARD, now.isoformat())
        self.let_in()

    async def tidy(self) -> None:
        """Now and then, have what is older than it is kept deleted. Raises one of FAULTS."""
        now = self._clock.now()
        if self._tidied is None:
            # Whatever is asked for at the start comes first.
            self._tidied = now
        if self._keeps and not self._tidied <= now < self._tidied + TIDIED_EVERY:
            await delete_before(self._api, self._sender, now - self._keeps)
            self._tidied = now
