"""The receive loop: gathers the turns that are waiting, has them handled, and answers for them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from channels import LATER, Gone, Refused
from delivery import Alarm, without_words
from dialogue.incoming import Incoming, TryAgain
from dialogue.words import Reply, text
from handlers.counting import Countable, Uncounted, count
from handlers.participants.welcome import guess
from handlers.receiving.office import Office
from handlers.receiving.quarantine import set_aside
from handlers.receiving.receive import Receiver
from handlers.receiving.waiting import Waiting, WaitingRoom
from handlers.telling.outcome import Outcome, said
from storage import Damaged, Storage, Unavailable

log = logging.getLogger("tadamun.reception")

GROUP = 256
"""Turns that share one commit, at most."""


class Reception:
    """Takes what channels bring, in order for each account, in groups that share a commit."""

    def __init__(self, storage: Storage, receiver: Receiver, office: Office) -> None:
        self._storage = storage
        self._receiver = receiver
        self._office = office
        self._alarm = Alarm(log, lambda: receiver.clock().timestamp())
        self._room = WaitingRoom()
        self._counting: set[Waiting] = set()
        # One after the other: whoever else only reads finds a connection.
        self._counter = asyncio.Lock()
        self.erased = asyncio.Event()
        """Set when somebody had everything erased, until the files were scrubbed of it."""
        self.posters_wanted = asyncio.Event()
        """Set when a picture is to be fetched from the platform that it was sent on."""

    def take(self, incoming: Incoming) -> asyncio.Future[None]:
        """Done once the turn is committed, or, before consent, once its reply was taken.

        Fails with TryAgain when it could not be taken. Whoever stops waiting stops nothing else.
        """
        return self._room.enter(incoming)

    async def run(self) -> None:
        """Take turns until `stop`, then those that wait already; raises Damaged."""
        try:
            async with asyncio.TaskGroup() as tasks:
                while self._counting or not self._room.empty:
                    group = self._room.call(GROUP)
                    if not group:
                        await self._room.stirred.wait()
                        self._room.stirred.clear()
                        continue
                    await self._take_group(group, tasks)
        finally:
            # However this ended.
            self._room.send_away()

    def stop(self) -> None:
        """Take nothing new."""
        self._room.close()

    async def _take_group(self, group: list[Waiting], tasks: asyncio.TaskGroup) -> None:
        try:
            outcomes = await self._receive(group)
        except Uncounted as uncounted:
            await self._take_others(group, uncounted, tasks)
            return
        except Unavailable as unavailable:
            self._refuse(group, unavailable)
            return
        except Damaged:
            # Nothing more can be kept, in quarantine neither: the process ends with a sentence.
            raise
        except Exception as error:
            if len(group) == 1:
                await self._quarantine(group[0], error, tasks)
                return
            # One of them is poison: each gets a commit of its own, and only that one fails.
            for waiting in group:
                await self._take_group([waiting], tasks)
            return
        log.debug("%d turns share a commit", len(group))
        self._office.wake([d for outcome in outcomes for d in outcome.deliveries])
        if any(outcome.told or outcome.elsewhere for outcome in outcomes):
            self._office.look()
        if any(outcome.by_staff for outcome in outcomes):
            self._office.wake_broadcasts()
        for waiting, outcome in zip(group, outcomes, strict=True):
            self._conclude(waiting, outcome, tasks)

    async def _take_others(
        self, group: list[Waiting], uncounted: Uncounted, tasks: asyncio.TaskGroup
    ) -> None:
        """Whoever needs a number waits for it, and nobody else does."""
        (counting,) = (waiting for waiting in group if waiting.key == uncounted.who)
        self._counting.add(counting)
        tasks.create_task(self._count(counting, uncounted.what, tasks))
        if others := [waiting for waiting in group if waiting is not counting]:
            await self._take_group(others, tasks)

    async def _count(self, waiting: Waiting, what: Countable, tasks: asyncio.TaskGroup) -> None:
        try:
            async with self._counter, self._storage.reading() as storage:
                waiting.counted[what] = await count(storage, what, self._receiver.clock())
        except Unavailable as unavailable:
            self._refuse([waiting], unavailable)
        except Damaged:
            raise
        except Exception as error:
            await self._quarantine(waiting, error, tasks)
        else:
            self._room.put_back(waiting)
        self._counting.discard(waiting)
        self._room.stirred.set()

    async def _receive(self, group: list[Waiting]) -> list[Outcome]:
        try:
            async with self._storage.transaction() as storage:
                return await self._receiver.receive(
                    storage,
                    [waiting.incoming for waiting in group],
                    [waiting.counted for waiting in group],
                )
        except BaseException:
            self._office.wake()
            raise

    def _conclude(self, waiting: Waiting, outcome: Outcome, tasks: asyncio.TaskGroup) -> None:
        if waiting.incoming.ack is not None:
            tasks.create_task(_acknowledge(waiting.incoming.ack))
        if outcome.said:
            tasks.create_task(self._say(waiting, outcome))
        else:
            self._room.free(waiting)
        if outcome.wants_posters:
            self.posters_wanted.set()
        if outcome.forgotten:
            self.erased.set()
            self._office.wake_erasing()

    async def _say(self, waiting: Waiting, outcome: Outcome) -> None:
        incoming = waiting.incoming
        try:
            for one in outcome.said:
                await self._office.say(
                    incoming.channel, incoming.sender, one.act, one.target, one.message
                )
        except (Gone, Refused):
            self._room.free(waiting)
        except LATER:
            lost = TryAgain("The platform did not take the reply.")
            self._room.free(waiting, None if outcome.settled else lost)
        except Exception as error:
            self._alarm.sound("ALERT: a reply before consent failed", without_words(error))
            self._room.free(waiting)
        else:
            self._receiver.newcomers.note_answered(incoming)
            self._room.free(waiting)

    async def _quarantine(
        self, waiting: Waiting, error: Exception, tasks: asyncio.TaskGroup
    ) -> None:
        incoming = waiting.incoming
        self._alarm.sound("ALERT: a turn failed and is in quarantine", without_words(error))
        try:
            async with self._storage.transaction() as storage:
                now, reason = self._receiver.clock(), type(error).__name__
                language = await set_aside(storage, incoming, reason, now)
        except Unavailable as unavailable:
            self._refuse([waiting], unavailable)
            return
        house = self._receiver.house
        voice = house.languages.voice(language or guess(house, incoming), None)
        units = self._office.text_units(incoming.channel)
        words = said(voice, (Reply((text("something-failed"),)),), units)
        self._conclude(waiting, Outcome(incoming, said=words, settled=True), tasks)

    def _refuse(self, group: list[Waiting], unavailable: Unavailable) -> None:
        self._alarm.sound("ALERT: the database cannot be written", unavailable)
        for waiting in group:
            self._room.free(waiting, TryAgain("The database cannot be written."))


async def _acknowledge(ack: Callable[[], Awaitable[None]]) -> None:
    try:
        await ack()
    except Exception as error:
        log.debug("A button could not be acknowledged: %s", type(error).__name__)
