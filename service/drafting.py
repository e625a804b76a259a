"""Machine drafts for interpreters: fetched one by one, kept unread until somebody approves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from channels import Barred, Busy, Faltering, Refused, Unreachable
from delivery import Clock
from delivery.retries import back_off
from settings import Translation
from storage import Storage, Unavailable
from storage.asking.texts import Text
from storage.errors import Unreadable

log = logging.getLogger("tadamun.drafting")

LOOK_EVERY = 5.0
"""Seconds: an interpreter has the draft before they have read the text."""
AGAIN = 30.0
"""Seconds until the next try where the database cannot be used."""
BARRED_FOR = 600.0
AT_ONCE = 10
TRIES = 4
"""After so many failures with one text it gets no draft: others wait behind it."""
MOST_REFUSED = 10_000
"""So many texts are remembered that the machine has nothing for."""


class Drafting:
    """Has a machine draft what is wanted in another language, in one process at a time."""

    def __init__(
        self, storage: Storage, clock: Clock, translate: Callable[[str, str, str], Awaitable[str]]
    ) -> None:
        """`translate` is `Translator.translate`."""
        self._storage = storage
        self._clock = clock
        self._translate = translate
        self._refused: dict[int, None] = {}
        self._failures = 0
        self._tries: dict[int, int] = {}

    async def run(self) -> None:
        """Draft whatever is wanted, until cancelled."""
        while True:
            try:
                async with self._storage.only_one("drafting") as lost:
                    while not lost.is_set():
                        await self._clock.wait(lost, await self.draft_some())
            except Unavailable as error:
                log.warning("nothing is drafted now: %s", error)
            await asyncio.sleep(AGAIN)

    async def draft_some(self) -> float:
        """Draft a few of what waits; in how many seconds to look again."""
        async with self._storage.reading() as tx:
            waiting = await tx.texts.undrafted(AT_ONCE, [*self._refused])
        try:
            for id in waiting:
                await self._draft(id)
        except Busy as busy:
            return busy.seconds
        except (Faltering, Unreachable) as error:
            self._failures += 1
            log.warning("a draft cannot be had now: %s", error)
            return back_off(self._failures, self._clock.chance())
        except Barred as error:
            log.error("ALERT: the translator does not accept our key: %s", error)
            return BARRED_FOR
        self._failures = 0
        return 0.0 if len(waiting) == AT_ONCE else LOOK_EVERY

    async def _draft(self, id: int) -> None:
        text = await self._wanted(id)
        if text is None:
            return
        try:
            # It is asked for the words of the question or the answer, and told nothing else.
            draft = await self._translate(text.original, text.original_language, text.language)
        except Refused as refused:
            log.warning("a text gets no draft: %s", refused)
            self._refuse(id)
            return
        except Faltering:
            self._tries[id] = self._tries.get(id, 0) + 1
            if self._tries[id] >= TRIES:
                self._refuse(id)
            raise
        self._tries.pop(id, None)
        async with self._storage.transaction() as tx:
            await tx.texts.put_draft(id, draft, text.original)

    async def _wanted(self, id: int) -> Text | None:
        try:
            async with self._storage.reading() as tx:
                return await tx.texts.get(id)
        except Unreadable:
            self._refuse(id)
            return None

    def _refuse(self, id: int) -> None:
        self._refused[id] = None
        self._tries.pop(id, None)
        while len(self._refused) > MOST_REFUSED:
            del self._refused[next(iter(self._refused))]


async def draft(settings: Translation, storage: Storage, clock: Clock) -> None:
    """Draft with the server that the settings name, until cancelled."""
    # Here, since its library takes memory that nobody else may have a use for.
    from channels.translating import Translator

    key = settings.api_key
    translator = Translator(settings.url, key.get_secret_value() if key else None)
    try:
        await Drafting(storage, clock, translator.translate).run()
    finally:
        await translator.close()
