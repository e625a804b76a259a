"""Which of several broadcasts goes first, where not all of their rows can leave at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.broadcasting.broadcast import Kind

BEFORE_NEW = {Kind.RECALL: 0, Kind.CORRECTION: 1}
"""What is wrong is taken away, and then put right, before anything new is said."""
NEW = 2
ANSWER = 3
NEVER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Standing:
    """What a broadcast's place depends on."""

    id: int
    kind: Kind
    webinar: str | None
    not_after: int | None
    """Epoch ms."""
    content: Mapping[str, Any]
    """Of a notice."""

    @property
    def is_answer(self) -> bool:
        """Whether it is an answer to a question: there are many, and none is urgent."""
        return self.content.get("notice") == "answer"

    def follows(self, other: Standing) -> bool:
        """Whether nobody may get this before the other: both say how the same webinar changes."""
        notices = self.kind is other.kind is Kind.NOTICE and self.webinar is not None
        changes = notices and not self.is_answer and not other.is_answer
        return changes and self.webinar == other.webinar and self.id > other.id

    @property
    def until(self) -> int:
        """When it has lost its meaning, in epoch ms: at the latest when people come in vain."""
        if self.kind.lane is not Kind.NOTICE.lane:
            return NEVER
        ends = NEVER if self.not_after is None else self.not_after
        before: int | None = self.content.get("before")
        return ends if before is None else min(ends, before)


def in_order(standing: Sequence[Standing]) -> list[Standing]:
    """These, who goes first comes first.

    Recalls and corrections before what is new; of reminders and notices what has the least time
    left, together with the notices that it follows; answers last; else the oldest.
    """

    def place(each: Standing) -> tuple[int, int, int]:
        rank = ANSWER if each.is_answer else BEFORE_NEW.get(each.kind, NEW)
        until = min([each.until, *(other.until for other in standing if other.follows(each))])
        return rank, until, each.id

    return sorted(standing, key=place)
