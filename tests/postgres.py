"""A throw-away PostgreSQL for the tests that run on both engines.

A conftest that wants it says `from tests.postgres import postgres_server, postgres_url`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from tests.ports import free_port

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))

CLUSTER = ("-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
"""It sorts and speaks alike on every machine, and does not wait for the disk."""
# Many processes of ours at once, and nobody who counts or clears rows whenever a minute is over:
# which way a statement is carried out would hang on whether that was just before.
SETTINGS = "-F -c max_connections=200 -c autovacuum=off"
SECONDS_TO_START = "110"


def as_postgres() -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]


@pytest.fixture(scope="session")
def postgres_server() -> Generator[str]:
    """The address of a fresh cluster, without a database name; skips where there is none."""
    if not PROGRAMS:
        pytest.skip("PostgreSQL is not installed; on Debian: apt-get install postgresql")
    programs, user = PROGRAMS[-1], as_postgres()
    # Not below pytest's own folder: the user postgres may not look into that.
    folder = Path(tempfile.mkdtemp(prefix="tadamun-postgres-"))
    if user:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    port, data = free_port(), folder / "cluster"
    try:
        make = [programs / "initdb", "-D", data, *CLUSTER]
        subprocess.run([*user, *make], check=True, capture_output=True, cwd=folder)
        options = f"-p {port} -h 127.0.0.1 -k {folder} {SETTINGS}"
        control = [*user, programs / "pg_ctl", "-D", data, "-w", "-t", SECONDS_TO_START]
        start = [*control, "-l", folder / "log", "-o", options, "start"]
        subprocess.run(start, check=True, cwd=folder)
        try:
            yield f"postgresql://tests@127.0.0.1:{port}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, cwd=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def ask_server(server: str, statement: str) -> None:
    """Carry out one statement outside every test's database."""
    connection = await asyncpg.connect(f"{server}/postgres")
    try:
        # The server itself waits five seconds for whoever is leaving a database, or was sent away.
        while True:
            with suppress(asyncpg.ObjectInUseError):
                await connection.execute(statement)
                return
    finally:
        await connection.close()


@pytest_asyncio.fixture
async def postgres_url(postgres_server: str) -> AsyncGenerator[str]:
    """The address of an empty database for this test alone."""
    name = f"test_{os.urandom(6).hex()}"
    await ask_server(postgres_server, f"CREATE DATABASE {name}")
    yield f"{postgres_server}/{name}"
    await ask_server(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")
