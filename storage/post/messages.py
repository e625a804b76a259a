"""A message as one short JSON text, and back."""

from __future__ import annotations

import base64
import json
from typing import Any

from dialogue.words import File, Filled, Message, MessageButton

_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def packed(message: Message) -> str:
    """The message as JSON."""
    content: list[Any] = [
        message.text,
        message.language,
        [[_packed_button(button) for button in row] for row in message.rows],
    ]
    template = message.template
    if message.file or message.photo or message.wants_photo or template:
        file = message.file and [
            message.file.name,
            base64.b64encode(message.file.content).decode(),
        ]
        content += [file, message.photo, message.wants_photo]
    if template:
        content.append([template.name, *template.values])
    return _as_json(content)


def unpacked(text: str) -> Message:
    """The message that was packed into this JSON."""
    spoken, language, rows, *more = json.loads(text)
    # What an earlier version packed ends with the file, or before that.
    file, photo, wants_photo, template = (*more, None, None, None, None)[:4]
    return Message(
        text=spoken,
        language=language,
        rows=tuple(tuple(MessageButton(*button) for button in row) for row in rows),
        file=File(file[0], base64.b64decode(file[1])) if file else None,
        photo=photo,
        wants_photo=bool(wants_photo),
        template=Filled(template[0], tuple(template[1:])) if template else None,
    )


def _packed_button(button: MessageButton) -> list[Any]:
    named = [button.label, button.value, button.url]
    return named if button.number is None else [*named, button.number]
