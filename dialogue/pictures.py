"""What the first bytes of a picture tell: its kind, and how wide and high it is."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST = 5_000_000
"""Bytes of a poster."""

_LONGEST_SIDES = 10_000
"""Pixels of both sides together, and `_SLENDEREST` of one to the other: what Telegram shows."""
_SLENDEREST = 20


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's MIME type, and its sides in pixels."""

    type: str
    width: int
    height: int


def picture(content: bytes) -> Picture | None:
    """What kind of JPEG, PNG or WebP this is; None for anything else, and for what is no poster.

    That is what has more than 5 MB, or sides that are too long or too unlike for a chat to show.
    Only headers are read: nothing is unpacked.
    """
    if len(content) > LARGEST:
        return None
    for mark, mime, measure in _KINDS:
        if content.startswith(mark):
            sides = measure(content)
            return Picture(mime, *sides) if sides is not None and _shown(*sides) else None
    return None


def _shown(width: int, height: int) -> bool:
    short, long = sorted((width, height))
    return 0 < long <= short * _SLENDEREST and short + long <= _LONGEST_SIDES


def _png(content: bytes) -> tuple[int, int] | None:
    if content[12:16] != b"IHDR" or len(content) < 24:
        return None
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


# Frames of all encodings; between them lie tables (C4, CC) and a reserved one (C8).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Marks that nothing belongs to."""
_ENDS = frozenset({0xD9, 0xDA})
_MARKS_AT_MOST = 1_000


def _jpeg(content: bytes) -> tuple[int, int] | None:
    at = 2
    for _ in range(_MARKS_AT_MOST):
        if at + 9 > len(content) or content[at] != 0xFF:
            return None
        mark = content[at + 1]
        if mark == 0xFF or mark in _BARE:
            at += 1 if mark == 0xFF else 2
            continue
        if mark in _ENDS:
            return None
        if mark in _FRAMES:
            height, width = content[at + 5 : at + 7], content[at + 7 : at + 9]
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def _webp(content: bytes) -> tuple[int, int] | None:
    if content[8:12] != b"WEBP" or len(content) < 30:
        return None
    match content[12:16]:
        case b"VP8 " if content[23:26] == b"\x9d\x01\x2a":
            sides = (int.from_bytes(content[at : at + 2], "little") for at in (26, 28))
            width, height = (side & 0x3FFF for side in sides)
            return width, height
        case b"VP8L" if content[20] == 0x2F:
            bits = int.from_bytes(content[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            width, height = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27))
            return width, height
        case _:
            return None


_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png", _png),
    (b"\xff\xd8\xff", "image/jpeg", _jpeg),
    (b"RIFF", "image/webp", _webp),
)
