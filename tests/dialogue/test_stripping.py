"""A picture is kept as it looks, without where, when and by whom it was taken."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.pictures import picture
from dialogue.stripping import stripped
from tests.pictures import chunk, jpeg, noted_jpeg, png, segment, webp

PLACE = b"33.3152N44.3661E"
EXIF = b"Exif\x00\x00MM\x00\x2a" + PLACE
SCAN = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
FRAME = jpeg()[2:-2]
WHOLE = b"\xff\xd8" + FRAME + SCAN + b"\xff\xd9"


def exif(order: str, orientation: int) -> bytes:
    """An Exif segment with a place, and which side is up."""
    mark = b"MM" if order == ">" else b"II"
    fields = ((0x010F, 2, 4, 0x61626364), (0x0112, 3, 1, orientation))
    entries = b"".join(
        struct.pack(order + "HHI", tag, kind, count)
        + (struct.pack(order + "HH", value, 0) if kind == 3 else struct.pack(order + "I", value))
        for tag, kind, count, value in fields
    )
    head = mark + struct.pack(order + "HI", 42, 8) + struct.pack(order + "H", len(fields))
    return segment(0xE1, b"Exif\x00\x00" + head + entries + bytes(4) + PLACE)


@pytest.mark.parametrize(
    "note",
    [
        segment(0xE1, EXIF),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + PLACE),
        segment(0xE2, b"MPF\x00" + PLACE),
        segment(0xED, b"Photoshop 3.0\x00" + PLACE),
        segment(0xE0, b"JFXX\x00" + PLACE),
        segment(0xFE, PLACE),
        segment(0xF3, PLACE),
    ],
)
def test_a_jpeg_loses_its_notes_wherever_they_stand(note: bytes) -> None:
    assert stripped(b"\xff\xd8" + note + FRAME + SCAN + b"\xff\xd9") == WHOLE
    assert stripped(b"\xff\xd8" + FRAME + note + SCAN + b"\xff\xd9") == WHOLE
    twice = b"\xff\xd8" + FRAME + SCAN + note + SCAN + b"\xff\xd9"
    assert stripped(twice) == b"\xff\xd8" + FRAME + SCAN + SCAN + b"\xff\xd9"


def test_what_follows_a_picture_is_cut_off() -> None:
    assert stripped(WHOLE + PLACE) == WHOLE
    assert stripped(png() + PLACE) == png()
    assert stripped(webp() + PLACE) == webp()


def test_a_jpeg_that_was_cut_off_ends_where_it_was() -> None:
    assert stripped(WHOLE[:-2]) == WHOLE
    assert stripped(WHOLE[:-2] + b"\xff\xe1\xff") == WHOLE
    assert stripped(WHOLE[:-2] + b"\xff\xe1\xff\xff" + PLACE) == WHOLE


@pytest.mark.parametrize("filling", [b"\xff", b"\xff\xff\xff", b"\xff\x01", b"\xff\xd0\xff\xd7"])
def test_what_fills_a_jpeg_between_its_parts_is_left_out(filling: bytes) -> None:
    assert stripped(b"\xff\xd8" + filling + WHOLE[2:]) == WHOLE


def test_a_jpeg_of_nothing_but_marks_is_read_only_so_far() -> None:
    assert stripped(b"\xff\xd8" + b"\xff\x01" * 20_000 + WHOLE[2:]) == b"\xff\xd8\xff\xd9"


@pytest.mark.parametrize("said", [2, 0xFFFF])
def test_an_exif_that_promises_more_than_it_holds_says_nothing(said: int) -> None:
    entry = struct.pack(">HHII", 0x010F, 2, 4, 0)
    notes = b"Exif\x00\x00MM" + struct.pack(">HIH", 42, 8, said) + entry
    assert stripped(b"\xff\xd8" + segment(0xE1, notes) + WHOLE[2:]) == WHOLE


def test_a_jpeg_keeps_its_colours_and_loses_its_thumbnail() -> None:
    colours = segment(0xE2, b"ICC_PROFILE\x00\x01\x01rgb") + segment(0xEE, b"Adobe\x00d")
    kept = b"\xff\xd8" + colours + WHOLE[2:]
    assert stripped(kept) == kept
    units = b"JFIF\x00\x01\x02\x01\x00\x48\x00\x48"
    small = segment(0xE0, units + b"\x01\x01" + b"rgb")
    assert stripped(b"\xff\xd8" + small + WHOLE[2:]) == (
        b"\xff\xd8" + segment(0xE0, units + b"\x00\x00") + WHOLE[2:]
    )


@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_jpeg_keeps_which_side_is_up(order: str, orientation: int) -> None:
    made = stripped(b"\xff\xd8" + exif(order, orientation) + WHOLE[2:])
    assert PLACE not in made
    assert bytes((0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation)) in made
    assert made.endswith(WHOLE[2:])
    assert stripped(made) == made


@pytest.mark.parametrize("orientation", [0, 1, 9, 700])
def test_a_jpeg_that_stands_upright_says_nothing_of_it(orientation: int) -> None:
    assert stripped(b"\xff\xd8" + exif(">", orientation) + WHOLE[2:]) == WHOLE


@pytest.mark.parametrize("name", [b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME", b"prVt"])
def test_a_png_loses_its_notes(name: bytes) -> None:
    plain = png()
    first = len(plain) - 12
    for at in (33, first):
        assert stripped(plain[:at] + chunk(name, PLACE) + plain[at:]) == plain


def test_a_png_that_was_cut_off_ends_with_its_last_whole_part() -> None:
    end = chunk(b"IEND", b"")
    unended = png()[: -len(end)]
    assert stripped(unended) == unended
    assert stripped(unended + end[:4] + b"tEXt") == unended
    assert stripped(unended + struct.pack(">I", 400) + b"tEXt" + PLACE) == unended


def test_a_png_keeps_its_colours() -> None:
    plain = png()
    kept = plain[:33] + chunk(b"iCCP", b"p\x00\x00" + zlib.compress(b"rgb")) + plain[33:]
    assert stripped(kept) == kept


def test_a_webp_loses_its_notes_and_does_not_tell_of_them() -> None:
    head = b"VP8X" + struct.pack("<I", 10) + b"\x2c\x00\x00\x00" + b"\x3b\x00\x00\x27\x00\x00"
    drawn = webp()[12:]
    notes = b"".join(
        name + struct.pack("<I", len(PLACE) - 1) + PLACE[1:] + b"\x00"
        for name in (b"EXIF", b"XMP ")
    )

    def riff(parts: bytes) -> bytes:
        return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WEBP" + parts

    plain = head.replace(b"\x2c", b"\x20") + drawn
    assert stripped(riff(head + drawn + notes)) == riff(plain)


def test_a_part_of_a_webp_that_was_cut_off_is_left_out() -> None:
    whole = webp()
    broken = b"EXIF" + struct.pack("<I", 400) + PLACE
    longer = whole[:4] + struct.pack("<I", len(whole) + len(broken) - 8) + whole[8:]
    assert stripped(longer + broken) == whole


@pytest.mark.parametrize("content", [png(640, 360), webp(640, 360), webp(640, 360, b"VP8L")])
def test_what_has_no_notes_stays_as_it_is(content: bytes) -> None:
    assert stripped(content) == content


def test_anything_else_stays_as_it_is() -> None:
    assert stripped(b"") == b""
    assert stripped(b"GIF89a" + PLACE) == b"GIF89a" + PLACE


@given(st.sampled_from((png(), noted_jpeg(), WHOLE, webp())), st.integers(0, 80), st.binary())
def test_whatever_is_in_a_file_stripping_it_again_changes_nothing(
    whole: bytes, at: int, other: bytes
) -> None:
    made = stripped(whole[:at] + other + whole[at + len(other) :])
    assert stripped(made) == made
    assert picture(made) is None or len(made) <= len(whole) + len(other) + 40
