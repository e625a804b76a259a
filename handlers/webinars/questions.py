"""What is asked of a webinar: one question for each thing that can be edited by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

from dialogue.fold import clean
from dialogue.form import Answer, Answers, Choice, Form, Question, Rejected, always
from dialogue.words import Label, Text, text
from handlers import choices, moments
from handlers.content.joining import LONGEST_DIAL_IN, LONGEST_LINK, LONGEST_PASSCODE, is_web_link
from handlers.content.reading import LONGEST_TITLE
from handlers.content.table import LONGEST
from handlers.turn import House, Turn
from handlers.webinars import lined, spoken
from locales.when import read_duration

USUAL_LENGTHS = (60, 90, 120)
"""Minutes."""
USUAL, NONE = "usual", "none"
"""Reminders as the series has them, and none at all."""
YES, NO = "yes", "no"
EMPTY = "-"
"""The answer that leaves empty what was there; nobody can type it for anything else."""


def form(turn: Turn, told: Answers) -> Form:
    """All of it, what is needed first; `told` is what was answered before this turn."""
    codes = own_first(turn)
    return (
        *_series(turn),
        *_titles(codes),
        moments.question(turn, "at", at_which(turn), text("title-w-at")),
        *_arrangements(turn.house),
        *(_about(code) for code in codes),
        *(lined.speakers(code, told) for code in codes),
        *_way_in(turn.house),
        *(lined.extras(code, told) for code in codes),
        _reminders(turn.house),
        *(_poster(code) for code in codes),
    )


def own_first(turn: Turn) -> tuple[str, ...]:
    """The languages, the organiser's own before the others."""
    own = turn.person.language
    return tuple(sorted(turn.house.languages.codes, key=lambda code: code != own))


def at_which(turn: Turn) -> Text:
    """How a time is asked for."""
    return text("ask-w-at", city=turn.voice.city(turn.house.community.zone))


def editing(turn: Turn, key: str, told: Answers) -> Question:
    """The question with this key, asked by itself; raises LookupError when there is none.

    `told` is the webinar as it is. What may be left out can be emptied, by a choice of its own.
    """
    question = next(each for each in form(turn, told) if each.key == key and each.when(told))
    empty = choices.choice(turn.house.languages, EMPTY, text("btn-leave-empty"))
    offered = (*question.choices, empty) if _may_be_empty(question, told) else question.choices
    return replace(question, choices=offered, optional=False, when=always)


def _may_be_empty(question: Question, told: Answers) -> bool:
    # A length, languages and reminders are always there, if only as usual.
    settled = question.key in {"length", "held", "approval", "reminders"}
    titles = [key for key, answer in told.items() if key.startswith("title-") and answer]
    only_title = titles == [question.key]
    return question.optional and not (settled or only_title) and bool(told.get(question.key))


def named(name: str, code: str) -> Text:
    """A text about something in one language."""
    return Text(name, {"language": Text(f"language-{code}")})


def _series(turn: Turn) -> Form:
    known = turn.programme.series
    offered = tuple(choices.choice(turn.house.languages, each.id, each.title) for each in known)
    ask = Question("series", text("ask-w-series"), text("title-w-series"), offered)
    return (ask,) if len(known) > 1 else ()


def _titles(codes: Sequence[str]) -> Form:
    """A title in each language; all but one may wait."""

    def some(but: str) -> Callable[[Answers], bool]:
        return lambda told: any(told.get(f"title-{code}") for code in codes if code != but)

    def none(but: str) -> Callable[[Answers], bool]:
        return lambda told: not some(but)(told)

    *others, last = (_title(code) for code in codes)
    needed = replace(last, ask=named("ask-w-title-needed", codes[-1]), optional=False)
    last_is_needed = replace(needed, when=none(codes[-1]))
    return (*others, last_is_needed, replace(last, when=some(codes[-1])))


def _title(code: str) -> Question:
    return _line(
        f"title-{code}", named("ask-w-title", code), named("title-w-title", code), LONGEST_TITLE
    )


def _about(code: str) -> Question:
    ask, title = named("ask-w-about", code), named("title-w-about", code)
    return Question(f"about-{code}", ask, title, read=_up_to(LONGEST), keeps=bool, optional=True)


