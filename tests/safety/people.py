"""People in the tests of this folder, and what they do by the keys of the catalogues."""

from __future__ import annotations

from tests.handlers.chatting import Bot, Chat
from tests.safety.seen import shows, word

PLAIN = (
    ("ask-nick", "Nour"),
    ("ask-gov", "governorate-out"),
    ("ask-zone", "Rome"),
    ("reject-zone-which", "1"),
    ("ask-webinars", "Webinar virus"),
    ("ask-extra", "btn-skip"),
    ("ask-question-too", "btn-skip"),
    ("reject-too-long", "btn-cut"),
    ("reject-too-long-for-one", "btn-cut"),
    ("ask-for", "Webinar virus"),
    ("ask-kind", "btn-question"),
    ("ask-as", "btn-anon"),
)
"""What each screen of registration asks, and a plain answer to it."""


async def newcomer(bot: Bot, account: str, language: str = "en") -> Chat:
    """Somebody who has agreed to the notice."""
    chat = bot.person(account)
    await chat.says("/start")
    await chat.presses(word(f"language-own-{language}"), word("btn-agree", language))
    return chat


async def taps(chat: Chat, *keys: str) -> None:
    """Press buttons by their keys."""
    await chat.presses(*map(word, keys))


async def registers_with(chat: Chat, text: str) -> None:
    """Answer every question with this text, and where it is refused with something plain."""
    await chat.says("/register")
    tried: set[str] = set()
    while not shows(chat, "summary-registration"):
        found = [pair for pair in PLAIN if shows(chat, pair[0])]
        assert found, chat.text
        asked, plainly = found[-1]
        await chat.says((word(plainly) if "-" in plainly else plainly) if asked in tried else text)
        tried.add(asked)


async def asks(chat: Chat, text: str, webinar: str = "Webinar virus") -> None:
    """Send a question."""
    await chat.says("/ask", text)
    await chat.presses(webinar)
    await taps(chat, "btn-question")
    if shows(chat, "ask-as"):
        await taps(chat, "btn-anon")
    await taps(chat, "btn-confirm")
