"""/moderate: one question at a time, claimed, and everything that can be done with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dialogue.stages import Stage
from dialogue.words import Text
from storage.roles import Role
from tests.handlers.chatting import NOW, Bot, Chat
from tests.handlers.moderating.moderators import all_of, asker, does, moderator, stages, views
from tests.handlers.organising import put, said
from tests.handlers.receipts.test_receipts import hears
from tests.handlers.staff.team import person_of
from tests.safety.people import newcomer
from tests.safety.seen import LANGUAGES, all_text, shows, word

MASKS = "Do masks help?"
WORK = "Who pays the workers?"
TREES = "غرس الأشجار / trees"


@pytest.fixture
async def mona(bot: Bot) -> Chat:
    """Somebody who moderates and speaks English."""
    return await moderator(bot)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_list_names_every_webinar_with_its_new_questions(bot: Bot, language: str) -> None:
    mona = await moderator(bot, language=language)
    await asker(bot, MASKS)
    await mona.says(word("btn-moderate", language))
    title = {"en": "Webinar virus", "ar": "ندوة virus"}[language]
    coming = said("webinar-is-coming", language)
    line = said("moderate-line", language, number=1, title=title, state=coming, new=1)
    assert line in mona.text
    assert said("moderate-line-series", language, number=5, new=0) in mona.text
    assert "off" not in mona.text


async def test_a_webinar_that_is_running_comes_first_and_at_once(bot: Bot, mona: Chat) -> None:
    await put(bot, "now", starts_at=NOW - timedelta(minutes=10))
    await mona.says("/moderate")
    assert said("moderate-of", webinar="Webinar now") in mona.text
    await does(mona, "all")
    assert "1. Webinar now" in mona.text


async def test_a_question_is_shown_without_its_asker(bot: Bot, mona: Chat) -> None:
    await asker(bot, MASKS)
    await views(mona)
    (question,) = (await all_of(bot)).values()
    assert MASKS in mona.text
    assert question.asker in mona.text
    assert word("language-en") in mona.text
    assert "anna" not in all_text(mona)
    assert question.stage is Stage.IN_REVIEW


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_question_goes_all_the_way_by_buttons(bot: Bot, language: str) -> None:
    mona = await moderator(bot, language=language)
    await asker(bot, MASKS)
    await views(mona)
    await does(mona, "ok", language=language)
    assert shows(mona, "moderated-approved", language)
    assert await stages(bot) == {MASKS: Stage.APPROVED}
    await views(mona, "approved")
    await does(mona, "put", language=language)
    assert await stages(bot) == {MASKS: Stage.QUEUED}
    await views(mona, "experts")
    await does(mona, "live", language=language)
    assert await stages(bot) == {MASKS: Stage.LIVE}
    await does(mona, "later", language=language)
    assert await stages(bot) == {MASKS: Stage.FOLLOW_UP}
    await views(mona, "promised")
    await does(mona, "done", language=language)
    assert await stages(bot) == {MASKS: Stage.ANSWERED}
    await views(mona, "answered")
    await does(mona, "open", language=language)
    assert shows(mona, "moderated-in_review", language)
    assert await stages(bot) == {MASKS: Stage.IN_REVIEW}


async def test_what_is_new_may_go_to_the_expert_with_one_press(bot: Bot, mona: Chat) -> None:
    await asker(bot, MASKS)
    await views(mona)
    await does(mona, "put")
    assert await stages(bot) == {MASKS: Stage.QUEUED}
    await views(mona, "experts")
    await does(mona, "live", "back")
    assert await stages(bot) == {MASKS: Stage.QUEUED}
    await does(mona, "back")
    assert await stages(bot) == {MASKS: Stage.APPROVED}


async def test_after_one_comes_the_next_and_then_the_numbers(bot: Bot, mona: Chat) -> None:
    await asker(bot, MASKS, WORK)
    await mona.says("/moderate")
    await mona.presses_value("go:mo:virus")
    assert f"{word('moderate-new')}: 2" in mona.text
    await mona.presses_value("go:mo-order:oldest")
    await mona.presses(said("btn-mo-view", what=word("moderate-new"), number=2))
    assert MASKS in mona.text
    await does(mona, "ok")
    assert WORK in mona.text
    await does(mona, "ok")
    assert shows(mona, "moderate-none")
    assert f"{word('moderate-approved')}: 2" in mona.text


async def test_what_is_passed_over_is_still_there(bot: Bot, mona: Chat) -> None:
    await asker(bot, MASKS, WORK)
    await views(mona)
    first = MASKS if MASKS in mona.text else WORK
    await mona.presses(word("btn-next-one"))
    assert first not in mona.text
    await mona.presses(word("btn-next-one"))
    assert shows(mona, "moderate-through")
    assert await stages(bot) == {MASKS: Stage.RECEIVED, WORK: Stage.RECEIVED}
    await views(mona)
    assert first in mona.text


@pytest.mark.parametrize("order", ["newest", "oldest"])
async def test_questions_come_in_the_order_that_was_chosen(
    bot: Bot, mona: Chat, order: str
) -> None:
    await asker(bot, MASKS, WORK)
    await mona.says("/moderate")
    await mona.presses_value("go:mo:virus")
    await mona.presses(
        said("btn-mo-order", order=word("btn-order-fair")), word(f"btn-order-{order}")
    )
    assert shows(mona, "moderate-ordered")
    await mona.presses_value("go:mo-see:new")
    assert {"newest": WORK, "oldest": MASKS}[order] in mona.text


async def test_what_most_want_to_know_comes_first(bot: Bot, mona: Chat) -> None:
    await asker(bot, MASKS, WORK)
    await views(mona)
    await does(mona, "ok", "ok")
    bob = await newcomer(bot, "bob")
    wanted = (await all_of(bot))[WORK]
    async with bot.storage.transaction() as tx:
        assert await tx.support.add(wanted.id, await person_of(bob))
    await mona.presses_value("go:mo-order:supported")
    await mona.presses_value("go:mo-see:approved")
    assert WORK in mona.text


async def test_fair_is_that_others_are_heard_first(bot: Bot, mona: Chat) -> None:
    await asker(bot, MASKS, WORK)
    await asker(bot, "And schools?", account="bob")
    await views(mona)
    await does(mona, "put")
    assert "And schools?" in mona.text


async def test_of_two_the_second_is_told_by_role_and_given_the_next(bot: Bot, mona: Chat) -> None:
    olga = await moderator(bot, "olga", role=Role.ORGANISER)
    await asker(bot, MASKS, WORK)
    await views(mona)
    mine = MASKS if MASKS in mona.text else WORK
    (held,) = (each for each in (await all_of(bot)).values() if each.text == mine)
    await views(olga)
    assert mine not in olga.text
    await olga.presses_value(f"go:mo-ok:{held.id:x}:00000000")
    assert said("moderate-taken", role=word("role-moderator")) in olga.text
    assert "mona" not in all_text(olga)
    assert (await stages(bot))[mine] is Stage.IN_REVIEW


async def test_a_claim_ends_when_its_moderator_looks_elsewhere(bot: Bot, mona: Chat) -> None:
    olga = await moderator(bot, "olga", role=Role.ORGANISER)
    await asker(bot, MASKS)
    await views(mona)
    await views(olga)
    assert shows(olga, "moderate-none")
    await mona.says("/moderate")
    await views(olga)
    assert MASKS in olga.text


async def test_a_claim_ends_by_itself_after_a_while(bot: Bot, mona: Chat) -> None:
    olga = await moderator(bot, "olga", role=Role.ORGANISER)
    await asker(bot, MASKS)
    await views(mona)
    bot.calendar.passes(timedelta(minutes=5))
    await views(olga)
    assert MASKS in olga.text
    await does(mona, "ok")
    assert shows(mona, "moderate-taken")


async def test_a_button_counts_for_what_was_shown_and_nothing_else(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, MASKS)
    await views(mona)
    await anna.says("/questions", "1")
    await anna.presses(word("btn-rewrite"))
    await anna.says("Do gloves help?")
    # She is told that there is something new; what she hears of her own press comes after that.
    await bot.quiet("mona")
    await does(mona, "ok")
    assert shows(mona, "moderate-changed")
    assert "Do gloves help?" in mona.text
    assert await stages(bot) == {"Do gloves help?": Stage.IN_REVIEW}


async def test_the_same_button_again_does_nothing_twice(bot: Bot, mona: Chat) -> None:
    await asker(bot, MASKS)
    await views(mona, "new")
    _, approve = mona.button(word("btn-mo-ok"))
    await mona.presses_value(approve)
    await mona.presses_value("go:mo-see:approved")
    await mona.presses_value(approve)
    assert shows(mona, "moderate-changed")
    assert await stages(bot) == {MASKS: Stage.APPROVED}


async def test_what_was_withdrawn_is_nobodys_to_handle(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, MASKS)
    await views(mona)
    await anna.says("/questions", "1")
    await anna.presses(word("btn-withdraw"))
    await does(mona, "ok")
    assert shows(mona, "moderate-gone")
    assert shows(mona, "moderate-of")
    assert MASKS not in mona.text


async def test_an_idea_and_a_nickname_are_named(bot: Bot, mona: Chat) -> None:
    anna = await newcomer(bot, "anna")
    await anna.says("/register", "Nour", "Baghdad", "1", "skip", "confirm")
    await anna.says("/ask", "Plant trees.")
    await anna.presses("Webinar virus", "Idea", "With my nickname", "Confirm")
    await views(mona)
    assert shows(mona, "moderate-idea")
    assert said("moderate-nickname", nickname="Nour") in mona.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_idea_is_read_with_thanks_and_put_to_nobody(bot: Bot, language: str) -> None:
    mona = await moderator(bot, language=language)
    anna = await newcomer(bot, "anna", language)
    await anna.says("/ask", TREES)
    title = {"en": "Webinar virus", "ar": "ندوة virus"}[language]
    await anna.presses(title, word("btn-idea", language), word("btn-confirm", language))
    await views(mona)
    assert not {word(f"btn-mo-{way}", language) for way in ("put", "answer")} & {*mona.labels}
    await does(mona, "ok", language=language)
    await views(mona, "approved")
    assert not {word(f"btn-mo-{way}", language) for way in ("put", "answer")} & {*mona.labels}
    await hears(anna)
    await does(mona, "read", language=language)
    assert shows(mona, "moderated-read", language)
    assert await stages(bot) == {TREES: Stage.ANSWERED}
    (heard,) = await hears(anna)
    assert heard == said("receipt-idea", language, about=title, state=Text("state-read"))
    await anna.says("/questions")
    assert word("state-read", language) in anna.text
    assert word("state-answered", language) not in anna.text


async def test_questions_to_the_series_are_a_queue_of_their_own(bot: Bot, mona: Chat) -> None:
    anna = await newcomer(bot, "anna")
    await anna.says("/ask", MASKS)
    await anna.presses("series as a whole", "Question", "Confirm")
    await views(mona, webinar="_")
    assert MASKS in mona.text
    assert word("btn-series") in mona.text


@pytest.mark.parametrize("role", [None, Role.INTERPRETER, Role.SPEAKER])
async def test_nobody_else_has_any_of_it(bot: Bot, mona: Chat, role: Role | None) -> None:
    await asker(bot, MASKS)
    (question,) = (await all_of(bot)).values()
    other = await moderator(bot, "other") if role is None else await moderator(bot, "o", role=role)
    if role is None:
        other = await newcomer(bot, "plain")
    await other.says("/moderate")
    for value in ("go:moderate", "go:mo:virus", "go:mo-see:new", f"go:mo-ok:{question.id:x}:0"):
        await other.presses_value(value)
        assert shows(other, "stale")
    assert MASKS not in all_text(other)
    assert await stages(bot) == {MASKS: Stage.RECEIVED}
