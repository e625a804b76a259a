"""Each of Twilio's errors, and what it means to the rooms above."""

from __future__ import annotations

import pytest

from channels import (
    FAULTS,
    Barred,
    Busy,
    Closed,
    Exhausted,
    Faltering,
    Gone,
    NoMarketing,
    NoPicture,
    OptedOut,
    Refused,
    Resting,
    TargetGone,
    Unfit,
    Unreachable,
    Unsure,
)
from channels.whatsapp import TABLE, NotJoined, meaning, meaning_of
from channels.whatsapp.easing import Easing

EXPECTED: dict[type[Exception], tuple[int, ...]] = {
    Closed: (63016,),
    NotJoined: (63015,),
    Gone: (21211, 63003, 63024, 63032),
    OptedOut: (63014, 21610),
    NoMarketing: (63033,),
    Resting: (63049,),
    Busy: (20429, 63017, 21611, 30001),
    Exhausted: (63018,),
    Unfit: (
        *(63005, 63021, 63027, 63028, 63030, 63040, 63041, 63042),
        *(21617, 21654, 21655, 21656, 21658, 92007),
    ),
    NoPicture: (63019, 63034),
    Faltering: (63009, 63010, 63012, 20500, 30410),
    Barred: (63001, 63002, 63007, 63020, 63038),
}
CODES = [(code, kind) for kind, codes in EXPECTED.items() for code in codes]


@pytest.mark.parametrize(("code", "kind"), CODES)
def test_each_code_has_its_meaning_at_once_and_later(code: int, kind: type[Exception]) -> None:
    assert type(meaning_of(code)) is kind
    assert type(meaning(429 if code == 20429 else 400, code)) is kind


def test_the_table_holds_each_code_once_and_no_other() -> None:
    listed = [code for fault in TABLE for code in fault.codes]
    assert sorted(listed) == sorted(code for code, _ in CODES)


@pytest.mark.parametrize("code", [0, 1, 21408, 63999, 30036, 99999])
def test_an_unknown_code_is_refused_for_good(code: int) -> None:
    assert type(meaning_of(code)) is Refused
    assert type(meaning(400, code)) is Refused


def test_what_asks_to_wait_says_for_how_long() -> None:
    waits = {code: meaning_of(code) for code in (63049, 63018, 20429, 63017)}
    seconds = [error.seconds for error in waits.values() if isinstance(error, Busy | Resting)]
    assert seconds == [4 * 3600, 1, 10]
    exhausted = waits[63018]
    assert isinstance(exhausted, Exhausted)
    assert 0 < exhausted.seconds <= 24 * 3600


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (429, None, Busy),
        (429, 20429, Busy),
        (429, 63018, Exhausted),
        (401, 20003, Barred),
        (403, None, Barred),
        (404, 20404, TargetGone),
        (409, 20009, Unreachable),
        (500, 20500, Unreachable),
        (503, 20503, Unreachable),
        (503, None, Unreachable),
        (500, None, Unreachable),
        (502, None, Unsure),
        (504, None, Unsure),
        (301, None, Unreachable),
        (407, None, Unreachable),
        (400, None, Refused),
        (413, None, Refused),
        (400, 20001, Refused),
    ],
)
def test_an_answer_without_a_code_of_the_table_means_what_its_status_says(
    status: int, code: int | None, kind: type[Exception]
) -> None:
    assert type(meaning(status, code)) is kind


def test_twilio_may_say_how_long_to_wait() -> None:
    busy = meaning(429, 20429, 7.0)
    assert isinstance(busy, Busy)
    assert busy.seconds == 7


def test_all_meanings_are_among_the_faults_that_a_call_may_raise() -> None:
    assert all(isinstance(meaning_of(code), FAULTS) for code, _ in CODES)


class _Clock:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_a_pause_that_does_not_help_doubles_up_to_a_minute() -> None:
    clock = _Clock()
    easing = Easing(clock, lambda: 0.0)
    pauses: list[float] = []
    for _ in range(8):
        pauses.append(easing.again(Busy(1)).seconds)
        clock.seconds += pauses[-1]
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


def test_those_that_were_on_their_way_together_pause_together() -> None:
    clock = _Clock()
    easing = Easing(clock, lambda: 0.0)
    easing.again(Busy(1))
    clock.seconds += 0.25
    assert easing.again(Busy(1)).seconds == 0.75
    easing.went_well()  # it had left before the pause
    clock.seconds += 0.75
    assert easing.again(Busy(1)).seconds == 2


def test_after_a_success_a_pause_is_short_again() -> None:
    clock = _Clock()
    easing = Easing(clock, lambda: 0.5)
    first = easing.again(Busy(4)).seconds
    assert first == 5  # a quarter by chance
    clock.seconds += first
    easing.went_well()
    assert easing.again(Busy(4)).seconds == first


def test_a_long_pause_that_twilio_asks_for_is_kept() -> None:
    assert Easing(_Clock(), lambda: 0.0).again(Busy(90)).seconds == 90
