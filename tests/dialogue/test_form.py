"""What a question takes for an answer, and what a form asks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.form import Answer, Question, Rejected, applying, open_question, result, settled
from dialogue.words import Text, text
from tests.dialogue.forms import (
    FIRST,
    LEVEL,
    NAME,
    NAME_LENGTH,
    PLACE,
    QUESTION,
    TOPICS,
    WEBINARS,
    YEARS,
    ZONE,
    choice,
)
from tests.hostile import HOSTILE

TYPED = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60), st.sampled_from(("b", "america")))


def understood(question: Question, raw: str) -> Answer:
    return question.understand(raw, question.choices)


def refusal(question: Question, raw: str) -> Rejected:
    with pytest.raises(Rejected) as caught:
        understood(question, raw)
    return caught.value


@pytest.mark.parametrize("raw", ["Basra", "basra", "البصرة", "البصره", "Bassora", "1", "١", " 1. "])
def test_a_choice_is_typed_by_label_in_either_language_alias_or_number(raw: str) -> None:
    assert understood(PLACE, raw) == "BA"


@pytest.mark.parametrize("raw", ["0", "4", "-1", "²", "1 2", "9" * 5000])
def test_a_number_that_is_not_on_the_list_chooses_nothing(raw: str) -> None:
    assert refusal(PLACE, raw).reason == text("reject-gov")


def test_a_label_that_is_a_number_means_itself_and_not_a_place_on_the_list() -> None:
    assert understood(YEARS, "1") == "2"
    assert understood(YEARS, "2") == "2"
    assert understood(YEARS, "0") == "1"


@pytest.mark.parametrize("raw", ["?", "👎", "\u200f", "…"])
def test_signs_alone_do_not_choose_what_is_labelled_with_signs_alone(raw: str) -> None:
    thumbs = replace(LEVEL, choices=(choice("up", "👍"), choice("no", "-")))
    assert refusal(thumbs, raw).reason == text("reject-not-a-choice")


@pytest.mark.parametrize("raw", ["", "  ", "\n\t"])
def test_an_empty_text_is_refused_whatever_is_asked(raw: str) -> None:
    for question in (NAME, PLACE, WEBINARS):
        assert refusal(question, raw).reason == text("reject-empty")


def test_a_refusal_says_why_and_what_was_perhaps_meant() -> None:
    unclear = refusal(PLACE, "B")
    assert str(unclear) == "reject-gov"
    assert [offer.value for offer in unclear.offers] == ["BA", "BG"]
    too_long = refusal(NAME, "x" * (NAME_LENGTH + 1))
    assert (too_long.reason, too_long.offers) == (text("reject-nickname", most=NAME_LENGTH), ())


@pytest.mark.parametrize(
    "raw",
    [
        "1 3",
        "1, 3",
        "1,3",
        "3 1",
        "1;3",
        "1. 3.",
        "1 and 3",
        "١ و٣",
        "١ و ٣",
        "١، ٣",
        "۱ ۳",
        "1\n3",
        "1 3 3",
        "\u200f١ \u200fو٣",
        "Public health, All future ones",
        "الصحة العامة، كل الندوات المقبلة",
        "public health; كل الندوات المقبله",
        "Public health\n3",
        "all future ones,, public health,",
    ],
)
def test_several_choices_are_typed_as_a_list_and_kept_in_the_order_of_the_form(raw: str) -> None:
    assert understood(WEBINARS, raw) == ("a", "all")


@pytest.mark.parametrize(
    "raw", ["2", "٢", "Work, business and democracy", "work business AND democracy"]
)
def test_one_choice_of_several_may_be_typed_alone_even_with_a_comma_in_its_name(raw: str) -> None:
    assert understood(WEBINARS, raw) == ("b",)


@pytest.mark.parametrize(
    "raw",
    [
        "Public health, Work, business and democracy",
        "work, business and democracy، الصحة العامة",
        "Work, business and democracy\n1",
    ],
)
def test_a_name_with_a_comma_may_be_typed_among_others(raw: str) -> None:
    assert understood(WEBINARS, raw) == ("a", "b")


@pytest.mark.parametrize(
    "raw", ["1, 4", "1-3", "1/3", "1 or so", "and", ",", "و", "1, tomorrow", "13", "Water," * 200]
)
def test_a_list_that_is_not_wholly_understood_is_refused_as_a_whole(raw: str) -> None:
    assert refusal(WEBINARS, raw).reason == text("reject-not-a-choice")


@pytest.mark.parametrize(
    ("question", "answer", "good"),
    [
        (PLACE, "BA", True),
        (PLACE, "XX", False),
        (PLACE, ("BA",), False),
        (PLACE, None, False),
        (ZONE, "Europe/Rome", True),
        (ZONE, "america", False),
        (NAME, "Zainab", True),
        (NAME, " Zainab", False),
        (NAME, None, True),
        (WEBINARS, ("a", "all"), True),
        (WEBINARS, ("a", "gone"), False),
        (WEBINARS, "a", False),
        (WEBINARS, (), False),
        (TOPICS, (), True),
        (TOPICS, None, True),
        (QUESTION, "x" * 40, True),
        (QUESTION, "x" * 90, False),
    ],
)
def test_a_stored_answer_is_good_while_todays_question_takes_it(
    question: Question, answer: Answer, good: bool
) -> None:
    assert question.takes(answer) is good
    assert settled(question, {question.key: answer}) is good


def test_what_was_never_answered_is_not_settled_even_where_it_may_be_skipped() -> None:
    assert not settled(NAME, {})


def test_a_button_carries_a_choice_or_what_could_be_typed_but_never_a_bare_offer() -> None:
    assert PLACE.carries("BA")
    assert ZONE.carries("America/Chicago")
    assert not PLACE.carries("gone")
    assert not QUESTION.carries("cut")
    assert not QUESTION.carries("x" * 40)


def city(zone: str) -> Text:
    return text("city", name=zone)


def test_an_answer_is_shown_by_its_label_or_as_the_question_shows_it() -> None:
    assert PLACE.label("BG") == "Baghdad"
    assert ZONE.label("Europe/Rome") == "Europe/Rome"
    assert replace(ZONE, show=city).label("Europe/Rome") == city("Europe/Rome")


def keys(answers: dict[str, Answer]) -> list[str]:
    return [question.key for question in applying(FIRST, answers)]


def test_a_question_is_asked_only_when_the_answers_before_it_call_for_it() -> None:
    assert keys({}) == ["name", "place", "webinars", "topics", "question"]
    assert keys({"place": "out"}) == ["name", "place", "zone", "webinars", "topics", "question"]


def test_what_hangs_on_a_branch_that_was_left_falls_with_it() -> None:
    answers: dict[str, Answer] = {"webinars": ("a",), "level": "doctor", "years": "2"}
    assert keys(answers)[-5:] == ["webinars", "level", "years", "topics", "question"]
    left: dict[str, Answer] = {**answers, "webinars": ("b",)}
    assert keys(left)[-3:] == ["webinars", "topics", "question"]
    assert result(FIRST, left) == {"webinars": ("b",)}


def test_an_answer_that_is_no_longer_good_opens_no_branch() -> None:
    assert "level" not in keys({"webinars": ("a", "gone")})


def test_the_first_question_that_is_not_settled_is_the_open_one() -> None:
    assert open_question((), {}) is None
    assert open_question((NAME, PLACE), {}) == NAME
    assert open_question((NAME, PLACE), {"name": None, "place": "gone"}) == PLACE
    assert open_question((NAME, PLACE), {"name": None, "place": "BA"}) is None


def test_the_result_holds_settled_answers_of_questions_that_apply_and_nothing_else() -> None:
    answers: dict[str, Answer] = {"name": None, "place": "BA", "zone": "Europe/Rome", "@name": "17"}
    assert result(FIRST, {**answers, "webinars": ("gone",)}) == {"name": None, "place": "BA"}


@given(raw=TYPED)
@pytest.mark.parametrize("question", FIRST, ids=lambda question: question.key)
def test_whatever_is_understood_is_taken_and_reads_as_itself(question: Question, raw: str) -> None:
    try:
        answer = understood(question, raw)
    except Rejected:
        return
    assert question.takes(answer)
    if isinstance(answer, str) and answer not in {one.value for one in question.choices}:
        assert question.read(answer) == answer
