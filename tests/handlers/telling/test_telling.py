"""What others hear of a turn: in their own words, on one address, with its commit or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from dialogue.incoming import Incoming
from dialogue.words import Button, Lane, Reply, text
from handlers.teller import Told
from handlers.telling.telling import drafts_for_others, preferred
from storage.community.people import Address
from storage.outbox import Draft
from storage.roles import Role
from tests.handlers.chatting import Bot, Chat, plain
from tests.handlers.staff.team import becomes, invited, person_of
from tests.safety.people import newcomer, taps
from tests.safety.seen import word

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Door:
    """A post office that serves these channels."""

    def __init__(self, *channels: str) -> None:
        self.channels = channels

    def may_send_now(self, channel: str, address: int) -> bool:
        return False

    def serves(self, channel: str) -> bool:
        return channel in self.channels

    def text_units(self, channel: str) -> int:
        return 4096

    def edits(self, channel: str) -> bool:
        return True


WEB, TELEGRAM, WHATSAPP = (
    Address(number, 7, channel, f"account-{number}")
    for number, channel in enumerate(("web", "telegram", "whatsapp"))
)


def test_a_messenger_goes_before_the_web_chat() -> None:
    assert preferred([WEB, TELEGRAM], Door("web", "telegram")) is TELEGRAM
    assert preferred([TELEGRAM, WEB], Door("web", "telegram")) is TELEGRAM
    assert preferred([WEB], Door("web", "telegram")) is WEB


def test_nobody_is_written_to_where_they_cannot_be_or_do_not_wish_to_be() -> None:
    door = Door("web", "telegram")
    assert preferred([WEB, replace(TELEGRAM, reachable=False)], door) is WEB
    assert preferred([WEB, replace(TELEGRAM, stopped=True)], door) is WEB
    assert preferred([WEB, WHATSAPP], door) is WEB
    assert preferred([replace(WEB, stopped=True), WHATSAPP], door) is None
    assert preferred([], door) is None


async def heard(bot: Bot, *told: tuple[int, Reply]) -> list[Draft]:
    """The rows that come of telling this."""
    house, now = bot.receiver.house, bot.calendar.now
    others = [Told(*each) for each in told]
    async with bot.storage.transaction() as tx:
        return await drafts_for_others(
            house, tx, bot.office, others, now, lambda: bot.storage.ids.delivery(now)
        )


async def test_each_is_told_in_their_language_and_zone(bot: Bot) -> None:
    bob, huda = await newcomer(bot, "bob"), await newcomer(bot, "huda", "ar")
    await bob.presses_value("go:zone")
    await bob.says("Rome")
    reply = Reply((text("team-line", role=text("role-owner"), since=NOON),))
    to_bob, to_huda = await heard(
        bot, (await person_of(bob), reply), (await person_of(huda), reply)
    )
    assert "owner" in to_bob.message.text
    assert "13:00 Rome time" in plain(to_bob.message.text)
    assert "فريق الإدارة" in to_huda.message.text
    assert "Rome" not in to_huda.message.text


async def test_whatever_is_too_long_for_one_message_is_told_in_several(bot: Bot) -> None:
    bob = await newcomer(bot, "bob")
    ways = ((Button(text("btn-help"), "go:help"),),)
    reply = Reply((text("words", words="word " * 1000),), ways)
    first, second = await heard(bot, (await person_of(bob), reply))
    assert (bool(first.message.rows), bool(second.message.rows)) == (False, True)


async def test_no_message_is_made_of_nothing_that_can_be_seen(bot: Bot) -> None:
    bob = await newcomer(bot, "bob")
    told = (await person_of(bob), Reply((text("words", words="x" * 4095),)))
    (only,) = await heard(bot, told)
    assert plain(only.message.text) == "x" * 4095


async def test_of_one_slot_the_last_is_told(bot: Bot) -> None:
    bob, huda = await newcomer(bot, "bob"), await newcomer(bot, "huda", "ar")
    first, last = (Reply((text("words", words=words),)) for words in ("first", "last"))
    people = [await person_of(bob), await person_of(huda)]
    house, now = bot.receiver.house, bot.calendar.now
    told = [Told(person, reply, "slot") for reply in (first, last) for person in people]
    told.append(Told(people[0], first))
    async with bot.storage.transaction() as tx:
        rows = await drafts_for_others(
            house, tx, bot.office, told, now, lambda: bot.storage.ids.delivery(now)
        )
    assert [plain(row.message.text) for row in rows] == ["last", "last", "first"]


async def test_somebody_who_is_gone_is_told_nothing(bot: Bot) -> None:
    bob = await newcomer(bot, "bob")
    person = await person_of(bob)
    await bob.says("/forget")
    await taps(bob, "btn-forget-really", "btn-forget-now")
    assert await heard(bot, (person, Reply((text("cancelled"),)))) == []


async def test_it_waits_behind_replies_and_comes_with_the_turn(bot: Bot, anna: Chat) -> None:
    owner = await newcomer(bot, "owner")
    await becomes(owner, Role.OWNER)
    await anna.says((await invited(bot, Role.ORGANISER)).code)
    _, accept = anna.button(word("btn-accept"))
    await bot.office.stop()
    now = bot.calendar.now
    await bot.reception.take(Incoming("web", anna.account, "7", now, choice=accept, message="m7"))
    async with bot.storage.transaction() as tx:
        claimed = await tx.outbox.claim("web", now, 10)
    accounts = [(delivery.account, delivery.lane) for delivery in claimed]
    assert accounts == [(anna.account, Lane.REPLY), (owner.account, Lane.REMINDER)]
