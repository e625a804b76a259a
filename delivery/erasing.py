"""Takes messages away from a platform after somebody had themselves forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Protocol

from channels import LATER, Gone, Moved, Refused
from delivery.clock import Clock
from dialogue.words import Act, Lane, Message
from storage import Storage, StorageError
from storage.community.erasures import Erasure

AT_A_TIME = 20
LOOK_EVERY = 20.0
"""Seconds until a job is found of which nobody told."""
FIRST_BACK_OFF = 5.0
LONGEST_BACK_OFF = 600.0
MOST_JOBS = 500


class Say(Protocol):
    """The door out: `PostOffice.say`."""

    def __call__(
        self, channel: str, account: str, act: Act, target: str | None, message: Message, lane: Lane
    ) -> Awaitable[str]: ...


class Erasing:
    """Works through the jobs that are kept for this, and forgets each when it is done."""

    def __init__(
        self, say: Say, channels: Callable[[], Collection[str]], storage: Storage, clock: Clock
    ) -> None:
        """`channels` gives those that this process serves now."""
        self._say = say
        self._channels = channels
        self._storage = storage
        self._clock = clock
        self._news = asyncio.Event()

    def wake(self) -> None:
        """There may be a new job."""
        self._news.set()

    async def run(self) -> None:
        """Works until cancelled; what did not succeed is tried again, later and later."""
        back_off = FIRST_BACK_OFF
        while True:
            self._news.clear()
            if await self._work():
                seconds, back_off = LOOK_EVERY, FIRST_BACK_OFF
            else:
                seconds, back_off = back_off, min(LONGEST_BACK_OFF, 2 * back_off)
            await self._clock.wait(self._news, seconds)

    async def _work(self) -> bool:
        """Tries every job once; whether none of them must be tried again."""
        try:
            async with self._storage.reading() as tx:
                jobs = await tx.erasures.take(MOST_JOBS)
            channels = self._channels()
            served = [job for job in jobs if job.channel in channels]
            ended = [
                await self._erase_all(served[first : first + AT_A_TIME])
                for first in range(0, len(served), AT_A_TIME)
            ]
        except StorageError:
            return False
        return all(ended)

    async def _erase_all(self, jobs: Sequence[Erasure]) -> bool:
        async with asyncio.TaskGroup() as tasks:
            ended = {job.id: tasks.create_task(self._erase(job)) for job in jobs}
        async with self._storage.transaction() as tx:
            for job, task in ended.items():
                if task.result():
                    await tx.erasures.done(job)
        if any(task.result() for task in ended.values()):
            # The jobs told of somebody, too.
            await self._storage.scrub()
        return all(task.result() for task in ended.values())

    async def _erase(self, job: Erasure) -> bool:
        """Whether nothing more can be done for this job."""
        for message in job.messages:
            try:
                await self._say(
                    job.channel, job.account, Act.DELETE, message, Message(), Lane.ANNOUNCEMENT
                )
            except Gone:
                return True
            except (Refused, Moved):
                continue  # it is not there any more, or may not be deleted any more
            except LATER:
                return False
        return True
