"""For whom a broadcast is: a rule, which names nobody, until it is frozen into rows."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

Who = Literal["all", "registered", "not_registered", "participants", "reached", "failed", "told"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Everybody whom all of it is true of; an empty tuple leaves out nobody.

    `participants` are registered for any webinar; `reached` and `failed` are those of the
    broadcast that this one is about; `told` are those registered for `webinar` who were given the
    way in.
    """

    who: Who = "all"
    webinar: str | None = None
    languages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    """Of the address that they prefer."""
    governorates: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    """Whoever is registered for one of these webinars is left out."""
    reminded: int | None = None
    """Of `told`: a reminder of at most so many minutes before the start gave them the way in."""
    besides: tuple[int, ...] = ()
    """Whoever one of these broadcasts was written down for is left out."""

    def to_json(self) -> str:
        """The rule as one short JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Rule:
        """The rule in this text of `to_json`."""
        told: dict[str, Any] = json.loads(text)
        lists = ("languages", "channels", "governorates", "minus")
        named = (tuple(told[name]) for name in lists)
        return cls(
            told["who"],
            told["webinar"],
            *named,
            reminded=told.get("reminded"),
            besides=tuple(told.get("besides", ())),
        )
