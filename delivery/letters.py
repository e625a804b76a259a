"""A letter: one thing to carry out on a platform, with what was learnt on the way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from channels import NO_SLIP, Slip
from dialogue.words import Act, Lane, Message
from storage.outbox import Delivery

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True, eq=False)
class Letter:
    """One thing to carry out: a row of the outbox, or an `answer` that somebody waits for."""

    account: str
    act: Act
    target: str | None
    message: Message
    lane: Lane
    delivery: Delivery | None = None
    answer: asyncio.Future[str] | None = None
    pauses: int = 0
    moved: bool = False
    open_until: datetime | None = None
    """As in the slip; None for what answers somebody who has just written."""
    shut: bool = False
    """The platform said that the window is closed, whatever we thought."""
    plain: bool = False
    """The platform could not have the picture."""
    doubtful: bool = False
    """It was perhaps sent before: the platform is asked first."""

    @property
    def broadcast(self) -> bool:
        """Whether it goes on the even grid, and lets replies pass."""
        return self.lane is not Lane.REPLY

    @property
    def slip(self) -> Slip:
        """What the platform may have to be told besides the message."""
        row = self.delivery
        if row is None:
            return NO_SLIP
        open_until = LONG_AGO if self.shut else self.open_until
        return Slip(row.id, row.not_after, open_until, self.plain)


def letter_of(delivery: Delivery) -> Letter:
    """The letter that carries a row of the outbox."""
    return Letter(
        account=delivery.account,
        act=delivery.act,
        target=delivery.target,
        message=delivery.message,
        lane=delivery.lane,
        delivery=delivery,
        open_until=delivery.open_until,
    )
