"""Every command, by its name and by each of its words, means what it says in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogue.fold import fold
from handlers.commands import NAMES, words
from tests.conversations.community import community
from tests.conversations.scripts import AGREED
from tests.conversations.steps import Manner, Talker, speech
from tests.conversations.understood import understood

SHOWS = {
    "start": "welcome-back",
    "register": "ask-nick",
    "webinars": "programme",
    "ask": "ask-question",
    "questions": "questions-none",
    "language": "ask-language",
    "settings": "settings",
    "link": "link-about",
    "privacy": "notice-careful",
    "mydata": "mydata",
    "forget": "forget",
    "stop": "stopped",
    "help": "help",
    "unlink": "unlink-alone",
    "cancel": "stopped",
}
"""What is seen after a command when nothing else is open; the menu, if it is not listed."""

OPENS = ("register", "ask")

BEFORE = {
    "webinars": "programme",
    "privacy": "notice-careful",
    "help": "help-before",
    "stop": "nothing-is-kept",
    "cancel": "nothing-is-kept",
    "forget": "nothing-is-kept",
    "mydata": "nothing-is-kept",
    "start": "greeting",
    "language": "greeting",
    "menu": "greeting",
}


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_a_command_means_what_it_says(tmp_path: Path, language: str) -> None:
    async with community(tmp_path, "polling") as here:
        talker = Talker(here.person(hint=language), language, Manner.BUTTONS)
        await talker.follows(AGREED)
        for name in NAMES:
            for said in (f"/{name}", *sorted(words(speech(), name))):
                await talker.person.says(said)
                talker.sees(SHOWS.get(name, "menu"))
                if name in OPENS:
                    await talker.person.says("/cancel")
                    talker.sees("cancelled")


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_before_consent_a_command_gets_what_can_be_had(tmp_path: Path, language: str) -> None:
    async with community(tmp_path, "polling") as here:
        person = here.person(hint=language)
        talker = Talker(person, language, Manner.BUTTONS)
        for name in NAMES:
            await person.says(f"/{name}")
            talker.sees(BEFORE.get(name, "not-kept-yet"))
        assert await understood(here.storage, person.channel, person.account) is None


def test_every_word_of_a_command_is_folded_already() -> None:
    for name in NAMES:
        assert all(fold(word) == word for word in words(speech(), name))
