"""Dates as programs of mail enter them into a calendar (https://www.rfc-editor.org/rfc/rfc5545)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from channels.email.lines import one_line
from dialogue.words import MessageMeeting

METHOD = "PUBLISH"
"""Told to whom it concerns, and nobody is asked for an answer (RFC 5546, 3.2.1)."""
NAME = "date.ics"
_PRODUCT = "-//Tadamun//Tadamun//EN"


def calendar(meetings: Sequence[MessageMeeting], sender: str, at: datetime) -> bytes:
    """The file that holds these; `sender` is the address that tells of them, `at` when.

    A date that comes again, moved or cancelled, takes the place of the one before.
    """
    # Here, since few mails hold a date.
    from icalendar import Calendar, Event

    # Of what it takes, its types say nothing.
    made = cast("Any", Calendar())
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    made.add("method", METHOD)
    for meeting in meetings:
        event = cast("Any", Event())
        # The domain alone would not do: half the world has its mail from one server.
        event.add("uid", f"{meeting.id}.{sender}")
        event.add("sequence", meeting.version)
        event.add("dtstamp", at)
        event.add("dtstart", meeting.starts_at)
        event.add("dtend", meeting.starts_at + timedelta(minutes=meeting.minutes))
        event.add("summary", one_line(meeting.title))
        event.add("status", "CANCELLED" if meeting.cancelled else "CONFIRMED")
        # Others who see the calendar see no more than that somebody is busy.
        event.add("class", "PRIVATE")
        event.add("organizer", f"mailto:{sender}")
        made.add_component(event)
    content: bytes = made.to_ical()
    return content
