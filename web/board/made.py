"""What is made of a webinar's questions: once, for all boards that show the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Set
from typing import Any, TypeVar

from web.board.cards import Card

T = TypeVar("T")


class Made:
    """Cards as HTML, and what shows all questions together."""

    def __init__(self) -> None:
        self._cards: dict[tuple[int, str, str], tuple[Card, str]] = {}
        self._whole: dict[Hashable, Any] = {}
        self._made_at = -1

    def rendered(
        self, card: Card, language: str, who: str, render: Callable[[Card, str, str], str]
    ) -> str:
        """This card as HTML, made once for all boards that have the same."""
        name = (card.id, language, who)
        known = self._cards.get(name)
        if known is None or known[0] != card:
            known = self._cards[name] = (card, render(card, language, who))
        return known[1]

    def once(self, name: Hashable, changes: int, make: Callable[[], T]) -> T:
        """What is made of all questions together: once, until there were more `changes`."""
        if self._made_at != changes:
            self._whole.clear()
            self._made_at = changes
        if name not in self._whole:
            self._whole[name] = make()
        return self._whole[name]

    def drop(self, gone: Set[int]) -> None:
        """Keep nothing that was made of these questions alone."""
        self._cards = {key: made for key, made in self._cards.items() if key[0] not in gone}
