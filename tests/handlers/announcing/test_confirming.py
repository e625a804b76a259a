"""Nothing goes to many by mistake: the number, what it is bound to, a second person, the undo."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.series.standing import OVERRUN
from storage.broadcasting.broadcasts import Phase
from storage.roles import Role
from tests.handlers.announcing.organisers import crowd, drafted, joined, latest, organiser
from tests.handlers.chatting import Bot, Chat, Rules, bot_at_work
from tests.handlers.staff.team import becomes

MOST = 110
"""Recipients beyond which a second person must agree, in these tests."""


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncGenerator[Bot]:
    """The bot of a community that is careful."""
    async with bot_at_work(tmp_path, rules=Rules(second_person_above=MOST)) as bot:
        yield bot


@pytest.fixture
async def olga(bot: Bot) -> Chat:
    """An organiser, who is asked for the number of a hundred people, herself among them."""
    olga = await organiser(bot, "olga")
    await crowd(bot, 99)
    await drafted(olga)
    await olga.presses("Send")
    assert "People who get it: 100" in olga.text
    return olga


async def phase(bot: Bot) -> Phase:
    """How far the announcement is that was made last."""
    return (await latest(bot)).phase


@pytest.mark.parametrize("number", ["100", "١٠٠", "۱۰۰", "100.", " 100 ", "1٠۰"])
async def test_the_number_lets_it_go_in_any_digits(bot: Bot, olga: Chat, number: str) -> None:
    await olga.says(number)
    assert "Confirmed. It leaves in 60 seconds" in olga.text
    held = await latest(bot)
    assert held.phase is Phase.HELD
    assert held.starts_at - bot.calendar.now == timedelta(seconds=60)


async def test_nobody_gets_it_once_nobody_is_at_its_webinar_any_more(bot: Bot, olga: Chat) -> None:
    await olga.says("100")
    async with bot.storage.reading() as tx:
        virus = await tx.webinars.get("virus")
    assert virus is not None
    over = virus.starts_at + timedelta(minutes=virus.minutes) + OVERRUN
    assert (await latest(bot)).not_after == over
    await olga.presses("Undo")
    assert (await latest(bot)).not_after is None


async def test_what_is_to_leave_after_its_webinar_does_not_expire_while_it_waits_for_a_yes(
    bot: Bot, olga: Chat
) -> None:
    other = await organiser(bot, "other")
    await olga.presses("Cancel", "Change", "When")
    await olga.says("in 3 weeks 19:00", "yes")
    await crowd(bot, 50)
    await confirmed(olga)
    assert await phase(bot) is Phase.WAITING
    await other.presses_value(f"go:an:{(await latest(bot)).id}")
    await other.presses("Yes, send it")
    held = await latest(bot)
    assert (held.phase, held.not_after) == (Phase.HELD, None)


@pytest.mark.parametrize("webinar", ["No, in general", "Webinar past"])
async def test_what_is_about_nothing_to_come_does_not_expire(bot: Bot, webinar: str) -> None:
    nour = await organiser(bot, "nour")
    await nour.presses_value("go:an-new")
    await nour.presses("Everyone", webinar, "Skip")
    await nour.says("Hello everybody")
    await nour.presses("Send")
    await nour.says("1")
    held = await latest(bot)
    assert (held.phase, held.not_after) == (Phase.HELD, None)


@pytest.mark.parametrize(
    "words", ["²", "١٠٠²", "a hundred", "مئة", "100 people", "1e2", "+100", "0x64"]
)
async def test_what_is_no_number_is_asked_for_again_kindly(
    bot: Bot, olga: Chat, words: str
) -> None:
    await olga.says(words)
    assert "Please type the number in digits" in olga.text
    assert "People who get it: 100" in olga.text
    assert await phase(bot) is Phase.DRAFT
    await olga.says("100")
    assert await phase(bot) is Phase.HELD


async def test_another_number_lets_nothing_go(bot: Bot, olga: Chat) -> None:
    for wrong in ("99", "101", "0", "1000"):
        await olga.says(wrong)
        assert "not the number that was shown" in olga.text
        assert await phase(bot) is Phase.DRAFT


async def test_a_yes_is_no_number(bot: Bot, olga: Chat) -> None:
    await olga.says("yes")
    assert await phase(bot) is Phase.DRAFT


async def test_it_is_good_for_five_minutes(bot: Bot, olga: Chat) -> None:
    bot.calendar.passes(timedelta(minutes=4, seconds=40))
    await olga.says("100")
    assert await phase(bot) is Phase.HELD


async def test_after_five_minutes_it_is_asked_for_anew(bot: Bot, olga: Chat) -> None:
    bot.calendar.passes(timedelta(minutes=5))
    await olga.says("100")
    assert "More than five minutes have passed" in olga.text
    assert await phase(bot) is Phase.DRAFT
    await olga.says("100")
    assert await phase(bot) is Phase.HELD


async def test_an_audience_may_grow_by_a_tenth(bot: Bot, olga: Chat) -> None:
    await crowd(bot, 9)
    await olga.says("100")
    assert await phase(bot) is Phase.HELD


async def test_an_audience_that_grew_by_more_is_shown_anew(bot: Bot, olga: Chat) -> None:
    await crowd(bot, 11)
    await olga.says("100")
    assert "Many more people would get it by now" in olga.text
    assert "People who get it: 111" in olga.text
    assert await phase(bot) is Phase.DRAFT
    await olga.says("100")
    assert await phase(bot) is Phase.DRAFT


async def test_a_text_that_changed_elsewhere_must_be_confirmed_anew(bot: Bot, olga: Chat) -> None:
    made = await latest(bot)
    async with bot.storage.transaction() as tx:
        content = {**made.content, "texts": {"en": "Something else"}}
        assert await tx.broadcasts.change_content(made.id, content)
    await olga.says("100")
    assert "The announcement has changed in the meantime" in olga.text
    assert await phase(bot) is Phase.DRAFT


async def test_an_audience_of_another_rule_must_be_confirmed_anew(bot: Bot, olga: Chat) -> None:
    made = await latest(bot)
    async with bot.storage.transaction() as tx:
        rule = type(made.rule)("all", languages=("en",))
        assert await tx.broadcasts.change_content(made.id, made.content, rule=rule)
    await olga.says("100")
    assert "The announcement has changed in the meantime" in olga.text
    assert await phase(bot) is Phase.DRAFT


async def test_what_was_changed_by_hand_is_asked_for_with_the_new_words(
    bot: Bot, olga: Chat
) -> None:
    made = await latest(bot)
    await olga.presses_value(f"go:an-edit:{made.id}:t-en")
    await olga.says("Something else")
    await olga.says("100")
    assert await phase(bot) is Phase.DRAFT


async def test_back_to_the_draft_the_number_means_nothing(bot: Bot, olga: Chat) -> None:
    await olga.presses("Cancel")
    assert "nothing has been sent yet" in olga.text
    await olga.says("100")
    assert await phase(bot) is Phase.DRAFT


async def test_said_twice_it_goes_once(bot: Bot, olga: Chat) -> None:
    await olga.says("100")
    held = await latest(bot)
    await olga.says("100")
    assert await latest(bot) == held


async def test_somebody_elses_number_lets_nothing_go(bot: Bot, olga: Chat) -> None:
    other = await organiser(bot, "other")
    made = await latest(bot)
    await other.presses_value(f"go:an-send:{made.id}")
    await other.says("100")
    assert await phase(bot) is Phase.DRAFT
    member = await joined(bot, "member")
    await member.presses_value("k1:n:100")
    assert await phase(bot) is Phase.DRAFT


async def test_whoever_is_no_organiser_any_more_lets_nothing_go(bot: Bot, olga: Chat) -> None:
    await becomes(olga, None)
    await olga.says("100")
    assert await phase(bot) is Phase.DRAFT


async def test_undo_makes_it_a_draft_again_and_twice_does_nothing(bot: Bot, olga: Chat) -> None:
    await olga.says("100")
    number, value = olga.button("Undo")
    await olga.presses_value(value, number)
    assert "Undone; nothing was sent" in olga.text
    assert await phase(bot) is Phase.DRAFT
    await olga.presses("Send")
    await olga.says("100")
    assert await phase(bot) is Phase.HELD


async def test_what_has_begun_cannot_be_taken_back(bot: Bot, olga: Chat) -> None:
    await olga.says("100")
    held = await latest(bot)
    async with bot.storage.transaction() as tx:
        assert await tx.recipients.note_frozen(held.id, 100)
        assert await tx.broadcasts.begin(held.id, held.starts_at)
    await olga.presses("Undo")
    assert "It is on its way already" in olga.text
    assert await phase(bot) is Phase.FREEZING


async def many(bot: Bot, olga: Chat) -> None:
    """The announcement is confirmed for more than one person may let go alone."""
    await olga.presses("Cancel")
    await crowd(bot, 50)
    await confirmed(olga)


async def confirmed(olga: Chat) -> None:
    """The number that is shown was typed."""
    await olga.presses("Send")
    count = next(word for word in olga.text.split() if word.isdigit())
    await olga.says(count)


async def test_alone_one_waits_for_longer(bot: Bot, olga: Chat) -> None:
    await many(bot, olga)
    assert "nobody else on the team who could agree" in olga.text
    assert "It leaves in 10 minutes" in olga.text
    held = await latest(bot)
    assert held.starts_at - bot.calendar.now == timedelta(minutes=10)
    await olga.presses("Undo")
    assert await phase(bot) is Phase.DRAFT


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.INTERPRETER, Role.SPEAKER])
async def test_who_may_not_announce_is_no_second_person(bot: Bot, olga: Chat, role: Role) -> None:
    await becomes(await joined(bot, "mona"), role)
    await many(bot, olga)
    assert await phase(bot) is Phase.HELD


async def test_a_second_person_sees_it_and_agrees(bot: Bot, olga: Chat) -> None:
    omar = await organiser(bot, "omar")
    await many(bot, olga)
    assert await phase(bot) is Phase.WAITING
    assert "somebody else on the team must agree first" in olga.text
    await bot.quiet("omar")
    assert "waits for somebody else's yes. People who would get it: 151" in omar.text
    await omar.presses("Look at it")
    said = [omar.screen[number].text for number in sorted(omar.screen)]
    assert any("Hello everybody" in words for words in said)
    assert any("مرحبا بالجميع" in words for words in said)
    assert "People who get it: 151" in omar.text
    await omar.presses("Yes, send it")
    held = await latest(bot)
    assert held.phase is Phase.HELD
    assert held.starts_at - bot.calendar.now == timedelta(seconds=60)
    await bot.quiet("olga")
    assert "agreed to your announcement" in olga.text
    await olga.presses("Look at it", "Undo")
    assert await phase(bot) is Phase.DRAFT


async def test_the_author_is_no_second_person(bot: Bot, olga: Chat) -> None:
    await organiser(bot, "omar")
    await many(bot, olga)
    waiting = await latest(bot)
    await olga.presses_value(f"go:an-ok:{waiting.id}:151:anything")
    await olga.presses_value(f"go:an-no:{waiting.id}")
    assert await phase(bot) is Phase.WAITING
    await olga.presses("Withdraw the request")
    assert await phase(bot) is Phase.DRAFT


async def test_a_second_person_may_send_it_back(bot: Bot, olga: Chat) -> None:
    omar = await organiser(bot, "omar")
    await many(bot, olga)
    await bot.quiet("omar")
    await omar.presses("Look at it", "No, send it back")
    assert await phase(bot) is Phase.DRAFT
    await bot.quiet("olga")
    assert "was not sent; it is a draft again" in olga.text


async def test_what_they_agree_to_is_what_they_saw(bot: Bot, olga: Chat) -> None:
    omar = await organiser(bot, "omar")
    await many(bot, olga)
    await bot.quiet("omar")
    await omar.presses("Look at it")
    number, value = omar.button("Yes, send it")
    await olga.presses("Withdraw the request", "Change", "Text in English")
    await olga.says("Something else")
    await olga.presses("Send")
    await olga.says("151")
    assert await phase(bot) is Phase.WAITING
    await omar.presses_value(value, number)
    assert "has changed in the meantime" in omar.text
    assert await phase(bot) is Phase.WAITING


@pytest.mark.parametrize(("more", "then"), [(15, Phase.HELD), (16, Phase.WAITING)])
async def test_a_crowd_that_grew_is_seen_by_the_second_person(
    bot: Bot, olga: Chat, more: int, then: Phase
) -> None:
    omar = await organiser(bot, "omar")
    await many(bot, olga)
    await bot.quiet("omar")
    await omar.presses("Look at it")
    await crowd(bot, more)
    await omar.presses("Yes, send it")
    assert await phase(bot) is then


async def test_a_second_yes_does_nothing(bot: Bot, olga: Chat) -> None:
    omar, oda = await organiser(bot, "omar"), await organiser(bot, "oda")
    await many(bot, olga)
    for chat in (omar, oda):
        await bot.quiet(chat.account)
        await chat.presses("Look at it")
    await omar.presses("Yes, send it")
    held = await latest(bot)
    await oda.presses("Yes, send it")
    assert await latest(bot) == held
    assert "Confirmed. It leaves" in oda.text
