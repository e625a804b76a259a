"""What a reminder says: which webinar, when, and, when it is near, the way in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dialogue.words import Button, Label, Localised, Reply, Text, text
from handlers.lasting import lasting
from handlers.series import way_in
from handlers.telling import templates
from storage.broadcasting.broadcasts import Broadcast, Kind
from storage.series.webinars import Webinar

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
    template = templates.reminder(_titles(due), _times(due, way_in_minutes))
    return Reply(tuple(texts), tuple(rows), template=template)


def about(broadcast: Broadcast) -> Text | None:
    """The webinars that it reminded of, by their titles then; None once that was erased."""
    titles: list[dict[str, str]] = broadcast.content.get("titles", [])
    if broadcast.kind is not Kind.REMINDER or not titles:
        return None
    return text("report-reminded-of", webinars=tuple(map(Localised, titles)))


def carries_way_in(webinar: Webinar, minutes: int, way_in_minutes: int) -> bool:
    """Whether the reminder so many minutes before its start lets people in."""
    return minutes <= way_in_minutes and bool(way_in.lines(webinar))


def _titles(due: Sequence[tuple[Webinar, int]]) -> Label:
    """All of them on one line."""
    first, *rest = (webinar.title for webinar, _ in due)
    shown: Label = first
    for more in rest:
        shown = text("enumerated", first=shown, rest=more)
    return shown


def _times(due: Sequence[tuple[Webinar, int]], way_in_minutes: int) -> Text:
    """When each begins, with the way in where it is time for it, on one line."""
    first, *rest = (_time(*each, way_in_minutes, alone=len(due) == 1) for each in due)
    for more in rest:
        first = templates.joined(first, more)
    return first


def _time(webinar: Webinar, minutes: int, way_in_minutes: int, *, alone: bool) -> Text:
    at = webinar.starts_at
    when = text("words", words=at) if alone else text("template-when", webinar=webinar.title, at=at)
    if not carries_way_in(webinar, minutes, way_in_minutes):
        return when
    return text("enumerated", first=when, rest=way_in.on_one_line(webinar))


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
