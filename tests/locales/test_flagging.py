"""The community's list of words finds them however they are spelt, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales.flagging import WordList

EXAMPLE = Path(__file__).parents[2] / "examples" / "words.txt"
LIST = WordList(
    [
        "# nothing",
        "",
        "nonsense  # a note",
        "swindl*",
        "quick money",
        "تفاهة",
        "احتيال*",
        "ربح سريع",
    ]
)


@pytest.mark.parametrize(
    "text",
    [
        "What nonsense!",
        "NONSENSE",
        "n.o.n.s.e.n.s.e",
        "nonseeeense, again",
        "They are swindlers",
        "Make quick  money now",
        "هذه تفاهة",
        "هذه تفاهه",
        "كلها تـــفاهة",
        "تَفَاهَة",
        "والتفاهة كثيرة",
        "بتفاهة",
        "احتيالات كثيرة",
        "ربـح سريع مضمون",
        "الربح السريع",
    ],
)
def test_a_word_of_the_list_is_found(text: str) -> None:
    assert LIST.flags(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "How do masks help?",
        "nonsensical",
        "money, quick",
        "تفاح",
        "الربح ليس سريع",
        "note",
        "n o",
    ],
)
def test_another_word_is_not(text: str) -> None:
    assert not LIST.flags(text)


def test_an_empty_list_flags_nothing() -> None:
    assert len(WordList(["", "# a note", " * ", "..."])) == 0
    assert not WordList(["*"]).flags("anything")


def test_the_example_reads_as_it_says() -> None:
    example = WordList(EXAMPLE.read_text("utf-8").splitlines())
    assert len(example) == 6
    assert example.flags("a PLACEHOLDER of several words")
    assert example.flags("للتجربة بدايةللتجربةالآن")
    assert not example.flags("What is on the list of words that the community keeps?")


@given(st.lists(st.text(), max_size=5), st.text())
def test_any_list_and_any_text_will_do(lines: list[str], text: str) -> None:
    assert WordList(lines).flags(text) in (True, False)


@given(st.text(alphabet=st.characters(categories=["Ll", "Lo"]), min_size=1, max_size=12))
def test_what_is_listed_is_found(word: str) -> None:
    made = WordList([word])
    assert made.flags(f"so {word} it is") or not len(made)
