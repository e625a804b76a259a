"""On which line of a TOML file each of its keys stands; tomllib keeps that to itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The way to a value from the top of the file: keys, and places in arrays counted from 0."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_QUOTED = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|'
    r"'''.*?'{3,5}|"
    r'"(?:\\.|[^"\\\n])*"|'
    r"'[^'\n]*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\r\n]*")
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))")
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


class Lines:
    """The lines of the values in one file."""

    def __init__(self, known: Mapping[Path, int]) -> None:
        self._known = known

    @classmethod
    def of(cls, source: str) -> Lines:
        """Find them in a text that tomllib takes; in any other they are not to be relied on."""
        scanner = _Scanner(source)
        scanner.statements()
        return cls({path: source.count("\n", 0, at) + 1 for path, at in scanner.found.items()})

    def knows(self, path: Path) -> bool:
        """Whether this very value was found, not only a table around it."""
        return path in self._known

    def line(self, path: Path) -> int | None:
        """The line, from 1, of a value, or of the nearest table around one that is missing."""
        while path and path not in self._known:
            path = path[:-1]
        return self._known.get(path)


class _Scanner:
    """One walk over the text; `found` holds where each key or array entry begins."""

    def __init__(self, source: str) -> None:
        self.found: dict[Path, int] = {}
        self._source = source
        self._at = 0
        self._entries: dict[Path, int] = {}
        """How many tables each array of tables has so far."""

    def statements(self) -> None:
        table: Path = ()
        while self._over(_BLANK) < len(self._source):
            if self._next("["):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        begin = self._at - 1
        several = self._next("[")
        keys = self._keys()
        self._at += 2 if several else 1
        path: Path = ()
        for key in keys[:-1]:
            self.found.setdefault((*path, key), begin)
            path = self._inside((*path, key))
        path = (*path, keys[-1])
        if several:
            self.found.setdefault(path, begin)
            self._entries[path] = self._entries.get(path, 0) + 1
        path = self._inside(path)
        self.found[path] = begin
        return path

    def _inside(self, path: Path) -> Path:
        """The table that a header means by this name: of an array of tables, its last one."""
        return (*path, self._entries[path] - 1) if path in self._entries else path

    def _pair(self, table: Path) -> None:
        begin = self._at
        path = table
        for key in self._keys():
            path = (*path, key)
            self.found.setdefault(path, begin)
        self._at += 1  # The "=".
        self._over(_SPACE)
        self._value(path)

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._next("."):
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        self._over(_SPACE)
        begin = self._at
        quoted = self._source[begin : begin + 1] in {'"', "'"}
        self._over(_QUOTED if quoted else _BARE_KEY)
        key = self._source[begin : self._at]
        self._over(_SPACE)
        if not quoted:
            return key
        return _ESCAPED.sub(_unescaped, key[1:-1]) if key[0] == '"' else key[1:-1]

    def _value(self, path: Path) -> None:
        if self._next("["):
            self._array(path)
        elif self._next("{"):
            self._inline_table(path)
        elif self._source[self._at : self._at + 1] in {'"', "'"}:
            self._over(_QUOTED)
        else:
            self._over(_BARE_VALUE)

    def _array(self, path: Path) -> None:
        place = 0
        self._over(_BLANK)
        while not self._next("]"):
            self.found[(*path, place)] = self._at
            self._value((*path, place))
            place += 1
            self._over(_BLANK)
            self._next(",")
            self._over(_BLANK)

    def _inline_table(self, path: Path) -> None:
        self._over(_BLANK)
        while not self._next("}"):
            self._pair(path)
            self._over(_BLANK)
            self._next(",")
            self._over(_BLANK)

    def _over(self, pattern: re.Pattern[str]) -> int:
        """Go past what matches here, if anything does; where that ends."""
        found = pattern.match(self._source, self._at)
        self._at = found.end() if found else self._at
        return self._at

    def _next(self, mark: str) -> bool:
        """Go past this mark if it comes next."""
        comes = self._source.startswith(mark, self._at)
        self._at += comes
        return comes


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _ESCAPES.get(found[3], found[3])
