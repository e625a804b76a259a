"""Brings a database to the version that this code knows, one `migrations/NNNN_name.sql` a step.

A step that has been released is never changed; a new one follows it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from storage.engines.port import Database
from storage.engines.times import epoch_ms
from storage.errors import NewerDatabase

STEPS = Path(__file__).parents[1] / "migrations"

VERSIONS = "CREATE TABLE IF NOT EXISTS versions (version BIGINT PRIMARY KEY, applied BIGINT)"
NEWEST = "SELECT COALESCE(MAX(version), 0) FROM versions"


def known_steps() -> list[tuple[int, str]]:
    """All steps as (version, SQL), oldest first."""
    return [(int(path.name[:4]), path.read_text()) for path in sorted(STEPS.glob("*.sql"))]


async def migrate(database: Database, steps: list[tuple[int, str]], now: datetime) -> None:
    """Take the steps that are missing; raises NewerDatabase when there are more than we know."""
    async with database.transaction() as connection:
        await connection.serialise(["schema"])
        await connection.run(VERSIONS)
    async with database.reading() as connection:
        ((newest,),) = await connection.fetch(NEWEST)
    if newest > steps[-1][0]:
        raise NewerDatabase()
    for version, sql in steps:
        if version > newest:
            await database.script(sql, version, epoch_ms(now))
