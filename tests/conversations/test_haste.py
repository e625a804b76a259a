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
from tests.conversations.test_invitations import first_owner
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


@pytest.mark.parametrize("manner", [Manner.BUTTONS, Manner.LABELS])
async def test_passing_over_one_question_after_another_passes_over_each(
    tmp_path: Path, manner: Manner
) -> None:
    async with community(tmp_path, "polling") as here:
        owner = await first_owner(here, "en")
        async with here.storage.transaction() as tx:
            known = await tx.people.find("telegram", owner.person.account)
            assert known is not None
            for words in ("First?", "Second?", "Third?"):
                await tx.questions.add(
                    *(known.person, "coronavirus", "question", words, True, "en", None, here.now)
                )
        owner.manner = manner
        await owner.follows([Say("/moderate"), Tap(VIRUS)])
        new = Text("btn-mo-view", {"what": Text("moderate-new"), "number": 3})
        await owner.follows([Tap(new), See("moderate-head")])
        here.step = QUICK
        seen = {owner.person.text}
        for _ in range(2):
            await owner.follows([tap("next-one"), See("moderate-head")])
            seen.add(owner.person.text)
        assert len(seen) == 3
