"""Small pictures, made on the spot."""

from __future__ import annotations

import struct
import zlib


def png(width: int = 60, height: int = 40, colour: tuple[int, int, int] = (23, 112, 95)) -> bytes:
    """A PNG of one colour."""
    line = b"\x00" + bytes(colour) * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(line * height)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, content) for name, content in parts)


def jpeg(width: int = 60, height: int = 40) -> bytes:
    """The parts of a JPEG that tell what it is."""
    return b"\xff\xd8" + _frame(width, height) + b"\xff\xd9"


def noted_jpeg(width: int = 60, height: int = 40) -> bytes:
    """The same with a comment, and a thumbnail inside of it."""
    thumbnail = segment(0xE1, b"Exif\x00\x00" + b"\xff\xd8" + _frame(16, 9) + b"\xff\xd9")
    return b"\xff\xd8" + thumbnail + segment(0xFE, b"none") + jpeg(width, height)[2:]


def webp(width: int = 60, height: int = 40, kind: bytes = b"VP8 ") -> bytes:
    """The parts of a WebP that tell what it is; `kind` is b"VP8 ", b"VP8L" or b"VP8X"."""
    match kind:
        case b"VP8L":
            bits = (width - 1) | (height - 1) << 14
            told = b"\x2f" + bits.to_bytes(4, "little")
        case b"VP8X":
            sizes = ((side - 1).to_bytes(3, "little") for side in (width, height))
            told = bytes(4) + b"".join(sizes)
        case _:
            told = b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", width, height)
    told = told.ljust(10, b"\x00")
    content = kind + struct.pack("<I", len(told)) + told
    return b"RIFF" + struct.pack("<I", 4 + len(content)) + b"WEBP" + content


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def segment(marker: int, content: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def _frame(width: int, height: int) -> bytes:
    return segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
