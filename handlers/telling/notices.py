"""What those registered are told of a change, and when they are let in after all."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from dialogue.fold import split_text
from dialogue.words import Button, Localised, Reply, Text, text
from handlers.lasting import lasting
from handlers.series import way_in
from handlers.telling import dates, templates
from storage.series.webinars import Webinar

LONGEST_QUESTION = 300
"""UTF-16 units."""

Notice: TypeAlias = Literal["moved", "cancelled", "way-in"]


def notice(kind: Notice, webinar: Webinar, before: datetime | None = None) -> Reply:
    """The message about a webinar as it is after the change; `before` is when it was to start."""
    return Reply(
        (_words(kind, webinar, before),),
        ways(kind, webinar),
        template=templates.notice(webinar.title, _in_short(kind, webinar, before)),
        meetings=() if kind == "way-in" else (dates.meeting(webinar, kind == "cancelled"),),
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


def answer(webinar: Webinar, question: Localised, words: Localised) -> Reply:
    """The answer to a question that somebody asked for this webinar; nobody's own any more."""
    asked = Localised({code: beginning(said) for code, said in question.by_language.items()})
    return Reply(
        (text("told-answer", webinar=webinar.title, question=asked, answer=words),),
        ((Button(text("btn-details"), lasting(f"go:w:{webinar.id}")),),),
        template=templates.notice(webinar.title, text("template-news-answer")),
    )


def beginning(words: str) -> str:
    """So much of a question that it fits into one message with its answer."""
    parts = split_text(words, LONGEST_QUESTION)
    return parts[0] if len(parts) < 2 else f"{parts[0]}…"


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
