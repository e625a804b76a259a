"""What people type instead of pressing: labels, numbers, commands, and a plain yes."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from dialogue.words import Text
from handlers.commands import NAMES, STAFF, WAYS, Commands, words
from locales import Languages
from storage.roles import Role
from tests.handlers.chatting import Bot, Chat
from tests.handlers.participants.test_registration import registrations_of


@pytest.fixture(scope="module")
def languages() -> Languages:
    """Both languages."""
    return Languages.load(("ar", "en"), "Asia/Baghdad", Path("locales"))


def test_no_word_means_two_commands(languages: Languages) -> None:
    meanings = {name: words(languages, name) for name in (*NAMES, *STAFF, "yes")}
    for one, other in combinations(meanings, 2):
        assert meanings[one] & meanings[other] == set(), (one, other)


def test_no_word_of_a_button_that_lasts_means_a_command(languages: Languages) -> None:
    commands = Commands(languages)
    for way, labels in WAYS.items():
        for label in labels:
            for name in languages.names(Text(label)):
                assert commands.way(name) == way
                assert commands.find(name, Role.OWNER) is None, (name, way)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "STOP",
            "Stop.",
            "stop!",
            "s\u200btop",
            "ＳＴＯＰ",
            "𝐒𝐭𝐨𝐩",
            "Stop all",
            "UNSUBSCRIBE",
            "opt-out",
        ),
        *("إيقاف", "ايقاف", "إِيقَاف", "إيقـــاف", "«إيقاف»", "ﺇﻳﻘﺎﻑ", "توقف", "الغاء الإشتراك"),
    ],
)
async def test_a_stop_is_understood_in_any_letters(anna: Chat, typed: str) -> None:
    await anna.presses("Register")
    await anna.says(typed)
    assert "Stopped" in anna.text


@pytest.mark.parametrize("command", NAMES)
async def test_every_command_answers_by_slash_and_by_word(
    anna: Chat, languages: Languages, command: str
) -> None:
    for typed in (f"/{command}", *sorted(words(languages, command))[:3]):
        anna.screen.clear()
        assert await anna.says(typed)


async def test_a_label_on_the_screen_goes_before_a_command(anna: Chat) -> None:
    await anna.presses("Register", "Skip", "Basrah", "Webinar virus", "Done", "Skip")
    await anna.presses("Change an answer")
    await anna.says("webinars")
    assert "Which webinars" in anna.text


@pytest.mark.parametrize("yes", ["yes", "OK", "نعم", "اي"])
async def test_yes_confirms_the_summary(bot: Bot, anna: Chat, yes: str) -> None:
    await anna.presses("Register", "Skip", "Basrah", "Webinar virus", "Done", "Skip")
    await anna.says(yes)
    assert len(await registrations_of(bot)) == 1


async def test_yes_is_an_answer_where_no_yes_was_asked_for(anna: Chat) -> None:
    await anna.presses("Register")
    await anna.says("Sure")
    assert "Where" in anna.text
    await anna.says("back")
    assert "So far: Sure" in anna.text
