"""Buttons, old ones among them; several answers at once; and what a refusal offers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogue.form import always
from tests.dialogue.chat import Chat, at_summary
from tests.dialogue.forms import (
    ANSWERED,
    FIRST,
    NAME,
    PLACE,
    QUESTION,
    TOPICS,
    WEBINARS,
    ZONE,
)

LONG = "How do I wear a mask? And for how many hours?"


# --- buttons, old ones among them ---------------------------------------------------------------


def test_a_button_answers_the_question_that_it_belongs_to() -> None:
    chat = Chat(FIRST).skips().presses("place", "BG")
    assert (chat.asked, chat.answers["place"]) == ("webinars", "BG")


def test_a_doubled_button_answers_once() -> None:
    chat = Chat(FIRST).skips().presses("place", "BG", "BG")
    assert (chat.asked, chat.answers) == ("webinars", {"name": None, "place": "BG"})


def test_a_button_of_an_earlier_question_edits_it_and_leads_back_ticks_and_all() -> None:
    chat = Chat(FIRST).skips().says("Basra").presses("webinars", "+b").presses("place", "BG")
    assert chat.answers["place"] == "BG"
    assert (chat.asked, chat.talk.picked) == ("webinars", ("b",))


def test_a_button_of_an_earlier_question_that_opens_a_branch_asks_that_first() -> None:
    chat = Chat(FIRST).skips().says("Basra").presses("place", "out")
    assert chat.asked == "zone"
    assert chat.says("Berlin").asked == "webinars"


def test_a_button_of_the_branch_that_they_are_leaving_asks_what_is_open() -> None:
    chat = Chat(FIRST).skips().says("Outside Iraq").presses("place", "BA")
    assert chat.asked == "webinars"


def test_a_button_at_the_summary_edits_and_shows_the_summary_again() -> None:
    chat = at_summary().presses("place", "BG")
    assert chat.finished
    assert chat.answers["place"] == "BG"


@pytest.mark.parametrize(("key", "value"), [("zone", "Europe/Berlin"), ("gone", "x")])
def test_a_button_of_a_question_that_does_not_apply_changes_nothing(key: str, value: str) -> None:
    chat = Chat(FIRST).skips().says("Basra").presses("webinars", "+a")
    before = chat.talk
    assert chat.presses(key, value).talk == before


def test_a_button_whose_choice_was_withdrawn_is_refused() -> None:
    chat = Chat(FIRST).skips().presses("place", "XX")
    assert (chat.asked, chat.refused, chat.answers) == ("place", "reject-withdrawn", {"name": None})


# --- several answers ----------------------------------------------------------------------------


def test_ticks_are_set_and_taken_away_until_done() -> None:
    chat = Chat((WEBINARS,)).presses("webinars", "+all", "+a", "+b", "-b", "+a")
    assert (chat.asked, chat.talk.picked, chat.answers) == ("webinars", ("a", "all"), {})
    assert chat.is_done().answers == {"webinars": ("a", "all")}


def test_done_with_nothing_ticked_asks_to_pick_one() -> None:
    chat = Chat((WEBINARS,)).presses("webinars", "+a", "-a", "-a").is_done()
    assert (chat.asked, chat.refused, chat.answers) == ("webinars", "reject-pick-one", {})


def test_done_with_nothing_ticked_skips_what_may_be_skipped() -> None:
    assert Chat((TOPICS,)).is_done().answers == {"topics": None}


def test_done_where_nothing_can_be_ticked_changes_nothing() -> None:
    chat = Chat(FIRST).says("Anna")
    before = chat.talk
    assert chat.is_done().talk == before
    assert at_summary().is_done().finished
    assert at_summary().edits("place").is_done().asked == "place"


def test_editing_starts_from_the_ticks_that_were_set() -> None:
    chat = at_summary().edits("webinars").presses("webinars", "+all").is_done()
    assert chat.finished
    assert chat.answers["webinars"] == ("b", "all")


def test_a_tick_of_an_earlier_question_opens_it_again() -> None:
    chat = at_summary().presses("webinars", "+all")
    assert (chat.asked, chat.talk.picked, chat.answers) == ("webinars", ("b", "all"), ANSWERED)


@pytest.mark.parametrize("value", ["a", "+gone", "", "*a"])
def test_a_tick_that_is_none_is_refused(value: str) -> None:
    chat = Chat((WEBINARS,)).presses("webinars", "+a").presses("webinars", value)
    assert (chat.refused, chat.talk.picked) == ("reject-withdrawn", ("a",))


def test_a_typed_list_is_the_whole_answer() -> None:
    assert Chat((WEBINARS,)).presses("webinars", "+a").says("٢ و٣").answers == {
        "webinars": ("b", "all")
    }


# --- what a refusal offers ----------------------------------------------------------------------


@pytest.mark.parametrize("raw", ["2", "Baghdad", "بغداد"])
def test_an_offer_is_taken_by_number_or_name(raw: str) -> None:
    chat = Chat((PLACE,)).says("B")
    assert (chat.refused, chat.shown) == ("reject-gov", ("BA", "BG"))
    assert chat.says(raw).answers == {"place": "BG"}


def test_an_offer_is_taken_by_button() -> None:
    assert Chat((PLACE,)).says("B").presses("place", "BG").answers == {"place": "BG"}


def test_an_offer_means_nothing_to_another_question() -> None:
    anywhere = replace(ZONE, when=always)
    chat = Chat((anywhere, PLACE), {"zone": "Europe/Rome"}).says("B").presses("zone", "BA")
    assert (chat.refused, chat.answers) == ("reject-withdrawn", {"zone": "Europe/Rome"})


def test_a_choice_that_is_not_offered_may_still_be_named_but_not_numbered() -> None:
    assert Chat((PLACE,)).says("B", "Outside Iraq").answers == {"place": "out"}
    assert Chat((PLACE,)).says("B", "3").answers == {}


def test_offers_that_no_form_declares_are_shown_and_taken() -> None:
    chat = Chat(FIRST).skips().says("Outside Iraq", "America")
    assert chat.shown == ("America/Chicago", "America/New_York")
    assert chat.says("2").answers["zone"] == "America/New_York"
    assert chat.presses("zone", "America/Chicago").answers["zone"] == "America/Chicago"
    assert chat.asked == "webinars"


def test_a_text_that_is_too_long_is_cut_or_sent_in_two_as_they_choose() -> None:
    whole = "How do I wear a mask?\n\nAnd for how many hours?"
    assert Chat((QUESTION,)).says(LONG, "1").answers == {"question": "How do I wear a mask?"}
    assert Chat((QUESTION,)).says(LONG, "send in two").answers == {"question": whole}
    assert Chat((QUESTION,)).says(LONG).presses("question", "two").answers == {"question": whole}


def test_the_second_tap_on_an_offer_does_not_become_the_answer() -> None:
    chat = Chat((QUESTION,)).says(LONG).presses("question", "cut", "cut")
    assert chat.refused == "reject-withdrawn"
    assert chat.answers == {"question": "How do I wear a mask?"}


def test_a_new_text_in_place_of_an_offer_is_the_answer_whatever_it_says() -> None:
    assert Chat((QUESTION,)).says(LONG, "two").answers == {"question": "two"}
    assert Chat((QUESTION,)).says(LONG, "Masks?").answers == {"question": "Masks?"}


def test_a_second_refusal_without_offers_shows_the_choices_again() -> None:
    chat = Chat((PLACE,)).says("B", "Atlantis")
    assert (chat.shown, chat.talk.draft) == (("BA", "BG", "out"), "")
    assert chat.says("3").answers == {"place": "out"}


def test_offers_are_gone_once_another_question_is_in_front() -> None:
    chat = Chat((NAME, PLACE)).skips().says("B").goes_back().says("Anna")
    assert (chat.shown, chat.talk.draft) == (("BA", "BG", "out"), "")
