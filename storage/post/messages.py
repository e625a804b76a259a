"""A message as one short JSON text, and back."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

from dialogue.words import File, Filled, Message, MessageButton, MessageMeeting

_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def packed(message: Message) -> str:
    """The message as JSON."""
    content: list[Any] = [
        message.text,
        message.language,
        [[_packed_button(button) for button in row] for row in message.rows],
    ]
    template = message.template
    meetings = [_packed_meeting(meeting) for meeting in message.meetings]
    if message.file or message.photo or message.wants_photo or template or meetings:
        file = message.file and [
            message.file.name,
            base64.b64encode(message.file.content).decode(),
        ]
        content += [file, message.photo, message.wants_photo]
    if template or meetings:
        content.append(template and [template.name, *template.values])
    if meetings:
        content.append(meetings)
    return _as_json(content)


def unpacked(text: str) -> Message:
    """The message that was packed into this JSON."""
    spoken, language, rows, *more = json.loads(text)
    # What an earlier version packed ends with the file, or before that.
    file, photo, wants_photo, template, meetings = (*more, None, None, None, None, None)[:5]
    return Message(
        text=spoken,
        language=language,
        rows=tuple(tuple(MessageButton(*button) for button in row) for row in rows),
        file=File(file[0], base64.b64decode(file[1])) if file else None,
        photo=photo,
        wants_photo=bool(wants_photo),
        template=Filled(template[0], tuple(template[1:])) if template else None,
        meetings=tuple(map(_unpacked_meeting, meetings or ())),
    )


def _packed_meeting(meeting: MessageMeeting) -> list[Any]:
    starts_at, cancelled = int(meeting.starts_at.timestamp()), int(meeting.cancelled)
    said = [meeting.id, meeting.title, starts_at]
    return [*said, meeting.minutes, meeting.version, cancelled]


def _unpacked_meeting(packed: list[Any]) -> MessageMeeting:
    id, title, starts_at, minutes, version, cancelled = packed
    at = datetime.fromtimestamp(starts_at, UTC)
    return MessageMeeting(id, title, at, minutes, version, bool(cancelled))


def _packed_button(button: MessageButton) -> list[Any]:
    named = [button.label, button.value, button.url]
    return named if button.number is None else [*named, button.number]
