"""What somebody has typed is not lost when they look elsewhere."""

from __future__ import annotations

from tests.handlers.chatting import Bot, Chat
from tests.safety.people import taps
from tests.safety.seen import shows


async def test_a_question_begun_survives_the_button_of_a_webinar(bot: Bot, anna: Chat) -> None:
    await anna.says("/ask", "What about the markets?")
    await anna.opens("work")
    await taps(anna, "btn-ask")
    assert shows(anna, "ask-kind")
    await taps(anna, "btn-question", "btn-confirm")
    async with bot.storage.reading() as tx:
        address = await tx.people.find("telegram", anna.account)
        assert address is not None
        (kept,) = await tx.questions.of(address.person)
    assert (kept.text, kept.webinar) == ("What about the markets?", "work")
