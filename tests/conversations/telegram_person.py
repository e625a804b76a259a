"""A person on Telegram, who talks with the bot by way of the stand-in for its Bot API."""

from __future__ import annotations

from collections.abc import Sequence

from tests.conversations.people import Key, Rest, key_in, plain
from tests.platforms.telegram import Shown, TelegramServer


class TelegramPerson:
    """Somebody with the bot in their list of chats."""

    channel = "telegram"

    def __init__(self, telegram: TelegramServer, user: int, rest: Rest, hint: str) -> None:
        self.telegram = telegram
        self.user = user
        self.rest = rest
        telegram.people.introduce(user, language_code=hint)

    @property
    def account(self) -> str:
        return str(self.user)

    @property
    def text(self) -> str:
        return plain(self.telegram.chat(self.user).last.text)

    @property
    def keys(self) -> Sequence[Key]:
        return keys_of(self.telegram.chat(self.user).last)

    @property
    def texts(self) -> list[str]:
        return [plain(each) for each in self.telegram.chat(self.user).texts]

    @property
    def pictured(self) -> bool:
        return self.telegram.chat(self.user).last.photo is not None

    async def starts(self, webinar: str | None) -> None:
        await self.says("/start" if webinar is None else f"/start w-{webinar}")

    async def says(self, words: str) -> None:
        self.rest.begins()
        self.telegram.people.says(self.user, words)
        await self.rest.ends(self)

    async def presses(self, label: str) -> None:
        message, key = self.find(label)
        assert key.value is not None, f"{label} only opens a link"
        await self.presses_again(message, key)

    async def presses_again(self, message: Shown, key: Key, times: int = 1) -> None:
        """Press a button that was seen, be it long ago, so many times at once."""
        assert key.value is not None
        self.rest.begins()
        for _ in range(times):
            self.telegram.people.presses_value(self.user, message, key.value)
        await self.rest.ends(self)

    async def edits(self, before: str, after: str) -> None:
        """Change the last message in which they wrote `before`."""
        said = self.telegram.chat(self.user).said
        number = max(id for id, words in said.items() if words == before)
        self.rest.begins()
        self.telegram.people.edits(self.user, number, after)
        await self.rest.ends(self)

    async def sends_photo(self) -> None:
        """Send what is not text."""
        self.rest.begins()
        self.telegram.people.sends_photo(self.user, "what I saw")
        await self.rest.ends(self)

    async def sends_picture(self, content: bytes) -> None:
        self.rest.begins()
        self.telegram.people.sends_photo(self.user, content=content)
        await self.rest.ends(self)

    async def blocks(self) -> None:
        """Block the bot."""
        self.rest.begins()
        self.telegram.people.blocks(self.user)
        await self.rest.ends(self)

    async def unblocks(self) -> None:
        """Let the bot write again."""
        self.rest.begins()
        self.telegram.people.unblocks(self.user)
        await self.rest.ends(self)

    def offers(self, label: str) -> bool:
        """Whether a button with this label can be pressed, under whichever message."""
        return any(key_in(keys_of(message), label) for message in self.telegram.chat(self.user))

    def find(self, label: str) -> tuple[Shown, Key]:
        """The newest button with this label, and the message that it stands under."""
        for message in reversed(list(self.telegram.chat(self.user))):
            key = key_in(keys_of(message), label)
            if key is not None:
                return message, key
        raise AssertionError(f"no button {label!r}; the last ones are {self.keys}")


def keys_of(message: Shown) -> list[Key]:
    """The buttons under a message."""
    return [Key(plain(button.label), button.value) for button in message.buttons]
