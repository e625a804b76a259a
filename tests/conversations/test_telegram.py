"""What only Telegram has: edits, blocks, groups, photos, and messages that change in place."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conversations.community import Community, community
from tests.conversations.people import Key
from tests.conversations.scripts import AGREED, QUESTION, REGISTERED, REGISTERING, VIRUS, tap
from tests.conversations.steps import Greet, Manner, Say, See, Talker, Tap
from tests.conversations.telegram_person import TelegramPerson
from tests.conversations.understood import Understood, understood

FORGED = (
    *("q:999:approve", "r99:gov:BA", "r1:!ok:", "r1:webinars:+nope", "r1:gov:ZZ", "r1:!to:nope"),
    *("go:q:-1", "go:q:9223372036854775808", "go:forget2:", "go:set:id:on", "go:lang:xx"),
    *("hi:xx:", "ok:", "x" * 64, "\x00", "go:w:'--", "go:nope"),
)
"""What nobody was ever shown, or not now."""


@pytest.fixture(params=["polling", "webhook"])
async def here(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Community]:
    async with community(tmp_path, request.param) as running:
        yield running


@pytest.fixture
def huda(here: Community) -> TelegramPerson:
    return here.on_telegram("en")


@pytest.fixture
def talk(huda: TelegramPerson) -> Talker:
    return Talker(huda, "en", Manner.BUTTONS)


async def known(here: Community, person: TelegramPerson) -> Understood:
    found = await understood(here.storage, person.channel, person.account)
    assert found is not None
    return found


async def test_pressing_one_button_after_another_leaves_one_message(
    here: Community, huda: TelegramPerson, talk: Talker
) -> None:
    await talk.follows(AGREED)
    await talk.follows([tap("settings"), tap("menu"), tap("webinars"), Tap(VIRUS)])
    assert len(huda.telegram.chat(huda.user).texts) == 1
    assert len(here.telegram.methods.answered) == 7
    assert huda.telegram.people.queries == {}


async def test_an_old_button_loses_its_row_and_the_next_question_is_a_new_message(
    huda: TelegramPerson, talk: Talker
) -> None:
    await talk.follows([*AGREED, tap("register")])
    old, skip = huda.find("Skip")
    await talk.follows([Say("Nour"), See("ask-gov")])
    await huda.presses_again(old, skip)
    talk.sees("ask-gov")
    assert old.buttons == ()
    assert len(huda.telegram.chat(huda.user).texts) == 3


async def test_editing_the_message_edits_the_question(
    here: Community, huda: TelegramPerson, talk: Talker
) -> None:
    await talk.follows([*AGREED, *REGISTERING])
    await huda.edits(QUESTION, "And the schools?")
    talk.sees("question-rewritten")
    assert [asked.text for asked in (await known(here, huda)).questions] == ["And the schools?"]


async def test_editing_the_message_while_the_question_is_open_edits_the_answer(
    here: Community, huda: TelegramPerson, talk: Talker
) -> None:
    await talk.follows([*AGREED, Say("/ask"), Say("Frist?"), See("ask-for")])
    await huda.edits("Frist?", "First?")
    await talk.follows([Tap(VIRUS), tap("question")])
    assert "First?" in huda.text
    await talk.follows([tap("confirm"), See("question-received")])
    assert [asked.text for asked in (await known(here, huda)).questions] == ["First?"]


async def test_a_tap_that_arrives_thrice_confirms_once(
    here: Community, huda: TelegramPerson, talk: Talker
) -> None:
    await talk.follows([*AGREED, *REGISTERING[:-3], See("summary-registration")])
    message, confirm = huda.find("Confirm")
    await huda.presses_again(message, confirm, times=3)
    talk.sees("saved")
    found = await known(here, huda)
    assert (found.registrations, found.questions) == (
        REGISTERED.registrations,
        REGISTERED.questions,
    )
    assert huda.telegram.people.queries == {}


async def test_a_block_stops_everything_and_unblocking_subscribes_to_nothing(
    here: Community, huda: TelegramPerson, talk: Talker
) -> None:
    await talk.follows([*AGREED, *REGISTERING])
    await huda.blocks()
    found = await known(here, huda)
    assert (found.reachable, found.announcements, found.reminders) == (False, False, False)
    await huda.unblocks()
    found = await known(here, huda)
    assert (found.reachable, found.announcements, found.reminders) == (True, False, False)
    await talk.follows([Say("/settings"), tap("reminders-on"), See("setting-reminders-on")])
    assert (await known(here, huda)).registrations == REGISTERED.registrations


async def test_a_photo_gets_a_polite_word_and_the_question_again(
    huda: TelegramPerson, talk: Talker
) -> None:
    await talk.follows([*AGREED, tap("register")])
    await huda.sends_photo()
    talk.sees("media-not-read")
    talk.sees("ask-nick")


async def test_a_photo_from_a_stranger_is_greeted(here: Community, huda: TelegramPerson) -> None:
    await huda.sends_photo()
    Talker(huda, "en", Manner.BUTTONS).sees("greeting")
    assert await understood(here.storage, "telegram", huda.account) is None


async def test_in_a_group_it_says_one_sentence_and_leaves(
    here: Community, huda: TelegramPerson, talk: Talker
) -> None:
    group = -1_000_000_000_001
    here.telegram.people.adds_to_group(huda.user, group)
    await here.telegram.wait_for(lambda: here.telegram.chat(group).left)
    await here.ends(huda)
    assert len(here.telegram.chat(group).texts) == 1
    assert await understood(here.storage, "telegram", str(group)) is None
    assert await understood(here.storage, "telegram", huda.account) is None


async def test_what_is_kept_comes_as_a_file_and_goes_after_ten_minutes(
    here: Community, huda: TelegramPerson, talk: Talker
) -> None:
    await talk.follows([*AGREED, *REGISTERING, Say("/mydata"), See("mydata")])
    await talk.follows([tap("mydata-file"), See("mydata-file")])
    shown = huda.telegram.chat(huda.user).last
    assert shown.document is not None
    assert QUESTION in shown.document[1].decode()
    here.now += timedelta(minutes=11)
    await huda.says("/menu")
    await here.telegram.wait_for(lambda: shown.deleted)
    texts = "".join(huda.telegram.chat(huda.user).texts)
    assert "ten minutes" not in texts


async def test_forgetting_takes_the_messages_away_and_leaves_the_last_word(
    here: Community, huda: TelegramPerson, talk: Talker
) -> None:
    await talk.follows([*AGREED, *REGISTERING, Say("/forget"), tap("forget-really")])
    await talk.follows([tap("forget-now")])
    chat = huda.telegram.chat(huda.user)
    await here.telegram.wait_for(lambda: len(chat.texts) == 1)
    talk.sees("forgotten")
    assert await understood(here.storage, "telegram", huda.account) is None
    await talk.follows([Say("hello"), See("greeting"), Greet(), tap("agree"), See("agreed")])
    assert (await known(here, huda)).registrations == ()


async def test_forged_and_outlandish_buttons_get_todays_state(
    huda: TelegramPerson, talk: Talker
) -> None:
    await talk.follows([*AGREED, tap("register"), See("ask-nick")])
    message = huda.telegram.chat(huda.user).last
    for value in FORGED:
        await huda.presses_again(message, Key("?", value))
        assert "wrong on our side" not in huda.text, value
        assert huda.keys, value
