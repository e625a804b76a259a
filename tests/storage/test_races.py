"""Several processes that start on one database file at once: exactly one of them gets it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.storage.racing import RACES

HOUSE = Path(__file__).parent.parent.parent


@pytest.mark.timeout(240)
async def test_of_four_processes_at_once_exactly_one_opens_the_database(tmp_path: Path) -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.storage.racing", str(tmp_path)),
        cwd=HOUSE,
        stdout=asyncio.subprocess.PIPE,
    )
    winners, _ = await program.communicate()
    assert program.returncode == 0
    assert winners.split() == [b"1"] * RACES
