"""What the two engines have in common, and the portable SQL that they understand.

Statements are constants in one subset of SQL with `:name` parameters. Three things differ between
the engines and are written the same way here:

- `each_text(:keys) AS given` and `each_id(:ids) AS given` are a list parameter as a table with the
  columns `key` (rising, in the order of the list) and `value`;
- `skip_locked(t)` at the end of a SELECT passes over rows of `t` that somebody else is changing.

Each writing statement starts with its verb (no leading WITH): the SQLite engine opens its
transaction at the first INSERT, UPDATE or DELETE.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeAlias

Value: TypeAlias = int | str | bytes | list[int] | list[str] | None
Values: TypeAlias = Mapping[str, Value]
Row: TypeAlias = Sequence[Any]

EACH = re.compile(r"each_(text|id)\(:(\w+)\) AS (\w+)")
SKIP_LOCKED = re.compile(r"skip_locked\((\w+)\)")
PARAMETER = re.compile(r"(?<!:):([a-z_]+)")


class Connection(Protocol):
    """One transaction, or one reader. After any error, nothing of the transaction is kept."""

    async def fetch(self, sql: str, values: Values | None = None) -> list[Row]:
        """The rows that this statement gives."""
        ...

    async def run(self, sql: str, values: Values | None = None) -> None:
        """Carry out a statement that gives no rows."""
        ...

    async def run_many(self, sql: str, rows: Sequence[Values]) -> None:
        """Carry out a statement once for each of these values; nothing when there are none."""
        ...

    async def serialise(self, keys: Sequence[str]) -> None:
        """Nobody else who asks for one of these keys gets on before this transaction ends."""
        ...

    async def tell(self, word: str) -> None:
        """Once committed, every process that listens hears this word; nothing personal in it."""
        ...


class Database(Protocol):
    """An open database: SQLite's file, or a PostgreSQL server."""

    engine: str

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """Commit at the end, roll back on an error; raises Unavailable when it cannot."""
        ...

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """Reads alone, beside the writers; each statement sees what is committed by then."""
        ...

    async def script(self, sql: str, version: int, applied: int) -> None:
        """Run one migration, and note its version and its time (epoch ms), or none of it."""
        ...

    def only_one(self, name: str) -> AbstractAsyncContextManager[asyncio.Event]:
        """Wait until nobody else holds this name; the event is set when it is lost again."""
        ...

    def listening(self, hear: Callable[[str], None]) -> AbstractAsyncContextManager[asyncio.Event]:
        """Hear every word that any process tells; the event is set when the line breaks."""
        ...

    async def scrub(self) -> bool:
        """Remove what erased rows left behind in the files; False when it must be tried again."""
        ...

    async def sound(self) -> None:
        """Returns once what is kept is known to be whole; raises Damaged or Unavailable."""
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...


def number_parameters(sql: str) -> tuple[str, tuple[str, ...]]:
    """The statement with `$1 …` for `:name`, and the names in that order."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        name = found[1]
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return PARAMETER.sub(number, sql), tuple(names)


def expand(sql: str, each: Callable[[re.Match[str]], str], locked: str) -> str:
    """The statement with this engine's way of writing `each_…` and `skip_locked`."""
    return SKIP_LOCKED.sub(locked, EACH.sub(each, sql))
