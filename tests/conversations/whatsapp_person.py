"""A person on WhatsApp, who presses what can be pressed there, and types the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.conversations.people import TICK, Key, Rest, key_in, plain
from tests.platforms.twilio import Chat, Shown, TwilioServer

BETWEEN = " · "
LONGEST = 40
"""No button says more."""
_CHOICE = re.compile(r"(\d+)\. (.+)")
_LINK = re.compile(r"(.+?): (https?://\S+)")


class WhatsAppPerson:
    """Somebody with the bot's number in their list of chats."""

    channel = "whatsapp"

    def __init__(self, twilio: TwilioServer, number: str, rest: Rest) -> None:
        self.twilio = twilio
        self.rest = rest
        self.chat: Chat = twilio.people.joins(number)

    @property
    def account(self) -> str:
        return f"whatsapp:{self.chat.user}" if self.chat.shows_user else self.chat.sender

    @property
    def text(self) -> str:
        """The last message, with all parts of it."""
        return "\n\n".join(plain(shown.text) for shown in self._last_parts())

    @property
    def keys(self) -> Sequence[Key]:
        """What can be pressed, or stands there to be typed."""
        shown = self.chat.last
        pressed = [Key(plain(button.label), button.value) for button in shown.buttons]
        return pressed or typed_keys(self.text)

    @property
    def texts(self) -> list[str]:
        return [plain(each) for each in self.chat.texts]

    @property
    def pictured(self) -> bool:
        return any(shown.picture is not None for shown in self._last_parts())

    async def starts(self, webinar: str | None) -> None:
        # What https://wa.me/<number>?text=… has written for them already.
        await self.says("/start" if webinar is None else f"w-{webinar}")

    async def says(self, words: str) -> None:
        self.rest.begins()
        self.twilio.people.says(self.chat, words)
        await self.rest.ends(self)

    async def presses(self, label: str) -> None:
        """Press this; where nothing can be pressed, type the number before it, or what it says."""
        for shown in reversed(list(self.chat)):
            if key_in([Key(plain(button.label), None) for button in shown.buttons], label):
                return await self.presses_again(shown, label)
            key = key_in(typed_keys(plain(shown.text)), label)
            if key is not None and shown is self.chat.last and key.number is not None:
                return await self.says(str(key.number))
            if key is not None:
                return await self.says(label)
        raise AssertionError(f"no {label!r} to be seen; last was: {self.text}")

    async def presses_again(self, message: Shown, label: str, times: int = 1) -> None:
        """Press a button that was seen, be it long ago, so many times at once."""
        (words,) = {b.label for b in message.buttons if plain(b.label).removeprefix(TICK) == label}
        self.rest.begins()
        for _ in range(times):
            self.twilio.people.presses(self.chat, message, words)
        await self.rest.ends(self)

    async def sends_picture(self, content: bytes) -> None:
        """Nobody fetches it."""
        self.rest.begins()
        self.twilio.people.sends(self.chat)
        await self.rest.ends(self)

    async def blocks(self) -> None:
        """Block the bot, which hears of it with the next message to them."""
        self.twilio.people.blocks(self.chat)

    def _last_parts(self) -> list[Shown]:
        """All parts of one message; what becomes of each is told at the same place."""
        last = self.chat.last
        place = told_at(last)
        return [
            shown for shown in self.chat if shown is last or (place and told_at(shown) == place)
        ]


def told_at(shown: Shown) -> str:
    """Where it is told what became of the message that this is a part of; "" for none."""
    (place,) = shown.fields.get("StatusCallback", [""])
    return place.partition("&")[0]


def typed_keys(text: str) -> list[Key]:
    """What a message offers in words: choices with numbers, links, and words side by side."""
    lines = text.split("\n")
    keys = [
        Key(match[2], match[1], int(match[1])) for match in map(_CHOICE.fullmatch, lines) if match
    ]
    keys += [Key(match[1], None) for match in map(_LINK.fullmatch, lines) if match]
    _, below, last = text.rpartition("\n\n")
    for line in last.split("\n") if below else ():
        if not _CHOICE.fullmatch(line) and not _LINK.fullmatch(line):
            keys += [Key(word, word) for word in line.split(BETWEEN) if len(word) <= LONGEST]
    return keys
