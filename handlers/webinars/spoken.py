"""How things of a webinar are said in a line."""

from __future__ import annotations

from collections.abc import Sequence

from dialogue.words import Label, Text, text

DAY, HOUR = 24 * 60, 60
"""Minutes."""


def before_start(minutes: Sequence[int]) -> Label:
    """These times before the start, one after the other."""
    if not minutes:
        return text("btn-reminders-none")
    return enumerated(tuple(_one(each) for each in minutes))


def enumerated(labels: tuple[Text, ...]) -> Text:
    """The texts in one line."""
    first, *rest = labels
    return text("enumerated", first=first, rest=enumerated(tuple(rest))) if rest else first


def below(texts: tuple[Text, ...]) -> Text:
    """The texts as lines of one paragraph."""
    first, *rest = texts
    return text("below", first=first, rest=below(tuple(rest))) if rest else first


def _one(minutes: int) -> Text:
    if minutes == 0:
        return text("before-start")
    if minutes % DAY == 0:
        return text("before-days", count=minutes // DAY)
    if minutes % HOUR == 0:
        return text("before-hours", count=minutes // HOUR)
    return text("before-minutes", count=minutes)
