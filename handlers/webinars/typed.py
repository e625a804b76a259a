"""What organisers type line by line: guest experts, questions of registration, reminders."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dialogue.fold import clean, fold, number
from dialogue.form import Rejected
from dialogue.words import text
from handlers.content.joining import EARLIEST, MOST_REMINDERS
from handlers.content.reading import LONGEST_ABOUT, LONGEST_LABEL, LONGEST_NAME, LONGEST_PROMPT
from locales.phrases import plain
from locales.spans import SPAN, read_duration, read_span

MOST_LINES = 12
MOST_CHOICES = 10
NOTHING = "-"
"""A line for what this language lacks."""

_DASH = re.compile(r"\s+[-–—−]+\s+|\s*[–—]\s*")
_COLON = re.compile(r"\s*[:：]\s*")
_COMMA = re.compile(r"\s*[,،;؛|]\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line in two parts: a name and who that is, or a question and its choices."""

    first: str
    second: str = ""

    @property
    def choices(self) -> tuple[str, ...]:
        """The choices that the second part lists."""
        return tuple(part for part in _COMMA.split(self.second) if part)


def lines(raw: str) -> list[str]:
    """The lines of a text that hold something, each without signs of a list before it."""
    return [line for each in clean(raw).split("\n") if (line := each.strip().lstrip("•*·").strip())]


def speakers(raw: str) -> list[Line]:
    """A guest expert a line: the name, a dash, and who that is; raises Rejected."""
    return [_line(at, said, _speaker) for at, said in enumerate(_some(raw), start=1)]


def extras(raw: str) -> list[Line]:
    """A question a line, its choices after a colon; raises Rejected."""
    return [_line(at, said, _extra) for at, said in enumerate(_some(raw), start=1)]


def written(told: Sequence[Line], between: str) -> str:
    """The lines as they are kept, each of two parts with this between them."""
    return "\n".join(
        f"{line.first or NOTHING}{between}{line.second}" if line.second else line.first or NOTHING
        for line in told
    )


def reminders(raw: str, at_the_start: frozenset[str], before: frozenset[str]) -> tuple[int, ...]:
    """Minutes before the start, the earliest first; raises Rejected.

    Told are the folded words for the start itself, and those for "before" that may stand beside.
    """
    parts = [part for part in re.split(r"[,،;؛\n]", raw) if part.strip()]
    found = {_before(part, at_the_start, before) for part in parts}
    if not found:
        raise Rejected(text("reject-empty"))
    if len(found) > MOST_REMINDERS:
        raise Rejected(text("reject-many-lines", most=MOST_REMINDERS))
    return tuple(sorted(found, reverse=True))


def _some(raw: str) -> list[str]:
    told = lines(raw)
    if not told:
        raise Rejected(text("reject-empty"))
    if len(told) > MOST_LINES:
        raise Rejected(text("reject-many-lines", most=MOST_LINES))
    return told


def _line(at: int, said: str, read: Callable[[int, str], Line]) -> Line:
    return Line("") if said.strip("–—−-") == "" else read(at, said)


def _speaker(at: int, said: str) -> Line:
    name, *about = _DASH.split(said, maxsplit=1)
    return Line(
        _fitting(at, name.strip(), LONGEST_NAME),
        _fitting(at, "".join(about).strip(), LONGEST_ABOUT),
    )


def _extra(at: int, said: str) -> Line:
    prompt, *rest = _COLON.split(said, maxsplit=1)
    line = Line(prompt.strip(), "".join(rest).strip())
    # "Time: any" offers nothing to choose from, and is a question as it stands.
    if len(line.choices) < 2:
        return Line(_fitting(at, said, LONGEST_PROMPT))
    if len(line.choices) > MOST_CHOICES:
        raise Rejected(text("reject-many-choices", line=at, most=MOST_CHOICES))
    for label in line.choices:
        _fitting(at, label, LONGEST_LABEL)
    return Line(_fitting(at, line.first, LONGEST_PROMPT), line.second)


def _fitting(at: int, words: str, most: int) -> str:
    if len(words) > most:
        raise Rejected(text("reject-line-long", line=at, most=most))
    return words


def _before(part: str, at_the_start: frozenset[str], before: frozenset[str]) -> int:
    """The minutes of one typed time before the start."""
    folded = fold(part)
    if folded in at_the_start or folded == "0":
        return 0
    span = " ".join(word for word in clean(part).split() if fold(word) not in before)
    minutes = _span(span)
    if minutes is None or not 0 <= minutes <= EARLIEST:
        raise Rejected(text("reject-reminder", part=" ".join(clean(part).split())[:40]))
    return minutes


def _span(words: str) -> int | None:
    minutes, wording = read_duration(words), plain(words)
    if minutes is not None:
        return minutes
    bare = number(words)
    if bare is not None or not re.fullmatch(SPAN, wording):
        return bare
    span = read_span(wording)
    if span is None or span.months:
        return None
    return span.days * 24 * 60 + span.minutes
