"""A picture is told by its first bytes, and by nothing that somebody says of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.pictures import LARGEST, Picture, picture
from tests.pictures import jpeg, noted_jpeg, png, webp


@pytest.mark.parametrize(
    ("content", "type"),
    [
        (png(640, 360), "image/png"),
        (jpeg(640, 360), "image/jpeg"),
        (noted_jpeg(640, 360), "image/jpeg"),
        (b"\xff\xd8\xff" + jpeg(640, 360)[2:], "image/jpeg"),
        (b"\xff\xd8\xff\x01\xff\xd0" + jpeg(640, 360)[2:], "image/jpeg"),
        *((webp(640, 360, kind), "image/webp") for kind in (b"VP8 ", b"VP8L", b"VP8X")),
    ],
)
def test_kind_and_size_are_read_from_the_file(content: bytes, type: str) -> None:
    assert picture(content) == Picture(type, 640, 360)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + bytes(40),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html><script>1</script>",
        b"RIFF" + bytes(40),
        b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(40),
        b"RIFF\x00\x00\x00\x00WEBPVP8L" + bytes(40),
        b"RIFF\x00\x00\x00\x00WEBPALPH" + bytes(40),
        png()[:20],
        jpeg()[:10],
        noted_jpeg()[:30],
        b"\xff\xd8\xff\xd9" + bytes(10),
        b"\xff\xd8\xff\xda" + bytes(10),
        b"\xff\xd8\xff\xe0\x00\x04" + bytes(10),
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        b"\xff\xd8" + b"\xff" * 2_000 + jpeg()[2:],
    ],
)
def test_what_is_no_picture_is_none(content: bytes) -> None:
    assert picture(content) is None


@pytest.mark.parametrize(("width", "height"), [(0, 40), (40, 0), (21, 1), (1, 21), (9000, 1001)])
def test_what_no_chat_would_show_is_none(width: int, height: int) -> None:
    assert picture(jpeg(width, height)) is None


def test_a_picture_has_five_megabytes_at_most() -> None:
    assert picture(png().ljust(LARGEST, b"\x00")) is not None
    assert picture(png().ljust(LARGEST + 1, b"\x00")) is None


@given(st.sampled_from((png(), noted_jpeg(), webp())), st.integers(0, 80), st.binary(max_size=40))
def test_whatever_is_sent_is_read_without_an_error(whole: bytes, at: int, other: bytes) -> None:
    picture(whole[:at] + other + whole[at + len(other) :])
