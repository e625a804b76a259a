"""What is kept of one person's conversation between two messages: one sealed JSON object."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dialogue.fold import fold, number
from dialogue.talk import Talk
from handlers.rounds import Round
from handlers.stints import Stint

DOUBLE = timedelta(seconds=10)
"""The same text within this time is a message that a bad line sent twice."""

DOUBLE_MOVE = timedelta(seconds=2)
"""The same for a number, a command, a button or its label: "1" and "skip" may well answer two
questions in a row, and "Next one" pass over two."""

SILENCE = timedelta(days=1)
"""After this long, free text is not taken for the answer to a question long out of sight."""


_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list that the person last saw: what it does, and how it may be typed."""

    value: str
    names: tuple[str, ...]


def meant(entries: Sequence[Entry], words: str) -> str | None:
    """What the line of a list does that a typed number or label means."""
    position = number(words)
    if position is not None and 1 <= position <= len(entries):
        return entries[position - 1].value
    folded = fold(words)
    return next((entry.value for entry in entries if folded and folded in entry.names), None)


@dataclass(frozen=True, slots=True)
class Desk:
    """Open talks by form, which of them is in front, the last list shown, and what was heard."""

    talks: Mapping[str, Talk] = field(default_factory=dict[str, Talk])
    front: str | None = None
    menu: tuple[Entry, ...] = ()
    numbers: int = 0
    """The number of the newest talk."""
    heard: str = ""
    at: datetime | None = None
    token: str = ""
    """The one-time token of the confirmation that was last shown, and what it confirms."""
    draft: str = ""
    """A text that no question asked for, kept while it is offered to be sent as one."""
    draft_message: str | None = None
    fleeting: bool = False
    """What was said last is to be deleted again: nothing else may be written in its place."""
    asked_at: tuple[datetime, ...] = ()
    """When questions were sent lately, for the limit."""
    at_live: tuple[str, datetime] | None = None
    """For which running webinar they sent a question last, and when."""
    round: Round | None = None
    """What somebody who moderates goes through."""
    stint: Stint | None = None
    """What somebody who interprets does."""

    @property
    def talk(self) -> Talk | None:
        """The talk in front, if one is open."""
        return self.talks.get(self.front) if self.front else None

    def with_talk(self, form: str, talk: Talk) -> Desk:
        """The desk with this talk in front; others wait behind it."""
        if self.front == form and self.talks.get(form) is talk:
            return self
        return replace(
            self,
            talks={**self.talks, form: talk},
            front=form,
            numbers=max(self.numbers, talk.number),
        )

    def without_talk(self, form: str) -> Desk:
        """The desk with this talk gone and the newest of the others, if any, in front."""
        rest = {name: talk for name, talk in self.talks.items() if name != form}
        newest = max(rest, key=lambda name: rest[name].number, default=None)
        return replace(self, talks=rest, front=newest)

    def since_heard(self, heard: str, now: datetime) -> timedelta | None:
        """How long ago this very text was heard; None when something else was heard last."""
        return now - self.at if self.at is not None and self.heard == _mark(heard) else None

    def silent(self, now: datetime) -> bool:
        """Whether the conversation has rested for so long that prompts are forgotten."""
        return self.at is not None and now - self.at > SILENCE

    def hears(self, heard: str, now: datetime) -> Desk:
        """The desk that remembers what was said last, and when."""
        return replace(self, heard=_mark(heard), at=now)

    def to_json(self) -> str:
        """The text that `from_json` reads back."""
        kept: dict[str, Any] = {
            "talks": {form: talk.to_json() for form, talk in self.talks.items()},
            "front": self.front,
            "menu": [[entry.value, *entry.names] for entry in self.menu],
            "numbers": self.numbers,
            "heard": self.heard,
            "at": _to_ms(self.at) if self.at else None,
            "token": self.token,
            "draft": self.draft,
            "draft_message": self.draft_message,
            "fleeting": self.fleeting,
            "asked_at": [_to_ms(at) for at in self.asked_at],
            "at_live": self.at_live and [self.at_live[0], _to_ms(self.at_live[1])],
            "round": self.round and self.round.to_json(),
            "stint": self.stint and self.stint.to_json(),
        }
        return _as_json({key: value for key, value in kept.items() if value})

    @staticmethod
    def from_json(kept: str | None) -> Desk:
        """The desk that `to_json` wrote; a new one for None."""
        if not kept:
            return Desk()
        told: dict[str, Any] = json.loads(kept)
        return Desk(
            talks={form: Talk.from_json(talk) for form, talk in told.get("talks", {}).items()},
            front=told.get("front"),
            menu=tuple(Entry(line[0], tuple(line[1:])) for line in told.get("menu", ())),
            numbers=told.get("numbers", 0),
            heard=told.get("heard", ""),
            at=_from_ms(told["at"]) if "at" in told else None,
            token=told.get("token", ""),
            draft=told.get("draft", ""),
            draft_message=told.get("draft_message"),
            fleeting=told.get("fleeting", False),
            asked_at=tuple(_from_ms(at) for at in told.get("asked_at", ())),
            at_live=(told["at_live"][0], _from_ms(told["at_live"][1]))
            if "at_live" in told
            else None,
            round=Round.from_json(told["round"]) if "round" in told else None,
            stint=Stint.from_json(told["stint"]) if "stint" in told else None,
        )


def _mark(heard: str) -> str:
    return hashlib.blake2b(heard.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _to_ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _from_ms(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
