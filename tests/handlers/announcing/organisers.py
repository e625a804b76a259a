"""Organisers and their readers, in tests about announcements."""

from __future__ import annotations

from storage.broadcasting.broadcasts import Broadcast
from storage.community.people import Arrival, Consent
from storage.roles import Role
from tests.handlers.chatting import Bot, Chat
from tests.handlers.staff.team import becomes

NOBODY = Consent("v", "h", "en")


async def joined(bot: Bot, account: str, language: str = "en") -> Chat:
    """Somebody who has agreed to the notice."""
    chat = bot.person(account)
    await chat.says("/start")
    await chat.presses(*(("English", "I agree") if language == "en" else ("العربية", "أوافق")))
    return chat


async def organiser(bot: Bot, account: str, language: str = "en") -> Chat:
    """Somebody who may announce."""
    chat = await joined(bot, account, language)
    await becomes(chat, Role.ORGANISER)
    return chat


async def crowd(
    bot: Bot, size: int, *, channel: str = "web", language: str = "en"
) -> tuple[str, ...]:
    """So many more people who want announcements; their accounts."""
    now = bot.calendar.now
    accounts = tuple(f"crowd-{bot.storage.ids.delivery(now)}" for _ in range(size))
    async with bot.storage.transaction() as tx:
        for account in accounts:
            await tx.people.welcome(Arrival(channel, account, "1"), language, NOBODY, now)
    return accounts


async def register(bot: Bot, account: str, webinar: str) -> None:
    """Somebody who has agreed to the notice is registered."""
    async with bot.storage.transaction() as tx:
        address = await tx.people.find("web", account)
        assert address is not None
        await tx.registrations.put(address.person, webinar, {}, bot.calendar.now)


async def latest(bot: Bot) -> Broadcast:
    """The announcement that was made last."""
    async with bot.storage.reading() as tx:
        return (await tx.broadcasts.of_staff(1))[0]


async def drafted(olga: Chat) -> Broadcast:
    """A draft to everybody about a webinar, in both languages; its screen is the last message."""
    await olga.presses_value("go:an-new")
    await olga.presses("Everyone", "Webinar virus")
    await olga.says("مرحبا بالجميع", "Hello everybody")
    return await latest(olga.bot)
