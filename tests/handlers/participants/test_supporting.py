"""«Me too»: approved questions of others, supported once by each person, and anonymously."""

from __future__ import annotations

import pytest

from tests.handlers.chatting import Bot, Chat
from tests.handlers.moderating.moderators import all_of, asker, does, moderator, views
from tests.handlers.organising import said
from tests.safety.people import newcomer
from tests.safety.seen import LANGUAGES, all_text, shows, word

MASKS = "Do masks help?"


@pytest.fixture
async def mona(bot: Bot) -> Chat:
    """Somebody who moderates and speaks English."""
    return await moderator(bot)


async def approved(mona: Chat, *words: str, account: str = "anna") -> Chat:
    """Somebody whose questions are approved."""
    anna = await asker(mona.bot, *words, account=account)
    await views(mona)
    await does(mona, *["ok"] * len(words))
    return anna


async def voices(bot: Bot) -> int:
    """How many want to know the answer to the question."""
    return (await all_of(bot))[MASKS].supports


@pytest.mark.parametrize("language", LANGUAGES)
async def test_one_press_supports_and_the_next_takes_it_back(
    bot: Bot, mona: Chat, language: str
) -> None:
    await approved(mona, MASKS)
    bob = await newcomer(bot, "bob", language)
    await bob.presses_value("go:w:virus")
    await bob.presses(word("btn-others", language))
    assert shows(bob, "others-questions", language)
    assert MASKS in bob.text
    await bob.presses(said("btn-me-too", language, number=1))
    assert shows(bob, "others-supported", language)
    assert await voices(bot) == 1
    await bob.says("1")
    assert shows(bob, "others-withdrawn", language)
    assert await voices(bot) == 0


async def test_what_nobody_approved_is_shown_to_nobody(bot: Bot, mona: Chat) -> None:
    await asker(bot, MASKS)
    bob = await newcomer(bot, "bob")
    await bob.presses_value("go:w:virus")
    assert word("btn-others") not in bob.labels
    await bob.presses_value("go:others:0:virus")
    assert shows(bob, "others-none")
    (question,) = (await all_of(bot)).values()
    await bob.presses_value(f"go:metoo:0:{question.id:x}")
    assert MASKS not in all_text(bob)
    assert await voices(bot) == 0


async def test_ones_own_question_is_not_among_those_of_others(mona: Chat) -> None:
    anna = await approved(mona, MASKS)
    await anna.presses_value("go:w:virus")
    assert word("btn-others") not in anna.labels


async def test_a_question_that_is_with_the_experts_is_supported_no_more(
    bot: Bot, mona: Chat
) -> None:
    await approved(mona, MASKS, "And gloves?")
    bob = await newcomer(bot, "bob")
    await bob.presses_value("go:others:0:virus")
    _, value = bob.button(said("btn-me-too", number=2))
    for view in ("approved", "approved"):
        await views(mona, view)
        await does(mona, "put")
    await bob.presses_value(value)
    assert shows(bob, "others-none")
    assert sum(each.supports for each in (await all_of(bot)).values()) == 0


async def test_the_most_wanted_come_first_and_the_rest_on_further_pages(
    bot: Bot, mona: Chat
) -> None:
    questions = [f"Question number {n}?" for n in range(5)]
    await approved(mona, *questions)
    await approved(mona, MASKS, account="carl")
    bob = await newcomer(bot, "bob")
    await bob.presses_value("go:others:0:virus")
    assert MASKS not in bob.text
    await bob.presses(word("btn-others-more"))
    assert MASKS in bob.text
    await bob.presses(said("btn-me-too", number=1))
    await bob.presses_value("go:others:0:virus")
    assert said("others-line-wanted", number=1, question=MASKS, voices=1) in bob.text.replace(
        " (in English)", ""
    )
    await bob.presses(word("btn-to-webinar"))
    assert "Webinar virus" in bob.text


async def test_staff_see_how_many_and_never_who(bot: Bot, mona: Chat) -> None:
    await approved(mona, MASKS)
    bob = await newcomer(bot, "bob")
    await bob.presses_value("go:others:0:virus")
    await bob.presses(said("btn-me-too", number=1))
    await views(mona, "approved")
    assert said("moderate-supports", number=1) in mona.text
    assert "bob" not in all_text(mona)


@pytest.mark.parametrize(
    "value", ["go:others:0:off", "go:others:0:nothing", "go:others::", "go:metoo:0:zz", "go:metoo:"]
)
async def test_nonsense_leads_to_the_programme(anna: Chat, value: str) -> None:
    await anna.presses_value(value)
    assert shows(anna, "others-none")
