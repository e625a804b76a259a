"""Days and times that staff type as they say them: read, shown in full, and confirmed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dialogue.form import Answers, Choice, Question, Rejected, always
from dialogue.words import Label, Text, text
from handlers.speaking import days, offering
from handlers.turn import Turn
from locales.half_told import Before, complete
from locales.when import Doubt, Moment, Unclear, read_moment

_KEPT = "%Y-%m-%dT%H:%MZ"


def to_answer(at: datetime) -> str:
    """How a moment is kept as an answer, to the minute."""
    return at.astimezone(UTC).strftime(_KEPT)


def from_answer(answer: str) -> datetime:
    """The moment that was kept; raises ValueError when this is none."""
    return datetime.strptime(answer, _KEPT).replace(tzinfo=UTC)


def offered(offers: Sequence[str]) -> tuple[datetime, ...]:
    """The moments that are said back to what was typed, to be agreed to or chosen from."""
    return tuple(from_answer(offer.removeprefix(offering.RIGHT)) for offer in offers)


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
    known: datetime | None = None,
    when: Callable[[Answers], bool] = always,
) -> Question:
    """When: what is typed is said in full, and taken once that was agreed to.

    The answer is one of the choices, or what `from_answer` reads; it lies ahead of now, and of
    `after`. A day alone, or an hour alone, is completed by what was said before, and by `known`.
    """

    def read(raw: str) -> str:
        zone, since = turn.house.community.zone, max(turn.now, after or turn.now)
        before = _before(turn, key, known)
        words, read = complete(raw, before, turn.now, zone)
        if isinstance(read, Moment) and read.at <= since:
            raise Rejected(text("reject-order"))
        if isinstance(read, Unclear) and read.doubt is Doubt.NO_DAY:
            # A time alone is that of the day on which it begins, or of the next one.
            read = read_moment(raw, since, zone)
        if isinstance(read, Unclear) and read.doubt in (Doubt.NOT_UNDERSTOOD, Doubt.NO_SUCH_DAY):
            # Half of it may have been told before: a slip does not cost that.
            raise Rejected(Text(f"doubt-{read.doubt.value}"), draft=before.words)
        raise _refusal(turn, words, read)

    def show(value: str) -> Label:
        if value.startswith(offering.RIGHT):
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
        resolve=offering.chosen,
        show=show,
        when=when,
        again=text("moment-again"),
    )


def _before(turn: Turn, key: str, known: datetime | None) -> Before:
    """What was said in answer to this question, and not enough yet."""
    talk = turn.desk.talk
    if talk is not None and talk.asked == key and talk.draft:
        return Before(talk.draft, offered(talk.offers))
    return Before(moments=() if known is None else (known,))


def _refusal(turn: Turn, words: str, read: Moment | Unclear) -> Rejected:
    """What is said to typed words: what they mean, and is to be confirmed, or what is unclear."""
    if isinstance(read, Moment):
        offer = offering.RIGHT + to_answer(read.at)
        right = text("moment-right", moment=in_full(read.at))
        return Rejected(right, offering.of(offer), draft=words)
    if read.doubt is Doubt.NO_TIME:
        return Rejected(_which_hour(turn, read), draft=words, asks=True)
    return _unclear(words, read)


def _which_hour(turn: Turn, read: Unclear) -> Text:
    """Asks for the hour, on the day that was understood."""
    if len(read.days) != 1:
        return text("doubt-no-time")
    return text("doubt-no-time-on", day=days.named(turn, read.days[0]))


def _unclear(words: str, read: Unclear) -> Rejected:
    reason = Text(f"doubt-{read.doubt.value}")
    if not read.options:
        return Rejected(reason)
    if read.doubt in (Doubt.PAST, Doubt.TOO_FAR):
        reason = text("moment-perhaps", doubt=reason)
    listed = tuple(
        text("moment-numbered", number=number, moment=in_full(at))
        for number, at in enumerate(read.options, start=1)
    )
    options = offering.of(*(to_answer(at) for at in read.options))
    shown = text("moment-which", doubt=reason, options=_below(listed))
    return Rejected(shown, options, draft=words)


def _below(texts: tuple[Text, ...]) -> Text:
    first, *rest = texts
    return text("below", first=first, rest=_below(tuple(rest))) if rest else first


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
