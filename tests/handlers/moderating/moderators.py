"""Moderators and what they are asked, in tests about what becomes of questions."""

from __future__ import annotations

from dialogue.stages import Stage
from storage.asking.moderation import Handled
from storage.roles import Role
from tests.handlers.chatting import Bot, Chat
from tests.handlers.staff.team import becomes
from tests.safety.people import asks, newcomer
from tests.safety.seen import word

VIRUS = "virus"


async def moderator(
    bot: Bot, account: str = "mona", language: str = "en", role: Role = Role.MODERATOR
) -> Chat:
    """Somebody who may moderate."""
    chat = await newcomer(bot, account, language)
    await becomes(chat, role)
    return chat


async def asker(bot: Bot, *questions: str, account: str = "anna", language: str = "en") -> Chat:
    """Somebody who has asked this about the first webinar."""
    chat = await newcomer(bot, account, language)
    for question in questions:
        await (asks(chat, question) if language == "en" else _asks_in_arabic(chat, question))
    return chat


async def _asks_in_arabic(chat: Chat, question: str) -> None:
    await chat.says("/ask", question)
    await chat.presses("ندوة virus", word("btn-question", "ar"), word("btn-confirm", "ar"))


async def views(mona: Chat, view: str = "new", webinar: str = VIRUS) -> str:
    """Look at the questions of one kind."""
    await mona.says("/moderate")
    await mona.presses_value(f"go:mo:{webinar}")
    await mona.presses_value(f"go:mo-see:{view}")
    return mona.text


async def does(mona: Chat, *ways: str, language: str = "en") -> str:
    """Press buttons of moderators by the ends of their names."""
    for way in ways:
        await mona.presses(word(f"btn-mo-{way}", language))
    return mona.text


async def all_of(bot: Bot, webinar: str | None = VIRUS) -> dict[str, Handled]:
    """The questions of a webinar as they stand, by their words."""
    async with bot.storage.reading() as tx:
        found = await tx.moderation.changed_since(webinar, 0)
    return {each.text: each for each in found}


async def stages(bot: Bot, webinar: str | None = VIRUS) -> dict[str, Stage]:
    """How far the questions of a webinar have come, by their words."""
    return {words: each.stage for words, each in (await all_of(bot, webinar)).items()}
