"""What is left to others, or for later, is remembered; but a desk does not grow for ever."""

from __future__ import annotations

from handlers.rounds import REMEMBERED, Round
from handlers.stints import Stint

MANY = range(1, 3 * REMEMBERED)


def test_a_round_remembers_the_last_questions_that_were_passed_over() -> None:
    at = Round("virus", question=1)
    for question in MANY:
        at = at.passing(question)
    assert at.question is None
    assert at.skipped == (*MANY[-REMEMBERED:],)
    assert len(repr(at.to_json())) < 20 * REMEMBERED


def test_so_does_a_stint_of_its_texts() -> None:
    at = Stint(("ar", "en"), text=1)
    for text in MANY:
        at = at.passing(text)
    assert at.text is None
    assert at.skipped == (*MANY[-REMEMBERED:],)
    assert Stint.from_json(at.to_json()) == at
