"""What a platform tells of a message after it took it, and what then becomes of that message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from delivery.afterwards import Afterwards, afterwards
from delivery.alarm import Alarm
from delivery.clock import Clock
from delivery.learnt import Learnt, note
from delivery.reach import DAY
from dialogue.incoming import TryAgain
from storage import Storage, Transaction, Unavailable
from storage.broadcasting.broadcasts import Phase
from storage.outbox import Place, State, Status

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Said:
    """What was told of one message."""

    channel: str
    delivery: int
    state: State
    platform_id: str | None
    error: Exception | None
    kept: bool = False
    unavailable: Unavailable | None = None


class Statuses:
    """Keeps what comes in: all that waits with one commit, forward only."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        channels: Collection[str],
        told: Callable[[str, Afterwards], None],
    ) -> None:
        """`channels` are those that somebody serves; `told` hears of each failure once it counts,
        and of which channel."""
        self._storage = storage
        self._clock = clock
        self._channels = channels
        self._told = told
        self._alarm = Alarm(log, clock.monotonic)
        self._writing = asyncio.Lock()
        self._waiting: list[Said] = []

    async def take(
        self,
        channel: str,
        delivery_id: int,
        state: State,
        platform_id: str | None = None,
        error: Exception | None = None,
    ) -> None:
        """Returns once this is kept: SENT, DELIVERED, READ or FAILED, repeated and in any order.

        `platform_id` is which of several copies is meant; `error` is why it FAILED, as the channel
        would have raised it. Raises TryAgain when it could not be kept.
        """
        said = Said(channel, delivery_id, state, platform_id, error)
        self._waiting.append(said)
        async with self._writing:
            if not said.kept and said.unavailable is None:
                await self._write_all(said)
        if said.unavailable is not None:
            raise TryAgain("The database cannot be used.") from said.unavailable

    async def _write_all(self, said: Said) -> None:
        """Writes all that waits, for everybody who waits for it."""
        together, self._waiting = self._waiting, []
        try:
            failures = await self._keep(together)
        except Unavailable as error:
            for each in together:
                each.unavailable = error
            return
        except BaseException:
            # Whoever else waits writes the rest: this caller has gone, or asked the impossible.
            self._waiting[:0] = [each for each in together if each is not said]
            raise
        for each in together:
            each.kept = True
        for channel, after in failures:
            if after.alert is not None:
                self._alarm.sound(after.alert, channel)
            self._told(channel, after)

    async def _keep(self, together: Sequence[Said]) -> list[tuple[str, Afterwards]]:
        statuses = [
            Status(each.delivery, each.state, each.platform_id, self._reason(each))
            for each in together
        ]
        failures: list[tuple[str, Afterwards]] = []
        async with self._storage.transaction() as tx:
            news = await tx.outbox.statuses(statuses)
            for each, is_news in zip(together, news, strict=True):
                failed = is_news and each.state is State.FAILED
                place = await tx.outbox.place(each.delivery) if failed else None
                if place is not None:
                    failures.append((each.channel, await self._act(tx, each, place)))
        return failures

    def _reason(self, said: Said) -> str | None:
        if said.state is not State.FAILED:
            return None
        return afterwards(said.error, self._clock.now(), 0.0).reason

    async def _act(self, tx: Transaction, said: Said, place: Place) -> Afterwards:
        now = self._clock.now()
        after = afterwards(said.error, now, self._clock.chance(), place.again)
        await note(tx, place.address, learnt_of(after, place), now)
        if after.unfit and place.broadcast is not None:
            await tx.broadcasts.set_phase(place.broadcast, Phase.PAUSED, [Phase.RUNNING], now)
        await self._send_again(tx, said, after)
        return after

    async def _send_again(self, tx: Transaction, said: Said, after: Afterwards) -> None:
        """Elsewhere at once, or here as often as that may help, or elsewhere after all."""
        id, now = said.delivery, self._clock.now()
        if after.elsewhere and await tx.outbox.reroute(id, now, self._channels):
            return
        if after.due is None:
            return
        again = await tx.outbox.requeue(id, after.due, said.platform_id, after.most)
        if not again and not after.elsewhere:
            await tx.outbox.reroute(id, now, self._channels)


def learnt_of(after: Afterwards, place: Place) -> Learnt:
    """What is noted of the address: a window is shut unless they have written since."""
    learnt = after.learnt
    return learnt if learnt.shut is None else replace(learnt, shut=place.taken + DAY)
