"""What is asked of a webinar: one question for each thing that can be edited by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from dialogue.form import Answers, Form, Question, Rejected, always
from dialogue.words import Text, text
from handlers.content.reading import LONGEST_TITLE
from handlers.content.table import LONGEST
from handlers.speaking import choices, moments
from handlers.turn import Turn
from handlers.webinars import arranging, lined
from handlers.webinars.arranging import line, up_to


def form(turn: Turn, told: Answers) -> Form:
    """All of it, what is needed first; `told` is what was answered before this turn."""
    codes = own_first(turn)
    return (
        *_series(turn),
        *_titles(codes),
        moments.question(turn, "at", at_which(turn), text("title-w-at"), known=_time(told)),
        *arranging.length_and_languages(turn.house),
        *(_about(code) for code in codes),
        *(lined.speakers(code, told) for code in codes),
        *arranging.way_in(turn.house),
        *(lined.extras(code, told) for code in codes),
        arranging.reminders(turn.house.languages, _usual_reminders(turn, told)),
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
    empty = choices.choice(turn.house.languages, arranging.EMPTY, text("btn-leave-empty"))
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


def _time(told: Answers) -> datetime | None:
    at = told.get("at")
    return moments.from_answer(at) if isinstance(at, str) else None


def _series(turn: Turn) -> Form:
    known = turn.programme.series
    offered = tuple(choices.choice(turn.house.languages, each.id, each.title) for each in known)
    ask = Question("series", text("ask-w-series"), text("title-w-series"), offered)
    return (ask,) if len(known) > 1 else ()


def _usual_reminders(turn: Turn, told: Answers) -> tuple[int, ...]:
    """As its series has them, or the settings; minutes before the start."""
    known = {each.id: each.reminders for each in turn.programme.series}
    own = known.get(str(told.get("series") or next(iter(known), "")))
    return turn.house.rules.reminders if own is None else own


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
    return line(
        f"title-{code}", named("ask-w-title", code), named("title-w-title", code), LONGEST_TITLE
    )


def _about(code: str) -> Question:
    ask, title = named("ask-w-about", code), named("title-w-about", code)
    return Question(f"about-{code}", ask, title, read=up_to(LONGEST), keeps=bool, optional=True)


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
