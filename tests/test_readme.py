"""The README names every setting, every command, and pictures that are there; in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import app
from handlers.commands import NAMES, STAFF
from settings import listing

HOUSE = Path(__file__).parent.parent
BOTH = pytest.mark.parametrize("name", ["README.md", "README.ar.md"])


def lines_of(name: str) -> list[str]:
    """The lines of a document."""
    return (HOUSE / name).read_text("utf-8").splitlines()


@BOTH
def test_every_setting_stands_there_with_its_variable_and_default(name: str) -> None:
    table = [line for line in lines_of(name) if line.startswith("|") and "`TADAMUN_" in line]
    rows = {line.split("|")[1].strip(" `"): line for line in table}
    assert set(rows) == {setting.key for setting in listing()}
    for setting in listing():
        assert f"`{setting.variable}`" in rows[setting.key]
        if isinstance(setting.default, int | str) and setting.default != "":
            assert f"`{setting.default}`" in rows[setting.key]


def test_the_english_table_says_what_the_file_says() -> None:
    said = "\n".join(lines_of("README.md"))
    assert [each.key for each in listing() if each.comment not in said] == []


@BOTH
def test_every_command_of_the_conversation_stands_there(name: str) -> None:
    said = "\n".join(lines_of(name))
    assert [command for command in (*NAMES, *STAFF) if not re.search(rf"/{command}\b", said)] == []


@BOTH
def test_every_command_of_the_command_line_stands_there(name: str) -> None:
    said = "\n".join(lines_of(name))
    commands = [
        each.name or each.callback.__name__ for each in app.registered_commands if each.callback
    ]
    assert len(commands) > 2
    assert [command for command in commands if f"`bot.py {command}" not in said] == []


@BOTH
def test_every_command_of_make_stands_there(name: str) -> None:
    phony = re.search(r"^\.PHONY: (.+)$", (HOUSE / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert phony is not None
    said = "\n".join(lines_of(name))
    commands = set(phony[1].split()) - {"help"}
    assert {command for command in commands if f"`make {command}`" not in said} == set()


@BOTH
def test_everything_that_it_points_to_is_there(name: str) -> None:
    said = "\n".join(lines_of(name))
    targets = re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)|src=\"([^\"]+)\"", said)
    assert targets
    missing = [path for pair in targets for path in pair if path and not (HOUSE / path).exists()]
    assert missing == []
