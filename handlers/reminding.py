"""What a reminder says: which webinar, when, and, when it is near, the way in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dialogue.words import Button, Reply, Text, text
from handlers import way_in
from handlers.lasting import lasting
from storage.webinars import Webinar

AHEAD = timedelta(hours=3)
SOON = timedelta(minutes=20)
SHORTLY = timedelta(minutes=2)


def reminder(due: Sequence[tuple[Webinar, int]], at: datetime, way_in_minutes: int) -> Reply:
    """One message about these webinars, each with the minutes before its start; said at `at`.

    Those of no more than `way_in_minutes` carry the way in.
    """
    texts: list[Text] = []
    rows: list[tuple[Button, ...]] = []
    for webinar, minutes in due:
        texts.append(_announced(webinar, at))
        if carries_way_in(webinar, minutes, way_in_minutes):
            texts.append(text("lines", lines=way_in.lines(webinar)))
            rows += [buttons for buttons in (way_in.buttons(webinar),) if buttons]
        label = text("btn-details") if len(due) == 1 else webinar.title
        rows.append((Button(label, lasting(f"go:w:{webinar.id}")),))
    rows.append((Button(text("btn-reminders-stop"), lasting("go:set:reminders:off")),))
    return Reply(tuple(texts), tuple(rows))


def carries_way_in(webinar: Webinar, minutes: int, way_in_minutes: int) -> bool:
    """Whether the reminder so many minutes before its start lets people in."""
    return minutes <= way_in_minutes and bool(way_in.lines(webinar))


def _announced(webinar: Webinar, at: datetime) -> Text:
    """By how near it is when this leaves, which a planned cut may have moved."""
    left = webinar.starts_at - at
    if left > AHEAD:
        return text("remind-ahead", webinar=webinar.title, at=webinar.starts_at)
    if left > SOON:
        return text("remind-soon", webinar=webinar.title, at=webinar.starts_at)
    if left > SHORTLY:
        return text("remind-shortly", webinar=webinar.title, at=webinar.starts_at)
    return text("remind-now", webinar=webinar.title, at=webinar.starts_at)
