"""How long a webinar takes, as people type it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locales.when import read_duration
from tests.hostile import HOSTILE

READ = {
    "90": 90,
    "٩٠": 90,
    "90 min": 90,
    "90m": 90,
    "90 دقيقة": 90,
    "٤٥ دقيقة": 45,
    "٤٥ د": 45,
    "خمسة وأربعين دقيقة": 45,
    "forty-five minutes": 45,
    "hour": 60,
    "one hour": 60,
    "ساعة": 60,
    "ساعة واحدة": 60,
    "ساعتان": 120,
    "ساعتين": 120,
    "3 ساعات": 180,
    "two hours": 120,
    "2h": 120,
    "ساعة ونصف": 90,
    "ساعة ونص": 90,
    "ساعة ونصف الساعة": 90,
    "ساعتين ونص": 150,
    "ساعة وربع": 75,
    "ساعة وثلث": 80,
    "ساعة إلا ربع": 45,
    "ساعتين إلا ثلث": 100,
    "ساعة و٤٥ دقيقة": 105,
    "ساعة وعشرون دقيقة": 80,
    "نصف ساعة": 30,
    "نص ساعة": 30,
    "ربع ساعة": 15,
    "ثلاثة أرباع الساعة": 45,
    "half an hour": 30,
    "three quarters of an hour": 45,
    "an hour and a half": 90,
    "one and a half hours": 90,
    "1.5 hours": 90,
    "1,5 hours": 90,
    "١٫٥ ساعة": 90,
    "1.25 hours": 75,
    "1h30": 90,
    "1h 30m": 90,
    "1 hr 30 mins": 90,
    "1 hour 30": 90,
    "1 hour and 5": 65,
    "1h5": 65,
    "1:30": 90,
    "٠١:٣٠": 90,
    "01:30 hours": 90,
    "5": 5,
    "12 hours": 720,
    "720": 720,
}

UNREAD = (
    "", "?", "hello", "4", "4 min", "0", "-90", "721", "12 hours and 1 minute", "9999 hours",
    "1 day", "1 month", "half a day", "60-90", "90 to 120", "about an hour", "1:75", "1:5",
    "ساعة 7", "الساعة", "الساعة 7", "hour hour", "2 3 hours", "7 pm", "90 Rome", "1h90",
    "0.001 hours", "1.3333 hours", "1.33 hours", "2 hours 2 hours 2 hours 2 hours",
    "٩٠ دولار", "minute",
)  # fmt: skip


@pytest.mark.parametrize(("words", "minutes"), READ.items())
def test_a_duration_is_read_as_people_say_it(words: str, minutes: int) -> None:
    assert read_duration(words) == minutes


@pytest.mark.parametrize("words", [*UNREAD, *(words for words in HOSTILE if words != "٣٢١")])
def test_what_is_no_duration_of_a_webinar_is_none(words: str) -> None:
    assert read_duration(words) is None


@settings(deadline=None)
@given(st.text(max_size=130) | st.text("0123456789:.,hm ساعةونصف", max_size=30))
def test_any_text_is_minutes_within_bounds_or_none(words: str) -> None:
    minutes = read_duration(words)
    assert minutes is None or 5 <= minutes <= 720


@settings(deadline=None)
@given(st.integers(5, 720))
def test_minutes_told_in_any_way_are_the_same(minutes: int) -> None:
    hours, rest = divmod(minutes, 60)
    assert read_duration(f"{minutes}") == minutes
    assert read_duration(f"{minutes} دقيقة") == minutes
    assert read_duration(f"{hours}:{rest:02}") == minutes
    if hours:
        assert read_duration(f"{hours}h{rest:02}") == minutes
        assert read_duration(f"{hours} ساعة و {rest} دقيقة") == minutes
