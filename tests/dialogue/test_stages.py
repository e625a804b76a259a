"""Which stage of a question may follow which, and what its asker sees."""

from __future__ import annotations

from itertools import pairwise

import pytest

from dialogue.stages import (
    ANSWERABLE,
    FOLLOWS,
    HEARD,
    NEVER_GIVEN,
    STILL_THEIRS,
    Seen,
    Stage,
    before,
    seen_by_asker,
)

WAY = (
    Stage.RECEIVED, Stage.IN_REVIEW, Stage.APPROVED, Stage.QUEUED, Stage.LIVE, Stage.FOLLOW_UP,
    Stage.ANSWERED,
)  # fmt: skip


def test_the_way_to_an_answer_leads_through_every_stage() -> None:
    for earlier, later in pairwise(WAY):
        assert later in FOLLOWS[earlier]
        assert earlier in before(later)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (Stage.RECEIVED, Stage.APPROVED),
        (Stage.RECEIVED, Stage.DECLINED),
        (Stage.IN_REVIEW, Stage.QUEUED),
        (Stage.IN_REVIEW, Stage.ANSWERED),
        (Stage.APPROVED, Stage.LIVE),
        (Stage.LIVE, Stage.DECLINED),
        (Stage.FOLLOW_UP, Stage.QUEUED),
        (Stage.DECLINED, Stage.APPROVED),
        (Stage.WITHDRAWN, Stage.IN_REVIEW),
    ],
)
def test_no_stage_is_passed_over(earlier: Stage, later: Stage) -> None:
    assert later not in FOLLOWS[earlier]
    assert earlier not in before(later)


def test_what_was_decided_can_be_looked_at_again() -> None:
    assert before(Stage.IN_REVIEW) == {
        Stage.RECEIVED, Stage.ANSWERED, Stage.DECLINED, Stage.MERGED,
    }  # fmt: skip


def test_an_asker_may_take_a_question_back_until_it_is_queued() -> None:
    assert before(Stage.WITHDRAWN) == STILL_THEIRS == set(WAY[: WAY.index(Stage.QUEUED)])


def test_a_question_was_heard_by_the_experts_or_its_words_were_never_given_to_them() -> None:
    assert set(Stage) == NEVER_GIVEN | HEARD
    assert not NEVER_GIVEN & HEARD


def test_an_answer_needs_a_question_that_was_approved() -> None:
    assert HEARD | {Stage.APPROVED} == ANSWERABLE


def test_the_asker_sees_as_much_as_the_table_says() -> None:
    assert {stage: seen_by_asker(stage) for stage in Stage} == {
        Stage.RECEIVED: Seen.RECEIVED,
        Stage.IN_REVIEW: Seen.IN_REVIEW,
        Stage.APPROVED: Seen.IN_REVIEW,
        Stage.QUEUED: Seen.WITH_EXPERTS,
        Stage.LIVE: Seen.WITH_EXPERTS,
        Stage.ANSWERED: Seen.ANSWERED,
        Stage.FOLLOW_UP: Seen.WITH_EXPERTS,
        Stage.DECLINED: Seen.DECLINED,
        Stage.MERGED: Seen.IN_REVIEW,
        Stage.WITHDRAWN: Seen.WITHDRAWN,
    }


def test_every_stage_has_its_followers() -> None:
    assert set(FOLLOWS) == set(Stage)
