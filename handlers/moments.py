"""Days and times that staff type as they say them: read, shown in full, and confirmed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dialogue.form import Answers, Choice, Question, Rejected, always
from dialogue.words import Label, Text, text
from handlers.turn import Turn
from locales.when import Moment, Unclear, read_moment

_KEPT = "%Y-%m-%dT%H:%MZ"
_CONFIRMED = "="
"""Stands before the only moment that is offered: its button says yes."""


def to_answer(at: datetime) -> str:
    """How a moment is kept as an answer, to the minute."""
    return at.astimezone(UTC).strftime(_KEPT)


def from_answer(answer: str) -> datetime:
    """The moment that was kept; raises ValueError when this is none."""
    return datetime.strptime(answer, _KEPT).replace(tzinfo=UTC)


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
    when: Callable[[Answers], bool] = always,
) -> Question:
    """When: what is typed is said in full, and taken once that was agreed to.

    The answer is one of the choices, or what `from_answer` reads.
    """

    def read(raw: str) -> str:
        raise refusal(raw, turn.now, turn.house.community.zone)

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


def refusal(raw: str, now: datetime, zone: str) -> Rejected:
    """What is said to typed words: what they mean, and is to be confirmed, or what is unclear."""
    read = read_moment(raw, now, zone)
    if isinstance(read, Moment):
        offer = _CONFIRMED + to_answer(read.at)
        return Rejected(text("moment-right", moment=in_full(read.at)), _offers(offer))
    return _unclear(read)


def _unclear(read: Unclear) -> Rejected:
    reason = Text(f"doubt-{read.doubt.value}")
    if not read.options:
        return Rejected(reason)
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


def _option(turn: Turn, at: datetime) -> Text:
    """A moment on a button, by the community's clock; with UTC where that shows it twice."""
    day, clock = turn.voice.day(at), turn.voice.clock(at)
    local = at.astimezone(ZoneInfo(turn.house.community.zone))
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        return text("moment-option-utc", day=day, clock=clock, utc=in_utc(at))
    return text("moment-option", day=day, clock=clock)
