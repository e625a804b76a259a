"""Answers in a mail, each behind the mark of its question."""

from __future__ import annotations

import pytest

from dialogue.fold import LONGEST_TEXT
from dialogue.marked import MOST, answers_in, mark


def test_each_answer_goes_with_the_mark_in_front_of_it() -> None:
    text = "Dear all,\n\n[#37] Yes, if they are washed.\nEvery day.\n\n[#4] We do not know.\nHuda"
    assert answers_in(text) == {
        37: "Yes, if they are washed.\nEvery day.",
        4: "We do not know.\nHuda",
    }


@pytest.mark.parametrize(
    "written",
    ["[#37] Yes", "#37 Yes", "[#37]: Yes", "  [#37] - Yes", "[ #37 ] Yes", "#37. Yes", "[#٣٧] Yes",
     "\u200f[#37] Yes", "#37)\nYes"],
)  # fmt: skip
def test_the_mark_may_be_written_in_many_ways(written: str) -> None:
    assert answers_in(written) == {37: "Yes"}


@pytest.mark.parametrize(
    "written", ["", "37 Yes", "Yes, see [#37]", "[37] Yes", "[#37]", "#x Yes", "> [#37] Yes"]
)
def test_what_is_no_mark_or_has_no_answer_is_passed_by(written: str) -> None:
    assert answers_in(written) == {}


def test_the_mark_that_is_shown_is_read_again() -> None:
    assert answers_in(f"{mark(12)} Yes") == {12: "Yes"}


def test_of_two_answers_to_one_question_the_later_counts() -> None:
    assert answers_in("[#1] No\n[#1] Yes\n[#1]") == {1: "Yes"}


def test_there_is_an_end_to_it() -> None:
    assert len(answers_in("[#1] " + "a" * 9000)[1]) == LONGEST_TEXT
    assert len(answers_in("".join(f"[#{n}] a\n" for n in range(500)))) == MOST
