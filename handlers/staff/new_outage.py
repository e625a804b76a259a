"""One more planned cut: a single one, or one at the same hours of many days."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dialogue.form import Answer, Answers, Form, Question, Rejected
from dialogue.words import Reply, Text, text
from handlers.roles import ORGANISERS
from handlers.speaking import choices, days, moments, talking
from handlers.staff.outages import outages
from handlers.turn import Conversation, StaffWay, Turn
from locales.when import read_hour

CODE = "u"
ONCE, DAILY, NOW = "once", "daily", "now"
EXAMS = "04:00-08:00"
"""When networks are cut on the mornings of exams."""
LONGEST = timedelta(days=14)
MOST_DAYS = 90
DAY = 24 * 60
"""Minutes."""
_CLOCK = re.compile(r"\d{1,2}(?:[:.٫]\d\d)?")


async def add(turn: Turn, _value: str) -> list[Reply]:
    """Ask for one more."""
    return talking.begin(turn, CONVERSATION)


def _form(turn: Turn) -> Form:
    talk, languages = turn.desk.talks.get(CODE), turn.house.languages
    told: Answers = talk.answers if talk else {}
    kinds = tuple(
        choices.choice(languages, kind, Text(f"btn-outage-{kind}")) for kind in (ONCE, DAILY)
    )
    now = choices.choice(languages, NOW, text("btn-outage-now"))
    exams = choices.choice(languages, EXAMS, EXAMS)
    since, first = _moment(told.get("since")), _day(told.get("first"))

    def once(answers: Answers) -> bool:
        return answers.get("how") == ONCE

    def daily(answers: Answers) -> bool:
        return answers.get("how") == DAILY

    return (
        Question("how", text("ask-o-how"), text("title-o-how"), kinds),
        moments.question(
            *(turn, "since", text("ask-o-since"), text("title-o-since")),
            choices=(now,),
            when=once,
        ),
        moments.question(
            *(turn, "until", text("ask-o-until"), text("title-o-until")),
            after=since,
            when=once,
        ),
        days.question(*(turn, "first", text("ask-o-first"), text("title-o-first")), when=daily),
        days.question(
            *(turn, "last", text("ask-o-last"), text("title-o-last")), after=first, when=daily
        ),
        Question(
            *("hours", text("ask-o-hours"), text("title-o-hours"), (exams,)),
            read=_hours,
            when=daily,
        ),
    )


def _moment(answer: Answer) -> datetime | None:
    return moments.from_answer(answer) if isinstance(answer, str) and answer != NOW else None


def _day(answer: Answer) -> date | None:
    return date.fromisoformat(answer) if isinstance(answer, str) else None


def _hours(raw: str) -> str:
    """Two times of day, as `04:00-08:00`; raises Rejected.

    By 24 hours, unless a word for the half of the day is told with one of them.
    """
    told = list(_CLOCK.finditer(raw))
    try:
        first, second = (_minute(each[0]) for each in told)
    except ValueError as unclear:
        raise Rejected(text("reject-o-hours")) from unclear
    since, until = read_hour(raw[: told[1].start()]), read_hour(raw[told[1].start() :])
    if len(since) == 1:
        first = since[0]
        second = min((at for at in until if at > first), default=(until or (second,))[0])
    elif len(until) == 1:
        second = until[0]
        first = max((at for at in since if at < second), default=first)
    if first % DAY == second % DAY:
        raise Rejected(text("reject-o-hours"))
    return f"{_shown(first)}-{_shown(second)}"


def _minute(told: str) -> int:
    """The minutes after midnight that these figures say by 24 hours; ValueError if they do not."""
    hour, *minutes = re.split(r"[:.٫]", told)
    at = time(int(hour), int(minutes[0]) if minutes else 0)
    return at.hour * 60 + at.minute


def _shown(minute: int) -> str:
    return f"{minute % DAY // 60:02}:{minute % 60:02}"


async def _keep(turn: Turn, answers: Answers) -> list[Reply]:
    spans = _daily(turn, answers) if answers["how"] == DAILY else [_once(turn, answers)]
    if not spans or len(spans) > MOST_DAYS or any(end - at > LONGEST for at, end in spans):
        return talking.begin(turn, CONVERSATION, text("reject-o-long"), answers={})
    known = {(o.starts_at, o.ends_at) for o in await turn.storage.outages.coming(turn.now)}
    for starts_at, ends_at in spans:
        if starts_at < ends_at and turn.now < ends_at and (starts_at, ends_at) not in known:
            await turn.storage.outages.add(starts_at, ends_at)
    await turn.storage.reminders.replan_all(turn.house.rules.reminders, turn.now)
    return await outages(turn, text("outage-noted"))


def _once(turn: Turn, answers: Answers) -> tuple[datetime, datetime]:
    return _moment(answers["since"]) or turn.now, moments.from_answer(str(answers["until"]))


def _daily(turn: Turn, answers: Answers) -> list[tuple[datetime, datetime]]:
    """The cut of each day; one whose end is not after its beginning ends on the next day."""
    first, last = (date.fromisoformat(str(answers[key])) for key in ("first", "last"))
    since, until = (time.fromisoformat(told) for told in str(answers["hours"]).split("-"))
    zone = ZoneInfo(turn.house.community.zone)
    overnight = timedelta(days=int(until <= since))
    days = [first + timedelta(days=n) for n in range(min((last - first).days, MOST_DAYS) + 1)]

    def at(day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, zone).astimezone(UTC)

    return [(at(day, since), at(day + overnight, until)) for day in days]


async def _left(turn: Turn, _answers: Answers) -> list[Reply]:
    return await outages(turn, text("cancelled"))


CONVERSATION = Conversation(CODE, _form, _keep, "summary-outage", may=ORGANISERS, left=_left)
WAYS = {"unew": StaffWay(add, ORGANISERS)}
