"""What people type about days and times, put into one plain wording that rules can be read from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from dialogue.fold import fold
from locales import calendar_words

LONGEST = 120
"""The code points of the longest text that is read."""
_LONGEST_PHRASE = 4

_LIKE_ASCII = str.maketrans("٫／؍⁄∕：–—−‐‑", ".////:-----")
_MARK = re.compile(r"([:./+-])")
# What is written onto an Arabic word, and what it says there.
_LEADS = {"ال": "", "و": "and ", "وال": "and ", "ب": "", "بال": "", "ل": "", "لل": "", "عال": ""}


def plain(text: str) -> str:
    """The text in one wording for all languages, as `d4 3 m4 at 7 evening ?rome`.

    Weekdays are `d0` (Monday) to `d6`, months `m1` to `m12`, `th` follows an ordinal; figures stand
    as they were typed, in ASCII digits, and offsets as in `utc+3`. A word that says nothing of time
    has a `?` before it. A text that is too long says nothing at all.
    """
    if len(text) > LONGEST:
        return ""
    return _counted(" ".join(" ".join(_meanings(_figures(text).split())).split()))


def is_arabic(text: str) -> bool:
    """Whether anything of it is in Arabic script, digits included."""
    return any("\u0600" <= char <= "\u06ff" for char in text)


_FIGURES = tuple(
    (re.compile(found), told)
    for found, told in (
        (r"\b([ap])\.? ?m\b\.?", r" \1m "),
        (r"(?<=\d) ?([:/]) ?(?=\d)", r"\1"),
        (r"\b(\d{1,2}) - (\d{1,2}) - (\d{4})\b", r"\1-\2-\3"),
        # A minus counts after a full ISO time only: `9:00-11:00` is a span of time.
        (r"(t\d\d:\d\d(?::\d\d(?:\.\d+)?)?)([+-]\d\d)", r"\1 utc\2"),
        (r"(\d:\d\d)(\+\d\d)", r"\1 utc\2"),
        (r"\b(?:utc|gmt) ?([+-]) ?(?=\d)", r" utc\1"),
        (r"(?<![^ ])-(?=\d)", " minus "),
        (r"(?<=\d)(?:st|nd|rd|th)\b", " th "),
        # The Kurdish link of a day to its month.
        (r"(?<=\d)ي\b", " "),
        (r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)", " "),
        (r"(?<!\d)(?<!utc)[:./+-]|[:./+-](?!\d)", " "),
    )
)


def _figures(text: str) -> str:
    """Folded words and whole figures (`3/4`, `19:30`, `utc+3`), with a space between any two."""
    pieces = _MARK.split(text.translate(_LIKE_ASCII))
    told = "".join(piece if _MARK.fullmatch(piece) else _folded(piece) for piece in pieces)
    for found, instead in _FIGURES:
        told = found.sub(instead, told)
    return told


def _folded(piece: str) -> str:
    """Folded, with a space where there was space around it: it tells `19-20` from `19 - 20`."""
    before = " " if piece[:1].isspace() else ""
    after = " " if piece[-1:].isspace() else ""
    return f"{before}{fold(piece)}{after}"


def _meanings(typed: list[str]) -> Iterator[str]:
    """The longest phrases that are known, and a `?` before the words that are in none."""
    at = 0
    while at < len(typed):
        for end in range(min(len(typed), at + _LONGEST_PHRASE), at, -1):
            meaning = _meaning(" ".join(typed[at:end]))
            if meaning is not None:
                yield meaning
                at = end
                break
        else:
            yield f"?{typed[at]}"
            at += 1


def _meaning(phrase: str) -> str | None:
    known = _known()
    if phrase[0].isdigit() or phrase.startswith("utc"):
        return None if " " in phrase else phrase
    if phrase in known:
        return known[phrase]
    for lead, meaning in _LEADS.items():
        rest = phrase.removeprefix(lead)
        # A letter that is left over is short for nothing: «بس» is no hour.
        if rest != phrase and len(rest) > 1 and rest in known:
            return meaning + known[rest]
    return None


@cache
def _known() -> dict[str, str]:
    words = calendar_words
    named: list[tuple[str, str]] = [
        *((f"m{number}", names) for number, names in enumerate(words.MONTHS, 1)),
        *((f"d{number}", names) for number, names in enumerate(words.WEEKDAYS)),
        *((f"w{number}", names) for number, names in words.NUMBERS.items()),
        *((f"w{number} th", names) for number, names in words.ORDINALS.items()),
        *((f"at w{number}", names) for number, names in words.HOURS.items()),
        *((name, name) for name in words.ABBREVIATIONS),
        *words.WORDS.items(),
    ]
    return {fold(name): meaning for meaning, names in named for name in names.split(",")}


_TEEN = re.compile(r"\bw([1-9])( th)? w10\b")
_UNIT_AND_TENS = re.compile(r"(?<!at )\bw([1-9])(?: th)? and w([2-9]0)( th)?\b")
_TENS_AND_UNIT = re.compile(r"\bw([2-9]0) w([1-9])( th)?\b")


def _counted(wording: str) -> str:
    """Numbers told in words as figures: `w3 th w10` is `13 th`, `w5 and w20` is `25`."""

    def total(found: re.Match[str]) -> str:
        return f"w{int(found[1]) + int(found[2])}{found[3] or ''}"

    wording = _TEEN.sub(lambda found: f"w1{found[1]}{found[2] or ''}", wording)
    wording = _UNIT_AND_TENS.sub(total, wording)
    wording = _TENS_AND_UNIT.sub(total, wording)
    return re.sub(r"\bw(\d+)", r"\1", wording)
