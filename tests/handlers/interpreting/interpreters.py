"""Interpreters and what waits for them, in tests about translating."""

from __future__ import annotations

from collections.abc import Sequence

from storage.asking.texts import ANYWHERE, Text
from storage.roles import Role
from tests.handlers.chatting import Bot, Chat
from tests.handlers.moderating.moderators import does, views
from tests.handlers.staff.team import becomes
from tests.safety.people import newcomer
from tests.safety.seen import word


async def interpreter(bot: Bot, account: str = "ines", language: str = "en") -> Chat:
    """Somebody who may interpret."""
    chat = await newcomer(bot, account, language)
    await becomes(chat, Role.INTERPRETER)
    return chat


async def approves(mona: Chat, *ways: str) -> None:
    """Have the first new question come as far as this; approved if nothing else is said."""
    await views(mona)
    await does(mona, *(ways or ("ok",)))


async def wanted(bot: Bot) -> Sequence[Text]:
    """What waits to be put into other words."""
    async with bot.storage.reading() as tx:
        return await tx.texts.listed(ANYWHERE, ["ar", "en"], 99)


async def drafted(bot: Bot, draft: str) -> None:
    """A machine has made this of the first text."""
    (first, *_) = await wanted(bot)
    async with bot.storage.transaction() as tx:
        assert await tx.texts.put_draft(first.id, draft)


async def writes(ines: Chat, words: str, language: str = "en") -> str:
    """Translate the text on the screen like this."""
    await ines.presses(word("btn-in-own", language))
    await ines.says(words)
    await ines.presses(word("btn-confirm", language))
    return ines.text
