"""Questions that are answered line by line, as many lines in each language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

from dialogue.form import Answers, Question, Rejected
from dialogue.words import Text, text
from handlers.commands import words
from handlers.webinars import typed
from handlers.webinars.typed import Line
from locales import Languages

BETWEEN_NAME_AND_ABOUT = " — "
BETWEEN_PROMPT_AND_CHOICES = ": "


def speakers(code: str, told: Answers) -> Question:
    """Who speaks, in one language; `told` holds the lines of the others."""

    def read(raw: str) -> str:
        lines = typed.speakers(raw)
        _as_many(lines, _others("speakers", code, told, typed.speakers))
        return typed.written(lines, BETWEEN_NAME_AND_ABOUT)

    return _question("speakers", code, read)


def extras(code: str, told: Answers) -> Question:
    """What registration asks, in one language; `told` holds the lines of the others."""

    def read(raw: str) -> str:
        lines = typed.extras(raw)
        for other in _others("extras", code, told, typed.extras):
            _as_many(lines, [other])
            _as_many_choices(lines, other)
        return typed.written(lines, BETWEEN_PROMPT_AND_CHOICES)

    return _question("extras", code, read)


def reminders(languages: Languages, raw: str) -> tuple[int, ...]:
    """Typed times before the start, in minutes; raises Rejected."""
    start, before = words(languages, "at-the-start"), words(languages, "before")
    return typed.reminders(raw, start, before)


def _question(name: str, code: str, read: Callable[[str], str]) -> Question:
    language = Text(f"language-{code}")
    return Question(
        f"{name}-{code}",
        Text(f"ask-w-{name}", {"language": language}),
        Text(f"title-w-{name}", {"language": language}),
        read=read,
        keeps=bool,
        optional=True,
    )


def _others(
    name: str, code: str, told: Answers, read: Callable[[str], list[Line]]
) -> list[list[Line]]:
    """The lines of the same question in the other languages, where there are any."""
    prefix, own = f"{name}-", f"{name}-{code}"
    return [
        read(answer)
        for key, answer in told.items()
        if key.startswith(prefix) and key != own and isinstance(answer, str) and answer
    ]


def _as_many(lines: Sequence[Line], others: Sequence[Sequence[Line]]) -> None:
    for other in others:
        if len(lines) != len(other):
            raise Rejected(text("reject-lines-differ", here=len(lines), other=len(other)))


def _as_many_choices(lines: Sequence[Line], others: Sequence[Line]) -> None:
    for at, (line, other) in enumerate(zip_longest(lines, others), start=1):
        if line.first and other.first and len(line.choices) != len(other.choices):
            raise Rejected(text("reject-choices-differ", line=at))
