"""How the web chat's open pages learn that there is something new for them."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from zlib import crc32

SHELVES = 256


class Crowded(Exception):
    """More pages are listening than this server has room for."""


class Bell:
    """Rings when there may be something new for an account."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self.displaced = False
        """A newer page of the same account listens instead."""
        self.closed = False
        """The server is stopping."""

    def ring(self) -> None:
        """Wake whoever waits, or will."""
        self._rung.set()

    async def wait(self, seconds: float) -> bool:
        """Whether it rang within so many seconds; a ring before the wait counts."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class Bells:
    """The bells of all accounts that somebody listens for."""

    def __init__(self, listeners: int) -> None:
        """So many pages may listen at once."""
        self._bells: dict[str, list[Bell]] = {}
        self._streams: dict[str, list[Bell]] = {}
        self._listening = 0
        self._listeners = listeners
        self._closed = False

    def ring(self, account: str) -> None:
        """Wake everybody who listens for this account."""
        for bell in self._bells.get(account, ()):
            bell.ring()

    def ring_shelf(self, shelf: int) -> None:
        """Wake everybody who listens for an account on this shelf: another process has letters."""
        for account in list(self._bells):
            if shelf_of(account) == shelf:
                self.ring(account)

    def ring_all(self) -> None:
        """Wake everybody: there may be letters of which nobody told."""
        for account in list(self._bells):
            self.ring(account)

    @contextmanager
    def listen(self, account: str) -> Generator[Bell]:
        """A bell that rings for this account's letters until the block ends."""
        bell = Bell()
        bell.closed = self._closed
        bells = self._bells.setdefault(account, [])
        bells.append(bell)
        try:
            yield bell
        finally:
            _remove(self._bells, account, bell)

    @contextmanager
    def stream(self, account: str, most: int = 2) -> Generator[Bell]:
        """A bell for a page that stays open; the newest `most` of an account displace the others.

        Raises Crowded when the server has no room for another one.
        """
        streams = self._streams.setdefault(account, [])
        while len(streams) >= most:
            oldest = streams.pop(0)
            oldest.displaced = True
            oldest.ring()
        if not self.has_room:
            if not streams:
                del self._streams[account]
            raise Crowded
        with self.listen(account) as bell:
            self._listening += 1
            streams.append(bell)
            try:
                yield bell
            finally:
                self._listening -= 1
                _remove(self._streams, account, bell)

    @property
    def listening(self) -> int:
        """How many pages are open and listening."""
        return self._listening

    @property
    def has_room(self) -> bool:
        """Whether one more page may listen."""
        return self._listening < self._listeners

    def close(self) -> None:
        """End all streams, now and from now on: the server is stopping."""
        self._closed = True
        for bells in self._bells.values():
            for bell in bells:
                bell.closed = True
                bell.ring()


def shelf_of(account: str) -> int:
    """One of 256 shelves: all that other processes are told about whom a letter is for."""
    return crc32(account.encode()) % SHELVES


def _remove(bells: dict[str, list[Bell]], account: str, bell: Bell) -> None:
    listed = bells.get(account)
    if listed is None:
        return
    if bell in listed:
        listed.remove(bell)
    if not listed:
        del bells[account]
