"""From answers to a webinar, and from a webinar to the answers that would have led to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dialogue.form import Answer, Answers, photo_answer
from handlers.content.reading import USUAL_MINUTES
from handlers.speaking import moments
from handlers.webinars import typed, wording
from handlers.webinars.arranging import EMPTY, NO, NONE, USUAL, YES, picked
from handlers.webinars.lined import BETWEEN_NAME_AND_ABOUT, BETWEEN_PROMPT_AND_CHOICES
from handlers.webinars.typed import Line
from handlers.webinars.wording import said
from storage.series.webinars import WayIn, Webinar


def applied(webinar: Webinar, answers: Answers, codes: Sequence[str]) -> Webinar:
    """The webinar with everything that was answered; texts keep the order of these languages."""
    for key, answer in answers.items():
        name, _, code = key.partition("-")
        told = None if answer == EMPTY else answer
        if name in _PLAIN and not code:
            webinar = _PLAIN[name](webinar, told)
        elif name in wording.CHANGES and code in codes:
            words = told if isinstance(told, str) else None
            webinar = wording.CHANGES[name](webinar, code, words, codes)
    if webinar.languages:
        return webinar
    return replace(webinar, languages=tuple(webinar.title.by_language) or tuple(codes[:1]))


def told(webinar: Webinar, codes: Sequence[str]) -> dict[str, Answer]:
    """The answers that say what the webinar is."""
    way = webinar.way_in or WayIn()
    answers: dict[str, Answer] = {
        "series": webinar.series,
        "at": moments.to_answer(webinar.starts_at),
        "length": str(webinar.minutes),
        "held": webinar.languages,
        "into": webinar.interpreted or None,
        "link": way.link or None,
        "phone": way.dial_in or None,
        "passcode": way.passcode or None,
        "approval": YES if webinar.approval else NO,
        "reminders": _told_reminders(webinar.reminders),
    }
    for code in codes:
        answers |= _told_in(webinar, code)
    return answers


def _told_in(webinar: Webinar, code: str) -> dict[str, Answer]:
    speakers = [Line(said(each.name, code), said(each.about, code)) for each in webinar.speakers]
    extras = [
        Line(said(each.prompt, code), "، ".join(said(label, code) for _, label in each.choices))
        for each in webinar.questions
    ]
    poster = webinar.posters.get(code)
    return {
        f"title-{code}": said(webinar.title, code) or None,
        f"about-{code}": said(webinar.description, code) or None,
        f"speakers-{code}": _lines(speakers, BETWEEN_NAME_AND_ABOUT),
        f"extras-{code}": _lines(extras, BETWEEN_PROMPT_AND_CHOICES),
        f"poster-{code}": None if poster is None else photo_answer(poster),
    }


def _lines(lines: Sequence[Line], between: str) -> str | None:
    return typed.written(lines, between) if any(line.first for line in lines) else None


def _told_reminders(reminders: tuple[int, ...] | None) -> str:
    if reminders is None:
        return USUAL
    return " ".join(map(str, reminders)) or NONE


# --- what each answer does ----------------------------------------------------------------------


def _with_start(webinar: Webinar, answer: Answer) -> Webinar:
    return replace(webinar, starts_at=moments.from_answer(str(answer)))


def _with_length(webinar: Webinar, answer: Answer) -> Webinar:
    return replace(webinar, minutes=int(str(answer)) if answer else USUAL_MINUTES)


def _held_in(webinar: Webinar, answer: Answer) -> Webinar:
    held = picked(answer)
    into = tuple(code for code in webinar.interpreted if code not in held)
    return replace(webinar, languages=held, interpreted=into)


def _interpreted(webinar: Webinar, answer: Answer) -> Webinar:
    into = tuple(code for code in picked(answer) if code not in webinar.languages)
    return replace(webinar, interpreted=into)


def _with_reminders(webinar: Webinar, answer: Answer) -> Webinar:
    if answer in (None, USUAL):
        return replace(webinar, reminders=None)
    minutes = () if answer == NONE else tuple(int(each) for each in str(answer).split())
    return replace(webinar, reminders=minutes)


def _way(field: str) -> Callable[[Webinar, Answer], Webinar]:
    def change(webinar: Webinar, answer: Answer) -> Webinar:
        said = answer if isinstance(answer, str) else ""
        way = replace(webinar.way_in or WayIn(), **{field: said})
        return replace(webinar, way_in=None if way == WayIn() else way)

    return change


_PLAIN: Mapping[str, Callable[[Webinar, Answer], Webinar]] = {
    "series": lambda webinar, answer: replace(webinar, series=str(answer)),
    "at": _with_start,
    "length": _with_length,
    "held": _held_in,
    "into": _interpreted,
    "link": _way("link"),
    "phone": _way("dial_in"),
    "passcode": _way("passcode"),
    "approval": lambda webinar, answer: replace(webinar, approval=answer == YES),
    "reminders": _with_reminders,
}
