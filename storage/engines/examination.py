"""Whether an SQLite file is whole, found out once at the start beside what can be done meanwhile.

A file of some 200 MB that the machine does not have in memory takes three seconds to read.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress
from pathlib import Path

from storage.engines.sqlite_connection import explained
from storage.errors import Damaged, Unavailable


class Examination:
    """Reads the whole file, from now on, in a thread and on a connection of its own."""

    def __init__(self, path: Path, busy_seconds: float) -> None:
        """Raises Unavailable when the file cannot be opened."""
        try:
            self._connection = sqlite3.connect(
                path, timeout=busy_seconds, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise explained(error) from error
        self._over = asyncio.get_running_loop().run_in_executor(None, self._examine)
        self._over.add_done_callback(self._let_go)

    async def passed(self) -> None:
        """Returns once the file is known to be whole; raises Damaged or Unavailable."""
        try:
            # Many wait for the one answer, and none of them may call it off.
            found = await asyncio.shield(self._over)
        except sqlite3.Error as error:
            raise explained(error) from error
        if found != "ok":
            raise Damaged()

    async def stop(self) -> None:
        """Lets go of the file, and leaves it at that if the answer is not there yet."""
        if not self._over.done():
            self._connection.interrupt()
        with suppress(sqlite3.Error, Damaged, Unavailable):
            await self.passed()

    def _examine(self) -> str:
        for pragma in ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        return self._connection.execute("PRAGMA quick_check(1)").fetchone()[0]

    def _let_go(self, _over: asyncio.Future[str]) -> None:
        self._connection.close()
