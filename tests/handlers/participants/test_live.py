"""While a webinar runs, what somebody registered writes is a question to it with one tap."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.asking.intake import Taking
from tests.handlers.chatting import NOW, Bot, Chat, both
from tests.handlers.organising import put, registered, said
from tests.handlers.participants.test_questions import questions_of
from tests.safety.people import newcomer
from tests.safety.seen import LANGUAGES, shows, word

MASKS = "Do masks help?"


async def running(bot: Bot, id: str = "now") -> None:
    """A webinar that began ten minutes ago."""
    title = both(f"Webinar {id}", f"ندوة {id}")
    await put(bot, id, starts_at=NOW - timedelta(minutes=10), title=title)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_one_tap_sends_it(bot: Bot, language: str) -> None:
    await running(bot)
    anna = await newcomer(bot, "anna", language)
    await registered(anna, "now")
    await anna.says(MASKS)
    assert shows(anna, "live-offer", language)
    await anna.presses(word("btn-send-as-question", language))
    assert shows(anna, "question-received", language)
    (kept,) = await questions_of(bot)
    assert (kept.text, kept.webinar, kept.kind, kept.anonymous) == (MASKS, "now", "question", True)


async def test_of_two_the_choice_is_remembered_for_an_hour(bot: Bot) -> None:
    anna = await newcomer(bot, "anna")
    for id in ("now", "too"):
        await running(bot, id)
        await registered(anna, id)
    await anna.says(MASKS)
    assert shows(anna, "live-offer-which")
    await anna.presses("Webinar too")
    await anna.says("And gloves?")
    assert said("live-offer", webinar="Webinar too") in anna.text
    await anna.says("yes")
    assert [kept.webinar for kept in await questions_of(bot)] == ["too", "too"]
    bot.calendar.passes(timedelta(hours=1))
    await anna.says("And schools?")
    assert shows(anna, "live-offer-which")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_comes_too_soon_is_sent_later_with_one_tap(bot: Bot, language: str) -> None:
    await running(bot)
    async with bot.storage.transaction() as tx:
        await tx.intake.set("now", Taking(slow=timedelta(minutes=5)))
    anna = await newcomer(bot, "anna", language)
    await registered(anna, "now")
    await anna.says(MASKS)
    await anna.presses(word("btn-send-as-question", language))
    await anna.takes(text="And glvoes?", message="77")
    await anna.presses(word("btn-send-as-question", language))
    assert said("ask-slow", language, count=5) in anna.text
    bot.calendar.passes(timedelta(minutes=5))
    await anna.presses(word("btn-send-kept", language))
    assert shows(anna, "question-received", language)
    await anna.takes(text="And gloves?", message="77", edited=True)
    assert [kept.text for kept in await questions_of(bot)] == ["And gloves?", MASKS]


async def test_the_same_offer_sends_once(bot: Bot) -> None:
    await running(bot)
    anna = await newcomer(bot, "anna")
    await registered(anna, "now")
    await anna.says(MASKS)
    number, value = anna.button(word("btn-send-as-question"))
    await anna.presses_value(value, number)
    await anna.presses_value(value, number)
    assert shows(anna, "stale")
    assert len(await questions_of(bot)) == 1


async def test_editing_the_message_edits_the_question(bot: Bot) -> None:
    await running(bot)
    anna = await newcomer(bot, "anna")
    await registered(anna, "now")
    await anna.takes(text="Do msaks help?", message="77")
    await anna.presses(word("btn-send-as-question"))
    await anna.takes(text=MASKS, message="77", edited=True)
    assert [kept.text for kept in await questions_of(bot)] == [MASKS]


async def test_in_another_way_asks_for_all_there_is_to_say(bot: Bot) -> None:
    await running(bot)
    anna = await newcomer(bot, "anna")
    await registered(anna, "now")
    await anna.says(MASKS)
    await anna.presses(word("btn-otherwise"))
    assert shows(anna, "ask-for")


async def test_it_is_offered_to_nobody_else(bot: Bot) -> None:
    await running(bot)
    bob = await newcomer(bot, "bob")
    await bob.says(MASKS)
    assert shows(bob, "unasked")
    await bob.presses_value("go:now:now")
    assert await questions_of(bot, "bob") == []
    carl = await newcomer(bot, "carl")
    await registered(carl, "now", approved=False)
    await carl.says(MASKS)
    assert shows(carl, "unasked")


async def test_it_is_offered_only_while_it_runs(bot: Bot) -> None:
    await running(bot)
    anna = await newcomer(bot, "anna")
    await registered(anna, "now")
    await anna.says(MASKS)
    _, value = anna.button(word("btn-send-as-question"))
    # Many a session lasts longer than was planned.
    bot.calendar.passes(timedelta(minutes=90))
    await anna.says("And what about gloves?")
    assert shows(anna, "live-offer")
    bot.calendar.passes(timedelta(minutes=30))
    await anna.presses_value(value)
    assert await questions_of(bot) == []
    await anna.says("And gloves?")
    assert shows(anna, "unasked")


async def test_a_long_text_is_offered_as_ever(bot: Bot) -> None:
    await running(bot)
    anna: Chat = await newcomer(bot, "anna")
    await registered(anna, "now")
    await anna.says("What about the workers in the markets? " * 40)
    assert shows(anna, "unasked")
