"""What came in: from whom it counts as coming, and what was decided on the page of a mail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dialogue.incoming import Incoming, Mailed

NOW = datetime(2026, 4, 3, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("mailed", "decided"),
    [
        (Mailed(), False),
        (Mailed(doubtful=True, answers_ours=True), False),
        (Mailed(agreed="ar"), True),
        (Mailed(vouched=True), True),
        (Mailed(erases=True), True),
    ],
)
def test_a_mail_is_decided_once_a_button_of_its_page_was_pressed(
    mailed: Mailed, decided: bool
) -> None:
    assert mailed.decided is decided


def test_it_comes_from_the_id_that_the_log_of_the_platform_says_too() -> None:
    told = Incoming("whatsapp", "IQ.123", "m1", NOW, text="hello", alias="9647501234567")
    assert told.origin == ("whatsapp", "9647501234567")
    assert Incoming("web", "7", "m1", NOW, text="hello").origin == ("web", "7")
