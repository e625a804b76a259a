"""A question that takes a picture: what answers it, and what can never pass for one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogue import moves
from dialogue import talk as talks
from dialogue.form import Question, Rejected, photo_answer, poster_of
from dialogue.words import text
from tests.dialogue.forms import LEVEL

POSTER = Question(
    "poster", text("ask-poster"), text("title-poster"), optional=True, takes_photo=True
)
CAPTION = Question("caption", text("ask-caption"), text("title-caption"), read=str)
FORM = (POSTER, CAPTION)


def test_a_picture_answers_the_question_that_takes_one() -> None:
    talk = talks.begin(FORM, 1)
    assert talks.takes_photo(FORM, talk)
    talk = moves.picture(FORM, talk, 42)
    assert (talk.answers, talk.asked) == ({"poster": "poster:42"}, "caption")
    assert poster_of(talk.answers["poster"]) == 42


def test_a_picture_answers_no_other_question() -> None:
    talk = moves.skip(FORM, talks.begin(FORM, 1))
    assert not talks.takes_photo(FORM, talk)
    assert moves.picture(FORM, talk, 42) == talk
    done = moves.say(FORM, talk, "A webinar")
    assert not talks.takes_photo(FORM, done)
    assert moves.picture(FORM, done, 42) == done


def test_a_picture_may_take_the_place_of_another() -> None:
    talk = moves.say(FORM, moves.picture(FORM, talks.begin(FORM, 1), 42), "A webinar")
    talk = moves.picture(FORM, moves.edit(FORM, talk, "poster"), 43)
    assert talk.answers["poster"] == photo_answer(43)
    assert talks.finished(FORM, talk)


@pytest.mark.parametrize("question", [POSTER, replace(POSTER, read=str)])
@pytest.mark.parametrize("raw", ["poster:42", " poster:42\n"])
def test_a_picture_can_be_neither_typed_nor_pressed(question: Question, raw: str) -> None:
    talk = talks.begin((question,), 1)
    for move in (
        lambda: moves.say((question,), talk, raw),
        lambda: moves.press((question,), talk, "poster", raw.strip()),
    ):
        with pytest.raises(Rejected):
            move()


def test_a_question_that_takes_a_picture_may_take_a_choice_or_text_as_well() -> None:
    either = replace(POSTER, choices=LEVEL.choices, read=str)
    talk = talks.begin((either,), 1)
    assert moves.say((either,), talk, "none yet").answers["poster"] == "none yet"
    first = LEVEL.choices[0].value
    assert moves.press((either,), talk, "poster", first).answers["poster"] == first


@pytest.mark.parametrize("answer", [None, (), ("poster:1",), "poster:", "poster:x", "poster:٣"])
def test_nothing_else_is_a_picture(answer: str | tuple[str, ...] | None) -> None:
    assert poster_of(answer) is None
    assert not replace(POSTER, optional=False).takes(answer)
