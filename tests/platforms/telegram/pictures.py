"""The files that the stand-in keeps: whatever was sent, found by ids that only one bot may use."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

WRONG_FILE = "wrong file identifier/HTTP URL specified"
"""What Telegram says of a file id that is none, or another bot's."""

PHOTO_BYTES = 10 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on the platform."""

    id: str
    path: str
    content: bytes
    width: int = 0
    height: int = 0

    def json(self) -> dict[str, Any]:
        """As updates and answers carry it."""
        told = {"file_id": self.id, "file_unique_id": self.id[-8:], "file_size": len(self.content)}
        return told | ({"width": self.width, "height": self.height} if self.width else {})


@dataclass(slots=True)
class Files:
    """The files of one bot, by id and by path."""

    bot: int
    by_id: dict[str, Kept] = field(default_factory=dict[str, Kept])
    paths: dict[str, str] = field(default_factory=dict[str, str])
    """Where a file is said to be instead, by id: a server of one's own may say anything."""

    def keep_photo(self, content: bytes, width: int = 1280, height: int = 853) -> list[Kept]:
        """The sizes that Telegram makes of a photo, the smallest first."""
        return [
            self._keep("AgACAgQ", "photos", ".jpg", content[:200], 90, 90 * height // width),
            self._keep("AgACAgQ", "photos", ".jpg", content, width, height),
        ]

    def keep_document(self, name: str, content: bytes) -> Kept:
        """A file that is kept as it came."""
        return self._keep("BQACAgQ", "documents", f".{name.rpartition('.')[2]}", content)

    def photo(self, file: str) -> list[Kept] | None:
        """The sizes of a photo that was kept before; None for whatever else this names."""
        kept = self.by_id.get(file)
        return [kept] if kept is not None and kept.width else None

    def forget(self, file: str) -> None:
        """This id is not taken any more."""
        del self.by_id[file]

    def at(self, path: str) -> Kept | None:
        """What lies at this path."""
        return next((kept for kept in self.by_id.values() if kept.path == path), None)

    def _keep(
        self, kind: str, folder: str, ending: str, content: bytes, width: int = 0, height: int = 0
    ) -> Kept:
        number = len(self.by_id) + 1
        mark = hashlib.sha256(f"{self.bot} {number}".encode()).hexdigest()[:40]
        kept = Kept(f"{kind}_{mark}-", f"{folder}/file_{number}{ending}", content, width, height)
        self.by_id[kept.id] = kept
        return kept


def photo_refusal(content: bytes) -> str | None:
    """Why Telegram would not take this for a photo."""
    if len(content) > PHOTO_BYTES:
        return "file is too big"
    return None if content.startswith(_PICTURES) else "IMAGE_PROCESS_FAILED"
