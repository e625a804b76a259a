"""People's words made comparable, fit to keep, and cut to size."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

_BARE_LETTERS = {
    **dict.fromkeys("أإآٱٲٳ", "ا"),
    **dict.fromkeys("ىیئېێ", "ي"),
    **dict.fromkeys("ؤۆ", "و"),
    **dict.fromkeys("ةەہھۀۂۃ", "ه"),
    **dict.fromkeys("کڪګ", "ك"),
    "ڕ": "ر",
    "ڵ": "ل",
    "ء": "",
    "ـ": "",
}
"""Letters that people type for one another: hamza carriers, Persian and Kurdish keyboards."""

# ZWNJ and ZWJ have a say in how a word looks, none in which word it is.
_INVISIBLE = {"Cc", "Cf", "Co", "Cs"}
# Letters as some keyboards, fonts and copied pages bring them: joined Arabic, wide, bold Latin.
_FORMS = (
    ("\ufb50", "\ufdff"),
    ("\ufe70", "\ufefc"),
    ("\uff01", "\uff5e"),
    ("\U0001d400", "\U0001d7ff"),
)
_LONGEST_FORM = 3
"""Letters in one: beyond it, it is a phrase."""
_SPACES = {"\t", "\n", "\v", "\f", "\r", "\x85"}
_NUMBER = re.compile(r"\s*(\d{1,18})[\ufe0f\u20e3]*\s*[.)،:-]?\s*")


# What somebody typed is compared with one list after the other.
@lru_cache(maxsize=4)
def fold(text: str) -> str:
    """The text for comparing only, never to be kept or shown.

    Case, marks, tatweel, invisible characters, punctuation and symbols are gone, letters and
    digits that people type for one another are one, words stand one space apart. A leading `/` is
    punctuation. Folding twice changes nothing.
    """
    if text.isascii() and text.isalnum():
        return text.lower()
    seen = unicodedata.normalize("NFC", text.translate(_SEEN))
    # Casefolding takes letters apart, and the parts may belong together in another way.
    cased = unicodedata.normalize("NFC", seen.casefold())
    return " ".join(unicodedata.normalize("NFC", cased.translate(_BARE)).split())


def _seen(char: str) -> str:
    if char in _SPACES:
        return " "
    if any(first <= char <= last for first, last in _FORMS):
        plain = unicodedata.normalize("NFKC", char)
        return plain if len(plain) <= _LONGEST_FORM else char
    return "" if unicodedata.category(char) in _INVISIBLE else char


def _bare(char: str) -> str:
    if (letter := _BARE_LETTERS.get(char)) is not None:
        return letter
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category[0] in "LN":
        return char
    return "" if category[0] == "M" else " "


class _Table(dict[int, str]):
    """What becomes of each character: worked out when it is met, and kept for the common ones."""

    def __init__(self, rule: Callable[[str], str]) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, code: int) -> str:
        char = self._rule(chr(code))
        if code < 0x700 or 0x2000 <= code < 0x2070:
            self[code] = char
        return char


_SEEN = _Table(_seen)
_BARE = _Table(_bare)


def number(text: str) -> int | None:
    """The number that the whole text is, in the decimal digits of any script; None if it is none.

    At most 18 digits; a keycap, or one closing mark as in `3.` or `3)`, is let pass. `²` is none.
    """
    found = _NUMBER.fullmatch(text.translate(_SEEN)) if len(text) <= 64 else None
    return int(found.group(1)) if found else None


LONGEST_TEXT = 3000
"""UTF-16 units of a text that goes to others: with what is said around it, it is one message
anywhere."""
LONGEST = 8192
"""The code points that the longest message of any platform holds."""
_MARKS_PER_LETTER = 4
_STRIPPED = re.compile(
    "[\0-\b\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
# Neither marks nor joiners are letters or digits.
_MAYBE_HEAPED = re.compile(rf"\W{{{_MARKS_PER_LETTER + 1}}}")
_WIDE_GAP = re.compile(r"\n(?:[^\S\n]*\n){2,}")
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")


def clean(text: str, limit: int = LONGEST) -> str:
    """What a person typed, fit to keep and to show: NFC, at most `limit` code points.

    Gone are control characters but the newline, overrides of direction, the zero-width space,
    lone surrogates, more than four combining marks on a letter, more than one empty line at a
    time, and space at both ends. ZWNJ, ZWJ, emoji and vowel marks stay. What is too long ends
    after a whole character as the reader sees it. Cleaning twice changes nothing.
    """
    lines = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    composed = unicodedata.normalize("NFC", _STRIPPED.sub("", lines))
    kept = (_fewer_marks(composed) if _MAYBE_HEAPED.search(composed) else composed).strip()
    kept = _WIDE_GAP.sub("\n\n", kept)
    return kept[: _whole_characters(kept, limit)].strip()


def _fewer_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        # A joiner between the marks does not make a new letter to heap them on.
        if category in {"Mn", "Me"}:
            marks += 1
        elif category != "Cf":
            marks = 0
        if marks <= _MARKS_PER_LETTER or category == "Cf":
            kept.append(char)
    return "".join(kept)


def utf16_length(text: str) -> int:
    """How many UTF-16 code units the text takes, which is what platforms count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


