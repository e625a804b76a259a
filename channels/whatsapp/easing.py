"""How long the sender is silent after Twilio said that there is too much at once."""

from __future__ import annotations

from collections.abc import Callable

from channels import Busy

LONGEST = 60.0


class Easing:
    """Waits that double while they do not help, with a part of each left to chance.

    `clock` gives seconds, `chance` a number from 0 to below 1.
    """

    def __init__(self, clock: Callable[[], float], chance: Callable[[], float]) -> None:
        self._clock = clock
        self._chance = chance
        self._times = 0
        self._until = 0.0

    def again(self, busy: Busy) -> Busy:
        """The pause to ask for; those that were on their way together have one in common."""
        now = self._clock()
        if now < self._until:
            return Busy(self._until - now)
        seconds = min(busy.seconds * 2.0**self._times, max(LONGEST, busy.seconds))
        seconds *= 1 + self._chance() / 2
        self._times = min(self._times + 1, 10)
        self._until = now + seconds
        return Busy(seconds)

    def went_well(self) -> None:
        """Something was taken."""
        if self._clock() >= self._until:
            self._times = 0
