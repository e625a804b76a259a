"""What those registered are told of a change, and when they are let in after all."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from dialogue.words import Button, Reply, Text, text
from handlers import templates, way_in
from handlers.lasting import lasting
from storage.webinars import Webinar

Notice: TypeAlias = Literal["moved", "cancelled", "way-in"]


def notice(kind: Notice, webinar: Webinar, before: datetime | None = None) -> Reply:
    """The message about a webinar as it is after the change; `before` is when it was to start."""
    return Reply(
        (_words(kind, webinar, before),),
        ways(kind, webinar),
        template=templates.notice(webinar.title, _in_short(kind, webinar, before)),
    )


def _words(kind: Notice, webinar: Webinar, before: datetime | None) -> Text:
    title, earlier = webinar.title, before or webinar.starts_at
    match kind:
        case "moved":
            return text("told-moved", webinar=title, at=webinar.starts_at, before=earlier)
        case "cancelled":
            return text("told-cancelled", webinar=title, before=earlier)
        case "way-in":
            return text("told-way-in", webinar=title, lines=way_in.lines(webinar))


def _in_short(kind: Notice, webinar: Webinar, before: datetime | None) -> Text:
    """The same on one line, which does not name the webinar again."""
    earlier = before or webinar.starts_at
    match kind:
        case "moved":
            return text("template-news-moved", at=webinar.starts_at, before=earlier)
        case "cancelled":
            return text("template-news-cancelled", before=earlier)
        case "way-in":
            return text("template-news-way-in", lines=way_in.on_one_line(webinar))


def offline(since: datetime, until: datetime) -> Reply:
    """What reached nobody, since the platform keeps it for a day and we were away for longer."""
    return Reply((text("told-offline", since=since, until=until),))


def ways(kind: Notice, webinar: Webinar) -> tuple[tuple[Button, ...], ...]:
    """The buttons under such a message."""
    details = Button(text("btn-details"), lasting(f"go:w:{webinar.id}"))
    if kind == "way-in" and (join := way_in.buttons(webinar)):
        return (join, (details,))
    if kind == "cancelled":
        return ((Button(text("btn-webinars"), lasting("go:webinars")),),)
    return ((details,),)