# Where a text may be cut, the best place first; what stays is everything up to the match's end.
_CUTS = tuple(re.compile(cut) for cut in (r"\n\s*\n", r"\n", r"[.!?؟…۔]['\")»”\]]*\s", r"\s"))


def split_text(text: str, units: int) -> list[str]:
    """The text in parts of at most `units` UTF-16 code units (2 or more), one if it fits.

    Cut between paragraphs, else lines, sentences, words, else characters as the reader sees them;
    a single such character that is too long is cut between code points. Space around a cut is
    dropped, nothing else is.
    """
    parts: list[str] = []
    while utf16_length(text) > units:
        end = _best_cut(text, _fitting(text, units))
        if part := text[:end].rstrip():
            parts.append(part)
        text = text[end:].lstrip()
    return [*parts, text] if text or not parts else parts


def _fitting(text: str, units: int) -> int:
    """How many code points of the text fit into so many UTF-16 code units."""
    fitting = min(len(text), units)
    while (over := utf16_length(text[:fitting]) - units) > 0:
        fitting -= (over + 1) // 2
    return fitting


def _best_cut(text: str, end: int) -> int:
    # One more character is looked at: a part may end exactly where its window does.
    window = text[: end + 1]
    for cut in _CUTS:
        found = [match.end() for match in cut.finditer(window)]
        # Half a part is too much to leave empty for anything less than not breaking a word.
        if found and (found[-1] > end // 2 or cut is _CUTS[-1]):
            return min(found[-1], end)
    return _whole_characters(text, end)


def _whole_characters(text: str, end: int) -> int:
    """The last place up to `end` that is not inside a character as the reader sees it.

    `end` itself if the first character alone reaches beyond it, the text's end if that is nearer.
    """
    if end >= len(text):
        return len(text)
    place = end
    while place > 0 and _joined(text, place):
        place -= 1
    return place or end


def _joined(text: str, at: int) -> bool:
    """Whether the code points before and after this place make one visible character.

    The parts of https://www.unicode.org/reports/tr29/ that chat texts meet: marks, joiners, skin
    tones, tags, flags, Hangul; where the rules need more context, this keeps together.
    """
    before, after = text[at - 1], text[at]
    if before == "\u200d" or after in "\u200c\u200d":
        return True
    if unicodedata.category(after)[0] == "M" or "\U0001f3fb" <= after <= "\U0001f3ff":
        return True
    if "\U000e0020" <= after <= "\U000e007f":
        return True
    if _half_flag(before) and _half_flag(after):
        return _half_flags_before(text, at) % 2 == 1
    return "\u1100" <= before <= "\ud7fb" and "\u1160" <= after <= "\u11ff"


def _half_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _half_flags_before(text: str, at: int) -> int:
    start = at
    while start > 0 and _half_flag(text[start - 1]):
        start -= 1
    return at - start
