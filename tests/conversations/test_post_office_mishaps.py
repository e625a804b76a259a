"""What may go wrong on the way to many: nobody gets what they do not want, nobody is left out."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from dialogue.words import Text
from tests.conversations.community import Community, community
from tests.conversations.gathering import Gathering, all_see, copies, gathering, said
from tests.conversations.organising import (
    ANNOUNCED,
    CANCELLING,
    CREATING,
    MINUTE,
    PUBLISHING,
    STARTS,
    TITLE,
    UNDO,
    WEDNESDAY,
    WRITING,
)
from tests.conversations.scripts import tap
from tests.conversations.steps import Say, See, Talker, Tap
from tests.conversations.telegram_person import TelegramPerson

CORRECTED = {"ar": "تصحيح: اللقاء في السابعة مساءً.", "en": "A correction: we meet at seven."}


@pytest.fixture(params=["polling", "forms"])
async def here(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Community]:
    async with community(tmp_path, request.param, now=WEDNESDAY) as running:
        yield running


@pytest.fixture
async def crowd(here: Community) -> Gathering:
    """Everybody is registered for the webinar, and an announcement of it is written."""
    made = await gathering(here)
    await made.organiser.follows(CREATING)
    await made.organiser.follows(PUBLISHING)
    await made.registers()
    await made.organiser.follows([Say("/new"), Tap(TITLE)])
    await made.organiser.follows(WRITING)
    return made


def on_telegram(crowd: Gathering, language: str) -> Talker:
    """The reader of this language who is on Telegram."""
    return next(
        reader
        for reader in crowd.readers
        if reader.language == language and isinstance(reader.person, TelegramPerson)
    )


def block(reader: Talker, *, blocked: bool = True) -> None:
    """They block the bot, or let it write again; word of it has not come yet."""
    assert isinstance(reader.person, TelegramPerson)
    reader.person.telegram.chat(reader.person.user).blocked = blocked


async def test_what_is_cancelled_is_told_once_and_reminds_nobody(crowd: Gathering) -> None:
    await crowd.organiser.follows([*CANCELLING, tap("undo"), See("undone")])
    await crowd.passes(UNDO)
    assert (await crowd.webinar()).state == "published"
    await crowd.organiser.follows(CANCELLING)
    await crowd.passes(UNDO)
    assert (await crowd.webinar()).state == "cancelled"
    crowd.organiser.sees("report-of-cancelled")
    all_see(crowd.readers, "told-cancelled")
    for minutes in (1440, 60, 10, 0):
        await crowd.reaches(STARTS - minutes * MINUTE)
    all_see(crowd.readers, "told-cancelled")


async def test_only_who_did_not_get_it_gets_it_once_more(crowd: Gathering) -> None:
    anna = on_telegram(crowd, "en")
    block(anna)
    await crowd.sends(6)
    await crowd.passes(UNDO)
    await crowd.organiser.follows([See("report-done"), See("fault-gone")])
    heard = [copies(reader, said(reader)) for reader in crowd.readers]
    assert heard == [int(reader is not anna) for reader in crowd.readers]

    block(anna, blocked=False)
    await anna.follows([Say("/menu"), See("menu")])
    await crowd.organiser.follows([tap("report-retry"), See("announce-to-failed")])
    await crowd.sends(1)
    await crowd.passes(UNDO)
    assert [copies(reader, said(reader)) for reader in crowd.readers] == [1, 1, 1, 1]


async def test_a_correction_goes_to_those_whom_it_reached(crowd: Gathering) -> None:
    anna = on_telegram(crowd, "en")
    block(anna)
    await crowd.sends(6)
    await crowd.passes(UNDO)
    block(anna, blocked=False)
    await anna.follows([Say("/menu"), See("menu")])
    organiser = crowd.organiser
    await organiser.follows([tap("report-correct"), Say(CORRECTED["ar"]), Say(CORRECTED["en"])])
    await organiser.follows([See("announce-to-reached")])
    await crowd.sends(5)
    await crowd.passes(UNDO)
    heard = [copies(reader, CORRECTED[reader.language]) for reader in crowd.readers]
    assert heard == [int(reader is not anna) for reader in crowd.readers]


async def test_those_who_are_registered_hear_what_the_others_do_not(crowd: Gathering) -> None:
    organiser = crowd.organiser
    await organiser.follows([tap("announce-list"), tap("announce-new")])
    await organiser.follows([Tap(Text("btn-announce-registered")), Tap(TITLE)])
    await organiser.follows([Say(CORRECTED["ar"]), Say(CORRECTED["en"])])
    await crowd.sends(4)
    await crowd.passes(UNDO)
    assert [copies(reader, CORRECTED[reader.language]) for reader in crowd.readers] == [1, 1, 1, 1]
    assert copies(crowd.owner, CORRECTED["en"]) == 0


async def test_from_a_button_under_it_people_turn_announcements_off(crowd: Gathering) -> None:
    await crowd.sends(6)
    await crowd.passes(UNDO)
    quiet = crowd.readers[0]
    await quiet.follows([tap("announcements-none"), See("setting-announcements-off")])
    assert copies(quiet, ANNOUNCED["ar"]) == 1
    organiser = crowd.organiser
    await organiser.follows([tap("report-correct"), Say(CORRECTED["ar"]), Say(CORRECTED["en"])])
    await crowd.sends(5)
    await crowd.passes(UNDO)
    assert [copies(reader, CORRECTED[reader.language]) for reader in crowd.readers] == [0, 1, 1, 1]
