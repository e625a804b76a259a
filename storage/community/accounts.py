"""Accounts on platforms with more rules: other ids of theirs, windows, wishes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from storage.desk import Desk
from storage.engines.port import Value, Values
from storage.engines.times import epoch_ms
from storage.persons import Arrival, address_key

OPEN_WINDOW = """
UPDATE addresses SET open_until = :until, rests_until = NULL
WHERE id = :address AND COALESCE(open_until, 0) < :until
"""
# Of an address that the turn has found by this key, or has just been given it.
OPEN_BY_KEY = """
UPDATE addresses SET open_until = :until, rests_until = NULL
WHERE id = (SELECT address FROM address_keys WHERE key = :key)
  AND COALESCE(open_until, 0) < :until
"""
CLOSE_WINDOW = """
UPDATE addresses SET open_until = 0 WHERE id = :address AND COALESCE(open_until, 0) <= :until
"""
# Whoever has another chat with us has stopped this one alone.
OPT_OUT = """
UPDATE people SET announcements = 0, reminders = 0
WHERE id = (SELECT person FROM addresses WHERE id = :address AND linked = 0)
"""
LIMIT = """
UPDATE addresses SET marketing = COALESCE(:marketing, marketing),
    rests_until = COALESCE(:rests_until, rests_until)
WHERE id = :address
"""
PREFER = """
UPDATE addresses SET preferred = CASE WHEN id = :address THEN 1 ELSE 0 END WHERE person = :person
"""


async def open_window(desk: Desk, address_id: int, until: datetime) -> None:
    """As `People.open_window`."""
    await desk.connection.run(OPEN_WINDOW, {"address": address_id, "until": epoch_ms(until)})


async def open_windows(desk: Desk, arrivals: Sequence[Arrival]) -> None:
    """What arrived opens the accounts that it came from, where there is such a thing."""
    rows: list[Values] = [
        {
            "key": address_key(desk.vault, arrival.channel, arrival.account),
            "until": epoch_ms(arrival.opens_until),
        }
        for arrival in arrivals
        if arrival.opens_until is not None
    ]
    await desk.connection.run_many(OPEN_BY_KEY, rows)


async def close_window(desk: Desk, address_id: int, until: datetime) -> None:
    """As `People.close_window`."""
    await desk.connection.run(CLOSE_WINDOW, {"address": address_id, "until": epoch_ms(until)})


async def opt_out(desk: Desk, address_id: int) -> None:
    """As `People.opt_out`."""
    await desk.connection.run(OPT_OUT, {"address": address_id})


async def limit(
    desk: Desk, address_id: int, marketing: bool | None, rests_until: datetime | None
) -> None:
    """As `People.mark`."""
    values: dict[str, Value] = {
        "address": address_id,
        "marketing": None if marketing is None else int(marketing),
        "rests_until": None if rests_until is None else epoch_ms(rests_until),
    }
    await desk.connection.run(LIMIT, values)


async def prefer(desk: Desk, person_id: int, address_id: int | None) -> None:
    """As `People.prefer`."""
    await desk.connection.run(PREFER, {"person": person_id, "address": address_id})
