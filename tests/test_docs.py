"""What the documents say is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from settings import KEYS, variable_of

HOUSE = Path(__file__).parent.parent
OPERATIONS = (HOUSE / "docs" / "OPERATIONS.md").read_text("utf-8")
CONTRIBUTING = (HOUSE / "docs" / "CONTRIBUTING.md").read_text("utf-8")
ROOMS = ("channels", "delivery", "handlers", "service", "storage", "web")


def _code() -> str:
    """All that may log, in one piece."""
    rooms = (file for room in ROOMS for file in (HOUSE / room).rglob("*.py"))
    files = [*HOUSE.glob("*.py"), *rooms]
    return "\n".join(file.read_text("utf-8") for file in sorted(files) if file.exists())


@pytest.mark.parametrize("line", re.findall(r"^\| `([^`/]{20,})` \|", OPERATIONS, re.MULTILINE))
def test_a_line_of_the_log_that_operations_explains_is_one_that_is_written(line: str):
    assert line in _code()


def test_every_alert_is_explained():
    alerts = re.findall(r"ALERT: [^\"%:]+", _code())
    assert alerts
    assert [alert for alert in alerts if alert not in OPERATIONS] == []


@pytest.mark.parametrize("document", [OPERATIONS, CONTRIBUTING], ids=["operations", "contributing"])
def test_a_command_that_is_named_exists(document: str):
    makefile = (HOUSE / "Makefile").read_text("utf-8")
    named = set(re.findall(r"^make (\w+)|`make (\w+)`", document, re.MULTILINE))
    for command in {"".join(found) for found in named}:
        assert re.search(rf"^{command}:", makefile, re.MULTILINE), command


@pytest.mark.parametrize("document", [OPERATIONS, CONTRIBUTING], ids=["operations", "contributing"])
def test_a_variable_or_setting_that_is_named_exists(document: str):
    variables = set(re.findall(r"TADAMUN_\w+", document))
    assert variables <= {variable_of(key) for key in KEYS}
    tables = {key.split(".")[0] for key in KEYS if "." in key}
    dotted = set(re.findall(rf"`((?:{'|'.join(tables)})\.[a-z_]+)", document))
    assert dotted - {"settings.toml"} <= set(KEYS)
