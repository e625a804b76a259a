"""Days and times that staff type as they say them: read, shown in full, and confirmed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from dialogue.form import Answers, Choice, Question, Rejected, always
from dialogue.words import Label, Text, text
from handlers.turn import Turn
from locales.when import Doubt, Moment, Unclear, read_moment

_KEPT = "%Y-%m-%dT%H:%MZ"
_LAST_MINUTE = "23:59"
"""Beside a day it makes a moment that is ahead all day long."""
_NOON = time(12)
_CONFIRMED = "="
"""Stands before the only moment that is offered: its button says yes."""


def to_answer(at: datetime) -> str:
    """How a moment is kept as an answer, to the minute."""
    return at.astimezone(UTC).strftime(_KEPT)


def from_answer(answer: str) -> datetime:
    """The moment that was kept; raises ValueError when this is none."""
    return datetime.strptime(answer, _KEPT).replace(tzinfo=UTC)


def offered(offers: Sequence[str]) -> tuple[datetime, ...]:
    """The moments that are said back to what was typed, to be agreed to or chosen from."""
    return tuple(from_answer(offer.removeprefix(_CONFIRMED)) for offer in offers)


def in_full(at: datetime) -> Text:
    """A moment in the community's zone, in the reader's own, and in UTC."""
    return text("moment-shown", at=at, utc=in_utc(at))


def in_utc(at: datetime) -> str:
    """A moment as all clocks agree on it."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def question(
    turn: Turn,
    key: str,
    ask: Text,
    title: Text,
    *,
    choices: tuple[Choice, ...] = (),
    after: datetime | None = None,
    when: Callable[[Answers], bool] = always,
) -> Question:
    """When: what is typed is said in full, and taken once that was agreed to.

    The answer is one of the choices, or what `from_answer` reads; it lies ahead of now, and of
    `after`.
    """

    def read(raw: str) -> str:
        zone, since = turn.house.community.zone, max(turn.now, after or turn.now)
        read = read_moment(raw, turn.now, zone)
        if isinstance(read, Moment) and read.at <= since:
            raise Rejected(text("reject-order"))
        if isinstance(read, Unclear) and read.doubt is Doubt.NO_DAY:
            # A time alone is that of the day on which it begins, or of the next one.
            read = read_moment(raw, since, zone)
        raise _refusal(read)

    def show(value: str) -> Label:
        if value.startswith(_CONFIRMED):
            return text("btn-moment-right")
        at = from_answer(value)
        talk = turn.desk.talk
        return _option(turn, at) if talk and value in talk.offers else in_full(at)

    return Question(
        key,
        ask,
        title,
        choices,
        read=read,
        keeps=_is_moment,
        resolve=_chosen,
        show=show,
        when=when,
        again=text("moment-again"),
    )


def day_question(
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
            raise Rejected(Text(f"doubt-{read.doubt.value}"), _offers(*map(str, days)))
        raise Rejected(text("day-right", day=said(days[0])), _offers(f"{_CONFIRMED}{days[0]}"))

    def said(day: date) -> str:
        return turn.voice.day(datetime.combine(day, _NOON, zone))

    def show(value: str) -> Label:
        if value.startswith(_CONFIRMED):
            return text("btn-moment-right")
        return said(date.fromisoformat(value))

    again = text("moment-again")
    return Question(
        *(key, ask, title),
        read=read,
        keeps=_is_day,
        resolve=_chosen,
        show=show,
        when=when,
        again=again,
    )


def _refusal(read: Moment | Unclear) -> Rejected:
    """What is said to typed words: what they mean, and is to be confirmed, or what is unclear."""
    if isinstance(read, Moment):
        offer = _CONFIRMED + to_answer(read.at)
        return Rejected(text("moment-right", moment=in_full(read.at)), _offers(offer))
    return _unclear(read)


def _unclear(read: Unclear) -> Rejected:
    reason = Text(f"doubt-{read.doubt.value}")
    if not read.options:
        return Rejected(reason)
    if read.doubt in (Doubt.PAST, Doubt.TOO_FAR):
        reason = text("moment-perhaps", doubt=reason)
    listed = tuple(
        text("moment-numbered", number=number, moment=in_full(at))
        for number, at in enumerate(read.options, start=1)
    )
    offers = _offers(*(to_answer(at) for at in read.options))
    return Rejected(text("moment-which", doubt=reason, options=_below(listed)), offers)


def _below(texts: tuple[Text, ...]) -> Text:
    first, *rest = texts
    return text("below", first=first, rest=_below(tuple(rest))) if rest else first


def _offers(*values: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, value) for value in values)


def _chosen(offer: str, _typed: str) -> str:
    return offer.removeprefix(_CONFIRMED)


def _is_moment(answer: str) -> bool:
    try:
        from_answer(answer)
    except ValueError:
        return False
    return True


def _is_day(answer: str) -> bool:
    try:
        date.fromisoformat(answer)
    except ValueError:
        return False
    return True


def _option(turn: Turn, at: datetime) -> Text:
    """A moment on a button, by the community's clock; with UTC where that shows it twice."""
    day, clock = turn.voice.day(at), turn.voice.clock(at)
    local = at.astimezone(ZoneInfo(turn.house.community.zone))
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        return text("moment-option-utc", day=day, clock=clock, utc=in_utc(at))
    return text("moment-option", day=day, clock=clock)
