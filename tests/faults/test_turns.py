"""A turn that fails, among others that do not."""

from __future__ import annotations

import os
import signal

import pytest

from tests.faults.crowd import Crowd
from tests.faults.home import Home
from tests.platforms.telegram import TelegramServer


async def corrupt_talk(home: Home, user: int) -> None:
    """Overwrite what is kept of somebody's conversation with nonsense."""
    async with home.storage() as storage, storage.transaction() as tx:
        address = await tx.people.find("telegram", str(user))
        assert address is not None
        await tx.desk.connection.run(
            "UPDATE talks SET state = :state WHERE person = :person",
            {"state": os.urandom(200), "person": address.person},
        )


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_only_the_turn_that_fails_is_set_aside(
    home: Home, telegram: TelegramServer, *, webhook: bool
) -> None:
    home.on_telegram(telegram.url, webhook=webhook)
    crowd = Crowd(telegram, 20)
    async with home.running() as bot:
        await crowd.agree()
        assert await bot.end(signal.SIGTERM) == 0
    victim = crowd.people[7]
    await corrupt_talk(home, victim.id)
    for person in crowd.people:
        telegram.people.says(person.id, "/help")
        person.expected.append("went wrong" if person is victim else "Here you can")
    async with home.running() as bot:
        await crowd.is_answered()
        await telegram.wait_for(lambda: not telegram.updates.waiting)
        assert await bot.end(signal.SIGTERM) == 0
        (line,) = bot.logged
        assert "ALERT: a turn failed and is in quarantine" in line
    crowd.check_answers({}, most=1)
    async with home.storage() as storage, storage.reading() as tx:
        ((kept,),) = await tx.desk.connection.fetch("SELECT COUNT(*) FROM quarantine")
        assert kept == 1
