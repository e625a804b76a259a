"""What somebody's digits say: an id that a row may have, or none."""

from __future__ import annotations

import pytest

from storage.ids import LARGEST_ID, id_in


def test_ids_are_read_as_buttons_carry_them() -> None:
    assert id_in("7") == id_in("007") == 7
    assert id_in("ff", 16) == 255
    assert id_in(str(LARGEST_ID)) == id_in(f"{LARGEST_ID:x}", 16) == LARGEST_ID


@pytest.mark.parametrize(
    "digits", ["", "0", "-1", "+1", " 1", "1 ", "1_0", "٧", "²", "x", "1\n", "ff"]
)
def test_what_is_no_id_is_none(digits: str) -> None:
    assert id_in(digits) is None


@pytest.mark.parametrize("digits", ["", "0", "-f", "FF", "0xf", "f\n", "g", "f" * 17])
def test_nor_is_it_in_sixteens(digits: str) -> None:
    assert id_in(digits, 16) is None


def test_what_no_database_could_hold_is_none() -> None:
    assert id_in(str(LARGEST_ID + 1)) is None
    assert id_in("9" * 5000) is None, "nor does reading it fail"
    assert id_in(f"{LARGEST_ID + 1:x}", 16) is None
