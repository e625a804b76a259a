"""Whoever guesses at invitations learns nothing: not by the answer, and not by a clock."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta

import pytest

from storage import Storage
from storage.community.invites import drawn_code
from tests.storage.conftest import Clock
from tests.storage.test_staff import WRONG, invited, looked, person, redeemed

ROUNDS = 30
SAMPLES = 20
ALIKE = 0.005
"""Seconds."""
NO_LIMIT = 10**6
GUESSES = 100_000


async def seconds(storage: Storage, secret: str, clock: Clock, tries: int) -> float:
    """How long it takes to be told that this is no invitation."""
    began = time.perf_counter()
    async with storage.transaction() as tx:
        assert await tx.staff.look(secret, clock.now, tries) is None
    return time.perf_counter() - began


async def quicken(
    storage: Storage, clock: Clock, asked: Mapping[str, tuple[str, int]], quickest: dict[str, float]
) -> float:
    """How many seconds the slowest of these takes longer than the quickest, each at its best."""
    for _ in range(ROUNDS):
        for name, (secret, tries) in asked.items():
            took = await seconds(storage, secret, clock, tries)
            quickest[name] = min(took, quickest.get(name, took))
    return max(quickest.values()) - min(quickest.values())


async def test_wrong_used_expired_and_locked_take_as_long(storage: Storage, clock: Clock) -> None:
    expired = await invited(storage, clock)
    clock.forward(timedelta(minutes=16))
    used, one = await invited(storage, clock), await invited(storage, clock)
    assert await redeemed(storage, used.token, await person(storage, "1", clock), clock)
    asked = {
        "a wrong code": (WRONG, NO_LIMIT),
        "a wrong link": ("w" * 32, NO_LIMIT),
        "a used code": (used.code, NO_LIMIT),
        "a used link": (used.token, NO_LIMIT),
        "an expired code": (expired.code, NO_LIMIT),
        "an expired link": (expired.token, NO_LIMIT),
        "a right code that is locked": (one.code, 0),
    }
    # Whatever else the machine does makes a look longer, and none shorter; what one of them takes
    # longer by itself it takes each time, also when nothing comes between.
    quickest: dict[str, float] = {}
    apart = [await quicken(storage, clock, asked, quickest)]
    while apart[-1] > ALIKE and len(apart) < SAMPLES:
        apart.append(await quicken(storage, clock, asked, quickest))
    assert apart[-1] <= ALIKE, apart


@pytest.mark.soak
@pytest.mark.timeout(300)
async def test_a_hundred_thousand_guesses_find_nothing_and_keep_no_link_from_working(
    storage: Storage, clock: Clock
) -> None:
    one = await invited(storage, clock)
    codes = (drawn_code(number.to_bytes(16, "big")) for number in range(GUESSES))
    async with storage.transaction() as tx:
        for code in codes:
            assert await tx.staff.look(code, clock.now) is None
    assert await looked(storage, one.code, clock) is None
    assert await looked(storage, one.token, clock) is not None
