"""How long to wait before the next try."""

from __future__ import annotations

from collections.abc import Callable

FIRST = 0.5
LONGEST = 30.0


class Backoff:
    """Waits that double from half a second to 30 s, each cut by up to a half at random.

    `chance` returns a number from 0 to below 1.
    """

    def __init__(self, chance: Callable[[], float]) -> None:
        self._chance = chance
        self._failures = 0

    def reset(self) -> None:
        """After a success."""
        self._failures = 0

    def next(self, at_least: float = 0.0) -> float:
        """Seconds to wait after one more failure."""
        longest = min(LONGEST, FIRST * 2 ** min(self._failures, 10))
        self._failures += 1
        return max(at_least, longest * (1 - self._chance() / 2))
