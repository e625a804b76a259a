"""Messages as JSON: what was packed is unpacked, also by a later version."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dialogue.words import File, Filled, Message, MessageButton, MessageMeeting
from storage.post.messages import packed, unpacked

MEETING = MessageMeeting("corona-1", "كورونا", datetime(2026, 4, 3, 16, tzinfo=UTC), 90, 2)
ROWS = ((MessageButton("Yes", "go:yes"), MessageButton("Site", url="https://example.org")),)


@pytest.mark.parametrize(
    "message",
    [
        Message(),
        Message("مرحبًا", ROWS, "ar"),
        Message("Data", (), "en", File("data.json", b"\x00\xff")),
        Message("Poster", ROWS, "ar", photo="0f" * 32),
        Message("A picture, please", (), "en", wants_photo=True),
        Message("All", ROWS, "en", File("f", b""), "0f", wants_photo=True),
        Message("Moved", meetings=(MEETING, replace(MEETING, cancelled=True))),
        Message("Moved", template=Filled("notice", ("a",)), meetings=(MEETING,)),
    ],
)
def test_what_was_packed_is_unpacked(message: Message) -> None:
    assert unpacked(packed(message)) == message


def test_what_was_packed_before_there_were_pictures_is_read() -> None:
    assert unpacked('["Hi","en",[]]') == Message("Hi")
    assert unpacked('["Hi","en",[],["a.txt","aGk="]]') == Message("Hi", file=File("a.txt", b"hi"))


def test_a_plain_message_is_packed_as_short_as_it_can_be() -> None:
    assert packed(Message("Hi")) == '["Hi","en",[]]'
