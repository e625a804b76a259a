"""Asking, skipping, going back, editing; what is stored, and what is confirmed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from dialogue import moves
from dialogue import talk as talks
from dialogue.talk import Talk
from tests.dialogue.chat import Chat, at_summary
from tests.dialogue.forms import (
    ANSWERED,
    FIRST,
    LEVEL,
    WEBINARS,
)


def test_one_question_comes_after_another_until_the_summary() -> None:
    chat = Chat(FIRST).says("Anna", "البصرة", "1, 2", "Doctor", "0").skips().says("Why?", "Idea")
    assert chat.finished
    assert chat.result == {
        "name": "Anna",
        "place": "BA",
        "webinars": ("a", "b"),
        "level": "doctor",
        "years": "1",
        "topics": None,
        "question": "Why?",
        "kind": "idea",
    }


def test_a_talk_starts_from_what_is_known_already() -> None:
    assert Chat(FIRST, {"name": None, "webinars": ("b",)}).asked == "place"
    assert at_summary().finished
    assert Chat(()).finished


def test_bad_input_is_asked_again_with_a_reason_and_changes_nothing() -> None:
    chat = Chat(FIRST).says("Anna", "Atlantis")
    assert (chat.asked, chat.refused, chat.answers) == ("place", "reject-gov", {"name": "Anna"})
    assert chat.says("Basra").refused is None
    assert chat.asked == "webinars"


# --- skipping, going back, editing ---------------------------------------------------------------


def test_an_optional_question_may_be_skipped_and_counts_as_answered() -> None:
    chat = Chat(FIRST).skips()
    assert (chat.asked, chat.answers) == ("place", {"name": None})


def test_the_rest_may_be_left_for_later_at_once() -> None:
    form = tuple(replace(question, optional=question.key != "place") for question in FIRST)
    talk = talks.begin(form, 1)
    assert not talks.may_skip_rest(form, talk)
    talk = moves.skip_rest(form, talk)
    assert talk.asked == "place"
    talk = moves.say(form, talk, "Basra")
    assert talks.may_skip_rest(form, talk)
    talk = moves.skip_rest(form, talk)
    assert talks.finished(form, talk)
    assert talk.answers["place"] == "BA"


def test_a_question_that_needs_an_answer_cannot_be_skipped() -> None:
    chat = Chat(FIRST).skips().skips()
    assert (chat.asked, chat.refused) == ("place", "reject-needed")


def test_skipping_with_the_summary_in_front_skips_nothing() -> None:
    chat = at_summary().skips()
    assert chat.finished
    assert chat.answers == ANSWERED


def test_a_doubled_skip_does_not_skip_the_next_question_too() -> None:
    chat = Chat(FIRST).says("Anna", "Basra", "2").skips("topics").skips("topics")
    assert chat.asked == "question"
    assert "question" not in chat.answers


def test_skipping_an_earlier_question_leads_back_to_where_they_were() -> None:
    chat = at_summary().edits("webinars").presses("webinars", "+a").skips("name")
    assert (chat.asked, chat.talk.picked) == ("webinars", ("a", "b"))
    assert chat.answers["name"] is None


def test_back_asks_the_question_before_and_keeps_its_answer() -> None:
    chat = Chat(FIRST).says("Anna", "Basra").goes_back()
    assert chat.asked == "place"
    assert chat.answers == {"name": "Anna", "place": "BA"}


def test_back_then_answer_returns_to_where_they_were() -> None:
    chat = Chat(FIRST).says("Anna", "Basra").goes_back().goes_back().says("Zainab")
    assert chat.asked == "webinars"
    assert chat.answers == {"name": "Zainab", "place": "BA"}


def test_back_passes_over_questions_that_do_not_apply() -> None:
    chat = Chat(FIRST).skips().presses("place", "out").says("Berlin").goes_back().goes_back()
    assert chat.asked == "place"
    assert chat.presses("place", "BA").goes_back().asked == "place"


def test_back_from_the_first_question_stays_there() -> None:
    assert Chat(FIRST).goes_back().asked == "name"
    assert Chat(()).goes_back().finished


def test_back_from_the_summary_asks_the_last_question() -> None:
    chat = at_summary().goes_back()
    assert chat.asked == "question"
    assert chat.skips().finished


def test_one_answer_is_edited_from_the_summary_and_the_next_thing_is_the_summary() -> None:
    chat = at_summary().edits("place")
    assert (chat.asked, chat.finished, chat.answers) == ("place", False, ANSWERED)
    assert chat.says("Baghdad").finished
    assert chat.answers == {**ANSWERED, "place": "BG"}


def test_an_edit_that_is_refused_keeps_the_old_answer() -> None:
    chat = at_summary().edits("place").says("Atlantis")
    assert (chat.asked, chat.answers) == ("place", ANSWERED)


def test_an_edit_that_opens_a_branch_asks_what_belongs_to_it() -> None:
    chat = at_summary().edits("place").says("Outside Iraq")
    assert chat.asked == "zone"
    assert chat.says("Europe/Rome").finished


def test_leaving_a_branch_drops_its_answers_from_the_result_alone() -> None:
    chat = at_summary().edits("place").says("Outside Iraq", "Berlin").edits("place").says("Basra")
    assert chat.finished
    assert "zone" not in chat.result
    assert chat.edits("place").says("Outside Iraq").finished
    assert chat.result["zone"] == "Europe/Berlin"


@pytest.mark.parametrize("key", ["zone", "no-such-question", "place"])
def test_editing_what_is_not_asked_or_is_asked_already_changes_nothing(key: str) -> None:
    chat = Chat(FIRST).says("Anna", "b")
    before = chat.talk
    assert chat.edits(key).talk == before


# --- what is stored, and what is confirmed ------------------------------------------------------


def test_a_talk_reads_back_from_json_as_it_was() -> None:
    full = Talk(3, {"a": None, "b": "x", "c": ("y", "z")}, "c", ("y",), ("z",), ("o",), "\ud83d")
    assert Talk.from_json(json.loads(json.dumps(full.to_json()))) == full
    assert Talk(4).to_json() == {"n": 4}
    assert Talk.from_json({"n": 4}) == Talk(4)


def test_the_stamp_is_of_the_answers_that_would_be_kept_and_of_nothing_else() -> None:
    form, chat = FIRST, at_summary()
    before = talks.stamp(form, chat.talk)
    assert talks.stamp(form, chat.edits("place").talk) == before
    noted = replace(chat.talk, answers={"@name": "17", **chat.answers})
    assert talks.stamp(form, noted) == before
    assert talks.stamp(form, chat.says("Baghdad").talk) != before
    assert talks.stamp(form, chat.edits("place").says("Basra").talk) == before
    assert talks.stamp((*reversed(form),), at_summary().talk) == before


def test_a_required_level_is_asked_for_health_alone() -> None:
    assert Chat((WEBINARS, LEVEL)).says("1").asked == "level"
    assert Chat((WEBINARS, LEVEL)).says("2").finished
