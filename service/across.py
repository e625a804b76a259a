"""Finds questions that seem to ask the same in another language, where that is switched on.

A model compares them, in a thread. It is loaded with the first question, let go of with the last.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from delivery import Clock
from service.following import Following
from service.likening import LIKENESS
from storage import Storage, Transaction
from storage.asking.alike import Alike, Wording

if TYPE_CHECKING:
    from locales.likeness.across import Across, Meanings, Model

log = logging.getLogger("tadamun.across")


class AcrossLanguages(Following["Across"]):
    """Compares questions by what they mean; places among meanings are all that it keeps."""

    note = "likeness-across"

    def __init__(self, storage: Storage, clock: Clock, load: Callable[[], Model]) -> None:
        """`load` takes seconds, and raises ImportError, OSError or RuntimeError if it cannot."""
        super().__init__(storage, clock)
        self._load = load
        self._meanings: Meanings | None = None

    async def run(self) -> None:
        """Go on until cancelled; not at all where there is no model to be had."""
        try:
            await asyncio.to_thread(self._load)
        except (ImportError, OSError, RuntimeError) as error:
            log.error("ALERT: questions are not compared across languages: %s", error)
            return
        await super().run()

    async def _latest(self, tx: Transaction) -> int:
        # Behind the comparing of words, which begins with a question's pairs anew.
        return int(await tx.meta.get(LIKENESS) or 0)

    async def _empty(self) -> Across:
        # Here, since where this is off nobody needs it.
        from locales.likeness.across import Across

        if self._meanings is None:
            self._meanings = await asyncio.to_thread(self._made)
        return Across(self._meanings)

    def _made(self) -> Meanings:
        from locales.likeness.across import Meanings

        return Meanings(self._load())

    async def _enter(self, index: Across, id: int, text: str) -> None:
        await asyncio.to_thread(index.add, id, text)

    def _near(self, index: Across, wording: Wording) -> Sequence[tuple[int, float]]:
        return index.near(wording.id)

    async def _put(self, tx: Transaction, found: Mapping[int, Sequence[Alike]]) -> None:
        await tx.alike.also(found)

    def _rest(self) -> None:
        self._meanings = None


async def compare(storage: Storage, clock: Clock) -> None:
    """Compare with the model that was installed, until cancelled."""
    from locales.likeness.model import E5

    await AcrossLanguages(storage, clock, E5).run()
