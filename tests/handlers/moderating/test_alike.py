"""What seems to ask the same comes first where questions are merged, and its number before that."""

from __future__ import annotations

import pytest

from dialogue.stages import Stage
from storage.asking.alike import Alike
from tests.handlers.chatting import Bot
from tests.handlers.moderating.moderators import (
    VIRUS,
    all_of,
    asker,
    does,
    moderator,
    stages,
    views,
)
from tests.handlers.organising import said
from tests.handlers.staff.team import person_of
from tests.safety.seen import LANGUAGES, word

MASKS = "Do masks help?"
FACES = "Is it useful to cover one's face?"
WORK = "Who pays the workers?"


async def found_alike(bot: Bot, one: str, other: str) -> None:
    """The worker has found that these two seem to ask the same."""
    known = await all_of(bot)
    async with bot.storage.transaction() as tx:
        await tx.alike.put({known[one].id: [Alike(known[other].id, 800)]})


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_button_says_how_many_seem_to_ask_the_same(bot: Bot, language: str) -> None:
    mona = await moderator(bot, language=language)
    await asker(bot, MASKS)
    await views(mona)
    assert word("btn-mo-merge", language) in mona.labels
    await asker(bot, FACES, account="omar")
    await found_alike(bot, MASKS, FACES)
    await views(mona)
    assert said("btn-mo-merge-alike", language, number=1) in mona.labels


async def test_a_question_is_merged_into_one_that_seems_to_ask_the_same(bot: Bot) -> None:
    mona = await moderator(bot)
    await asker(bot, WORK, account="lena")
    await views(mona)
    await does(mona, "ok")
    await asker(bot, MASKS, FACES)
    await found_alike(bot, MASKS, FACES)
    await views(mona)
    first = MASKS if MASKS in mona.text else FACES
    other = FACES if first == MASKS else MASKS
    await mona.presses(said("btn-mo-merge-alike", number=1))
    assert said("moderate-merge-alike", number=1, question=other) in mona.text
    assert said("moderate-merge-line", number=2, question=WORK) in mona.text
    # A number says enough where a line begins.
    assert "•" not in mona.text
    await mona.presses(other)
    assert (await stages(bot))[first] is Stage.MERGED
    assert (await all_of(bot))[other].supports == 0


async def test_what_is_flagged_is_not_to_be_read_among_the_others(bot: Bot) -> None:
    mona = await moderator(bot)
    anna = await asker(bot, MASKS)
    person = await person_of(anna)
    async with bot.storage.transaction() as tx:
        await tx.questions.add(
            person, VIRUS, "question", FACES, True, "en", None, bot.calendar.now, flagged=True
        )
    await found_alike(bot, MASKS, FACES)
    await views(mona)
    assert MASKS in mona.text
    await mona.presses(said("btn-mo-merge-alike", number=1))
    assert FACES not in mona.text
