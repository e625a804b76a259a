"""What is arranged for a webinar: its length and languages, the way in, the reminders."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

from dialogue.fold import clean
from dialogue.form import Answer, Answers, Choice, Form, Question, Rejected
from dialogue.words import Label, Text, text
from handlers.content.joining import LONGEST_DIAL_IN, LONGEST_LINK, LONGEST_PASSCODE, is_web_link
from handlers.house import House
from handlers.speaking import choices
from handlers.webinars import lined, spoken
from locales import Languages
from locales.when import read_duration

USUAL_LENGTHS = (60, 90, 120)
"""Minutes."""
USUAL, NONE = "usual", "none"
"""Reminders as the series has them, and none at all."""
YES, NO = "yes", "no"
_BARE_LINK = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::[0-9]+)?(?:[/?]\S*)?", re.IGNORECASE)
"""A link as it is read aloud, and as some programmes copy it: without what it begins with."""
EMPTY = "-"
"""The answer that leaves empty what was there; nobody can type it for anything else."""


def line(key: str, ask: Text, title: Text, most: int) -> Question:
    """One line of at most so many characters, which may be left out."""

    def read(raw: str) -> str:
        return " ".join(up_to(most)(raw).split())

    return Question(key, ask, title, read=read, keeps=bool, optional=True)


def up_to(most: int) -> Callable[[str], str]:
    """The reader of a text of at most so many characters."""

    def read(raw: str) -> str:
        words = choices.written(raw)
        if words == EMPTY:
            raise Rejected(text("reject-empty"))
        if len(words) > most:
            raise Rejected(text("reject-long", most=most))
        return words

    return read


def length_and_languages(house: House) -> Form:
    """How long it is, what it is held in, and interpreted into."""
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


def way_in(house: House) -> Form:
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
    link = line("link", text("ask-w-link"), text("title-w-link"), LONGEST_LINK)
    return (
        replace(link, read=_link),
        _in_digits(line("phone", text("ask-w-phone"), text("title-w-phone"), LONGEST_DIAL_IN)),
        _in_digits(
            line("passcode", text("ask-w-passcode"), text("title-w-passcode"), LONGEST_PASSCODE)
        ),
    )


def _in_digits(question: Question) -> Question:
    """The question, whose answers are in the digits that every keyboard and every reader has."""

    def read(raw: str) -> str:
        return "".join(str(int(c)) if c.isdecimal() else c for c in question.read(raw))

    return replace(question, read=read)


def _link(raw: str) -> str:
    words = clean(raw)
    if _BARE_LINK.fullmatch(words):
        words = f"https://{words}"
    if not is_web_link(words) or len(words) > LONGEST_LINK or len(words.split()) != 1:
        raise Rejected(text("reject-link"))
    return words


def reminders(languages: Languages, usual: Sequence[int]) -> Question:
    """How long before the start people are reminded; these many minutes as usual."""
    ask = text("ask-w-reminders", usual=spoken.before_start(usual))
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


def picked(answer: Answer) -> tuple[str, ...]:
    """The values of an answer that takes several, without the one for nothing."""
    return tuple(each for each in answer if each != EMPTY) if isinstance(answer, tuple) else ()
