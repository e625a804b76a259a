"""What is taken out of the lanes, and what stays."""

from __future__ import annotations

import pytest

from channels import Limits
from delivery.lanes import Lanes
from delivery.letters import Letter
from delivery.pace import Pace
from dialogue.words import Act, Lane, Message


@pytest.fixture
def pace() -> Pace:
    return Pace(Limits(4096, per_second=1000, chat_burst=1), now=-10.0)


def put(lanes: Lanes, account: str, text: str, lane: Lane = Lane.REPLY) -> None:
    lanes.put(Letter(account, Act.SEND, None, Message(text), lane))


def started(lanes: Lanes) -> list[str]:
    """The letters that may start now, one after the other."""
    texts: list[str] = []
    while (letter := lanes.next(0.0)[0]) is not None:
        texts.append(letter.message.text)
        lanes.done(letter.account)
    return texts


def test_without_broadcasts_only_replies_are_left_each_as_soon_as_it_may(pace: Pace) -> None:
    lanes = Lanes(pace)
    put(lanes, "flying", "in flight", Lane.REMINDER)
    flying = lanes.next(0.0)[0]
    put(lanes, "flying", "news behind", Lane.ANNOUNCEMENT)
    put(lanes, "leyla", "news first", Lane.ANNOUNCEMENT)
    put(lanes, "leyla", "then a reply")
    put(lanes, "noor", "a reply first")
    put(lanes, "noor", "then news", Lane.REMINDER)
    dropped = lanes.drop_broadcasts()
    assert {letter.message.text for letter in dropped} == {"news behind", "news first", "then news"}
    assert (lanes.waiting, lanes.replies) == (2, 2)
    assert flying is not None
    lanes.done("flying")
    assert sorted(started(lanes)) == ["a reply first", "then a reply"]


def test_what_rests_is_dropped_if_it_is_no_reply(pace: Pace) -> None:
    lanes = Lanes(pace)
    for account in ("leyla", "noor"):
        pace.start(account, 0.0)
        pace.answered(0.0, 0.0)
    put(lanes, "leyla", "news", Lane.ANNOUNCEMENT)
    put(lanes, "noor", "a reply")
    assert lanes.next(0.0)[0] is None
    assert [letter.message.text for letter in lanes.drop_broadcasts()] == ["news"]
    letter, _ = lanes.next(1.0)
    assert letter is not None
    assert letter.message.text == "a reply"
    assert lanes.waiting == 0
