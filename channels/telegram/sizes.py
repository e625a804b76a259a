"""Which of the pictures in an update may become a poster."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from dialogue.pictures import LARGEST

Update = Mapping[str, object]

_FILE_ID = re.compile(r"[A-Za-z0-9_-]{1,512}")
_PICTURES = {"image/jpeg", "image/png", "image/webp"}


def picture_in(message: Update) -> str | None:
    """The id of the largest size of a photo that may be a poster, or of a picture sent as a file.

    Whatever is not as Telegram tells of pictures is none: the message is still one with media.
    """
    document = message.get("document")
    if isinstance(document, dict):
        file = cast("Update", document)
        return _file_id(file) if file.get("mime_type") in _PICTURES else None
    photo = message.get("photo")
    sizes = cast("list[object]", photo) if isinstance(photo, list) else []
    fitting = [cast("Update", size) for size in sizes if isinstance(size, dict)]
    fitting = [size for size in fitting if _file_id(size) is not None]
    return _file_id(max(fitting, key=_pixels)) if fitting else None


def _file_id(file: Update) -> str | None:
    id, size = file.get("file_id"), file.get("file_size", 0)
    told = isinstance(id, str) and _FILE_ID.fullmatch(id) is not None
    return cast("str", id) if told and isinstance(size, int) and size <= LARGEST else None


def _pixels(size: Update) -> int:
    width, height = size.get("width"), size.get("height")
    return width * height if isinstance(width, int) and isinstance(height, int) else 0
