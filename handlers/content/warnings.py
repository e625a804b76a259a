"""What to think of before a time is settled: planned cuts, early mornings, a time that is past."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dialogue.form import Answers
from dialogue.talk import Talk
from dialogue.words import Text, text
from handlers.content.reading import USUAL_MINUTES
from handlers.series import programme
from handlers.speaking import moments
from handlers.turn import Turn

NIGHT = range(4, 8)
"""Hours in which networks are cut for exams."""


async def about(turn: Turn, starts_at: datetime, minutes: int) -> tuple[Text, ...]:
    """All there is to warn of when a webinar is held from then on for so long."""
    ends_at = starts_at + timedelta(minutes=minutes)
    zone = turn.house.community.zone
    found: list[Text] = []
    if starts_at <= turn.now:
        found.append(text("warn-past"))
    for outage in await turn.storage.outages.coming(turn.now):
        if outage.starts_at < ends_at and starts_at < outage.ends_at:
            found.append(text("warn-outage", since=outage.starts_at, until=outage.ends_at))
            break
    else:
        if starts_at.astimezone(ZoneInfo(zone)).hour in NIGHT:
            found.append(text("warn-night", city=turn.voice.city(zone)))
    return tuple(found)


async def beside(turn: Turn, talk: Talk) -> tuple[Text, ...]:
    """The same while a time that was typed is said back, before anybody agrees to it."""
    offered = moments.offered(talk.offers) if talk.asked == "at" else ()
    minutes = _minutes(turn, talk.answers)
    warned = [await about(turn, at, minutes) for at in offered]
    of_all = [each for each in warned[0] if all(each in one for one in warned)] if warned else []
    of_one = [
        text("warn-of-one", number=number, warning=each)
        for number, one in enumerate(warned, start=1)
        for each in one
        if each not in of_all
    ]
    return (*of_all, *of_one)


def _minutes(turn: Turn, answers: Answers) -> int:
    """How long it is by what was answered, or by what is kept of it, or as usual."""
    if isinstance(told := answers.get("length"), str):
        return int(told)
    webinar = programme.find(turn.programme, str(answers.get("@webinar")))
    return webinar.minutes if webinar else USUAL_MINUTES
