"""Digests leave by themselves: before a session and after it, once for each version of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from delivery import Clock
from delivery.clock import wait_until_set
from handlers.digest import unasked
from handlers.house import Rules
from service import digesting
from storage.asking.digests import Part
from storage.roles import Role
from tests.handlers.chatting import Bot, Chat, bot_at_work
from tests.handlers.digest.test_digest import (
    HUDA,
    Mails,
    agrees,
    approves,
    guest,
    mails,
    proves,
    settled,
)
from tests.handlers.moderating.moderators import asker, moderator
from tests.handlers.organising import put, said
from tests.handlers.staff.team import becomes, person_of
from tests.safety.people import newcomer
from tests.safety.seen import shows, word
from tests.storage.needles import spoil_a_profile

HOUR = timedelta(hours=1)
SARA = "sara@example.org"
QUESTION = "Do masks help?"


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    rules = Rules(mail_is_set_up=True)
    async with bot_at_work(tmp_path, None, rules, None, Mails()) as bot:
        yield bot


@pytest.fixture
async def mona(bot: Bot) -> Chat:
    """A moderator who has approved a question; there is an expert with mail, and one without."""
    await asker(bot, QUESTION)
    mona = await moderator(bot)
    await approves(bot, mona, QUESTION)
    for account in ("sara", "samir"):
        await becomes(await newcomer(bot, account, "en"), Role.SPEAKER)
    await proves(bot, bot.person("sara"), SARA)
    return mona


async def looks(bot: Bot, **rules: timedelta) -> int:
    """What the worker does every minute."""
    house = bot.receiver.house
    house = replace(house, rules=replace(house.rules, **rules))
    clock = Clock(bot.calendar, lambda: 0.0, wait_until_set, lambda: 0.0)
    left = await digesting.look(bot.storage, clock, house, bot.office)
    await settled(bot)
    return left


async def at(bot: Bot, hours: float, version: int = 1) -> None:
    """The session begins in so many hours."""
    starts = bot.calendar.now + hours * HOUR
    await put(bot, "virus", starts_at=starts, version=version)


async def test_a_day_before_the_experts_get_it_once(bot: Bot, mona: Chat) -> None:
    await at(bot, 25)
    assert await looks(bot) == 0
    bot.calendar.passes(HOUR)
    assert await looks(bot) == 2
    assert await looks(bot) == 0
    (mail,) = mails(bot, SARA)
    assert QUESTION in mail.text
    assert shows(bot.person("samir"), "digest-told")


async def test_moderators_hear_once_and_in_time_that_questions_wait(bot: Bot, mona: Chat) -> None:
    await asker(bot, "And gloves?", account="ben")
    owner = await moderator(bot, "olga", role=Role.OWNER)
    await at(bot, 31)
    assert await looks(bot) == 0
    assert not shows(mona, "moderate-nudge")
    bot.calendar.passes(HOUR)
    assert await looks(bot) == 0
    assert said("moderate-nudge", webinar="Webinar virus", number=1) in mona.text
    assert not shows(owner, "moderate-nudge"), "there is somebody who moderates"
    await mona.presses(word("btn-mo-look"))
    assert shows(mona, "moderate-of")
    bot.calendar.passes(HOUR)
    assert await looks(bot) == 0
    assert not shows(mona, "moderate-nudge")


async def test_where_nothing_waits_nobody_is_called(bot: Bot, mona: Chat) -> None:
    await at(bot, 30)
    before = mona.text
    await looks(bot)
    assert mona.text == before


async def test_a_session_that_moves_is_told_of_anew(bot: Bot, mona: Chat) -> None:
    await at(bot, 12)
    assert await looks(bot) == 2
    await at(bot, 20, version=2)
    assert await looks(bot) == 2
    assert len(mails(bot, SARA)) == 2


async def test_what_a_moderator_has_sent_that_day_does_not_come_again(bot: Bot, mona: Chat) -> None:
    await at(bot, 12)
    await mona.presses_value("go:di-send:virus:0")
    await settled(bot)
    assert await looks(bot) == 0
    assert len(mails(bot, SARA)) == 1


async def test_what_is_approved_late_leaves_as_soon_as_it_is_there(bot: Bot) -> None:
    await asker(bot, QUESTION)
    mona = await moderator(bot)
    await becomes(await newcomer(bot, "sara", "en"), Role.SPEAKER)
    await proves(bot, bot.person("sara"), SARA)
    await at(bot, 12)
    assert [await looks(bot) for _ in range(2)] == [0, 0]
    assert mails(bot, SARA) == []
    await approves(bot, mona, QUESTION)
    assert [await looks(bot) for _ in range(2)] == [1, 0]
    (mail,) = mails(bot, SARA)
    assert QUESTION in mail.text


async def test_what_comes_late_waits_for_what_is_still_moderated_until_an_hour_before(
    bot: Bot,
) -> None:
    await asker(bot, QUESTION, "Do gloves help?")
    mona = await moderator(bot)
    await becomes(await newcomer(bot, "samir", "en"), Role.SPEAKER)
    await at(bot, 12)
    await approves(bot, mona, QUESTION)
    assert await looks(bot) == 0
    bot.calendar.passes(11 * HOUR)
    assert [await looks(bot) for _ in range(2)] == [1, 0]


async def test_on_time_it_waits_for_nobody(bot: Bot) -> None:
    await asker(bot, QUESTION, "Do gloves help?")
    await approves(bot, await moderator(bot), QUESTION)
    await becomes(await newcomer(bot, "samir", "en"), Role.SPEAKER)
    await at(bot, 24)
    assert await looks(bot) == 1


async def test_an_expert_who_comes_late_gets_it_as_well(bot: Bot) -> None:
    await asker(bot, QUESTION)
    await approves(bot, await moderator(bot), QUESTION)
    await at(bot, 12)
    assert await looks(bot) == 0
    await becomes(await newcomer(bot, "samir", "en"), Role.SPEAKER)
    assert [await looks(bot) for _ in range(2)] == [1, 0]


async def test_once_it_has_begun_nothing_leaves_any_more(bot: Bot) -> None:
    await asker(bot, QUESTION)
    mona = await moderator(bot)
    await becomes(await newcomer(bot, "sara", "en"), Role.SPEAKER)
    await at(bot, 1)
    assert await looks(bot) == 0
    bot.calendar.passes(HOUR)
    await approves(bot, mona, QUESTION)
    assert await looks(bot) == 0


async def test_what_nobody_asked_is_told_to_nobody_afterwards(bot: Bot) -> None:
    await becomes(await newcomer(bot, "sara", "en"), Role.SPEAKER)
    await at(bot, 1)
    bot.calendar.passes(6 * HOUR)
    assert await looks(bot) == 0
    async with bot.storage.reading() as tx:
        assert await tx.digests.due(Part.AFTER, 2 * HOUR, bot.calendar.now) == []


async def test_it_can_be_switched_off(bot: Bot, mona: Chat) -> None:
    await at(bot, 12)
    assert await looks(bot, digest_before=timedelta(), digest_after=timedelta()) == 0
    assert mails(bot, SARA) == []


async def test_after_the_session_it_is_told_what_became_of_the_questions(
    bot: Bot, mona: Chat
) -> None:
    await at(bot, 1)
    await looks(bot)
    bot.calendar.passes(4 * HOUR)
    assert await looks(bot) == 0, "its last minutes are moderated still"
    bot.calendar.passes(HOUR)
    assert await looks(bot) == 3
    assert await looks(bot) == 0
    assert len(mails(bot, SARA)) == 2
    assert shows(mona, "digest-after")
    assert shows(bot.person("samir"), "digest-after")


async def test_a_guest_who_agrees_late_gets_what_the_others_have(bot: Bot, mona: Chat) -> None:
    await at(bot, 30)
    ola = await moderator(bot, "ola", role=Role.ORGANISER)
    huda = await guest(bot, ola)
    assert await welcomed(bot) == 0, "nobody has it yet"
    bot.calendar.passes(8 * HOUR)
    await looks(bot)
    assert len(mails(bot, HUDA)) == 1
    await agrees(bot, huda)
    assert await welcomed(bot) == 1
    _, digest = mails(bot, HUDA)
    assert QUESTION in digest.text


async def welcomed(bot: Bot) -> int:
    """What leaves for the guest when they agree."""
    now = bot.calendar.now
    async with bot.storage.transaction() as tx:
        (huda,) = await tx.guests.of("virus")
        left = await unasked.welcome(
            bot.receiver.house, tx, huda, now, lambda: bot.storage.ids.delivery(now)
        )
    await settled(bot)
    return left


async def test_two_processes_send_it_once(bot: Bot, mona: Chat) -> None:
    await at(bot, 12)
    now = bot.calendar.now
    async with bot.storage.reading() as tx:
        (due,) = await tx.digests.due(Part.BEFORE, 24 * HOUR, now)
    sent: list[int] = []
    for _ in range(2):
        async with bot.storage.transaction() as tx:
            sent.append(
                await unasked.send(
                    bot.receiver.house,
                    tx,
                    bot.office,
                    due,
                    Part.BEFORE,
                    now,
                    lambda: bot.storage.ids.delivery(now),
                )
            )
    assert sent == [2, 0]


async def test_what_cannot_be_read_keeps_nobody_elses_digest_from_leaving(
    bot: Bot, mona: Chat, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await at(bot, 23)
    spoil_a_profile(tmp_path, await person_of(bot.person("sara")))
    assert await looks(bot) == 0
    assert "ALERT: a digest cannot be sent" in caplog.text
    assert await looks(bot) == 0
    assert caplog.text.count("ALERT") == 1, "it was tried once"
