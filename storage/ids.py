"""Row ids: 63-bit integers that the application makes, so that both engines have the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from storage.engines.times import epoch_ms

Randomness = Callable[[int], bytes]

STEPS_IN_A_MILLISECOND = 20  # bits
LARGEST_ID = 2**63 - 1
_DIGITS = {10: re.compile("[0-9]{1,19}"), 16: re.compile("[0-9a-f]{1,16}")}


def id_in(digits: str, base: Literal[10, 16] = 10) -> int | None:
    """The id that a button, a form or an address carries in these digits; None for what is none."""
    number = int(digits, base) if _DIGITS[base].fullmatch(digits) else 0
    return number if 0 < number <= LARGEST_ID else None


class Ids:
    """Makes ids from a source of random bytes."""

    def __init__(self, randomness: Randomness) -> None:
        self._randomness = randomness
        self._last = 0

    def random(self, size: int) -> bytes:
        """So many random bytes, for what is drawn and is no id."""
        return self._randomness(size)

    def person(self) -> int:
        """An id that tells nothing, for whatever belongs to a person."""
        # Never small: a short number would be found by chance in any file.
        return int.from_bytes(self._randomness(8), "big") >> 1 | 1 << 62

    def delivery(self, now: datetime) -> int:
        """An id that rises with time, and with each call within a millisecond."""
        return self.deliveries(now, 1)

    def deliveries(self, now: datetime, count: int) -> int:
        """The first of so many ids in a row, as `delivery` gives them."""
        # Somewhere in the first half of the millisecond: two processes hardly ever meet.
        start = int.from_bytes(self._randomness(3), "big") >> 5
        first = max(self._last + 1, epoch_ms(now) << STEPS_IN_A_MILLISECOND | start)
        self._last = first + count - 1
        return first