def _line(key: str, ask: Text, title: Text, most: int) -> Question:
    def read(raw: str) -> str:
        return " ".join(_up_to(most)(raw).split())

    return Question(key, ask, title, read=read, keeps=bool, optional=True)


def _up_to(most: int) -> Callable[[str], str]:
    def read(raw: str) -> str:
        words = choices.written(raw)
        if words == EMPTY:
            raise Rejected(text("reject-empty"))
        if len(words) > most:
            raise Rejected(text("reject-long", most=most))
        return words

    return read


def _arrangements(house: House) -> Form:
    """How long, and in which languages."""
    codes, languages = house.languages.codes, house.languages

    def offered(those: Sequence[str]) -> tuple[Choice, ...]:
        return tuple(choices.choice(languages, code, Text(f"language-{code}")) for code in those)

    def held_in(those: tuple[str, ...]) -> Callable[[Answers], bool]:
        return lambda told: set(told.get("held") or ()) == set(those)

    lengths = tuple(
        choices.choice(languages, str(minutes), text("btn-minutes", count=minutes))
        for minutes in USUAL_LENGTHS
    )
    into = Question("into", text("ask-w-into"), text("title-w-into"), several=True, optional=True)
    held = replace(into, key="held", ask=text("ask-w-held"), title=text("title-w-held"))
    return (
        Question(
            "length",
            text("ask-w-length"),
            text("title-w-length"),
            lengths,
            read=_length,
            show=_minutes,
            optional=True,
            columns=3,
        ),
        replace(held, choices=offered(codes)),
        *(
            replace(
                into, choices=offered([c for c in codes if c not in those]), when=held_in(those)
            )
            for size in range(1, len(codes))
            for those in combinations(codes, size)
        ),
    )


def _length(raw: str) -> str:
    minutes = read_duration(raw)
    if minutes is None:
        raise Rejected(text("reject-length"))
    return str(minutes)


def _minutes(answer: str) -> Label:
    return text("btn-minutes", count=int(answer))


def _way_in(house: House) -> Form:
    """Link, number, passcode, and who gets them."""
    yes, no = (
        choices.choice(house.languages, name, Text(f"btn-approval-{name}")) for name in (YES, NO)
    )
    return (
        *joining(),
        Question(
            "approval", text("ask-w-approval"), text("title-w-approval"), (yes, no), optional=True
        ),
    )


def joining() -> Form:
    """Link, number and passcode."""
    link = _line("link", text("ask-w-link"), text("title-w-link"), LONGEST_LINK)
    return (
        replace(link, read=_link),
        _line("phone", text("ask-w-phone"), text("title-w-phone"), LONGEST_DIAL_IN),
        _line("passcode", text("ask-w-passcode"), text("title-w-passcode"), LONGEST_PASSCODE),
    )


def _link(raw: str) -> str:
    words = clean(raw)
    if not is_web_link(words) or len(words) > LONGEST_LINK or len(words.split()) != 1:
        raise Rejected(text("reject-link"))
    return words


def _reminders(house: House) -> Question:
    languages = house.languages
    ask = text("ask-w-reminders", usual=spoken.before_start(house.rules.reminders))
    offered = tuple(
        choices.choice(languages, name, Text(f"btn-reminders-{name}")) for name in (USUAL, NONE)
    )

    def read(raw: str) -> str:
        return " ".join(map(str, lined.reminders(languages, raw)))

    return Question(
        "reminders",
        ask,
        text("title-w-reminders"),
        offered,
        read=read,
        keeps=_are_minutes,
        show=lambda answer: spoken.before_start([int(each) for each in answer.split()]),
        optional=True,
    )


def _are_minutes(answer: str) -> bool:
    return bool(answer) and all(each.isdecimal() for each in answer.split())


def _poster(code: str) -> Question:
    ask, title = named("ask-w-poster", code), named("title-w-poster", code)
    return Question(
        f"poster-{code}",
        ask,
        title,
        read=_no_picture,
        show=lambda _answer: text("poster-is-there"),
        optional=True,
        takes_photo=True,
    )


def _no_picture(_raw: str) -> str:
    raise Rejected(text("reject-poster"))


def picked(answer: Answer) -> tuple[str, ...]:
    """The values of an answer that takes several, without the one for nothing."""
    return tuple(each for each in answer if each != EMPTY) if isinstance(answer, tuple) else ()
