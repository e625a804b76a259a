"""How fast messages may leave: the sender's window, each account's turn, the broadcasts' grid.

Nothing here waits or reads a clock: every method is told the time in monotonic seconds.
"""

from __future__ import annotations

from collections import deque
from math import inf

from channels import Limits

WINDOW = 1.0
"""Seconds in which the platform counts messages."""
FREE_FOR = 0.014
"""A slot must have been free for so long before a broadcast takes it from the replies: at 30
messages a second, and for a smaller part of a second where slots follow faster."""
MARGIN = 0.002
"""Seconds by which one trip may seem longer than another: clocks tick, and threads wake late."""
CATCH_UP = 0.017
"""So many seconds of the missed grid are made up for, at 30 messages a second half a slot: answers
that take now 30 and now 80 ms would cost more without; more would turn into a burst."""
MOST_CATCH_UP = 0.04
"""The same from 80 messages a second on, of which a busy disk or processor costs one every 12 ms;
a reply may have to wait for so long, a second later."""


class Pace:
    """Says when the next message may start, so that no second ever sees more than the limit.

    The platform counts a message somewhere between its start and its answer. So one starts only
    when, of those before it, fewer than the limit are unanswered or were answered less than a
    window ago: of any N + 1 the one that starts last is counted a window after one of the others.
    """

    def __init__(self, limits: Limits, now: float) -> None:
        self._size = max(1, limits.per_second)
        # The process before this one may have filled the window just now.
        self._answered: deque[float] = deque([now] * self._size, maxlen=self._size)
        self._unanswered = 0
        self._trips = 0
        self._shortest = inf
        self._grid = now
        self._free_for = FREE_FOR * min(1.0, 30 / self._size)
        self._catch_up = max(CATCH_UP, min(MOST_CATCH_UP, self._size * MOST_CATCH_UP / 80))
        self._paused_until = now
        self._interval = limits.chat_seconds
        self._burst = max(1, limits.chat_burst)
        # By account: when its allowance is whole again. In the order of the last start.
        self._whole_at: dict[str, float] = {}

    def refill(self, now: float) -> None:
        """Counts the window as full: another process may have filled it until now."""
        self._answered.extend([now] * self._size)
        self._grid = max(self._grid, now)

    def reply_at(self, behind: int = 0) -> float:
        """The moment at which a reply may start, after `behind` others; `inf` until an answer."""
        before = self._unanswered + behind
        if before >= self._size:
            return inf
        return max(self._paused_until, self._answered[before] + WINDOW - self._credit())

    def broadcast_at(self) -> float:
        """The moment at which a broadcast's next message may start; `inf` until an answer."""
        return max(self.reply_at() + self._free_for, self._grid)

    def account_at(self, account: str) -> float:
        """The moment from which this account may get another message."""
        whole_at = self._whole_at.get(account)
        return -inf if whole_at is None else whole_at - (self._burst - 1) * self._interval

    def start(self, account: str, now: float, broadcast: bool = False) -> None:
        """Counts a message that leaves now; its end is told by `answered`."""
        self._unanswered += 1
        whole_at = self._whole_at.pop(account, now)
        self._whole_at[account] = max(whole_at, now) + self._interval
        self._forget_rested(now)
        if broadcast:
            step = 1 / self._size
            self._grid = max(self._grid + step, now + step - self._catch_up)

    def answered(self, started: float, now: float) -> None:
        """Notes that a send which left at `started` is over, however it ended."""
        self._unanswered -= 1
        self._answered.append(now)
        self._shortest = min(self._shortest, now - started)
        self._trips += 1

    def pause(self, until: float) -> None:
        """Lets nothing start before then; an earlier pause is never shortened."""
        self._paused_until = max(self._paused_until, until)

    def paused(self, now: float) -> bool:
        """Whether the platform asked for a pause that still lasts."""
        return now < self._paused_until

    @property
    def remembered(self) -> int:
        """How many accounts are remembered; bounded by what left in the last few seconds."""
        return len(self._whole_at)

    def _credit(self) -> float:
        # The platform counted the old message before its answer travelled back, and counts the
        # new one after it travelled there: together at least the shortest trip. The first trips
        # open connections and are too long to stand for the later ones.
        if self._trips < 2 * self._size:
            return 0.0
        return max(0.0, min(self._shortest, WINDOW) - MARGIN)

    def _forget_rested(self, now: float) -> None:
        for account in list(self._oldest()):
            if self._whole_at[account] > now:
                return
            del self._whole_at[account]

    def _oldest(self) -> tuple[str, ...]:
        # Two out for one in: the memory shrinks as long as the oldest are rested.
        accounts = iter(self._whole_at)
        return tuple(account for account, _ in zip(accounts, range(2), strict=False))
