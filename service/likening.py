"""Finds questions that seem to ask the same, by their words, after their turns and beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from delivery import Clock
from service.following import IDLE, Following
from storage import Storage, Transaction
from storage.asking.alike import Alike, Wording

if TYPE_CHECKING:
    from locales.likeness.index import Likeness
    from locales.likeness.words import Words

__all__ = ["IDLE", "LIKENESS", "Likening"]

LIKENESS = "likeness"


class Likening(Following["Likeness"]):
    """Compares questions by their words; single words of them are all that it keeps."""

    note = LIKENESS

    def __init__(self, storage: Storage, clock: Clock) -> None:
        super().__init__(storage, clock)
        self._words: Words | None = None

    async def _latest(self, tx: Transaction) -> int:
        return await tx.moderation.version()

    async def _empty(self) -> Likeness:
        # Here, since where nobody asks nobody needs the library.
        from locales.likeness.index import Likeness
        from locales.likeness.words import Words

        if self._words is None:
            self._words = Words()
        return Likeness(self._words)

    async def _enter(self, index: Likeness, id: int, text: str) -> None:
        index.add(id, text)

    def _near(self, index: Likeness, wording: Wording) -> Sequence[tuple[int, float]]:
        return index.near(wording.text or "", but=wording.id)

    async def _put(self, tx: Transaction, found: Mapping[int, Sequence[Alike]]) -> None:
        await tx.alike.put(found)

    def _rest(self) -> None:
        self._words = None
