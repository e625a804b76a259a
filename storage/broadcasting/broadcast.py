"""One broadcast, as the rooms above see it and as its row holds it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from dialogue.words import Lane
from storage.broadcasting.rules import Rule
from storage.engines.port import Row
from storage.engines.times import from_epoch_ms, moment
from storage.errors import Unreadable
from storage.sealing.vault import Field, Vault

FAULTS = (
    "gone",
    "refused",
    "moved",
    "unreachable",
    "error",
    "damaged",
    "expired",
    "unknown",
    "stopped",
    "left",
    "joined",
    "closed",
    "no-marketing",
    "held-back",
)
"""Why somebody did not get it: as in `Counts.by_fault`.

They blocked us; the platform refused the message; the account moved twice; the network was away
for a day; our own mistake; our own row; its time was over; perhaps they got it; they wanted no
more of it; they are not registered any more; it is for those who are not, and they are by now;
only a template may go to them, and there is none; they told the platform that they want no
announcements; the platform kept it from them.
"""

ARRIVED = ("delivered", "read")


class Kind(StrEnum):
    """What a broadcast is."""

    ANNOUNCEMENT = "announcement"
    CORRECTION = "correction"
    """To those whom an earlier announcement reached."""
    RETRY = "retry"
    """To those whom an earlier announcement did not reach."""
    RECALL = "recall"
    """Deletes what an earlier announcement brought, where that can still be done."""
    REMINDER = "reminder"
    NOTICE = "notice"
    """What those registered must know: moved, cancelled, another way in."""

    @property
    def lane(self) -> Lane:
        """Who goes first when not all can go at once."""
        return Lane.REMINDER if self in (Kind.REMINDER, Kind.NOTICE) else Lane.ANNOUNCEMENT


ANNOUNCING = (Kind.ANNOUNCEMENT, Kind.CORRECTION, Kind.RETRY)
"""What may be unwelcome: nobody gets it who said so, to us or to their platform."""


class Phase(StrEnum):
    """How far a broadcast has come."""

    DRAFT = "draft"
    WAITING = "waiting"
    """A second member of staff must agree."""
    HELD = "held"
    """Until its time has come; it can still be taken back."""
    FREEZING = "freezing"
    """Its recipients are being written down."""
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLING = "cancelling"
    """What has not left will not leave."""
    CANCELLED = "cancelled"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people, by what became of their rows, why not, where, and in which language."""

    by_state: Mapping[str, int] = field(default_factory=dict[str, int])
    by_fault: Mapping[str, int] = field(default_factory=dict[str, int])
    by_channel: Mapping[str, int] = field(default_factory=dict[str, int])
    by_language: Mapping[str, int] = field(default_factory=dict[str, int])
    total: int = 0

    def of(self, *states: str) -> int:
        """How many are in one of these states; what has arrived, or was read, was `sent`, too."""
        arrived = ARRIVED if "sent" in states else ()
        return sum(self.by_state.get(state, 0) for state in {*states, *arrived})


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One message to many: what it says, for whom, and how far it has come."""

    id: int
    kind: Kind
    phase: Phase
    webinar: str | None
    rule: Rule
    content: Mapping[str, Any]
    """Empty once its time is over, and where the disk has spoilt it."""
    change: Mapping[str, Any] | None
    """What becomes of the webinar when it begins: `starts_at` (epoch ms) or `state`."""
    about: int | None
    """The earlier broadcast that it is about."""
    made_by: int | None
    made: datetime
    starts_at: datetime
    not_after: datetime | None
    """Nobody gets it later."""
    counts: Counts | None
    """The last ones, once it is over."""
    began: datetime | None
    ended: datetime | None
    progress: int | None
    """The delivery that showed its progress last."""
    confirmed: int | None = None
    """For how many people it was confirmed, where somebody had to."""
    frozen: int | None = None
    """How many recipients are written down, once all are, since it was confirmed."""
    stale: bool = False
    """Rows of an earlier confirmation are still to be deleted."""
    ahead_on: str | None = None
    """On this channel only some of its rows may leave, ahead of the others."""
    reminders: tuple[tuple[str, int], ...] = ()
    """The webinars that it reminds of, each with the minutes before its start."""

    @property
    def pictured(self) -> bool:
        """Whether there is a picture beside it, in some language at least."""
        return bool(self.content.get("photos"))


GROWN = (11, 10)
"""An audience may have grown by a tenth since its number was shown."""


def has_outgrown(now: int, shown: int) -> bool:
    """Whether so many more than were shown would be reached that it must be confirmed anew."""
    most, of = GROWN
    return now * of > shown * most


COLUMNS = """id, kind, state, webinar, rule, content, change, about, made_by, made, starts_at,
       not_after, counts, began, ended, progress, confirmed, frozen, stale, ahead_on"""


def broadcast_from(vault: Vault, row: Row, reminders: tuple[tuple[str, int], ...]) -> Broadcast:
    """The broadcast in a row of COLUMNS."""
    (id, kind, state, webinar, rule, content, change, about, made_by, made, starts_at, not_after,
     counts, began, ended, progress, confirmed, frozen, stale, ahead_on) = row  # fmt: skip
    return Broadcast(
        id=id,
        kind=Kind(kind),
        phase=Phase(state),
        webinar=webinar,
        rule=Rule.from_json(rule),
        content=readable(vault, id, content),
        change=None if change is None else json.loads(change),
        about=about,
        made_by=made_by,
        made=from_epoch_ms(made),
        starts_at=from_epoch_ms(starts_at),
        not_after=moment(not_after),
        counts=None if counts is None else Counts(**json.loads(counts)),
        began=moment(began),
        ended=moment(ended),
        progress=progress,
        confirmed=confirmed,
        frozen=frozen,
        stale=bool(stale),
        ahead_on=ahead_on,
        reminders=reminders,
    )


def sealed(vault: Vault, id: int, content: Mapping[str, Any]) -> bytes:
    """The content for the row of this broadcast."""
    text = json.dumps(dict(content), ensure_ascii=False, separators=(",", ":"))
    return vault.seal(text, Field("broadcasts", "content", id))


def readable(vault: Vault, id: int, content: bytes) -> Mapping[str, Any]:
    """The same as `opened`; nothing where it does not open."""
    try:
        return opened(vault, id, content)
    except Unreadable:
        # All others are to go on, and this one can still be stopped.
        return {}


def opened(vault: Vault, id: int, content: bytes) -> Mapping[str, Any]:
    """The content in the row of this broadcast; nothing once it was erased."""
    return json.loads(vault.open(content, Field("broadcasts", "content", id))) if content else {}


def counts_json(counts: Counts) -> str:
    """The counts as the row of a finished broadcast keeps them."""
    return json.dumps(asdict(counts), separators=(",", ":"))
