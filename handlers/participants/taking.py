"""Whether a question is taken: of whom, to which webinar, and how many in a while."""

from __future__ import annotations

from datetime import datetime

from dialogue.words import Text, text
from handlers.series import programme
from handlers.turn import Turn


def lately(turn: Turn) -> tuple[datetime, ...]:
    """When this person asked lately."""
    since = turn.now - turn.house.rules.question_window
    return tuple(at for at in turn.desk.asked_at if at > since)


def room_left(turn: Turn) -> int:
    """How many more they may ask for now."""
    return turn.house.rules.questions_per_window - len(lately(turn))


def too_many(turn: Turn) -> Text:
    """What is said when there is no room left."""
    rules = turn.house.rules
    minutes = int(rules.question_window.total_seconds() // 60)
    return text("ask-too-many", most=rules.questions_per_window, count=minutes)


async def is_blocked(turn: Turn) -> bool:
    """Whether nothing of theirs is taken anywhere."""
    return await turn.storage.hush.is_blocked(turn.person.id, turn.now)


def not_taken(turn: Turn) -> Text:
    """What they are told then."""
    return text("ask-not-taken", contact=turn.house.community.contact)


async def refused(turn: Turn, webinar: str | None) -> Text | None:
    """Why no question to this webinar is taken at the moment."""
    taking = await turn.storage.intake.get(webinar)
    if taking.paused:
        found = programme.find(turn.programme, webinar) if webinar else None
        return text("ask-paused", about=found.title if found else text("btn-series"))
    last = max(lately(turn), default=None)
    if last is not None and turn.now - last < taking.slow:
        return text("ask-slow", count=int(taking.slow.total_seconds() // 60))
    return None
