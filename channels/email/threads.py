"""Which mail of theirs an answer belongs to; held in memory, since it says who wrote to us."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

REMEMBERED = timedelta(minutes=10)
MOST = 1000


@dataclass(frozen=True, slots=True)
class Thread:
    """A mail that came in: what answers it names it, so that they stand together."""

    message_id: str
    """With its angle brackets."""
    subject: str | None
    """None where another one may have written it."""


class Threads:
    """The last mail of each account, for as long as answers to it are on their way."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, tuple[datetime, Thread]] = OrderedDict()

    def note(self, account: str, thread: Thread, now: datetime) -> None:
        """This account wrote this just now."""
        self._held.pop(account, None)
        self._held[account] = now, thread
        while len(self._held) > MOST:
            self._held.popitem(last=False)

    def find(self, account: str, now: datetime) -> Thread | None:
        """What the account wrote within the last minutes."""
        noted = self._held.get(account)
        if noted is None:
            return None
        if now - noted[0] > REMEMBERED:
            del self._held[account]
            return None
        return noted[1]
