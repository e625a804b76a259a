"""News that come one after the other are one message: what is still waiting is written anew."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

QUIET = timedelta(seconds=15)
"""So long a message waits for more of its kind."""
LONGEST = timedelta(minutes=1)
"""So long it waits at most."""


@dataclass(frozen=True, slots=True)
class Burst:
    """The news for one person that leave together: all in one slot of the outbox, when due."""

    slot: str
    began: datetime
    due: datetime
    questions: tuple[int, ...]


@dataclass(slots=True)
class Bursts:
    """Who has news that have not left yet; in memory alone, so that a restart only splits them."""

    _waiting: dict[int, Burst] = field(default_factory=dict[int, Burst])

    def join(self, person_id: int, questions: tuple[int, ...], now: datetime) -> Burst:
        """The burst that news of these questions belong to, with those that it had already."""
        self._waiting = {person: each for person, each in self._waiting.items() if now < each.due}
        found = self._waiting.get(person_id)
        if found is None:
            slot = f"receipts-{int(now.timestamp() * 1000)}"
            found = Burst(slot, now, now, ())
        burst = replace(
            found,
            due=min(now + QUIET, found.began + LONGEST),
            questions=(*dict.fromkeys((*found.questions, *questions)),),
        )
        self._waiting[person_id] = burst
        return burst
