"""Stopping at once by any of its words, and coming back after days."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dialogue.words import Text
from tests.conversations.community import Way, community
from tests.conversations.scripts import AGREED, tap
from tests.conversations.steps import Manner, Say, See, Talker, Tap
from tests.conversations.understood import understood

STOPS = (
    "STOP",
    "stop",
    "Stop.",
    "/stop",
    "إيقاف",
    "ايقاف",
    "توقف",
    "إلغاء الاشتراك",
    "unsubscribe",
)


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_each_word_of_stop_stops_in_mid_talk(tmp_path: Path, language: str) -> None:
    async with community(tmp_path, "polling") as here:
        for word in STOPS:
            person = here.person(hint=language)
            talker = Talker(person, language, Manner.BUTTONS)
            await talker.follows([*AGREED, tap("register"), See("ask-nick"), Say(word)])
            await talker.follows([See("stopped")])
            found = await understood(here.storage, person.channel, person.account)
            assert found is not None
            assert (found.stopped, found.reminders, found.announcements) == (True, False, False)


@pytest.mark.parametrize("way", ["polling", "forms"])
async def test_days_later_everything_is_where_it_was(tmp_path: Path, way: Way) -> None:
    async with community(tmp_path, way) as here:
        talker = Talker(here.person(), "en", Manner.BUTTONS)
        await talker.follows([*AGREED, tap("register"), Say("Nour"), See("ask-gov")])
        here.now += timedelta(days=4)
        await talker.follows([Say("are you still there?"), See("still-here"), See("ask-gov")])
        here.now += timedelta(days=2)
        await talker.follows([Tap(Text("governorate-BA")), See("ask-webinars")])
