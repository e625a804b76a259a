"""Buttons written out, for whoever is shown none: numbers, words and links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dialogue.fold import split_text, utf16_length
from dialogue.words import Message, MessageButton

BETWEEN = " · "
_MARKS = re.compile("[\u200e\u200f\u2066-\u2069]")


def buttons_of(message: Message) -> list[MessageButton]:
    """All the buttons, row by row."""
    return [button for row in message.rows for button in row]


def numbered(message: Message, units: int) -> list[str]:
    """The text and, below it, what may be typed or opened; in as many parts as `units` asks for.

    One line for each button with a number and for each link, but for choices that the text has
    listed with these numbers already; the others, whose words can be typed, stand together on
    lines of their own.
    """
    listed = set(_unmarked(message.text).split("\n"))
    buttons = [each for each in buttons_of(message) if _unmarked(_choice(each)) not in listed]
    below = written_out(buttons, units)
    whole = "\n\n".join(part for part in (message.text, below) if part)
    if utf16_length(whole) <= units:
        return [whole] if whole else []
    parts = split_text(message.text, units) if message.text else []
    rest = split_text(below, units) if below else []
    if parts and rest and utf16_length(parts[-1]) + 2 + utf16_length(rest[0]) <= units:
        return [*parts[:-1], f"{parts[-1]}\n\n{rest[0]}", *rest[1:]]
    return [*parts, *rest]


def written_out(buttons: Sequence[MessageButton], units: int) -> str:
    """The buttons as lines."""
    choices = [_choice(button) for button in buttons if _is_numbered(button)]
    links = [f"{button.label}: {button.url}" for button in buttons if button.url is not None]
    rest = [button.label for button in buttons if button.url is None and button.number is None]
    blocks = ["\n".join(choices), "\n".join(links), "\n".join(_joined(rest, units))]
    return "\n\n".join(block for block in blocks if block)


def _is_numbered(button: MessageButton) -> bool:
    return button.url is None and button.number is not None


def _choice(button: MessageButton) -> str:
    return f"{button.number}. {button.label}"


def _unmarked(text: str) -> str:
    """The text without the marks by which its direction is kept."""
    return _MARKS.sub("", text)


def _joined(words: Iterable[str], units: int) -> list[str]:
    """The words side by side."""
    lines: list[str] = []
    for word in words:
        joined = f"{lines[-1]}{BETWEEN}{word}" if lines else word
        if lines and utf16_length(joined) <= min(units, 60):
            lines[-1] = joined
        else:
            lines.append(word)
    return lines
