"""Who asked may be looked up, in need: what is said of it before and after, and to whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from handlers.house import Rules
from handlers.participants import privacy
from storage.asking.moderation import Handled
from storage.asking.reveals import Behind
from storage.roles import Role
from tests.handlers.chatting import Bot, Chat, bot_at_work
from tests.handlers.moderating.moderators import all_of
from tests.handlers.staff.team import becomes, person_of
from tests.safety.people import newcomer, taps
from tests.safety.seen import LANGUAGES, all_text, file_of, says, shows, word

WHY = "A threat against somebody"
NICKNAME = "Nour-who-asked"


async def asks_as(
    bot: Bot, name: str, account: str = "7000000011", words: str = "Why?"
) -> tuple[Chat, Handled]:
    """Somebody with a nickname asks, under it or anonymously."""
    nour = await newcomer(bot, account)
    await nour.says("/register", NICKNAME, "Baghdad", "1", "skip", "confirm", "/ask", words)
    await nour.presses("Webinar virus")
    await taps(nour, "btn-question", f"btn-{name}", "btn-confirm")
    return nour, (await all_of(bot))[words]


async def behind(bot: Bot, question: Handled) -> Behind | None:
    async with bot.storage.reading() as tx:
        return await tx.reveals.behind(question.id)


async def looked_up(bot: Bot, question: Handled, by: Chat) -> datetime:
    """As the board does it, once the code was right; and when."""
    organiser, now = await person_of(by), bot.calendar.now
    async with bot.storage.transaction() as tx:
        await tx.reveals.hold()
        assert await tx.reveals.reveal(question.id, organiser, Role.ORGANISER, WHY, "123456", now)
        await bot.receiver.tell_of_reveal(tx, question, Role.ORGANISER, WHY)
    bot.office.look()
    return now


async def member(bot: Bot, account: str, role: Role, language: str = "en") -> Chat:
    """Somebody on the staff."""
    chat = await newcomer(bot, account, language)
    await becomes(chat, role)
    return chat


# --- before ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_is_said_where_it_is_chosen_and_to_whoever_reads_on(
    bot: Bot, language: str
) -> None:
    nour = await newcomer(bot, "7000000011", language)
    await nour.says("/privacy")
    assert says(all_text(nour), "notice-reveal", language)
    assert shows(nour, "notice-delete", language)


async def test_each_is_told_before_they_choose(bot: Bot) -> None:
    nour = await newcomer(bot, "7000000011")
    await nour.says("/register", NICKNAME, "Baghdad", "1", "skip", "confirm", "/ask", "Why?")
    await nour.presses("Webinar virus")
    await taps(nour, "btn-question")
    assert shows(nour, "ask-as")
    assert "can ever look up who asked" in nour.text
    assert "an organiser can look up who asked" in nour.text


async def test_what_was_chosen_is_kept(bot: Bot) -> None:
    _, named = await asks_as(bot, "nick")
    _, nameless = await asks_as(bot, "anon", account="7000000012", words="And why?")
    assert await behind(bot, named) is Behind.SOMEBODY
    assert await behind(bot, nameless) is Behind.ANONYMOUS


async def test_where_it_is_switched_off_nobody_is_looked_up_later_either(tmp_path: Path) -> None:
    async with bot_at_work(tmp_path, rules=Rules(reveals_per_day=0)) as bot:
        nour = await newcomer(bot, "7000000011")
        await nour.says("/privacy")
        assert not says(all_text(nour), "notice-reveal")
        await nour.says("/register", NICKNAME, "Baghdad", "1", "skip", "confirm", "/ask", "Why?")
        await nour.presses("Webinar virus")
        await taps(nour, "btn-question")
        assert shows(nour, "ask-as-unseen")
        await taps(nour, "btn-nick", "btn-confirm")
        assert await behind(bot, (await all_of(bot))["Why?"]) is Behind.UNTOLD


async def test_whoever_chose_before_they_could_be_told_chooses_anew(tmp_path: Path) -> None:
    async with bot_at_work(tmp_path, rules=Rules(reveals_per_day=0)) as bot:
        nour = await newcomer(bot, "7000000011")
        await nour.says("/register", NICKNAME, "Baghdad", "1", "skip", "confirm", "/ask", "Why?")
        await nour.presses("Webinar virus")
        await taps(nour, "btn-question", "btn-nick")
        bot.receiver.house = replace(bot.receiver.house, rules=Rules(reveals_per_day=10))
        await taps(nour, "btn-confirm")
        assert await all_of(bot) == {}
        assert shows(nour, "ask-as")
        await taps(nour, "btn-nick", "btn-confirm")
        assert await behind(bot, (await all_of(bot))["Why?"]) is Behind.SOMEBODY


async def test_and_so_does_whoever_was_told_what_is_not_so_any_more(bot: Bot) -> None:
    nour = await newcomer(bot, "7000000011")
    await nour.says("/register", NICKNAME, "Baghdad", "1", "skip", "confirm", "/ask", "Why?")
    await nour.presses("Webinar virus")
    await taps(nour, "btn-question", "btn-nick")
    bot.receiver.house = replace(bot.receiver.house, rules=Rules(reveals_per_day=0))
    await taps(nour, "btn-confirm")
    assert shows(nour, "ask-as-unseen")


async def test_nobody_is_asked_anew_for_what_only_those_agree_to_who_choose_it(bot: Bot) -> None:
    house = bot.receiver.house
    without = replace(house, rules=replace(house.rules, reveals_per_day=0))
    assert privacy.version(without) == privacy.version(house)
    assert privacy.chosen(house)
    assert not privacy.chosen(without)


# --- after ----------------------------------------------------------------------------------------


async def test_all_owners_hear_of_it_and_nobody_else_does(bot: Bot) -> None:
    nour, question = await asks_as(bot, "nick")
    olga = await member(bot, "7000000021", Role.ORGANISER)
    mona = await member(bot, "7000000022", Role.MODERATOR)
    owners = [
        await member(bot, "7000000023", Role.OWNER),
        await member(bot, "7000000024", Role.OWNER, "ar"),
    ]
    before = {chat.account: set(chat.screen) for chat in (nour, olga, mona)}
    await looked_up(bot, question, olga)
    for owner, language in zip(owners, ("en", "ar"), strict=True):
        await bot.quiet(owner.account)
        told = all_text(owner)
        assert says(told, "told-reveal", language)
        assert WHY in told
        assert word("role-organiser", language) in told
        assert str(question.order) in told
        assert NICKNAME not in told
        assert "7000000011" not in told
        assert "Why?" not in told
        assert word("btn-team", language) in owner.labels
    for chat in (nour, olga, mona):
        await bot.quiet(chat.account)
        assert set(chat.screen) == before[chat.account]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_whoever_was_looked_up_finds_it_among_their_data(bot: Bot, language: str) -> None:
    nour, question = await asks_as(bot, "nick")
    olga = await member(bot, "7000000021", Role.ORGANISER)
    await nour.says("/mydata")
    assert not shows(nour, "mydata-revealed")
    at = await looked_up(bot, question, olga)
    await nour.presses_value(f"go:lang:{language}")
    await nour.says("/mydata")
    assert shows(nour, "mydata-revealed", language)
    assert WHY in nour.text
    await nour.presses(word("btn-mydata-file", language))
    (kept,) = file_of(nour)["looked_up"]
    assert kept == {"by": "organiser", "at": str(at), "reason": WHY}


async def test_whoever_looked_finds_it_among_theirs_and_not_whom(bot: Bot) -> None:
    _, question = await asks_as(bot, "nick")
    olga = await member(bot, "7000000021", Role.ORGANISER)
    await looked_up(bot, question, olga)
    await olga.says("/mydata")
    assert not shows(olga, "mydata-revealed")
    await taps(olga, "btn-mydata-file")
    held = file_of(olga)
    assert [each["reason"] for each in held["staff"][0]["looked_up"]] == [WHY]
    assert held["looked_up"] == []
    assert NICKNAME not in str(held)
