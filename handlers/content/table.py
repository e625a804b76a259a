"""A table of the file: its values are taken by key, and every refusal names its line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from dialogue.fold import clean
from dialogue.words import Localised
from handlers.content.lines import Lines, Path

LONGEST = 3000
"""Characters of one text: a message of any platform takes it, with what is said around it."""


class ContentError(Exception):
    """The file cannot be loaded: the line, from 1, where there is one, and one sentence."""

    def __init__(self, line: int | None, reason: str) -> None:
        super().__init__(reason if line is None else f"line {line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `languages` are those that texts may be in, the community's own first."""

    name: str
    """What a sentence calls it."""
    values: Mapping[str, Any]
    lines: Lines
    path: Path
    languages: Sequence[str]

    def wrong(self, reason: str, *where: str | int) -> ContentError:
        """The error about this table, or about what stands under `where` in it."""
        return ContentError(self.lines.line((*self.path, *where)), reason)

    def only(self, *keys: str) -> None:
        """Refuse a key that is none of these."""
        for key in self.values:
            if key not in keys:
                nearest = closest(key, keys)
                reason = f"{self.name} knows no key {shown(key)}; the nearest is {nearest}."
                raise self.wrong(reason, key)

    def slug(self, key: str, longest: int) -> str:
        """A name for links and buttons, which everybody may see."""
        value = self.values.get(key)
        if value is None:
            raise self.wrong(f"{self.name} has no {key}.")
        if not isinstance(value, str) or not re.fullmatch(rf"[a-z0-9-]{{1,{longest}}}", value):
            reason = (
                f"{key} must be 1 to {longest} small Latin letters, digits and hyphens,"
                f" not {shown(value)}."
            )
            raise self.wrong(reason, key)
        return value

    def words(self, key: str, most: int, *, one_line: bool = True) -> Localised:
        """A text of at most `most` characters, in one language or more."""
        return self._words(self.values.get(key, {}), most, one_line, key)

    def list_of_words(self, key: str, most: int) -> tuple[Localised, ...]:
        """Several such texts in one line each; none when the key is not there."""
        return tuple(self._words(value, most, True, key, at) for at, value in self._array(key))

    def _words(self, value: object, most: int, one_line: bool, *where: str | int) -> Localised:
        if not isinstance(value, dict):
            reason = f'{where[0]} must name its language, as in {{ {self.languages[0]} = "…" }}.'
            raise self.wrong(reason, *where)
        said: dict[str, str] = {}
        for code, text in cast(dict[str, Any], value).items():
            if code not in self.languages:
                raise self.wrong(self._strange(code), *where, code)
            said[code] = self._text(text, most, one_line, *where, code)
        kept = {code: said[code] for code in self.languages if said.get(code)}
        if not kept:
            raise self.wrong(f"{self.name} has no {where[0]} in any language.", *where)
        return Localised(kept)

    def _text(
        self, value: object, most: int, one_line: bool, key: str | int, *where: str | int
    ) -> str:
        what = f"{key} in {where[-1]}" if where else f"{key}"
        if not isinstance(value, str):
            raise self.wrong(f"{what} must be a text, not {shown(value)}.", key, *where)
        # Composing can make a text longer, at most threefold: cleaning is not to cut it.
        text = clean(value, 3 * len(value))
        text = " ".join(text.split()) if one_line else text
        if len(text) > most:
            reason = f"{what} has {len(text)} characters; it may have {most}."
            raise self.wrong(reason, key, *where)
        return text

    def _strange(self, code: object) -> str:
        return f"{shown(code)} is not one of the community's languages ({_or(self.languages)})."

    def codes(self, key: str) -> tuple[str, ...]:
        """Languages, each once, in the order of the file; none when the key is not there."""
        found: list[str] = []
        for place, code in self._array(key):
            if code not in self.languages:
                raise self.wrong(self._strange(code), key, place)
            found.append(code)
        return tuple(dict.fromkeys(found))

    def line(self, key: str, most: int) -> str:
        """A text in no language, in one line of at most `most` characters; empty when not there."""
        return self._text(self.values.get(key, ""), most, True, key)

    def whole(self, key: str, least: int, most: int) -> int | None:
        """A whole number within these bounds, or None when the key is not there."""
        value = self.values.get(key)
        return None if value is None else self._whole(value, least, most, key)

    def wholes(self, key: str, least: int, most: int) -> tuple[int, ...]:
        """Several such numbers; none when the key is not there."""
        return tuple(self._whole(value, least, most, key, at) for at, value in self._array(key))

    def _whole(self, value: object, least: int, most: int, *where: str | int) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            reason = (
                f"{where[0]} must be a whole number from {least} to {most}, not {shown(value)}."
            )
            raise self.wrong(reason, *where)
        return value

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(f"{key} must be true or false, not {shown(value)}.", key)
        return value

    def one_of(self, key: str, known: Sequence[str]) -> str:
        """One of these words; the first when the key is not there."""
        value = self.values.get(key, known[0])
        if value not in known:
            raise self.wrong(f"{key} must be {_or(known)}, not {shown(value)}.", key)
        return value

    def empty(self, key: str) -> bool:
        """Whether there is a list under this key, with nothing in it."""
        return key in self.values and not list(self._array(key))

    def _array(self, key: str) -> Iterator[tuple[int, Any]]:
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(f"{key} must be a list in square brackets.", key)
        return enumerate(cast(list[Any], value))

    def table(self, key: str, name: str) -> Table:
        """The one table under this key, called `name` in sentences."""
        if key not in self.values:
            raise self.wrong(f"{self.name} has no [{key}].")
        return self._inner(name, self.values[key], key)

    def tables(self, key: str, name: str) -> list[Table]:
        """The tables in the list under this key, each called `name`; none when it is not there."""
        return [self._inner(name, value, key, at) for at, value in self._array(key)]

    def _inner(self, name: str, value: object, *where: str | int) -> Table:
        if not isinstance(value, dict):
            raise self.wrong(f"{where[0]} must be written as a table.", *where)
        inner = cast(dict[str, Any], value)
        return replace(self, name=name, values=inner, path=(*self.path, *where))


def closest(key: str, known: Iterable[str]) -> str:
    """The one of the known keys that was perhaps meant."""
    return difflib.get_close_matches(key, list(known), n=1, cutoff=0)[0]


def shown(value: object) -> str:
    """A value of the file in a sentence, in one line and not at length."""
    try:
        text = " ".join(clean(str(value)).split())
    except ValueError:  # Python reads a number of any length in hexadecimal, but writes none.
        return "an endless number"
    text = f"{text[:39]}…" if len(text) > 40 else text
    return f'"{text}"' if isinstance(value, str) else text


def _or(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last
