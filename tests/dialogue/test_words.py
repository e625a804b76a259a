"""What comes in and what goes out are values: compared by what they say, never changed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from datetime import UTC, datetime

import pytest

from dialogue.incoming import Incoming
from dialogue.words import Button, Reply, Text, text


def test_a_text_is_written_as_it_reads() -> None:
    assert text("seats-left", count=3) == Text("seats-left", {"count": 3})


def test_texts_that_say_the_same_are_one_in_a_set() -> None:
    said = {text("hello", name="Anna", place="Basra"), text("hello", place="Basra", name="Anna")}
    assert said == {text("hello", name="Anna", place="Basra")}
    assert text("hello") not in said


def test_what_came_in_and_what_goes_out_cannot_be_changed() -> None:
    at = datetime(2026, 4, 3, tzinfo=UTC)
    for value in (Incoming("web", "1", "2", at, text="hello"), Reply((text("hello"),))):
        with pytest.raises(FrozenInstanceError):
            setattr(value, fields(value)[0].name, None)


def test_a_number_changes_nothing_else_of_a_button() -> None:
    button = Button(text("btn-site"), "go:x", url="https://bot.example", picked=True)
    assert button.numbered(3) == Button(button.label, "go:x", button.url, True, 3)
