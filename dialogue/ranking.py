"""In which order questions are handed to the experts: what most people want to know, fairly."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

NOWHERE = ""
"""Where somebody is from who does not say so."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A question that some people want to be put; asker and place are names that tell nothing."""

    id: int
    voices: int
    """How many want to know."""
    order: int
    """Rises with each question that comes in."""
    asker: str | None = None
    """None is nobody known, as of what was heard in a session."""
    place: str = NOWHERE
    """Where the asker is from."""
    ahead: int = 0
    """Above 0 is what moderators have put before all others, in this order."""


def ranked(wishes: Iterable[Wish], heard: Iterable[Wish] = ()) -> list[Wish]:
    """First what moderators put ahead, then what most want to know.

    Of those with as many voices, first those of people who had fewer turns, of these first those
    from places that had fewer; then the oldest. `heard` had their turn before.
    """
    every, turns = list(wishes), _Turns(heard)
    result = sorted((wish for wish in every if wish.ahead), key=lambda w: (w.ahead, w.order))
    for wish in result:
        turns.note(wish)
    others = sorted((wish for wish in every if not wish.ahead), key=lambda w: (-w.voices, w.order))
    for _, alike in groupby(others, key=lambda w: w.voices):
        result += _fairly(list(alike), turns)
    return result


class _Turns:
    """Who had how many turns, and which places."""

    def __init__(self, heard: Iterable[Wish]) -> None:
        self.of: Counter[str] = Counter()
        # Saying nothing of where one is from counts as a place that was heard already, or it
        # would pay.
        self.places: Counter[str] = Counter({NOWHERE: 1})
        for wish in heard:
            self.note(wish)

    def note(self, wish: Wish) -> None:
        """This one has its turn."""
        if wish.asker is not None:
            self.of[wish.asker] += 1
        self.places[wish.place] += 1


def _fairly(alike: Sequence[Wish], turns: _Turns) -> list[Wish]:
    """These in their fair order; they come by their age."""
    rounds: dict[int, dict[str, deque[Wish]]] = {}
    own: Counter[str] = Counter()
    for wish in alike:
        number = 0
        if wish.asker is not None:
            # The second question of somebody waits for the first one of everybody else.
            number = turns.of[wish.asker] + own[wish.asker]
            own[wish.asker] += 1
        rounds.setdefault(number, {}).setdefault(wish.place, deque()).append(wish)
    result: list[Wish] = []
    for number in sorted(rounds):
        waiting = rounds[number]
        while waiting:
            place = min(waiting, key=lambda p: (turns.places[p], waiting[p][0].order))
            wish = waiting[place].popleft()
            if not waiting[place]:
                del waiting[place]
            turns.note(wish)
            result.append(wish)
    return result
