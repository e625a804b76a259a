"""All postmen, by the name of their channel."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from channels import Channel
from delivery.afterwards import Afterwards
from delivery.broadcasts import Broadcasts, Newsroom
from delivery.clock import Clock
from delivery.composing import Composing
from delivery.counts import Counts
from delivery.duty import Duty
from delivery.erasing import Erasing
from delivery.postman import Postman
from delivery.statuses import Statuses
from delivery.wording import Words
from dialogue.words import Act, Lane, Message
from storage import Storage
from storage.outbox import Delivery, State


class PostOffice:
    """Delivers on every channel that is set up; a channel without a postman keeps its rows."""

    def __init__(
        self,
        channels: Sequence[Channel],
        storage: Storage,
        clock: Clock,
        words: Words | None = None,
        reminders: Sequence[int] = (),
    ) -> None:
        """`words` is what broadcasts say; `reminders` the minutes before a webinar's start at which
        people are reminded, where neither it nor its series says otherwise."""
        self._channels = {channel.name: channel for channel in channels}
        self._storage = storage
        self._clock = clock
        self._composing = Composing(words)
        self._broadcasts = None
        if words is not None:
            self._broadcasts = Broadcasts(self._newsroom(words, reminders))
        self._erasing = Erasing(self.say, self._served, storage, clock)
        self.duties: Mapping[str, Duty] = {
            name: Duty(self._erasing.wake) for name in self._channels
        }
        """Whether this process serves each of the channels now."""
        self.postmen = {name: self._hire(name) for name in self._channels}
        self._statuses = Statuses(storage, clock, frozenset(self._channels), self._failed)
        self._closed = False

    def may_send_now(self, channel: str, address: int) -> bool:
        """As `Postman.may_send_now`; False for a channel that nobody serves."""
        postman = self.postmen.get(channel)
        return postman is not None and postman.may_send_now(address)

    def serves(self, channel: str) -> bool:
        """Whether this channel is set up here."""
        return channel in self.postmen

    def text_units(self, channel: str) -> int:
        """UTF-16 units that fit one message of this channel."""
        return self.postmen[channel].text_units

    def edits(self, channel: str) -> bool:
        """Whether what was said on this channel can be changed."""
        return self.postmen[channel].edits

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

    def look(self) -> None:
        """Another process has queued something."""
        for postman in self.postmen.values():
            postman.look()

    def wake_broadcasts(self) -> None:
        """A broadcast may have something to do, or may go on."""
        if self._broadcasts is not None:
            self._broadcasts.stir()

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

    async def told(
        self,
        channel: str,
        delivery_id: int,
        state: State,
        platform_id: str | None = None,
        error: Exception | None = None,
    ) -> None:
        """As `Statuses.take`: what this platform tells of a message that it took."""
        await self._statuses.take(channel, delivery_id, state, platform_id, error)

    async def run(self) -> None:
        """Delivers until `stop`."""
        async with asyncio.TaskGroup() as tasks:
            others = [tasks.create_task(self._erasing.run())]
            if self._broadcasts is not None:
                others.append(tasks.create_task(self._broadcasts.run()))
            serving = [tasks.create_task(self._serve(name)) for name in self._channels]
            if serving:
                await asyncio.wait(serving)
            for task in others:
                task.cancel()

    async def stop(self) -> None:
        """Returns when everything in flight is settled, or after some ten seconds."""
        self._closed = True
        await asyncio.gather(*(postman.stop() for postman in self.postmen.values()))

    def _newsroom(self, words: Words, reminders: Sequence[int]) -> Newsroom:
        """What the work on broadcasts needs."""
        channels = self._channels.values()
        return Newsroom(
            self._storage,
            self._clock,
            words,
            reminders,
            channels=frozenset(self._channels),
            look=self.look,
            telling=frozenset(c.name for c in channels if c.limits.reconcile_seconds is not None),
            fixed=frozenset(c.name for c in channels if not c.limits.edits),
            pictures_of={c.name: of for c in channels if (of := c.limits.pictures_of) is not None},
        )

    def _hire(self, name: str) -> Postman:
        return Postman(
            self._channels[name],
            self._storage,
            self._clock,
            self.duties[name],
            self._composing,
            frozenset(self._channels),
        )

    async def _serve(self, name: str) -> None:
        """One postman after the other: each ends with his hold on the sender's name."""
        await self.postmen[name].run()
        while not self._closed:
            self.postmen[name] = self._hire(name)
            await self.postmen[name].run()

    def _failed(self, channel: str, after: Afterwards) -> None:
        """A message failed that the platform had taken."""
        postman = self.postmen.get(channel)
        if postman is not None:
            postman.heed(after.silence.total_seconds(), hush=after.hush)
        self.look()

    def _served(self) -> frozenset[str]:
        return frozenset(name for name, duty in self.duties.items() if duty.on.is_set())

    @property
    def counts(self) -> Mapping[str, Counts]:
        """Numbers for the metrics, by channel."""
        return {name: postman.counts for name, postman in self.postmen.items()}
