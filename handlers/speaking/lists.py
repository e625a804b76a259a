"""Lists to choose from: buttons in rows, and what may be typed instead of pressing one."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from dialogue.words import Button, Reply, Text
from handlers.desk import Entry
from handlers.turn import Turn
from locales import Languages

Rows = tuple[tuple[Button, ...], ...]


def menu(turn: Turn, texts: tuple[Text, ...], rows: Rows) -> Reply:
    """A list to choose from: from now on numbers and labels mean its buttons."""
    turn.desk = replace(turn.desk, menu=entries(turn.house.languages, rows))
    return Reply(texts, numbered(rows))


def numbered(rows: Rows) -> Rows:
    """The rows with the numbers that `desk.meant` takes for their buttons."""
    numbers = count(1)
    return tuple(
        tuple(each if each.url else each.numbered(next(numbers)) for each in row) for row in rows
    )


def entries(languages: Languages, rows: Rows) -> tuple[Entry, ...]:
    """The lines of a list, with the names by which they may be typed."""
    buttons = [button for row in rows for button in row if not button.url]
    return tuple(
        Entry(button.value, tuple(sorted(languages.names(button.label)))) for button in buttons
    )


def in_rows(buttons: tuple[Button, ...], columns: int) -> Rows:
    """The buttons, so many to a row."""
    return tuple(buttons[i : i + columns] for i in range(0, len(buttons), columns))
