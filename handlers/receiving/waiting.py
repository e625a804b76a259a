"""The turns that somebody waits for: in order for each account, one of an account at a time."""

from __future__ import annotations

import asyncio
from collections import deque

from dialogue.incoming import Incoming, TryAgain
from handlers.counting import Countable, Counted

STOPPING = "The bot is stopping."


class Waiting:
    """One turn that somebody waits for."""

    __slots__ = ("counted", "done", "incoming", "key")

    def __init__(self, incoming: Incoming, done: asyncio.Future[None]) -> None:
        self.incoming = incoming
        self.key = incoming.origin
        self.done = done
        self.counted: dict[Countable, Counted] = {}
        """What was counted for it."""


class WaitingRoom:
    """Holds turns until they are called in, and says to whoever waits what became of theirs."""

    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._busy: set[tuple[str, str]] = set()
        self._unanswered: set[asyncio.Future[None]] = set()
        self._open = True
        self.stirred = asyncio.Event()
        """Set when somebody came, or left, or nobody else will come."""

    @property
    def empty(self) -> bool:
        """Whether nobody waits, and nobody will."""
        return not self._open and not self._waiting

    def enter(self, incoming: Incoming) -> asyncio.Future[None]:
        """Done once `free` says so; fails with TryAgain when the room is closed."""
        done = asyncio.get_running_loop().create_future()
        self._unanswered.add(done)
        done.add_done_callback(self._answered)
        if self._open:
            self._waiting.append(Waiting(incoming, done))
            self.stirred.set()
        else:
            done.set_exception(TryAgain(STOPPING))
        return done

    def call(self, most: int) -> list[Waiting]:
        """Those whose turn it is, at most so many; until they are freed, no other of theirs is."""
        group: list[Waiting] = []
        later: deque[Waiting] = deque()
        while self._waiting and len(group) < most:
            waiting = self._waiting.popleft()
            if waiting.key in self._busy:
                later.append(waiting)
            else:
                self._busy.add(waiting.key)
                group.append(waiting)
        later.extend(self._waiting)
        self._waiting = later
        return group

    def put_back(self, waiting: Waiting) -> None:
        """It is to be called once more, before all others."""
        self._busy.discard(waiting.key)
        self._waiting.appendleft(waiting)
        self.stirred.set()

    def free(self, waiting: Waiting, failure: Exception | None = None) -> None:
        """This turn is over, or failed; the account's next one may be called."""
        self._busy.discard(waiting.key)
        if not waiting.done.done():
            if failure is None:
                waiting.done.set_result(None)
            else:
                waiting.done.set_exception(failure)
        self.stirred.set()

    def close(self) -> None:
        """Lets nobody else in."""
        self._open = False
        self.stirred.set()

    def send_away(self) -> None:
        """Whoever waits is not to wait for ever, and may bring it again."""
        self.close()
        for done in [*self._unanswered]:
            if not done.done():
                done.set_exception(TryAgain(STOPPING))

    def _answered(self, done: asyncio.Future[None]) -> None:
        self._unanswered.discard(done)
        # Nobody may be left to hear of a failure: the platform will bring the update again.
        if not done.cancelled():
            done.exception()
