"""A talk that began in one version of a form goes on in another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.dialogue.chat import Chat, at_summary
from tests.dialogue.forms import (
    BAGHDAD,
    BASRA,
    FIRST,
    NAME,
    OUTSIDE,
    PLACE,
    QUESTION,
    SECOND,
    THIRD,
    TOPICS,
    WEBINARS,
    ask,
)


def test_a_question_inserted_before_where_they_are_is_asked_next_and_nothing_is_lost() -> None:
    chat = Chat(FIRST).says("Anna", "Basra").meets(SECOND).says("2")
    # The number was meant for webinars, and that list is another now: it is taken for nothing.
    assert (chat.asked, chat.answers) == ("webinars", {"name": "Anna", "place": "BA"})
    assert chat.presses("webinars", "+a").is_done().asked == "language"
    assert chat.says("English").answers["webinars"] == ("a",)
    assert chat.asked == "level"


def test_the_answer_to_a_question_that_was_removed_is_not_taken_for_another() -> None:
    chat = Chat(FIRST).meets(SECOND).says("Anna")
    assert (chat.asked, chat.answers) == ("language", {})


def test_back_from_a_question_that_was_removed_starts_from_the_open_one() -> None:
    form = (PLACE, WEBINARS, TOPICS, QUESTION)
    chat = Chat(form).says("Basra", "1").meets((PLACE, WEBINARS, QUESTION)).goes_back()
    assert chat.asked == "webinars"


@pytest.mark.parametrize("move", ["skips", "is_done", "is_prompted"])
def test_a_move_at_a_question_that_was_removed_asks_the_open_one(move: str) -> None:
    chat = Chat((TOPICS, PLACE)).meets((NAME, PLACE))
    getattr(chat, move)()
    assert (chat.asked, chat.refused, chat.answers) == ("name", None, {})


def test_a_stored_choice_that_was_withdrawn_is_asked_again() -> None:
    chat = Chat(FIRST).says("Anna", "Baghdad", "1").meets(SECOND).says("Doctor", "English")
    assert chat.asked == "place"
    assert chat.answers["place"] == "BG"
    assert "place" not in chat.result
    assert chat.says("Mosul").asked == "years"


def test_a_question_asked_while_the_summary_was_in_front_keeps_it_from_being_finished() -> None:
    chat = at_summary().meets((*FIRST, ask("new", BASRA)))
    assert not chat.finished
    assert chat.says("hello").asked == "new"


def test_a_tick_that_was_withdrawn_is_not_kept() -> None:
    chat = Chat(FIRST, {"name": None, "place": "BA"}).presses("webinars", "+a", "+b").meets(SECOND)
    assert chat.presses("webinars", "+all").talk.picked == ("a", "all")


def test_done_with_a_tick_that_was_withdrawn_asks_again_with_the_others_ticked() -> None:
    chat = Chat((WEBINARS,)).presses("webinars", "+a", "+b")
    chat.meets((replace(WEBINARS, choices=WEBINARS.choices[::2]),)).is_done()
    assert (chat.asked, chat.talk.picked, chat.result) == ("webinars", ("a",), {})


def test_an_empty_answer_is_asked_again_once_the_question_needs_one() -> None:
    skipped = Chat((TOPICS,)).is_done()
    assert skipped.meets((replace(TOPICS, optional=False),)).is_prompted().asked == "topics"
    assert Chat((WEBINARS,), {"webinars": ()}).asked == "webinars"


def test_an_answer_of_another_kind_than_today_is_asked_again() -> None:
    chat = at_summary().meets(THIRD).is_prompted()
    assert chat.asked == "webinars"
    assert chat.says("1").asked == "place"
    assert chat.says("1").finished
    kept = {"question": None, "webinars": "a", "place": ("BA",), "name": "Anna"}
    assert chat.result == kept


def test_a_number_never_means_another_choice_than_the_one_that_was_seen_beside_it() -> None:
    changed = replace(PLACE, choices=(BAGHDAD, BASRA, OUTSIDE))
    chat = Chat((PLACE,)).meets((changed,)).says("1")
    assert (chat.asked, chat.refused, chat.answers) == ("place", None, {})
    assert chat.says("1").answers == {"place": "BG"}


def test_a_name_means_the_same_whatever_list_was_seen() -> None:
    changed = replace(PLACE, choices=(BAGHDAD, BASRA, OUTSIDE))
    assert Chat((PLACE,)).meets((changed,)).says("Basra").answers == {"place": "BA"}


def test_a_list_that_was_shown_again_is_the_one_that_numbers_mean() -> None:
    changed = replace(PLACE, choices=(BAGHDAD, BASRA, OUTSIDE))
    assert Chat((PLACE,)).meets((changed,)).is_prompted().says("1").answers == {"place": "BG"}


def test_an_offer_in_front_keeps_its_number_whatever_becomes_of_the_list() -> None:
    changed = replace(PLACE, choices=(BAGHDAD, BASRA, OUTSIDE))
    assert Chat((PLACE,)).says("B").meets((changed,)).says("2").answers == {"place": "BG"}
