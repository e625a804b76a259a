"""The community's list of words: what it flags is taken like any other, and looked at by choice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogue.stages import Stage
from locales.flagging import WordList
from storage.roles import Role
from tests.handlers.chatting import Bot
from tests.handlers.moderating.moderators import all_of, asker, does, moderator, stages, views
from tests.handlers.organising import said
from tests.safety.seen import LANGUAGES, shows, word

MASKS = "Do masks help?"
NONSENSE = "Is all of this nonsense?"


@pytest.fixture(autouse=True)
def listed(bot: Bot) -> None:
    """The community has a list with one word."""
    bot.receiver.house = replace(bot.receiver.house, words=WordList(["nonsense"]))


async def test_the_asker_sees_no_difference(bot: Bot) -> None:
    anna = await asker(bot, MASKS)
    plain = anna.text
    omar = await asker(bot, NONSENSE, account="omar")
    assert omar.text == plain
    await omar.says("/questions")
    assert NONSENSE in omar.text


async def test_it_comes_after_those_that_came_later(bot: Bot) -> None:
    mona = await moderator(bot)
    await asker(bot, NONSENSE, MASKS)
    for order in ("oldest", "newest", "fair", "supported"):
        await mona.says("/moderate")
        await mona.presses_value("go:mo:virus")
        await mona.presses_value(f"go:mo-order:{order}")
        await mona.presses_value("go:mo-see:new")
        assert MASKS in mona.text
    await mona.presses(word("btn-next-one"))
    assert shows(mona, "moderate-flagged")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_its_words_are_shown_when_somebody_wants_to_read_them(
    bot: Bot, language: str
) -> None:
    mona = await moderator(bot, language=language)
    await asker(bot, NONSENSE)
    await views(mona)
    assert shows(mona, "moderate-flagged", language)
    assert NONSENSE not in mona.text
    assert word("btn-mo-ok", language) not in mona.labels
    await does(mona, "text", language=language)
    assert NONSENSE in mona.text
    await does(mona, "ok", language=language)
    assert await stages(bot) == {NONSENSE: Stage.APPROVED}


async def test_it_may_be_declined_unread(bot: Bot) -> None:
    mona = await moderator(bot)
    await asker(bot, NONSENSE)
    await views(mona)
    await does(mona, "no")
    assert NONSENSE not in mona.text
    await mona.presses(word("btn-reason-topic"))
    assert await stages(bot) == {NONSENSE: Stage.DECLINED}


async def test_once_approved_it_is_as_any_other(bot: Bot) -> None:
    mona = await moderator(bot)
    await asker(bot, NONSENSE)
    await views(mona)
    await does(mona, "text", "ok")
    await views(mona, "approved")
    assert NONSENSE in mona.text


async def test_other_words_of_its_asker_are_looked_at_anew(bot: Bot) -> None:
    anna = await asker(bot, MASKS)
    (question,) = (await all_of(bot)).values()
    assert not question.flagged
    await anna.says("/questions")
    await anna.presses(MASKS)
    await anna.presses(word("btn-rewrite"))
    await anna.says(NONSENSE)
    (question,) = (await all_of(bot)).values()
    assert (question.text, question.flagged) == (NONSENSE, True)


@pytest.mark.parametrize("role", [Role.SPEAKER, Role.INTERPRETER, Role.MODERATOR, Role.OWNER])
async def test_all_staff_see_how_many_nobody_has_approved(bot: Bot, role: Role) -> None:
    await asker(bot, MASKS, NONSENSE)
    member = await moderator(bot, role=role)
    await member.says("/board")
    await member.presses_value("go:bo:virus")
    assert said("board-unapproved", number=2) in member.text


async def test_merged_its_words_stay_folded_away(bot: Bot) -> None:
    mona = await moderator(bot)
    await asker(bot, MASKS)
    await asker(bot, NONSENSE, account="omar")
    await views(mona)
    await does(mona, "ok", "text", "merge")
    await mona.presses(MASKS)
    await views(mona, "approved")
    await mona.presses(said("btn-mo-parts", number=1))
    assert shows(mona, "moderate-flagged")
    assert NONSENSE not in mona.text
    await does(mona, "open")
    assert NONSENSE not in mona.text
    assert (await stages(bot))[NONSENSE] is Stage.IN_REVIEW
