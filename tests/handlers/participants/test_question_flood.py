"""A flood of questions from a few accounts: little of it gets through, and nobody waits for it."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

from dialogue.incoming import Incoming
from dialogue.stages import Stage
from handlers.participants import privacy
from storage.community.people import Arrival
from tests.handlers.chatting import Bot
from tests.handlers.moderating.moderators import all_of
from tests.handlers.participants.test_live import running
from tests.safety.seen import says

WEBINAR = "now"
FLOODERS = [f"flooder{number}" for number in range(50)]
ROUNDS = 20
"""A thousand questions in all, within the ten minutes for which the limit of five holds."""
BETWEEN = timedelta(seconds=29)
PASSERS_BY = [f"guest{number}" for number in range(ROUNDS)]
MODERATOR = 1


async def registered(bot: Bot, accounts: list[str]) -> None:
    """All of them have agreed to the notice, and are at the webinar that runs."""
    now, consent = bot.calendar.now, privacy.consent(bot.receiver.house, "en")
    async with bot.storage.transaction() as tx:
        for account in accounts:
            arrival = Arrival(bot.phones.name, account, "first")
            _, person = await tx.people.welcome(arrival, "en", consent, now)
            await tx.registrations.put(person.id, WEBINAR, {}, now)


async def asks(bot: Bot, account: str, words: str) -> None:
    """Write this, and tap on the offer to send it."""
    now = bot.calendar.now
    for number, (text, choice) in enumerate([(words, None), (None, f"go:now:{WEBINAR}")]):
        incoming = Incoming(
            channel=bot.phones.name,
            sender=account,
            id=f"{account}-{words}-{number}",
            at=now,
            text=text,
            choice=choice,
            message=f"{words}-{number}" if text else None,
        )
        await bot.reception.take(incoming)


async def approves(bot: Bot, words: str) -> None:
    """A moderator takes this very question, and approves it."""
    question = (await all_of(bot, WEBINAR))[words]
    async with bot.storage.transaction() as tx:
        await tx.moderation.claim(question.id, MODERATOR, bot.calendar.now)
        assert await tx.moderation.move(question.id, MODERATOR, Stage.APPROVED, bot.calendar.now)


async def asks_and_is_approved(bot: Bot, account: str) -> None:
    """Somebody asks like anybody, is told that it is there, and it is handled."""
    words = f"What does {account} want to know?"
    await asks(bot, account, words)
    await approves(bot, words)
    await bot.quiet(account)
    screen = bot.phones.screens[account]
    assert any(says(message.text, "question-received") for message in screen.values())


async def test_of_a_thousand_from_fifty_five_each_get_through_and_others_all(bot: Bot) -> None:
    await running(bot, WEBINAR)
    await registered(bot, [*FLOODERS, *PASSERS_BY])
    for number, guest in enumerate(PASSERS_BY):
        bot.calendar.passes(BETWEEN)
        async with asyncio.timeout(30):
            await asyncio.gather(
                *(asks(bot, account, f"Spam {number} of {account}") for account in FLOODERS),
                asks_and_is_approved(bot, guest),
            )
    arrived = (await all_of(bot, WEBINAR)).values()
    spam = [each for each in arrived if each.text.startswith("Spam")]
    assert Counter(each.text.rpartition(" ")[2] for each in spam) == dict.fromkeys(FLOODERS, 5)
    others = [each.stage for each in arrived if not each.text.startswith("Spam")]
    assert others == [Stage.APPROVED] * len(PASSERS_BY)
