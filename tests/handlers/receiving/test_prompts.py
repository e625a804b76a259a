"""What is said in the same words again and again is known beforehand, word for word."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import pytest

from channels import NO_SLIP, Limits, Slip
from dialogue.fold import utf16_length
from dialogue.words import Act, Message
from handlers.links import typed_link
from handlers.receiving import prompts
from handlers.receiving.prompts import Prompt
from tests.handlers.chatting import NOW, Bot, Chat, Phones, bot_at_work, plain
from tests.safety.people import newcomer
from tests.safety.seen import LANGUAGES, word

CHANGING = ("virus", "Nour", "Basrah", "البصرة", "Rome", "روما", "Why", "topic", "موضوع")
"""Names, answers and titles: what is said with one of them cannot be known beforehand."""


FEW, QUICK_REPLY, LISTED, BODY = 3, 20, 24, 1024
"""WhatsApp shows up to three buttons of 20 characters, or a list of ten with 24, under a text of
1,024 (https://www.twilio.com/docs/content)."""


class Recorder(Phones):
    """A WhatsApp that remembers everything that was said."""

    name = "whatsapp"
    limits = Limits(text_units=1600, per_second=1000, chat_burst=100, chat_seconds=0.0)

    def __init__(self) -> None:
        super().__init__()
        self.said: list[Message] = []

    async def send(
        self, account: str, act: Act, target: str | None, message: Message, slip: Slip = NO_SLIP
    ) -> str:
        """Show and remember it."""
        self.said.append(message)
        return await super().send(account, act, target, message, slip)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncGenerator[Bot]:
    """The bot on WhatsApp."""
    async with bot_at_work(tmp_path, phones=Recorder()) as bot:
        yield bot


async def known(bot: Bot) -> list[Prompt]:
    """All that is said in the same words."""
    async with bot.storage.reading() as tx:
        house = bot.receiver.house
        return await prompts.fixed(house, tx, NOW)


def as_read(known: Sequence[Prompt]) -> list[tuple[str, str, tuple[str, ...]]]:
    """What people see of these."""
    return [(each.message.language, each.message.text, labels(each.message)) for each in known]


def labels(message: Message) -> tuple[str, ...]:
    """What stands on its buttons."""
    return tuple(button.label for row in message.rows for button in row)


def tappable(message: Message) -> bool:
    """Whether WhatsApp has buttons for it."""
    return (
        0 < len(labels(message)) <= 10
        and all(len(label) <= 24 for label in labels(message))
        and len(message.text) <= 1024
        and not any(button.url for row in message.rows for button in row)
    )


def fixed(said: Sequence[Message]) -> set[tuple[str, str, tuple[str, ...]]]:
    """Those of the messages that say nothing of this person or this programme."""
    return {
        (each.language, each.text, labels(each))
        for each in said
        if tappable(each)
        and not any(word in plain(f"{each.text} {labels(each)}") for word in CHANGING)
    }


async def registers_and_asks(chat: Chat, language: str) -> None:
    """From the first word to a question that was sent, with mistakes, and out again."""

    def key(name: str) -> str:
        return word(name, language)

    await chat.says("/start", "?", "/help", "/start")
    await chat.presses(key(f"language-own-{language}"), key("btn-read-more"), key("btn-no-thanks"))
    await chat.presses(key("btn-to-notice"), key("btn-agree"))
    await chat.sends("voice")
    await chat.presses(key("btn-register"))
    await chat.sends("photo")
    await chat.says("Nour")
    await chat.presses(key("governorate-BA"), "virus", key("btn-done"))
    await chat.says("Why?")
    await chat.presses("virus")
    await chat.says("?")
    await chat.presses(key("btn-question"), key("btn-anon"), key("btn-confirm"))
    await chat.says("/ask", "Why not?")
    await chat.presses("virus", key("btn-idea"), key("btn-nick"), key("btn-confirm"))
    await chat.says("/settings", "/menu", "/help", "/privacy", "/language", "/stop", "hm?")
    await chat.says("/register")
    await chat.says("/cancel", "/forget")
    await chat.presses(key("btn-forget-really"), key("btn-forget-now"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_a_conversation_says_of_nobody_is_known_beforehand(
    bot: Bot, language: str
) -> None:
    every = set(as_read(await known(bot)))
    await registers_and_asks(bot.person("anna"), language)
    assert isinstance(bot.phones, Recorder)
    said = fixed(bot.phones.said)
    assert len(said) > 20
    assert said - every == set()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_asked_before_two_chats_become_one_is_known(bot: Bot, language: str) -> None:
    anna = await newcomer(bot, "anna", language)
    ben = await newcomer(bot, "ben", language)
    await anna.says("/link")
    await ben.says(next(line for line in anna.text.split("\n") if typed_link(line)))
    asked = ben.screen[ben.last]
    assert (asked.language, asked.text, labels(asked)) in as_read(await known(bot))


async def test_none_is_there_twice(bot: Bot) -> None:
    every = as_read(await known(bot))
    assert len(every) == len(set(every))
    assert len(every) < 300, "each is made at the platform, one by one"


async def test_they_are_the_same_whatever_the_programme(bot: Bot) -> None:
    before = as_read(await known(bot))
    await bot.person("anna").says("/start")
    assert bot.receiver.house.programme.webinars
    assert as_read(await known(bot)) == before


async def test_what_has_few_buttons_has_them_as_buttons(bot: Bot) -> None:
    for each in await known(bot):
        widest = max(map(utf16_length, labels(each.message)))
        most = QUICK_REPLY if len(labels(each.message)) <= FEW else LISTED
        assert widest <= most, (each.name, labels(each.message))


async def test_what_is_tappable_is_short_enough_to_be(bot: Bot) -> None:
    assert all(utf16_length(each.message.text) <= BODY for each in await known(bot))


async def test_what_opens_a_list_fits_on_a_button(bot: Bot) -> None:
    assert all(0 < utf16_length(each.opener) <= QUICK_REPLY for each in await known(bot))
