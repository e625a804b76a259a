"""What others hear of what happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dialogue.words import Reply
from handlers.house import House
from storage import Transaction
from storage.series.webinars import Programme


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody else hears of a turn."""

    person: int
    reply: Reply
    slot: str | None = None
    """What waits in this slot of the outbox is not said: this takes its place."""
    due: datetime | None = None
    """Not before; None is at once."""
    answers: tuple[int, ...] = ()
    """The questions whose answers it brings: once it has arrived, no way back to them is kept."""
    target: int | None = None
    """The delivery that it edits or deletes; where nothing can be edited, nothing is said then."""
    sent: Callable[[int], None] | None = None
    """Is given the id of the delivery that it becomes."""


class Teller:
    """Has people told what happened: somebody's turn, or what happens without one."""

    __slots__ = ()

    house: House
    storage: Transaction
    now: datetime
    told: list[Told]
    """What others hear of it, by person."""

    @property
    def programme(self) -> Programme:
        """The webinars there are."""
        return self.house.programme

    def tell(
        self,
        person_id: int,
        reply: Reply,
        *,
        slot: str | None = None,
        due: datetime | None = None,
        answers: tuple[int, ...] = (),
        target: int | None = None,
        sent: Callable[[int], None] | None = None,
    ) -> None:
        """Have somebody else hear this, with the commit of what happens; the rest as in `Told`.

        In their language and zone, on the address that they prefer; not at all when they have
        none on which they wish to be written to. A button under it works; a number does not.
        """
        self.told.append(Told(person_id, reply, slot, due, answers, target, sent))
