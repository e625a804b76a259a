"""How far the mailbox was taken: all that is kept of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.email.imap import Standing
from channels.email.inbox import Inbox
from storage import Storage

log = logging.getLogger("tadamun.mail")

HEARD = "mail-heard"
"""What the note is called that says up to where the mailbox was taken."""
REMEMBERED = timedelta(days=6)
"""What came in is known again for a week; what is older could be taken twice."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far the mailbox was taken: the mails between these two numbers."""

    validity: int
    first: int
    """Mails before this one were there before us, and are none of our business."""
    last: int

    def __str__(self) -> str:
        return f"{self.validity} {self.first} {self.last}"


async def place_of(inbox: Inbox, standing: Standing, storage: Storage, now: datetime) -> Place:
    """Where to go on in the mailbox that was just opened."""
    async with storage.reading() as tx:
        said = await tx.meta.get(HEARD)
    begin = Place(standing.validity, standing.next_uid, standing.next_uid - 1)
    if said is None:
        return begin
    validity, first, last = map(int, said.split())
    if validity == standing.validity:
        return Place(validity, first, last)
    # All numbers are others now. What was taken before is known by its own id.
    log.warning("the mails of the mailbox have other numbers now")
    since = await inbox.since(now - REMEMBERED)
    if not since:
        return begin
    return Place(standing.validity, since[0], since[0] - 1)


async def keep(place: Place, storage: Storage) -> None:
    """Go on from here after the next start."""
    async with storage.transaction() as tx:
        await tx.meta.put(HEARD, str(place))
