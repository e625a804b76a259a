"""Days that staff type as they say them: read, said in full, and confirmed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dialogue.form import Answers, Question, Rejected, always
from dialogue.words import Label, Text, text
from handlers.speaking import offering
from handlers.turn import Turn
from locales.when import Moment, Unclear, read_moment

_LAST_MINUTE = "23:59"
"""Beside a day it makes a moment that is ahead all day long."""
_NOON = time(12)


def named(turn: Turn, day: date) -> str:
    """The day in full, as its reader says it."""
    return turn.voice.day(datetime.combine(day, _NOON, ZoneInfo(turn.house.community.zone)))


def later(at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same time of day so many days later, as the clocks of this zone show it; in UTC."""
    # Days are added on the wall: the hour stays when clocks change in between.
    wall = at.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def question(
    turn: Turn,
    key: str,
    ask: Text,
    title: Text,
    *,
    after: date | None = None,
    when: Callable[[Answers], bool] = always,
) -> Question:
    """Which day, in the community's zone, today or later; kept as `2026-06-07`.

    With `after`, that day or a later one.
    """
    zone = ZoneInfo(turn.house.community.zone)

    def read(raw: str) -> str:
        read = read_moment(f"{raw} {_LAST_MINUTE}", turn.now, zone.key)
        found = (read.at,) if isinstance(read, Moment) else read.options
        days = tuple(dict.fromkeys(at.astimezone(zone).date() for at in found))
        if after and days:
            days = tuple(day for day in days if day >= after)
            if not days:
                raise Rejected(text("reject-order"))
        if isinstance(read, Unclear):
            raise Rejected(Text(f"doubt-{read.doubt.value}"), offering.of(*map(str, days)))
        right = text("day-right", day=named(turn, days[0]))
        raise Rejected(right, offering.of(f"{offering.RIGHT}{days[0]}"))

    def show(value: str) -> Label:
        if value.startswith(offering.RIGHT):
            return text("btn-moment-right")
        return named(turn, date.fromisoformat(value))

    return Question(
        *(key, ask, title),
        read=read,
        keeps=_is_day,
        resolve=offering.chosen,
        show=show,
        when=when,
        again=text("moment-again"),
    )


def _is_day(answer: str) -> bool:
    try:
        date.fromisoformat(answer)
    except ValueError:
        return False
    return True
