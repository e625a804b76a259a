"""WhatsApp's windows: who wrote within a day is told anything, everybody else by template."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from dialogue.words import Text
from tests.conversations.community import Community, community
from tests.conversations.gathering import Gathering, copies, gathering, said
from tests.conversations.organising import (
    ANNOUNCED,
    CREATING,
    DAY,
    MINUTE,
    PUBLISHING,
    STARTS,
    TITLE,
    UNDO,
    WEDNESDAY,
    WRITING,
)
from tests.conversations.scripts import tap
from tests.conversations.steps import Greet, Manner, Say, See, Start, Talker, Tap
from tests.conversations.understood import understood
from tests.conversations.whatsapp_person import WhatsAppPerson
from tests.platforms.twilio import Ending, Reach, Shown

FIRST_A_DAY = 2
"""So many may be written to first within 24 hours."""


@pytest.fixture
async def here(tmp_path: Path) -> AsyncGenerator[Community]:
    given = {"TADAMUN_WHATSAPP__FIRST_MESSAGES_PER_DAY": str(FIRST_A_DAY)}
    async with community(tmp_path, "polling", now=WEDNESDAY, whatsapp=True, given=given) as running:
        assert running.twilio is not None
        running.twilio.sending.reach = Reach(FIRST_A_DAY)
        yield running


@pytest.fixture
async def crowd(here: Community) -> Gathering:
    """A webinar is published, and there are an organiser and an owner, both on Telegram."""
    made = await gathering(here)
    await made.organiser.follows(CREATING)
    await made.organiser.follows(PUBLISHING)
    return made


async def registers(crowd: Gathering, language: str) -> Talker:
    """Somebody on WhatsApp comes by the link to the webinar, agrees, and registers."""
    reader = Talker(crowd.here.on_whatsapp(), language, Manner.BUTTONS)
    await reader.follows([Start((await crowd.webinar()).id), Greet(), tap("agree"), See(TITLE)])
    await reader.follows([tap("register"), Say("Nour"), Tap(Text("governorate-BA"))])
    await reader.follows([tap("skip"), tap("confirm"), See("saved")])
    crowd.readers += (reader,)
    return reader


async def has_templates(here: Community) -> None:
    """WhatsApp has approved what the command line handed in."""
    assert here.twilio is not None
    await here.service.templates(make=True)
    here.twilio.contents.decides("approved")
    await here.service.templates(make=True)


async def announces(crowd: Gathering, count: int) -> None:
    """The organiser writes an announcement and sends it to so many."""
    await crowd.organiser.follows([Say("/new"), Tap(TITLE)])
    await crowd.organiser.follows(WRITING)
    await crowd.sends(count)
    await crowd.passes(UNDO)


def heard(crowd: Gathering) -> list[int]:
    """How often each reader got the announcement."""
    return [copies(reader, said(reader)) for reader in crowd.readers]


def last(talker: Talker) -> Shown:
    """The last message on their phone."""
    assert isinstance(talker.person, WhatsAppPerson)
    return talker.person.chat.last


async def test_an_announcement_comes_to_each_by_the_form_that_may_be_sent(
    here: Community, crowd: Gathering
) -> None:
    await has_templates(here)
    silent, awake, arabic = [await registers(crowd, language) for language in ("en", "en", "ar")]
    await here.passes(2 * DAY)
    await awake.follows([Say("/menu"), See("menu")])
    await announces(crowd, 5)
    assert (last(awake).template, awake.person.text.partition("\n")[0]) == (None, ANNOUNCED["en"])
    for reader in (silent, arabic):
        assert last(reader).template == "MARKETING"
        assert said(reader) in reader.person.text
    assert [copies(reader, said(reader)) for reader in crowd.readers] == [1, 1, 1]
    crowd.organiser.sees("report-done")


async def test_reminders_come_by_template_to_those_who_were_silent(
    here: Community, crowd: Gathering
) -> None:
    await has_templates(here)
    silent, awake = await registers(crowd, "ar"), await registers(crowd, "en")
    await here.reaches(STARTS - DAY - 60 * MINUTE)
    await awake.follows([Say("/menu")])
    await crowd.reaches(STARTS - DAY)
    assert (last(awake).template, last(silent).template) == (None, "UTILITY")
    awake.sees("remind-ahead")
    await silent.follows([Say("/menu"), See("menu")])
    await crowd.reaches(STARTS - 60 * MINUTE)
    assert last(silent).template is None
    silent.sees("remind-soon")


async def test_from_under_a_template_people_read_all_of_it_and_are_awake(
    here: Community, crowd: Gathering
) -> None:
    await has_templates(here)
    silent = await registers(crowd, "en")
    await here.passes(2 * DAY)
    await announces(crowd, 3)
    await silent.follows([tap("read-all")])
    assert last(silent).template is None
    assert ANNOUNCED["en"] in silent.person.text


async def test_who_can_be_told_only_by_a_template_that_is_missing_is_counted_beforehand(
    here: Community, crowd: Gathering
) -> None:
    silent, awake = await registers(crowd, "en"), await registers(crowd, "en")
    await here.passes(2 * DAY)
    await awake.follows([Say("/menu")])
    await crowd.organiser.follows([Say("/new"), Tap(TITLE)])
    await crowd.organiser.follows([*WRITING, tap("announce-send"), See("announce-untemplated")])
    await crowd.organiser.follows([Say("4")])
    await crowd.passes(UNDO)
    assert [copies(reader, said(reader)) for reader in (silent, awake)] == [0, 1]
    crowd.organiser.sees("report-done")


async def test_a_poster_is_fetched_by_whatsapp_and_shown_with_the_words(
    here: Community, crowd: Gathering
) -> None:
    reader = await registers(crowd, "en")
    await crowd.organiser.follows([Say("/new"), Tap(TITLE)])
    await crowd.organiser.follows(WRITING)
    await crowd.pictures()
    await crowd.sends(3)
    await crowd.passes(UNDO)
    assert reader.person.pictured
    assert ANNOUNCED["en"] in reader.person.text


async def test_more_than_the_tier_allows_are_written_to_on_the_days_after(
    here: Community, crowd: Gathering
) -> None:
    await has_templates(here)
    for _ in range(FIRST_A_DAY + 1):
        await registers(crowd, "en")
    await here.passes(2 * DAY)
    await crowd.organiser.follows([Say("/new"), Tap(TITLE)])
    await crowd.organiser.follows(WRITING)
    await crowd.organiser.follows([tap("announce-send"), tap("announce-spread")])
    await crowd.sends(5)
    here.now += UNDO
    twilio = here.twilio
    assert twilio is not None
    await twilio.wait_for(lambda: sum(heard(crowd)) == FIRST_A_DAY)
    here.now += DAY
    await twilio.wait_for(lambda: heard(crowd) == [1, 1, 1])
    await here.settles()
    assert heard(crowd) == [1, 1, 1]


async def test_a_window_that_closed_unnoticed_costs_nobody_the_announcement(
    here: Community, crowd: Gathering
) -> None:
    await has_templates(here)
    reader = await registers(crowd, "en")
    assert isinstance(reader.person, WhatsAppPerson)
    reader.person.chat.closed_unnoticed = True
    await announces(crowd, 3)
    assert last(reader).template == "MARKETING"
    assert copies(reader, said(reader)) == 1


async def test_who_wants_no_marketing_is_still_reminded(here: Community, crowd: Gathering) -> None:
    await has_templates(here)
    reader = await registers(crowd, "en")
    assert isinstance(reader.person, WhatsAppPerson)
    reader.person.twilio.people.wants_no_marketing(reader.person.chat)
    await here.passes(2 * DAY)
    await announces(crowd, 3)
    assert copies(reader, said(reader)) == 0
    await crowd.reaches(STARTS - DAY)
    assert last(reader).template == "UTILITY"


async def test_who_blocks_the_number_is_left_alone(here: Community, crowd: Gathering) -> None:
    reader = await registers(crowd, "en")
    assert isinstance(reader.person, WhatsAppPerson)
    await reader.person.blocks()
    await announces(crowd, 3)
    sent = len(reader.person.twilio.called("send"))
    await crowd.reaches(STARTS)
    assert len(reader.person.twilio.called("send")) == sent
    known = await understood(here.storage, "whatsapp", reader.person.account)
    assert known is not None
    assert known.stopped


async def test_what_meta_holds_back_comes_when_it_lets_it_through(
    here: Community, crowd: Gathering
) -> None:
    await has_templates(here)
    reader = await registers(crowd, "en")
    assert isinstance(reader.person, WhatsAppPerson)
    twilio, chat = reader.person.twilio, reader.person.chat
    chat.ends, chat.ends_only_marketing = Ending(63049), True
    await here.passes(2 * DAY)
    await crowd.organiser.follows([Say("/new"), Tap(TITLE)])
    await crowd.organiser.follows(WRITING)
    await crowd.sends(3)
    here.now += UNDO
    told = twilio.webhooks.told
    await twilio.wait_for(lambda: any(each.form.get("ErrorCode") == "63049" for each in told))
    assert copies(reader, said(reader)) == 0
    twilio.people.forgives(chat)
    await here.passes(DAY / 2)
    assert copies(reader, said(reader)) == 1


async def test_a_sandbox_that_was_not_joined_is_told_to_whoever_runs_the_bot(
    here: Community, crowd: Gathering, caplog: pytest.LogCaptureFixture
) -> None:
    reader = await registers(crowd, "en")
    assert isinstance(reader.person, WhatsAppPerson)
    reader.person.twilio.fail_later(Ending(63015))
    await announces(crowd, 3)
    assert copies(reader, said(reader)) == 0
    assert "sandbox" in "".join(each.message for each in caplog.records if "ALERT" in each.message)
    crowd.organiser.sees("report-done")
