"""A postman's shift: from taking over what is in flight until the last of it is settled."""

from __future__ import annotations

import asyncio
import contextlib

from channels import Unreachable
from delivery.books import Books
from delivery.carrying import Carrying
from delivery.claiming import Claiming
from delivery.desk import Desk
from delivery.duty import Duty
from delivery.tenure import Tenure

DRAIN = 8.0
"""Seconds that messages in flight are given to end when the process stops."""
DRAIN_WHEN_RELIEVED = 1.0
"""The same when another process takes over: meanwhile nobody here stands by for that one."""


class Shift:
    """Opens the post office once the sender's name is held, and closes it with nothing lost."""

    def __init__(
        self,
        desk: Desk,
        books: Books,
        claiming: Claiming,
        carrying: Carrying,
        tenure: Tenure,
        duty: Duty,
    ) -> None:
        self._desk = desk
        self._books = books
        self._claiming = claiming
        self._carrying = carrying
        self._tenure = tenure
        self._duty = duty
        self._patience = DRAIN
        self._running = False
        self._stopped = asyncio.Event()
        self._idle = asyncio.Event()
        self.open = False
        """Whether what is promised to leave at once may."""
        self.ending = asyncio.Event()
        """Set once nothing else starts."""

    async def run(self) -> None:
        """Delivers until it ends; then what is in flight is settled."""
        self._running = True
        try:
            async with asyncio.TaskGroup() as tasks:
                settling = tasks.create_task(self._desk.settling.run())
                carrying = tasks.create_task(self._carry())
                claiming = tasks.create_task(self._serve())
                holding = tasks.create_task(self._tenure.run(self.ending))
                await self.ending.wait()
                await self._drain(claiming, carrying, settling)
                await _cut_off(holding)
        finally:
            self._end()
            self._refuse_all()
            self._stopped.set()

    async def stop(self) -> None:
        """Returns when everything in flight is settled, or after ten seconds."""
        self._end()
        if self._running:
            await self._stopped.wait()

    def relieve(self) -> None:
        """Another process has the sender's name: what is in flight is given less time."""
        self._patience = DRAIN_WHEN_RELIEVED
        self._end()

    def _end(self) -> None:
        self.open = False
        self._duty.end()
        self.ending.set()
        self._claiming.close()

    async def _serve(self) -> None:
        """Once the name is held, takes over what is in flight, and claims until closed."""
        await self._tenure.held.wait()
        self._desk.pace.refill(self._desk.clock.monotonic())
        await self._claiming.recover()
        if not self.ending.is_set():
            self.open = True
            self._duty.begin()
        await self._claiming.run()

    async def _carry(self) -> None:
        async with asyncio.TaskGroup() as workers:
            for _ in range(self._desk.channel.limits.at_once):
                workers.create_task(self._carrying.work())
        self._idle.set()

    async def _drain(
        self,
        claiming: asyncio.Task[None],
        carrying: asyncio.Task[None],
        settling: asyncio.Task[None],
    ) -> None:
        clock = self._desk.clock
        self._carrying.close()
        if self._tenure.held.is_set():
            await claiming
        else:
            await _cut_off(claiming)
        deadline = clock.monotonic() + self._patience
        await clock.wait(self._idle, self._patience)
        # What is cut off here stays `sending`, and the next start treats it as ambiguous.
        await _cut_off(carrying)
        self._books.hand_back(self._desk.lanes.drop_all(), clock.now())
        self._desk.settling.close()
        left = max(1.0, deadline - clock.monotonic())
        await clock.wait(self._desk.settling.written, left)
        await _cut_off(settling)

    def _refuse_all(self) -> None:
        for letter in self._desk.lanes.drop_all():
            if letter.answer is not None and not letter.answer.done():
                letter.answer.set_exception(Unreachable("The post office is closed."))


async def _cut_off(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
