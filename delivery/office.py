"""All postmen, by the name of their channel."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from channels import Channel
from delivery.clock import Clock
from delivery.counts import Counts
from delivery.erasing import Erasing
from delivery.postman import Postman
from dialogue.words import Act, Lane, Message
from storage import Storage
from storage.outbox import Delivery


class PostOffice:
    """Delivers on every channel that is set up; a channel without a postman keeps its rows."""

    def __init__(self, channels: Sequence[Channel], storage: Storage, clock: Clock) -> None:
        self.postmen: Mapping[str, Postman] = {
            channel.name: Postman(channel, storage, clock) for channel in channels
        }
        self._erasing = Erasing(self.say, frozenset(self.postmen), storage, clock)

    def may_send_now(self, channel: str, address: int) -> bool:
        """As `Postman.may_send_now`; False for a channel that nobody serves."""
        postman = self.postmen.get(channel)
        return postman is not None and postman.may_send_now(address)

    def text_units(self, channel: str) -> int:
        """UTF-16 units that fit one message of this channel."""
        return self.postmen[channel].text_units

    def wake(self, deliveries: Sequence[Delivery] = ()) -> None:
        """The turns so far are committed: these rows stand as `sending`, others may be queued."""
        by_channel: dict[str, list[Delivery]] = {}
        for delivery in deliveries:
            by_channel.setdefault(delivery.channel, []).append(delivery)
        for name, postman in self.postmen.items():
            own = by_channel.get(name, [])
            if own or not deliveries:
                postman.wake(own)
            else:
                postman.committed()

    def wake_erasing(self) -> None:
        """There may be messages to take away from a platform."""
        self._erasing.wake()

    async def say(
        self,
        channel: str,
        account: str,
        act: Act,
        target: str | None,
        message: Message,
        lane: Lane = Lane.REPLY,
    ) -> str:
        """As `Postman.say`; raises KeyError for a channel that nobody serves."""
        return await self.postmen[channel].say(account, act, target, message, lane)

    async def run(self) -> None:
        """Delivers until `stop`."""
        async with asyncio.TaskGroup() as tasks:
            erasing = tasks.create_task(self._erasing.run())
            postmen = [tasks.create_task(postman.run()) for postman in self.postmen.values()]
            if postmen:
                await asyncio.wait(postmen)
            erasing.cancel()

    async def stop(self) -> None:
        """Returns when everything in flight is settled, or after some ten seconds."""
        await asyncio.gather(*(postman.stop() for postman in self.postmen.values()))

    @property
    def counts(self) -> Mapping[str, Counts]:
        """Numbers for the metrics, by channel."""
        return {name: postman.counts for name, postman in self.postmen.items()}
