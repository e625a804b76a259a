"""Somebody who floods the bot: one friendly word, then silence; others notice nothing."""

from __future__ import annotations

from datetime import timedelta

from dialogue.incoming import Incoming
from handlers.receiving.agreed import HELPING
from storage.roles import Role
from tests.handlers.chatting import Bot, Chat
from tests.handlers.staff.team import becomes
from tests.safety.people import newcomer
from tests.safety.phones import StrictPhones
from tests.safety.seen import says, shows

MOST = 20


async def floods(chat: Chat, count: int, words: str = "hello") -> list[str]:
    """So many messages at once; what was said about it."""
    before = chat.last if chat.screen else 0
    for number in range(count):
        chat.count += 1
        await chat.bot.reception.take(
            Incoming(
                channel=chat.bot.phones.name,
                sender=chat.account,
                id=f"{chat.account}-{chat.count}",
                at=chat.bot.calendar.now,
                text=f"{words} {number}" if words == "hello" else words,
                message=f"m{chat.count}",
            )
        )
    await chat.bot.quiet(chat.account)
    return [chat.screen[number].text for number in sorted(chat.screen) if number > before]


def warnings_in(texts: list[str]) -> int:
    return sum(says(text, "too-fast", code) for text in texts for code in ("ar", "en"))


async def test_the_twenty_first_message_of_a_minute_is_told_so_and_the_rest_unheard(
    bot: Bot, anna: Chat
) -> None:
    bot.calendar.passes(timedelta(minutes=2))
    heard = await floods(anna, 60)
    assert len(heard) == MOST + 1
    assert warnings_in(heard) == 1
    assert says(heard[-1], "too-fast")


async def test_whoever_moderates_may_press_one_button_after_the_other(bot: Bot, anna: Chat) -> None:
    await becomes(anna, Role.MODERATOR)
    bot.calendar.passes(timedelta(minutes=2))
    assert warnings_in(await floods(anna, HELPING * MOST)) == 0
    assert warnings_in(await floods(anna, 10)) == 1


async def test_a_minute_later_all_is_well_again(bot: Bot, anna: Chat) -> None:
    bot.calendar.passes(timedelta(minutes=2))
    await floods(anna, 40)
    bot.calendar.passes(timedelta(minutes=1))
    assert not says(await anna.says("/menu"), "too-fast")


async def test_strangers_are_told_as_well(bot: Bot, stranger: Chat) -> None:
    heard = await floods(stranger, 60)
    assert len(heard) == MOST + 1
    assert warnings_in(heard) == 1


async def test_others_are_answered_meanwhile(bot: Bot, anna: Chat) -> None:
    other = await newcomer(bot, "7000000003")
    await floods(anna, 60)
    assert not says(await other.says("/menu"), "too-fast")


async def test_a_forgotten_flooder_is_not_fresh(bot: Bot, anna: Chat, phones: StrictPhones) -> None:
    bot.calendar.passes(timedelta(minutes=2))
    await floods(anna, 30)
    done = len(phones.acts)
    assert await floods(anna, 5) == []
    assert len(phones.acts) == done


async def test_stop_is_obeyed_even_then(bot: Bot, anna: Chat) -> None:
    bot.calendar.passes(timedelta(minutes=2))
    await floods(anna, 40)
    assert await floods(anna, 1, "STOP") == []
    async with bot.storage.reading() as tx:
        address = await tx.people.find("telegram", anna.account)
        assert address is not None
        assert address.stopped
        person = await tx.people.get(address.person)
        assert person is not None
        assert not person.reminders


async def test_a_number_means_nothing_that_was_never_shown(bot: Bot, anna: Chat) -> None:
    bot.calendar.passes(timedelta(minutes=2))
    await anna.says("/menu")
    await floods(anna, 40, "/menu")
    await floods(anna, 1, "STOP")
    bot.calendar.passes(timedelta(minutes=1))
    await anna.says("1")
    assert shows(anna, "ask-nick")
    async with bot.storage.reading() as tx:
        address = await tx.people.find("telegram", anna.account)
        assert address is not None
        assert address.stopped
