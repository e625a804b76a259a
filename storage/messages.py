"""A message as one short JSON text, and back."""

from __future__ import annotations

import base64
import json
from typing import Any

from dialogue.words import File, Message, MessageButton

_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def packed(message: Message) -> str:
    """The message as JSON."""
    content: list[Any] = [
        message.text,
        message.language,
        [[[b.label, b.value, b.url] for b in row] for row in message.rows],
    ]
    if message.file or message.photo or message.wants_photo:
        file = message.file and [
            message.file.name,
            base64.b64encode(message.file.content).decode(),
        ]
        content += [file, message.photo, message.wants_photo]
    return _as_json(content)


def unpacked(text: str) -> Message:
    """The message that was packed into this JSON."""
    spoken, language, rows, *more = json.loads(text)
    # What was packed before there were pictures ends with the file.
    file, photo, wants_photo = (*more, None, None, None)[:3]
    return Message(
        text=spoken,
        language=language,
        rows=tuple(tuple(MessageButton(*button) for button in row) for row in rows),
        file=File(file[0], base64.b64decode(file[1])) if file else None,
        photo=photo,
        wants_photo=bool(wants_photo),
    )
