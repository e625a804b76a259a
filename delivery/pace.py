"""How fast messages may leave: the sender's window, each account's turn, the broadcasts' grid.

Nothing here waits or reads a clock: every method is told the time in monotonic seconds.
"""

from __future__ import annotations

from math import inf

from channels import Limits

WINDOW = 1.0
"""Seconds in which the platform counts messages."""
FREE_FOR = 0.02
"""A slot must have been free for so long before a broadcast takes it from the replies."""
CATCH_UP = 0.004
"""So many seconds of the missed grid are made up for; more would turn into a burst."""
MOST_CATCH_UP = 0.04
"""The same at 1,000 messages a second, of which a busy disk or processor costs one each
millisecond; a reply may have to wait for so long, a second later."""


class Pace:
    """Says when the next message may start, so that no second ever sees more than the limit.

    A send starts only when the N-th last one was *answered* a window ago: when the platform
    counted it lies between its start and its answer. By induction all sends before that one were
    answered then, too, so N + 1 can never fall into one window.
    """

    def __init__(self, limits: Limits, now: float) -> None:
        self._size = max(1, limits.per_second)
        # The process before this one may have filled the window just now.
        self._answered: list[float] = [now] * self._size
        self._count = 0
        self._trips = 0
        self._shortest = inf
        self._grid = now
        self._catch_up = max(CATCH_UP, min(MOST_CATCH_UP, self._size * MOST_CATCH_UP / 1_000))
        self._paused_until = now
        self._interval = limits.chat_seconds
        self._burst = max(1, limits.chat_burst)
        # By account: when its allowance is whole again. In the order of the last start.
        self._whole_at: dict[str, float] = {}

    def refill(self, now: float) -> None:
        """Counts the window as full: another process may have filled it until now."""
        self._answered = [max(answered, now) for answered in self._answered]
        self._grid = max(self._grid, now)

    def reply_at(self, behind: int = 0) -> float:
        """The moment at which a reply may start, after `behind` others; `inf` until an answer."""
        if behind >= self._size:
            return inf
        answered = self._answered[(self._count + behind) % self._size]
        return max(self._paused_until, answered + WINDOW - self._credit())

    def broadcast_at(self) -> float:
        """The moment at which a broadcast's next message may start; `inf` until an answer."""
        return max(self.reply_at() + FREE_FOR, self._grid)

    def account_at(self, account: str) -> float:
        """The moment from which this account may get another message."""
        whole_at = self._whole_at.get(account)
        return -inf if whole_at is None else whole_at - (self._burst - 1) * self._interval

    def start(self, account: str, now: float, broadcast: bool = False) -> int:
        """Counts a message that leaves now, and returns the ticket that its answer shows."""
        ticket = self._count
        self._answered[ticket % self._size] = inf
        self._count += 1
        whole_at = self._whole_at.pop(account, now)
        self._whole_at[account] = max(whole_at, now) + self._interval
        self._forget_rested(now)
        if broadcast:
            step = 1 / self._size
            self._grid = max(self._grid + step, now + step - self._catch_up)
        return ticket

    def answered(self, ticket: int, started: float, now: float) -> None:
        """Notes that this send is over, however it ended."""
        self._answered[ticket % self._size] = now
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
        return min(self._shortest, WINDOW) if self._trips >= 2 * self._size else 0.0

    def _forget_rested(self, now: float) -> None:
        for account in list(self._oldest()):
            if self._whole_at[account] > now:
                return
            del self._whole_at[account]

    def _oldest(self) -> tuple[str, ...]:
        # Two out for one in: the memory shrinks as long as the oldest are rested.
        accounts = iter(self._whole_at)
        return tuple(account for account, _ in zip(accounts, range(2), strict=False))
