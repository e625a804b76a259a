"""A picture without what it tells of whoever made it: place, time, device, thumbnails, comments.

Only what a viewer needs is taken over, so that whatever else a camera or a program may have put
into it, or behind it, is gone. Nothing is unpacked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

_MARKS_AT_MOST = 10_000


def stripped(content: bytes) -> bytes:
    """The JPEG, PNG or WebP as it looks, and nothing else; other bytes are left as they are."""
    if content.startswith(_PNG):
        return _PNG + b"".join(_png_parts(content))
    if content.startswith(_JPEG):
        return _jpeg(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        parts = b"".join(_webp_parts(content))
        return b"RIFF" + (4 + len(parts)).to_bytes(4, "little") + b"WEBP" + parts
    return content


# --- PNG ----------------------------------------------------------------------------------------

_PNG = b"\x89PNG\r\n\x1a\n"
_SHOWN_OF_PNG = frozenset(
    {
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"bKGD"),
        *(b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"cICP"),
        *(b"acTL", b"fcTL", b"fdAT"),
    }
)


def _png_parts(content: bytes) -> Iterator[bytes]:
    at = len(_PNG)
    while at + 12 <= len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        name = content[at + 4 : at + 8]
        if end > len(content):
            return
        if name in _SHOWN_OF_PNG:
            yield content[at:end]
        if name == b"IEND":
            return
        at = end


# --- JPEG ---------------------------------------------------------------------------------------

_JPEG = b"\xff\xd8"
_JPEG_END = b"\xff\xd9"
_SCAN, _END = 0xDA, 0xD9
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Marks that nothing belongs to."""
_DRAWN = frozenset(range(0xC0, 0xE0))
"""Frames, tables and scans."""
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_JFIF_UNITS = 16
"""Bytes of a JFIF segment before its thumbnail."""


def _jpeg(content: bytes) -> bytes:
    head: list[bytes] = []
    rest: list[bytes] = []
    turned = b""
    for mark, segment in _segments(content):
        if mark == 0xE0 and segment[4:9] == b"JFIF\0" and len(segment) >= _JFIF_UNITS + 2:
            head = [b"\xff\xe0\x00\x10" + segment[4:_JFIF_UNITS] + b"\0\0"]
        elif mark == 0xE1 and not turned:
            turned = _turned(segment)
        elif mark in _DRAWN or _is_colour(mark, segment):
            rest.append(segment)
    return b"".join((_JPEG, *head, turned, *rest, _JPEG_END))


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each mark with what belongs to it, to a scan its data; up to the end, or what is no JPEG."""
    at = 2
    for _ in range(_MARKS_AT_MOST):
        if at + 4 > len(content) or content[at] != 0xFF or content[at + 1] == _END:
            return
        mark = content[at + 1]
        if mark == 0xFF or mark in _BARE:
            at += 1 if mark == 0xFF else 2
            continue
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if end < at + 4 or end > len(content):
            return
        if mark == _SCAN:
            after = _AFTER_SCAN.search(content, end)
            end = after.start() if after else len(content)
        yield mark, content[at:end]
        at = end


def _is_colour(mark: int, segment: bytes) -> bool:
    """Whether this says how colours are meant."""
    profile = mark == 0xE2 and segment[4:16] == b"ICC_PROFILE\0"
    return profile or (mark == 0xEE and segment[4:9] == b"Adobe")


def _turned(segment: bytes) -> bytes:
    """A segment that says nothing but which side is up, where the camera was held another way."""
    if segment[4:10] != b"Exif\0\0":
        return b""
    turn = _orientation(segment[10:])
    if not 2 <= turn <= 8:
        return b""
    tag = b"\x01\x12\x00\x03\x00\x00\x00\x01\x00" + bytes((turn,)) + b"\x00\x00"
    tiff = b"MM\x00\x2a\x00\x00\x00\x08\x00\x01" + tag + bytes(4)
    said = b"Exif\0\0" + tiff
    return b"\xff\xe1" + (2 + len(said)).to_bytes(2, "big") + said


def _orientation(tiff: bytes) -> int:
    """What the first directory of this says of it; 0 for nothing."""
    order: Literal["big", "little"] = "big" if tiff[:2] == b"MM" else "little"

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], order)

    directory = number(4, 4)
    for entry in range(number(directory, 2)):
        at = directory + 2 + 12 * entry
        if at + 12 > len(tiff):
            break
        if number(at, 2) == 0x0112:
            return number(at + 8, 2)
    return 0


# --- WebP ---------------------------------------------------------------------------------------

_SHOWN_OF_WEBP = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_NOTED = 0x08 | 0x04
"""The flags of a header that tell of Exif and of XMP."""


def _webp_parts(content: bytes) -> Iterator[bytes]:
    at, over = 12, min(len(content), 8 + int.from_bytes(content[4:8], "little"))
    while at + 8 <= over:
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        end = at + 8 + size
        if end > over:
            return
        part = content[at:end] + bytes(size % 2)
        if name == b"VP8X" and size:
            part = part[:8] + bytes((part[8] & ~_NOTED,)) + part[9:]
        if name in _SHOWN_OF_WEBP:
            yield part
        at = end + size % 2
