"""All that a database file holds, row by row."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"

Rows = dict[str, list[dict[str, Any]]]


def everything(file: Path) -> Rows:
    """Every row of every table, by column."""
    with closing(sqlite3.connect(file)) as database:
        database.row_factory = sqlite3.Row
        names = [row["name"] for row in database.execute(TABLES)]
        return {name: [dict(row) for row in _all(database, name)] for name in names}


def _all(database: sqlite3.Connection, table: str) -> list[sqlite3.Row]:
    assert table.isidentifier()
    return database.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608 - a name from the database's own list
