"""In which order the experts get questions."""

from __future__ import annotations

import random
import time

from dialogue.ranking import Wish, ranked


def ids(*wishes: Wish, heard: tuple[Wish, ...] = ()) -> list[int]:
    """The ids of these in their order."""
    return [wish.id for wish in ranked(wishes, heard)]


def test_nothing_gives_nothing() -> None:
    assert ranked([]) == []


def test_what_most_want_to_know_comes_first() -> None:
    assert ids(Wish(1, 1, 1), Wish(2, 9, 2), Wish(3, 4, 3)) == [2, 3, 1]


def test_of_as_many_voices_the_oldest_comes_first() -> None:
    assert ids(Wish(1, 2, 30), Wish(2, 2, 10), Wish(3, 2, 20)) == [2, 3, 1]


def test_what_moderators_put_ahead_comes_before_all_others_in_their_order() -> None:
    assert ids(Wish(1, 50, 1), Wish(2, 1, 9, ahead=2), Wish(3, 1, 8, ahead=1)) == [3, 2, 1]


def test_whoever_asks_much_waits_for_those_who_asked_once() -> None:
    busy = [Wish(n, 1, n, "anna") for n in (1, 2, 3)]
    assert ids(*busy, Wish(4, 1, 4, "ben")) == [1, 4, 2, 3]


def test_a_place_that_was_not_heard_comes_before_one_that_was() -> None:
    basra = [Wish(n, 1, n, f"b{n}", "basra") for n in (1, 2)]
    assert ids(*basra, Wish(3, 1, 3, "m", "mosul")) == [1, 3, 2]


def test_who_was_heard_counts_before_where_they_are_from() -> None:
    again = Wish(2, 1, 2, "anna", "mosul")
    other = Wish(3, 1, 3, "ben", "basra")
    assert ids(Wish(1, 5, 1, "anna", "basra"), again, other) == [1, 3, 2]


def test_saying_nothing_of_where_one_is_from_does_not_pay() -> None:
    silent = [Wish(n, 1, n, f"s{n}") for n in (1, 2, 3)]
    assert ids(*silent, Wish(4, 1, 4, "m", "mosul")) == [4, 1, 2, 3]
    # Nor does it go on paying once the others were heard as often.
    mosul = [Wish(n, 1, n, f"m{n}", "mosul") for n in (5, 6)]
    assert ids(*silent, *mosul) == [5, 1, 6, 2, 3]


def test_what_was_heard_before_counts() -> None:
    before = (Wish(9, 1, 0, "anna", "basra"),)
    assert ids(Wish(1, 1, 1, "anna"), Wish(2, 1, 2, "ben"), heard=before) == [2, 1]


def test_what_nobody_known_asked_waits_for_nobody() -> None:
    """What is heard in a session has no asker: each is as if from somebody new."""
    heard = [Wish(n, 1, n) for n in (1, 2, 3)]
    assert ids(*heard, Wish(4, 1, 4, "anna")) == [1, 2, 3, 4]


def test_votes_go_before_fairness() -> None:
    assert ids(Wish(1, 2, 1, "anna"), Wish(2, 2, 2, "anna"), Wish(3, 1, 3, "ben")) == [
        1, 2, 3,
    ]  # fmt: skip


def test_the_order_does_not_depend_on_how_they_were_read() -> None:
    chance = random.Random(7)
    wishes = [
        Wish(n, chance.randrange(4), n, f"a{n % 17}", f"p{n % 5}" if n % 3 else "")
        for n in range(200)
    ]
    first = [wish.id for wish in ranked(wishes)]
    for _ in range(5):
        chance.shuffle(wishes)
        assert [wish.id for wish in ranked(wishes)] == first
    assert sorted(first) == [*range(200)]


def test_two_thousand_of_one_person_take_no_time() -> None:
    began = time.process_time()
    assert len(ranked(Wish(n, 1, n, "anna", "basra") for n in range(2000))) == 2000
    assert time.process_time() - began < 1.0
