"""What an announcement is called in a list: its first words."""

from __future__ import annotations

import pytest

from handlers.announcing.content import Announcement

SENTENCE = "A new webinar on workers' rights. "


@pytest.mark.parametrize(
    ("words", "called"),
    [
        ("Come tomorrow.", "Come tomorrow."),
        (SENTENCE * 3, "A new webinar on workers' rights…"),
        (
            "ندوة عن حقوق العمال والعاملات في المصانع والمزارع والبيوت، وبعدها نقاش",
            "ندوة عن حقوق العمال والعاملات في المصانع والمزارع والبيوت…",
        ),
    ],
)
def test_what_was_cut_ends_in_one_sign(words: str, called: str) -> None:
    assert Announcement({"en": words}).beginning("en") == called
