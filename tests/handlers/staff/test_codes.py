"""A code for the board whose phone is lost: an owner has it set up anew."""

from __future__ import annotations

import asyncio

import pytest

from storage.community.boards import Seat
from storage.community.codes import Verdict
from storage.roles import Role
from tests.codes import code_at
from tests.handlers.chatting import Bot, Chat
from tests.handlers.staff.team import becomes, person_of
from tests.safety.people import newcomer, taps
from tests.safety.seen import LANGUAGES, shows, word


async def helper(bot: Bot, account: str, role: Role, language: str = "en") -> Chat:
    """Somebody with this role, who has set a code up."""
    chat = await newcomer(bot, account, language)
    await becomes(chat, role)
    await sets_up(chat)
    return chat


async def sets_up(chat: Chat) -> None:
    """Set a code up, as at the board."""
    now = chat.bot.calendar.now
    async with chat.bot.storage.transaction() as tx:
        secret = tx.codes.drawn()
        person = await person_of(chat)
        assert await tx.codes.set_up(person, secret, code_at(secret, now), now) is Verdict.RIGHT


async def has_one(chat: Chat) -> bool:
    async with chat.bot.storage.reading() as tx:
        return await tx.codes.has(await person_of(chat))


@pytest.fixture
async def owner(bot: Bot) -> Chat:
    """The first owner."""
    return await helper(bot, "owner", Role.OWNER)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_owner_resets_a_code_and_its_holder_hears_of_it(
    bot: Bot, owner: Chat, language: str
) -> None:
    mona = await helper(bot, "mona", Role.MODERATOR, language)
    async with bot.storage.transaction() as tx:
        person, now = await person_of(mona), bot.calendar.now
        link = await tx.boards.link(person, Seat.DESK, "virus", now)
    await owner.says("/team")
    await taps(owner, "btn-reset-code")
    assert shows(owner, "reset-which")
    await owner.presses(f". {word('role-moderator')}")
    assert shows(owner, "reset-sure")
    assert await has_one(mona)
    await taps(owner, "btn-reset-code-now")
    assert shows(owner, "code-was-reset")
    assert shows(mona, "code-reset-told", language)
    assert not await has_one(mona)
    async with bot.storage.transaction() as tx:
        assert await tx.boards.open(link, bot.calendar.now) is None
    # Nobody has one any more but the owner, whose own it is not theirs to reset.
    assert word("btn-reset-code") not in owner.labels


async def test_the_tap_that_resets_counts_once_and_for_what_was_shown(
    bot: Bot, owner: Chat
) -> None:
    mona = await helper(bot, "mona", Role.MODERATOR)
    await owner.presses_value(f"go:recode:{await person_of(mona)}")
    number, now = owner.button(word("btn-reset-code-now"))
    await owner.presses_value(now, number)
    assert not await has_one(mona)
    await sets_up(mona)
    await owner.presses_value(now, number)
    assert shows(owner, "stale")
    await owner.presses_value(f"go:recode1:c-{await person_of(mona)}-forged")
    assert await has_one(mona)


async def test_nobody_resets_their_own(bot: Bot, owner: Chat) -> None:
    await owner.says("/team")
    assert word("btn-reset-code") not in owner.labels
    await owner.presses_value(f"go:recode:{await person_of(owner)}")
    assert shows(owner, "team-settled")
    await helper(bot, "mona", Role.MODERATOR)
    await owner.presses_value(f"go:recode:{await person_of(owner)}")
    assert shows(owner, "reset-which")
    assert len([label for label in owner.labels if ". " in label]) == 1
    assert await has_one(owner)


async def test_an_organiser_resets_nothing(bot: Bot, owner: Chat) -> None:
    organiser = await helper(bot, "organiser", Role.ORGANISER)
    await organiser.says("/team")
    assert word("btn-reset-code") not in organiser.labels
    await organiser.presses_value(f"go:recode:{await person_of(owner)}")
    assert shows(organiser, "stale")
    assert await has_one(owner)


async def test_a_code_whose_role_has_ended_meanwhile_was_settled_already(
    bot: Bot, owner: Chat
) -> None:
    mona = await helper(bot, "mona", Role.MODERATOR)
    await owner.presses_value(f"go:recode:{await person_of(mona)}")
    await becomes(mona, None)
    await taps(owner, "btn-reset-code-now")
    assert shows(owner, "team-settled")


async def test_of_two_owners_who_reset_each_others_code_at_once_both_do(
    bot: Bot, owner: Chat
) -> None:
    second = await helper(bot, "second", Role.OWNER)
    for one, other in ((owner, second), (second, owner)):
        await one.presses_value(f"go:recode:{await person_of(other)}")
    presses = [each.presses(word("btn-reset-code-now")) for each in (owner, second)]
    await asyncio.gather(*presses)
    assert not await has_one(owner)
    assert not await has_one(second)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_my_data_says_that_there_is_one(bot: Bot, language: str) -> None:
    mona = await newcomer(bot, "mona", language)
    await becomes(mona, Role.MODERATOR)
    await mona.says("/mydata")
    assert word("mydata-code", language) not in mona.text
    await sets_up(mona)
    await mona.says("/mydata")
    assert word("mydata-code", language) in mona.text
