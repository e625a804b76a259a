"""Questions that ask the same are found, whatever their spelling and their dialect."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.similar import HELD_OUT, asked, found, judged
from locales.likeness.index import Likeness
from locales.likeness.spelling import folded
from locales.likeness.words import Words

WORDS = Words()
OTHERS = (
    "متى تبدأ الانتخابات في المحافظة؟",
    "هل توجد مراكز للدعم النفسي في بغداد؟",
    "Who pays for the vaccination of children?",
    "How do I protect my account from being hacked?",
)


def index(*texts: str) -> Likeness:
    """These questions, with the numbers from 0 on, among others."""
    made = Likeness(WORDS)
    for id, text in enumerate((*texts, *OTHERS)):
        made.add(id, text)
    return made


def near(text: str, *texts: str) -> list[int]:
    """Which of these are like it."""
    return [id for id, _ in index(*texts).near(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كيف أحمي حسابي من الاختراق؟", "شلون احمي حسابي من التهكير"),
        ("لماذا تأخرت رواتب المعلمين؟", "ليش متأخره رواتب المعلمين"),
        ("ما سبب انقطاع الكهرباء؟", "ليش الكهرباء تنكطع"),
        ("أين أُسجِّلُ فِي الدَّورَةِ؟", "وين اسجل بالدورة"),
        ("الاستبيــــان وين القاه", "وين القى الاستبيان؟"),
        ("هل الدورة مجانية؟", "الدورة ببلاش؟؟؟"),
        ("كيف أستخدم ٤ أجهزة؟", "كيف أستخدم 4 أجهزة؟"),
        ("How do I recognise fake medicine?", "how to tell counterfeit drugs"),
        ("Is there a recording of the sesion?", "Will the session be recorded?"),
    ],
)
def test_the_same_question_is_found_in_other_words(one: str, other: str) -> None:
    assert near(one, other) == [0]
    assert near(other, one) == [0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("متى يتوقف حرق الغاز؟", "لماذا لا يتوقف حرق الغاز؟"),
        ("كم عدد المراقبين في الانتخابات؟", "لماذا يمنع المراقبون في الانتخابات؟"),
        ("When does the webinar begin?", "Why was the webinar cancelled?"),
        ("كيف أحصل على بطاقة الناخب؟", "كيف أحصل على شهادة الندوة؟"),
    ],
)
def test_questions_that_share_words_and_ask_something_else_are_not(one: str, other: str) -> None:
    assert near(one, other) == []


@pytest.mark.parametrize("text", ["", "؟؟؟", "👍", "\u200f", "هل من", "12"])
def test_a_text_that_says_nothing_is_like_nothing(text: str) -> None:
    assert near(text, "كيف أحمي حسابي؟") == []
    assert near("كيف أحمي حسابي؟", text) == []


def test_the_likest_comes_first_and_oneself_is_left_out() -> None:
    made = index(
        "كيف أحمي حسابي في واتساب من الاختراق؟",
        "شلون احمي الواتساب من الاختراق؟",
        "كيف أحمي حسابي في واتساب من الاختراق؟",
    )
    ids = [id for id, _ in made.near("كيف أحمي حسابي في واتساب من الاختراق؟", but=0)]
    assert ids == [2, 1]
    assert made.near("كيف أحمي حسابي في واتساب من الاختراق؟", limit=1)[0][0] == 0


def test_how_alike_two_are_does_not_depend_on_which_is_asked_about() -> None:
    texts = [each.text for each in asked(HELD_OUT)[:60]]
    made = Likeness(WORDS)
    for id, text in enumerate(texts):
        made.add(id, text)
    scores = [dict(made.scores(text)) for text in texts]
    for one, others in enumerate(scores):
        for other, score in others.items():
            assert scores[other][one] == pytest.approx(score)


def test_whatever_was_taken_out_leaves_nothing_behind() -> None:
    texts = [each.text for each in asked(HELD_OUT)]
    chance = random.Random(7)
    made, kept = Likeness(WORDS), index(*texts[:5])
    for id, text in enumerate((*texts[:5], *OTHERS)):
        made.add(id, text)
    others = list(enumerate(texts[5:], start=1000))
    for id, text in others:
        made.add(id, text)
    for id, _ in chance.sample(others, len(others)):
        made.remove(id)
    assert len(made) == len(kept)
    assert made.size == kept.size
    assert made.near(texts[0]) == kept.near(texts[0])
    for id in range(len(kept)):
        made.remove(id)
    assert made.size == 0


def test_other_words_take_the_place_of_what_it_was() -> None:
    made = index("كيف أحمي حسابي؟")
    made.add(0, "متى تبدأ الدورة التدريبية؟")
    assert [id for id, _ in made.near("كيف أحمي حسابي؟")] == []
    assert [id for id, _ in made.near("شوكت تبدي الدورة التدريبيه")] == [0]


def test_what_nobody_has_looked_at_while_tuning_is_found_well_enough() -> None:
    score = judged(asked(HELD_OUT), found(asked(HELD_OUT), WORDS))
    assert score.f1 >= 0.75


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.lists(st.text(max_size=60), max_size=8), st.text(max_size=60))
def test_anything_may_be_asked(texts: list[str], text: str) -> None:
    made = index(*texts)
    assert all(0 <= score <= 1 for _, score in made.scores(text))
