"""What the postman remembers of rows that he does not have."""

from __future__ import annotations

from delivery.backlog import BLOCKED_LOOK, LOOK_EVERY, Backlog

LEYLA = 1


def looked() -> Backlog:
    """A backlog whose first look found nothing."""
    backlog = Backlog()
    backlog.look_when_due(0.0)
    backlog.begin(all_lanes=True)
    backlog.exhausted((), None, 0.0)
    return backlog


def test_what_waits_behind_another_is_looked_for_when_that_one_is_done() -> None:
    backlog = looked()
    backlog.begin(all_lanes=True)
    backlog.exhausted([LEYLA], 0.0, 1.0)
    assert not backlog.others
    assert backlog.again_at == 1.0 + BLOCKED_LOOK
    backlog.settled()
    assert backlog.others


def test_what_was_done_during_the_look_is_looked_for_at_once() -> None:
    backlog = looked()
    backlog.begin(all_lanes=True)
    backlog.settled()
    backlog.exhausted([LEYLA], 0.0, 1.0)
    assert backlog.others


def test_who_stands_by_remembers_nobody() -> None:
    backlog = Backlog()
    backlog.expect(LEYLA)
    assert backlog.committed()
    backlog.begin(all_lanes=True)
    backlog.exhausted((), None, 0.0)
    assert not backlog.may_hold(LEYLA)


def test_who_is_expected_when_the_first_look_begins_is_remembered() -> None:
    backlog = Backlog()
    backlog.expect(LEYLA)
    backlog.begin(all_lanes=True)
    backlog.exhausted((), None, 0.0)
    backlog.committed()
    assert backlog.may_hold(LEYLA)
    assert backlog.again_at <= LOOK_EVERY
