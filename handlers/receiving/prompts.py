"""What is said in the same words again and again, with buttons under it.

A platform that wants its buttons made beforehand is handed these once. Everything that is said
with a name, a time or a title in it, or of an answer, is not among them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime

from dialogue import moves
from dialogue import talk as talks
from dialogue.incoming import Incoming
from dialogue.talk import Talk
from dialogue.words import Message, Reply, Text, text
from handlers.commands import Commands
from handlers.desk import Desk
from handlers.house import House
from handlers.participants import (
    help,
    linking,
    privacy,
    profile,
    questions,
    registration,
    rewriting,
    welcome,
)
from handlers.receiving import routes
from handlers.speaking import asking, lists, menus
from handlers.turn import Conversation, Turn
from storage import Transaction
from storage.community.people import Address, Person, Profile
from storage.roles import Role

CHANNEL = "whatsapp"
"""Where buttons are made beforehand: what its people read before they agree is its own."""

MOST = 10
"""Buttons that a platform shows under one message at most."""

LEADING_TO_THE_MENU = (
    *("agreed", "welcome-back", "language-changed", "resumed", "stale", "still-here"),
    *("choose-from-list", "media-not-read"),
)
"""What is often said above the menu."""

LEADING_TO_A_QUESTION = ("still-here", "media-not-read", "back-to-talk")
"""And above a question that is asked once more."""

ANY_ANSWER = "1"
"""The first choice, where there are any, else a word like another."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One message as people get it, what it is called, and what opens its list of choices."""

    name: str
    message: Message
    opener: str


async def fixed(house: House, storage: Transaction, now: datetime) -> list[Prompt]:
    """All of them in every language, none twice; nothing is written."""
    found: dict[tuple[str, str, tuple[str, ...]], Prompt] = {}
    for code in house.languages.codes:
        voice = house.languages.voice(code)
        opener = voice.say(text("btn-choose"))
        async for reply in _said(house, storage, now, code):
            if not _is_fixed(reply):
                continue
            message = voice.render(reply)
            labels = tuple(button.label for row in message.rows for button in row)
            prompt = Prompt(reply.texts[-1].key, message, opener)
            found.setdefault((message.language, message.text, labels), prompt)
    return list(found.values())


def _is_fixed(reply: Reply) -> bool:
    """Whether it has buttons, and none that an organiser named, or that opens an address."""
    buttons = [button for row in reply.rows for button in row]
    return 0 < len(buttons) <= MOST and all(
        isinstance(button.label, Text) and button.url is None for button in buttons
    )


async def _said(
    house: House, storage: Transaction, now: datetime, language: str
) -> AsyncIterator[Reply]:
    """What is said to somebody who reads this language, from the greeting on."""

    def turn(role: Role | None = None) -> Turn:
        person = Person(0, language, "", Profile(nickname=ANY_ANSWER))
        incoming = Incoming(CHANNEL, "", "", now, text="")
        address = Address(0, 0, CHANNEL, "")
        return Turn(incoming, person, address, Desk(), now, house, storage, role)

    for reply in _before_consent(house, now, language):
        yield reply
    for role in (None, Role.ORGANISER, Role.OWNER):
        yield menus.main_menu(turn(role))
        for note in LEADING_TO_THE_MENU:
            yield menus.main_menu(turn(role), Text(note))
    for reply in _of_questions(turn()):
        yield reply
    for reply in _when_done(turn()):
        yield reply
    for replies in (
        await profile.languages(turn()),
        await profile.settings(turn()),
        await profile.stop(turn()),
        await help.help(turn()),
        await help.unasked(turn(), ANY_ANSWER),
        await privacy.privacy(turn()),
        *await _of_forgetting(turn()),
        await _cancelling(turn()),
        list(_of_joining(turn())),
    ):
        for reply in replies:
            yield reply


def _before_consent(house: House, now: datetime, language: str) -> Iterator[Reply]:
    commands = Commands(house.languages)
    words = ("/start", "/stop", "/help", "?")
    choices = ("hi:{}:", "more:{}:", "no:{}:", "ok:{}::changed")
    for said in words:
        incoming = Incoming(CHANNEL, "", "", now, text=said)
        yield from welcome.greet(house, commands, incoming, now, ()).replies
    for choice in choices:
        incoming = Incoming(CHANNEL, "", "", now, choice=choice.format(language))
        yield from welcome.greet(house, commands, incoming, now, ()).replies


def _of_questions(turn: Turn) -> Iterator[Reply]:
    """The questions whose words and choices are the same for everybody."""
    for conversation in (
        registration.CONVERSATION,
        questions.CONVERSATION,
        rewriting.CONVERSATION,
    ):
        form = turn.form(conversation)
        talk = talks.begin(form, 1)
        while (question := talks.asked_question(form, talk)) is not None:
            if not question.ask.values and not question.several:
                refused = ("reject-not-a-choice",) if question.choices else ("reject-needed",)
                for note in (None, *LEADING_TO_A_QUESTION, *refused):
                    yield _asked(turn, conversation, talk, *([Text(note)] if note else []))
            talk = moves.say(form, talk, ANY_ANSWER)


def _asked(turn: Turn, conversation: Conversation, talk: Talk, *before: Text) -> Reply:
    turn.desk = Desk().with_talk(conversation.code, talk)
    return asking.prompt(turn, conversation, *before)


def _when_done(turn: Turn) -> Iterator[Reply]:
    """What is said once something was sent or saved."""
    received, own = text("question-received", count=1), (menus.command_button("questions"),)
    yield menus.after(turn, (text("saved"),))
    yield menus.after(turn, (text("saved"), received))
    yield menus.after(turn, (received,), own)
    yield menus.after(turn, (text("idea-received"),), own)
    yield menus.after(turn, (text("questions-none"),))


def _of_joining(turn: Turn) -> Iterator[Reply]:
    """What is asked before two chats become one, and before they part."""
    for channel in privacy.CHANNELS:
        chat = Text(f"chat-on-{channel}")
        yield lists.menu(turn, (text("link-sure", chats=chat),), linking.to_join(""))
        yield lists.menu(turn, (text("unlink-sure", chats=chat),), linking.to_part(""))


async def _of_forgetting(turn: Turn) -> list[list[Reply]]:
    first = await privacy.forget(turn)
    second = await privacy.forget_once_more(turn, turn.desk.token)
    return [first, second, [privacy.farewell(turn.house)]]


async def _cancelling(turn: Turn) -> list[Reply]:
    turn.desk = Desk().with_talk(registration.CONVERSATION.code, Talk(1))
    return await routes.cancel(turn)
