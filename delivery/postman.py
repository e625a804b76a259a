"""One sender's postman: the only door through which the bot says anything on that channel."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence

from channels import Channel, Unreachable
from delivery.backlog import Backlog
from delivery.books import Books
from delivery.carrying import Carrying
from delivery.claiming import Claiming
from delivery.clock import Clock
from delivery.composing import Composing
from delivery.counts import Counts
from delivery.desk import Desk
from delivery.duty import Duty
from delivery.lanes import Lanes
from delivery.letters import Letter, letter_of
from delivery.pace import Pace
from delivery.promises import Promises
from delivery.reconciling import Reconciling
from delivery.settling import Ending, Settling
from delivery.shift import Shift
from delivery.tenure import Tenure
from dialogue.words import Act, Lane, Message
from storage import Storage
from storage.outbox import Delivery, State


class Postman:
    """Sends what the outbox holds for one channel, and what is said without being stored.

    Of the postmen in several processes only the one that holds the sender's name touches the
    outbox and promises to send at once; the others stand by, and say what is not stored.
    """

    def __init__(
        self,
        channel: Channel,
        storage: Storage,
        clock: Clock,
        duty: Duty | None = None,
        composing: Composing | None = None,
        channels: Collection[str] = (),
    ) -> None:
        """`channels` are all that somebody serves."""
        pace = Pace(channel.limits, clock.monotonic())
        # While one half is written, the other may be on its way.
        bulk = max(1, channel.limits.at_once // 2)
        self._settling = Settling(storage, clock, bulk, self._settled, channels)
        self._desk = Desk(channel, clock, pace, Lanes(pace), Backlog(), self._settling, Counts())
        self._books = Books(self._desk)
        self._claiming = Claiming(
            self._desk, storage, composing or Composing(None), self._stir_carrying
        )
        reconciling = Reconciling(channel, storage)
        self._carrying = Carrying(self._desk, self._books, reconciling, self._claiming.room)
        self._promises = Promises(self._desk)
        self._tenure = Tenure(channel.name, storage, clock, self._relieved)
        self._shift = Shift(
            self._desk, self._books, self._claiming, self._carrying, self._tenure, duty or Duty()
        )

    @property
    def text_units(self) -> int:
        """UTF-16 units that fit one message."""
        return self._desk.channel.limits.text_units

    @property
    def edits(self) -> bool:
        """Whether what was said on this channel can be changed."""
        return self._desk.channel.limits.edits

    @property
    def counts(self) -> Counts:
        """Numbers for the metrics, as they are now."""
        self._desk.counts.waiting = self._desk.lanes.waiting
        self._desk.counts.failing = self._failing
        return self._desk.counts

    @property
    def _failing(self) -> bool:
        return self._settling.failing or self._claiming.failing or self._tenure.cut

    def may_send_now(self, address: int) -> bool:
        """Whether this turn may insert its next reply to this address as `sending`.

        Ask once for each reply, in their order, and insert it as `queued` on a no. A yes holds
        until the next `wake`, which must hand the delivery over once it is committed. A reply
        whose target is an earlier delivery is always inserted as `queued`: see `expect`.
        """
        may = self._shift.open and not self._failing and self._promises.give(address)
        if not may:
            self._desk.backlog.expect(address)
        return may

    def expect(self, address: int) -> None:
        """This turn inserts something as `queued` for this address without having asked."""
        self._desk.backlog.expect(address)

    def wake(self, deliveries: Sequence[Delivery] = ()) -> None:
        """The turns so far are committed: these rows stand as `sending`, others are queued.

        Without deliveries it looks into the outbox in any case.
        """
        self._desk.held.update(delivery.id for delivery in deliveries)
        may = self._shift.open
        for delivery in deliveries:
            if may and not self._desk.backlog.holds(delivery.address):
                self._desk.lanes.put(letter_of(delivery))
            else:
                self._books.hand_back([letter_of(delivery)], self._desk.clock.now())
        if deliveries:
            self._carrying.stir()
        else:
            self._desk.backlog.look()
            self._claiming.stir()
        self.committed()

    def look(self) -> None:
        """Another process has queued something."""
        self._desk.backlog.look()
        self._claiming.stir()

    def heed(self, seconds: float, *, hush: bool) -> None:
        """The platform told that nothing may leave for so long; with `hush` replies still may."""
        if hush:
            self._books.hush(seconds)
        elif seconds > 0:
            self._books.pause(seconds)
        self.look()

    def committed(self) -> None:
        """The turns so far are committed, none of them with anything to hand over here."""
        self._promises.kept()
        if self._desk.backlog.committed():
            self._claiming.stir()

    async def say(
        self,
        account: str,
        act: Act,
        target: str | None,
        message: Message,
        lane: Lane = Lane.REPLY,
    ) -> str:
        """Says something of which nothing is stored; returns the platform's id of it.

        Raises what a channel may raise; short pauses of the platform are waited out. When the
        process stops before it was sent, Unreachable is raised.
        """
        if self._shift.ending.is_set():
            raise Unreachable("The post office is closed.")
        answer = asyncio.get_running_loop().create_future()
        self._desk.lanes.put(Letter(account, act, target, message, lane, answer=answer))
        self._carrying.stir()
        return await answer

    async def run(self) -> None:
        """Delivers until `stop`, or until another process has the sender's name.

        Then what is in flight is settled, and nothing else starts: this postman's time is over.
        """
        await self._shift.run()

    async def stop(self) -> None:
        """Returns when everything in flight is settled, or after ten seconds."""
        await self._shift.stop()

    def _relieved(self) -> None:
        self._shift.relieve()

    def _settled(self, endings: Sequence[Ending]) -> None:
        backlog, clock = self._desk.backlog, self._desk.clock
        for ending in endings:
            self._desk.held.discard(ending.settlement.id)
            due = ending.settlement.due
            if ending.settlement.state is State.QUEUED and due is not None:
                seconds = (due - clock.now()).total_seconds()
                backlog.returned(ending.address, clock.monotonic() + seconds)
        backlog.settled()
        self._claiming.stir()
        self._carrying.stir()

    def _stir_carrying(self) -> None:
        self._carrying.stir()
