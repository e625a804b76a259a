"""Announcements as organisers make them: the form, the draft, the number, the way out."""

from __future__ import annotations

import pytest

from storage.broadcasts import Broadcast, Phase
from storage.roles import Role
from tests.handlers.chatting import Bot, Chat
from tests.handlers.staff import becomes


async def joined(bot: Bot, account: str, language: str = "English") -> Chat:
    """Somebody who has agreed to the notice."""
    chat = bot.person(account)
    await chat.says("/start")
    await chat.presses(language)
    await chat.presses("I agree" if language == "English" else "موافق")
    return chat


@pytest.fixture
async def olga(bot: Bot) -> Chat:
    """An organiser who reads English."""
    olga = await joined(bot, "olga")
    await becomes(olga, Role.ORGANISER)
    return olga


async def latest(bot: Bot) -> Broadcast:
    """The announcement that was made last."""
    async with bot.storage.reading() as tx:
        return (await tx.broadcasts.of_staff(1))[0]


async def written(olga: Chat) -> str:
    """A draft to everybody about a webinar, in both languages."""
    await olga.says("/announce")
    await olga.presses("Everyone", "Webinar virus")
    await olga.says("مرحبا بالجميع", "Hello everybody")
    return olga.text


async def test_from_the_command_to_the_undo_in_six_steps(bot: Bot, olga: Chat) -> None:
    await written(olga)
    assert "People who get it: 1" in olga.text
    await olga.presses("Send")
    assert "type the number" in olga.text
    await olga.says("1")
    assert (await latest(bot)).phase is Phase.HELD
    await olga.presses("Undo")
    assert (await latest(bot)).phase is Phase.DRAFT
