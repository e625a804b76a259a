"""Nobody is erased by one tap, by a button of long ago, or by a forged one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.handlers.chatting import Bot, Chat
from tests.safety.people import taps
from tests.safety.rows import everything
from tests.safety.seen import shows, word


async def test_the_token_of_the_first_tap_is_not_that_of_the_second(
    anna: Chat, database: Path
) -> None:
    await anna.says("/forget")
    _, value = anna.button(word("btn-forget-really"))
    await anna.presses_value(value.replace("forget1", "forget2"))
    assert shows(anna, "forget")
    assert len(everything(database)["people"]) == 1


async def test_a_button_of_last_week_asks_again(bot: Bot, anna: Chat, database: Path) -> None:
    await anna.says("/forget")
    await taps(anna, "btn-forget-really")
    number, value = anna.button(word("btn-forget-now"))
    await anna.says("/menu")
    bot.calendar.passes(timedelta(days=7))
    await anna.presses_value(value, number)
    assert shows(anna, "forget")
    assert len(everything(database)["people"]) == 1


async def test_the_last_tap_twice_over_is_one_erasure(bot: Bot, anna: Chat, database: Path) -> None:
    await anna.says("/forget")
    await taps(anna, "btn-forget-really")
    number, value = anna.button(word("btn-forget-now"))
    for _ in range(3):
        await anna.presses_value(value, number)
    rows = everything(database)
    assert rows["people"] == rows["addresses"] == rows["talks"] == rows["outbox"] == []


async def test_what_the_experts_have_stays_and_the_rest_goes(
    bot: Bot, anna: Chat, database: Path
) -> None:
    await anna.says("/register", "Nour", "Baghdad", "1", "Is this kept?", "1", "question")
    await taps(anna, "btn-anon", "btn-confirm")
    async with bot.storage.transaction() as tx:
        await tx.desk.connection.run("UPDATE questions SET state = 'live'")
    await anna.says("/forget")
    await taps(anna, "btn-forget-really", "btn-forget-now")
    (kept,) = everything(database)["questions"]
    assert {kept[name] for name in ("asker", "asker_key", "message", "message_key")} == {None}
