"""The mailbox that people write to: what is new in it, one mail again, and its tidying."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from channels import Unreachable
from channels.email.imap import Box, Fetched, Line, Standing, fault_of

T = TypeVar("T")
_AT_ONCE = 500
"""Mails that one command names, at most: servers read lines of some thousand letters."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Inbox:
    """One connection to the mailbox; every call raises Barred or Unreachable."""

    def __init__(self, box: Box, *, tls: ssl.SSLContext | None = None) -> None:
        """`tls` is what certificates are checked by; None is what this machine trusts."""
        self._box = box
        self._tls = tls
        self._line: Line | None = None
        self._turn = asyncio.Lock()

    async def open(self) -> Standing:
        """Log in and look how it stands."""
        return await self._beside(self._log_in)

    async def after(self, uid: int) -> list[int]:
        """The numbers of all mails behind this one, in their order."""
        # `n:*` always names the last one, whatever its number is.
        found = await self._call(lambda line: line.search(f"UID {uid + 1}:*"))
        return [each for each in found if each > uid]

    async def since(self, day: datetime) -> list[int]:
        """The numbers of all mails that arrived on this day or later."""
        return await self._call(lambda line: line.search(f"SINCE {_named(day)}"))

    async def before(self, day: datetime, first: int, last: int) -> list[int]:
        """The numbers, between these two, of mails that arrived earlier than on this day."""
        if first > last:
            return []
        wanted = f"UID {first}:{last} BEFORE {_named(day)}"
        return await self._call(lambda line: line.search(wanted))

    async def fetch(self, uid: int) -> Fetched | None:
        """This mail, left as it was; None if it is there no more."""
        return await self._call(lambda line: line.fetch(uid))

    async def delete(self, uids: Sequence[int]) -> None:
        """Delete these, and nothing else where the server can do that (RFC 4315)."""
        for start in range(0, len(uids), _AT_ONCE):
            some = uids[start : start + _AT_ONCE]
            await self._call(lambda line, some=some: line.delete(some))

    async def wait(self, seconds: float) -> None:
        """Returns when the server tells of anything new, or after so long."""
        await self._call(lambda line: line.wait(seconds))

    async def close(self) -> None:
        """Hang up, also in the midst of a call."""
        line = self._line
        if line is None:
            return
        if self._turn.locked():
            line.cut()
            return
        self._line = None
        await asyncio.to_thread(line.leave)

    async def _call(self, work: Callable[[Line], T]) -> T:
        return await self._beside(lambda: work(self._opened()))

    async def _beside(self, work: Callable[[], T]) -> T:
        async with self._turn:
            try:
                return await asyncio.to_thread(self._tidily, work)
            except asyncio.CancelledError:
                # A call that nobody waits for any more must not go on.
                if self._line is not None:
                    self._line.cut()
                raise

    # --- within a thread ------------------------------------------------------------------------

    def _tidily(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except BaseException as error:
            # What was said on this line since is nobody's answer any more.
            line, self._line = self._line, None
            if line is not None:
                line.close()
            fault = fault_of(error)
            if fault is None:
                raise
            raise fault from None

    def _log_in(self) -> Standing:
        # Known before it is asked anything, so that whoever loses patience can cut it.
        self._line = line = Line(self._box, self._tls)
        return line.log_in(self._box)

    def _opened(self) -> Line:
        if self._line is None:
            raise Unreachable("The mailbox is not open.")
        return self._line


def _named(day: datetime) -> str:
    return f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"
