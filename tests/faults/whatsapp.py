"""People on WhatsApp who write without waiting long, and what they get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.faults.crowd import AGREEING, Line
from tests.platforms.twilio import Chat, TwilioServer


@dataclass
class Writer:
    """Somebody who knows their part."""

    twilio: TwilioServer
    chat: Chat

    async def follows(self, lines: Sequence[Line]) -> None:
        """Write each line once the answer to the one before is there."""
        for line, answer in lines:
            before = len(self.chat.texts)
            self.twilio.people.says(self.chat, line)
            await self.hears(answer, before)

    async def hears(self, words: str, after: int = 0) -> None:
        """Return once a message with these words is there, behind so many others."""

        def is_there() -> bool:
            return any(words in text for text in self.chat.texts[after:])

        try:
            await self.twilio.wait_for(is_there)
        except TimeoutError:
            raise AssertionError(f"no {words!r} in {self.chat.texts[after:]}") from None


async def meets_on_whatsapp(twilio: TwilioServer, number: int) -> Writer:
    """This person writes for the first time, and agrees to the notice."""
    writer = Writer(twilio, twilio.people.joins(f"+{number}"))
    await writer.follows(AGREEING)
    return writer
