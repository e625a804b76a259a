"""A post office at work: real storage, and a platform that follows a script."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from channels import NO_SLIP, Limits, Slip, Unsure
from delivery import Postman
from delivery.afterwards import Afterwards
from delivery.statuses import Statuses
from dialogue.words import Act, Lane, Message
from storage import Storage
from storage.community.people import Address, Arrival, Consent
from storage.outbox import Delivery, Draft, State
from tests.delivery.hurry import NOON, PATIENCE, Hurry


@dataclass(frozen=True)
class Heard:
    """What the platform was asked to do."""

    account: str
    act: Act
    target: str | None
    text: str
    at: float
    slip: Slip = NO_SLIP
    template: str | None = None
    """The name of the template that went instead of the text."""


class Lost(Unsure):
    """The answer did not come, since the request had never arrived; nobody can tell."""


class ScriptedPlatform:
    """A platform that answers each account from a script, and takes whatever is not in it."""

    def __init__(self, now: Callable[[], float], limits: Limits | None = None) -> None:
        self.name = "scripted"
        self.limits = limits or Limits(4096, per_second=1000)
        self.heard: list[Heard] = []
        self.now = now
        self.taken: list[Heard] = []
        """What arrived for all we know: also what was lost on the way back."""
        self.weather: Callable[[], Exception | None] = lambda: None
        self.most_at_once = 0
        """The most requests for one account that were ever open together."""
        self._open_for: Counter[str] = Counter()
        self.script: dict[str, deque[Exception]] = defaultdict(deque)
        self.open = asyncio.Event()
        """While this is not set, requests hang."""
        self.open.set()
        self._changed = asyncio.Condition()

    def will(self, account: str, *errors: Exception) -> None:
        """The next requests for this account end like this."""
        self.script[account].extend(errors)

    async def send(
        self, account: str, act: Act, target: str | None, message: Message, slip: Slip = NO_SLIP
    ) -> str:
        heard = self.reads(Heard(account, act, target, message.text, self.now(), slip), message)
        self.heard.append(heard)
        number = len(self.heard)
        self._open_for[account] += 1
        self.most_at_once = max(self.most_at_once, self._open_for[account])
        await self._tell()
        await self.open.wait()
        self._open_for[account] -= 1
        answer = self.script[account].popleft() if self.script[account] else self.weather()
        if answer is None:
            answer = self.objects(heard)
        if answer is None or (isinstance(answer, Unsure) and not isinstance(answer, Lost)):
            self.taken.append(heard)
            self.takes(heard, f"m{number}")
        if answer is not None:
            raise answer
        return f"m{number}"

    def reads(self, heard: Heard, message: Message) -> Heard:
        """What of this message is sent; may refuse to send it at all."""
        return heard

    def objects(self, heard: Heard) -> Exception | None:
        """Why the platform does not take this, by its own rules."""
        return None

    def takes(self, heard: Heard, id: str) -> None:
        """It took this, and named it so."""

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def hears(self, count: int) -> list[Heard]:
        """Returns when so many requests came in."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: len(self.heard) >= count)
        return self.heard

    @property
    def texts(self) -> list[str]:
        return [heard.text for heard in self.heard]

    def said_to(self, account: str) -> list[str]:
        """What it was asked to bring there, in this order."""
        return [heard.text for heard in self.heard if heard.account == account]


@dataclass(frozen=True)
class Row:
    """What the outbox says about one message."""

    state: State
    attempts: int
    ambiguous: int
    erased: bool


def ignored(channel: str, after: Afterwards) -> None:
    """Nobody has to hear of this failure."""


