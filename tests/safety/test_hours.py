"""When somebody did something is kept to the hour; exact times only run the machine."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from delivery.clock import wait_until_set
from tests.handlers.chatting import NOW, Bot, Chat
from tests.safety.people import asks, taps
from tests.safety.rows import everything

HOUR = 3_600_000
DELIVERY_STEPS = 20

MACHINE = {
    ("outbox", "due"),
    ("outbox", "settled"),
    ("seen", "at"),
    ("mailbox", "acknowledged"),
    ("erasures", "at"),
    ("quarantine", "at"),
    ("versions", "applied"),
}
"""Exact, and erased after seven days at the latest (but for when the database was made)."""

DELIVERIES = {
    ("outbox", "id"),
    ("outbox", "target_delivery"),
    ("addresses", "last_delivery"),
}
"""Ids that rise with time."""


def moment_in(value: object) -> datetime | None:
    """The moment of this test's days that a number tells, if it is one."""
    if not isinstance(value, int):
        return None
    for told in (value, value >> DELIVERY_STEPS):
        if abs(told / 1000 - NOW.timestamp()) < timedelta(days=40).total_seconds():
            return datetime.fromtimestamp(told / 1000, UTC)
    return None


async def lives(anna: Chat) -> None:
    await anna.says("/register", "Nour", "Baghdad", "1")
    await taps(anna, "btn-skip", "btn-confirm")
    await asks(anna, "What about the markets?")
    await anna.says("/mydata")


async def test_each_column_with_a_time_is_cut_to_the_hour_or_the_machines(
    bot: Bot, anna: Chat, database: Path
) -> None:
    bot.calendar.passes(timedelta(minutes=7, seconds=13, milliseconds=77))
    await lives(anna)
    cut: set[tuple[str, str]] = set()
    for table, rows in everything(database).items():
        for name, value in (pair for row in rows for pair in row.items()):
            place = (table, name)
            if moment_in(value) is None or table == "webinars" or place in MACHINE | DELIVERIES:
                continue
            assert value % HOUR == 0, place
            cut.add(place)
    tables = {"people", "consents", "talks", "registrations", "questions"}
    assert {table for table, _ in cut} == tables


async def test_after_a_week_no_exact_time_is_left(bot: Bot, anna: Chat, database: Path) -> None:
    bot.calendar.passes(timedelta(minutes=7, seconds=13, milliseconds=77))
    await lives(anna)
    bot.calendar.passes(timedelta(minutes=20))
    await anna.says("/menu")
    async with asyncio.timeout(30):
        while any(row["settled"] is None for row in everything(database)["outbox"]):
            await wait_until_set(asyncio.Event(), 0.01)
    bot.calendar.passes(timedelta(days=7, minutes=20))
    await bot.storage.sweep(bot.calendar.now)
    rows = everything(database)
    assert rows["seen"] == []
    assert rows["outbox"] == []
    for table in ("addresses", "people", "talks", "consents", "registrations", "questions"):
        for name, value in (pair for row in rows[table] for pair in row.items()):
            assert moment_in(value) is None or value % HOUR == 0, (table, name)
