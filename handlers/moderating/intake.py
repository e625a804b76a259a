"""Whether questions are taken at the moment, and how often from one person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dialogue.words import Button, Reply, Text, text
from handlers.moderating import overview
from handlers.speaking import lists
from handlers.turn import Turn
from storage.asking.intake import Taking

SLOW = (1, 5, 10)
"""Minutes between two questions of one person; no more than the questions of one are counted."""


async def intake(turn: Turn, value: str) -> list[Reply]:
    """Show how questions to the webinar that they are at are taken, or change it."""
    at = turn.desk.round
    if at is None:
        return await overview.here(turn)
    store = turn.storage.intake
    before = await store.get(at.webinar)
    taking = _changed(before, value)
    if taking != before:
        await store.set(at.webinar, taking)
    heading = text("moderate-of", webinar=overview.title(turn, at.webinar))
    lines = (text("intake-closed" if taking.paused else "intake-open"), _pace(taking))
    return [lists.menu(turn, (heading, text("lines", lines=lines)), _ways(taking))]


def _changed(before: Taking, value: str) -> Taking:
    if value in ("pause", "resume"):
        return replace(before, paused=value == "pause")
    minutes = next((each for each in (0, *SLOW) if value == str(each)), None)
    return before if minutes is None else replace(before, slow=timedelta(minutes=minutes))


def _ways(taking: Taking) -> lists.Rows:
    other = "resume" if taking.paused else "pause"
    minutes = int(taking.slow.total_seconds() // 60)
    slow = [Button(text("btn-minutes", count=n), f"go:mo-intake:{n}") for n in SLOW if n != minutes]
    if minutes:
        slow.append(Button(text("btn-intake-fast"), "go:mo-intake:0"))
    return (
        (Button(Text(f"btn-intake-{other}"), f"go:mo-intake:{other}"),),
        tuple(slow),
        (overview.back(),),
    )


def _pace(taking: Taking) -> Text:
    minutes = int(taking.slow.total_seconds() // 60)
    return text("intake-slow", count=minutes) if minutes else text("intake-fast")
