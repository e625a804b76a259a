"""People who answer fast, and lines that say things twice: the ones are heard, the others not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dialogue.words import Text
from tests.conversations.community import Way, community
from tests.conversations.scripts import AGREED, REGISTRATION, VIRUS, WORK, tap
from tests.conversations.steps import Manner, Pick, Say, See, Talker, Tap
from tests.conversations.understood import understood

QUICK = timedelta(seconds=4)
AT_ONCE = timedelta(seconds=1)


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("way", ["polling", "forms"])
async def test_the_same_number_to_one_list_after_another_is_an_answer_to_each(
    tmp_path: Path, way: Way, language: str
) -> None:
    async with community(tmp_path, way) as here:
        here.step = QUICK
        person = here.person(hint=language)
        await Talker(person, language, Manner.NUMBERS).follows(REGISTRATION.steps)
        found = await understood(here.storage, person.channel, person.account)
        assert REGISTRATION.leaves is not None
        assert found == replace(REGISTRATION.leaves, language=language)


async def test_skipping_one_question_after_another_skips_both(tmp_path: Path) -> None:
    async with community(tmp_path, "polling") as here:
        here.step = QUICK
        talker = Talker(here.person(), "en", Manner.LABELS)
        await talker.follows([*AGREED, tap("register"), tap("skip"), Tap(Text("governorate-BA"))])
        await talker.follows([Pick((VIRUS, WORK)), See("ask-extra"), tap("skip"), tap("skip")])
        await talker.follows([See("ask-question-too"), tap("skip"), See("summary-registration")])


@pytest.mark.parametrize("words", ["Nour", "1", "skip", "تخطي"])
async def test_what_a_bad_line_sends_twice_is_heard_once(tmp_path: Path, words: str) -> None:
    async with community(tmp_path, "polling") as here:
        talker = Talker(here.person(), "en", Manner.BUTTONS)
        await talker.follows([*AGREED, tap("register"), See("ask-nick")])
        here.step = AT_ONCE
        await talker.follows([Say(words), See("ask-gov"), Say(words), See("ask-gov")])
        assert "do not know this place" not in talker.person.text