class Post:
    """A postman on a real database, and what tests do with it."""

    def __init__(self, storage: Storage, path: Path, platform: ScriptedPlatform, hurry: Hurry):
        self.storage = hurry.heeds(storage)
        self.platform = platform
        self.hurry = hurry
        self.postman = Postman(platform, storage, hurry.clock())
        self.statuses = Statuses(storage, hurry.clock(), [platform.name], ignored)
        self._path = path
        self._running: asyncio.Task[None] | None = None
        self._accounts: dict[int, str] = {}

    async def lives_at(self, account: str) -> int:
        """Somebody's address."""
        arrival = Arrival(self.platform.name, account, "1")
        async with self.storage.transaction() as tx:
            address, _ = await tx.people.welcome(arrival, "en", Consent("1", "x", "en"), NOON)
        self._accounts[address.id] = account
        return address.id

    def draft(self, address: int, text: str, lane: Lane = Lane.REPLY, **more: object) -> Draft:
        now = self.hurry.now()
        id = self.storage.ids.delivery(now)
        values: dict[str, object] = {"act": Act.SEND, "due": now, "message": Message(text)} | more
        return Draft(id=id, address=address, lane=lane, **values)  # pyright: ignore[reportArgumentType]

    async def queue(self, address: int, text: str, lane: Lane = Lane.REPLY, **more: object) -> int:
        """A row that waits in the outbox, of which the postman is told."""
        draft = self.draft(address, text, lane, **more)
        self.postman.expect(address)
        async with self.storage.transaction() as tx:
            await tx.outbox.add([draft])
        self.postman.wake()
        return draft.id

    async def turn(self, *replies: tuple[int, str]) -> list[int]:
        """A group of turns with these replies, as the receive loop does it."""
        drafts: list[Draft] = []
        for address, text in replies:
            may = self.postman.may_send_now(address)
            state = State.SENDING if may else State.QUEUED
            drafts.append(self.draft(address, text, state=state))
        async with self.storage.transaction() as tx:
            await tx.outbox.add(drafts)
        self.postman.wake([self._handed(d) for d in drafts if d.state is State.SENDING])
        return [draft.id for draft in drafts]

    def _handed(self, draft: Draft) -> Delivery:
        return draft.on_its_way(self.platform.name, self._accounts[draft.address])

    async def told(self, row: int, state: State, error: Exception | None = None) -> None:
        """The platform tells what became of this row."""
        await self.statuses.take(self.platform.name, row, state, None, error)

    def opens(self) -> None:
        """The postman starts work."""
        self._running = asyncio.create_task(self.postman.run())

    def limit(self, limits: Limits) -> None:
        """The platform takes only so much."""
        self.platform.limits = limits
        self.comes_again()

    def comes_again(self) -> None:
        """A new process begins."""
        self.postman = Postman(self.platform, self.storage, self.hurry.clock())

    async def is_ready(self, *, forget: bool = True) -> None:
        """Returns when the postman knows what waits in the outbox, so that replies may go."""
        before = len(self.platform.heard)
        await self.queue(await self.lives_at("somebody"), "ready")
        await self.platform.hears(before + 1)
        if forget:
            self.platform.heard.clear()

    async def all_over(self) -> None:
        """Returns when no row waits or is on its way any more."""
        open_states = {State.QUEUED, State.SENDING}
        async with asyncio.timeout(PATIENCE):
            while any(row.state in open_states for row in self.rows().values()):
                await self.hurry.lull()

    async def come_to(self, state: State, *ids: int) -> None:
        """Returns when all these rows are in this state."""
        async with asyncio.timeout(PATIENCE):
            while set(self.states(*ids)) != {state}:
                await self.hurry.lull()

    async def address(self, account: str) -> Address:
        async with self.storage.reading() as tx:
            address = await tx.people.find(self.platform.name, account)
        assert address is not None
        return address

    async def closes(self) -> None:
        """The postman stops as at the end of the process."""
        await self.postman.stop()
        if self._running is not None:
            await self._running
            self._running = None

    async def dies(self) -> None:
        """The postman is gone from one moment to the next, and another one comes."""
        assert self._running is not None
        self._running.cancel()
        await asyncio.wait([self._running])
        self._running = None
        self.comes_again()

    async def locks(self) -> sqlite3.Connection:
        """Somebody else holds the database until this connection is closed."""
        holder = sqlite3.connect(
            self._path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        # Beside the loop: whoever has the database now needs it to come to an end.
        await asyncio.to_thread(holder.execute, "BEGIN IMMEDIATE")
        return holder

    def damages(self, row: int) -> None:
        """The text of this row is not what was sealed any more."""
        with closing(sqlite3.connect(self._path)) as file, file:
            file.execute("UPDATE outbox SET message = zeroblob(92) WHERE id = ?", (row,))

    def rows(self) -> Mapping[int, Row]:
        """The outbox as it stands in the file."""
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as file:
            found = file.execute("SELECT id, state, attempts, ambiguous, message FROM outbox")
            return {r[0]: Row(State(r[1]), r[2], r[3], r[4] is None) for r in found}

    def states(self, *ids: int) -> list[State]:
        rows = self.rows()
        return [rows[id].state for id in ids]
