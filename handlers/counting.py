"""Numbers that take long to count: they are read beside the turns, so that nobody waits for them.

A turn that needs one that nobody has counted is rolled back, and taken again once it is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from storage import Transaction
from storage.broadcasting.broadcasts import Counts, Kind, Preflight, Rule


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a broadcast of this kind, with this rule, would be for now."""

    rule: Rule
    about: int | None = None
    kind: Kind = Kind.ANNOUNCEMENT


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who is written down for a broadcast, and what has become of their rows."""

    broadcast: int


@dataclass(frozen=True, slots=True)
class Ways:
    """How those whom it would be for could be written to."""

    audience: Audience


Countable: TypeAlias = Audience | Recipients | Ways
Counted: TypeAlias = Counts | Preflight
"""Of `Ways` a Preflight, of all else Counts."""


class Uncounted(Exception):
    """A turn needs a number that was not counted for it."""

    def __init__(self, who: tuple[str, str], what: Countable) -> None:
        super().__init__("A turn needs a number that was not counted for it.")
        self.who = who
        """Whose turn it is: channel and account."""
        self.what = what


async def count(storage: Transaction, what: Countable, now: datetime) -> Counted:
    """How many they are; some microseconds for each, so not in a turn."""
    if isinstance(what, Ways):
        rule, about, kind = what.audience.rule, what.audience.about, what.audience.kind
        return await storage.recipients.preflight(rule, about, kind, now)
    if isinstance(what, Recipients):
        return await storage.recipients.counts(what.broadcast)
    return await storage.recipients.audience(what.rule, what.about, what.kind)
