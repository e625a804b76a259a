"""What the command line prints of an invitation, and says to whoever names no file."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import service

BOT = Path(__file__).parents[2] / "bot.py"


def test_an_invitation_says_until_when_as_people_write_it() -> None:
    made = {
        "role": "owner",
        "token": "t" * 32,
        "code": "SRJPJQGDHQ",
        "expires": "2026-11-23T03:16:43+03:00",
    }
    said = service.invited(service.shown(made, "http://127.0.0.1:8000", None))
    assert "as owner; works once, until 2026-11-23 00:16 UTC." in said


async def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere.toml"
    asked = (sys.executable, str(BOT), "import", str(nowhere))
    loading = await asyncio.create_subprocess_exec(*asked, stderr=PIPE, cwd=BOT.parent)
    _, said = await loading.communicate()
    assert said.decode() == f"There is no file {nowhere}; give the path of a TOML file.\n"
    assert loading.returncode == 2
