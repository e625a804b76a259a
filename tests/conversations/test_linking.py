"""One person in several chats: what either had, both have, and nothing comes twice."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dialogue.words import Text
from storage.community.links import LASTING
from tests.conversations.community import Community, community
from tests.conversations.people import Person
from tests.conversations.scripts import (
    AGREED,
    REGISTERED,
    REGISTERING,
    VIRUS,
    WELLBEING,
    tap,
)
from tests.conversations.steps import Greet, Manner, Say, See, Start, Talker, Tap
from tests.conversations.test_windows import has_templates
from tests.conversations.understood import understood
from tests.conversations.whatsapp_person import WhatsAppPerson

DAY_BEFORE = datetime(2026, 11, 30, 16, tzinfo=UTC)
"""When those registered for the first webinar of the series are reminded of it."""


@pytest.fixture
async def here(tmp_path: Path) -> AsyncGenerator[Community]:
    async with community(tmp_path, "polling", whatsapp=True) as running:
        yield running


@pytest.fixture
async def telegram(here: Community) -> Talker:
    """Registered on Telegram for two webinars, and with a question."""
    talker = Talker(here.on_telegram("en"), "en", Manner.BUTTONS)
    await talker.follows([*AGREED, *REGISTERING])
    return talker


@pytest.fixture
async def whatsapp(here: Community) -> Talker:
    """The same human, registered on WhatsApp for another one."""
    talker = Talker(here.on_whatsapp(), "en", Manner.BUTTONS)
    await talker.follows([Start("wellbeing"), Greet(), tap("agree"), See(WELLBEING)])
    await talker.follows([tap("register"), Say("Nour"), Tap(Text("governorate-BA"))])
    await talker.follows([tap("skip"), tap("confirm"), See("saved")])
    return talker


async def links(one: Talker, other: Talker) -> None:
    """A code is shown in the one chat, and typed in the other."""
    await one.follows([Say("/link"), See("link-code")])
    code = re.search(r"\b[A-Z0-9]{4}[ -][A-Z0-9]{4}\b", one.person.text)
    assert code, one.person.text
    await other.follows([Say(code[0]), See("link-sure"), tap("do-link"), See("linked")])


async def known(here: Community, *people: Person) -> list[object]:
    return [await understood(here.storage, each.channel, each.account) for each in people]


async def prefers(talker: Talker, channel: str) -> None:
    """Choose where to be written to first."""
    await talker.follows([Tap(Text(f"btn-prefer-{channel}")), See("setting-changed")])


async def heard(here: Community, moment: datetime, *talkers: Talker) -> list[int]:
    """How many messages each chat gets until then, once the code is gone from the chat."""
    await here.passes(LASTING)
    before = [len(talker.person.texts) for talker in talkers]
    await here.reaches(moment)
    after = [len(talker.person.texts) for talker in talkers]
    return [late - early for early, late in zip(before, after, strict=True)]


async def test_both_chats_know_all_of_it_and_one_is_reminded(
    here: Community, telegram: Talker, whatsapp: Talker
) -> None:
    await has_templates(here)
    await links(telegram, whatsapp)
    one, other = await known(here, telegram.person, whatsapp.person)
    assert one == other
    found = await understood(here.storage, "telegram", telegram.person.account)
    assert found is not None
    assert found.registrations == (*REGISTERED.registrations, ("wellbeing", ()))
    assert found.questions == REGISTERED.questions
    await prefers(whatsapp, "whatsapp")
    assert await heard(here, DAY_BEFORE, telegram, whatsapp) == [0, 1]
    assert whatsapp.label(VIRUS) in whatsapp.person.text


async def test_the_chat_that_is_preferred_is_the_one_that_is_reminded(
    here: Community, telegram: Talker, whatsapp: Talker
) -> None:
    await links(whatsapp, telegram)
    await prefers(telegram, "telegram")
    assert await heard(here, DAY_BEFORE, telegram, whatsapp) == [1, 0]
    telegram.sees("remind-ahead")


async def test_when_one_chat_is_gone_for_good_the_other_steps_in(
    here: Community, telegram: Talker, whatsapp: Talker
) -> None:
    await has_templates(here)
    await links(telegram, whatsapp)
    await prefers(whatsapp, "whatsapp")
    assert isinstance(whatsapp.person, WhatsAppPerson)
    whatsapp.person.twilio.people.leaves(whatsapp.person.chat)
    assert await heard(here, DAY_BEFORE, telegram, whatsapp) == [1, 0]
    telegram.sees("remind-ahead")


async def test_who_parts_again_keeps_everything_in_the_other_chat(
    here: Community, telegram: Talker, whatsapp: Talker
) -> None:
    await links(telegram, whatsapp)
    await whatsapp.follows([Say("/unlink"), See("unlink-sure"), tap("do-unlink"), See("unlinked")])
    stays = await understood(here.storage, "telegram", telegram.person.account)
    leaves = await understood(here.storage, "whatsapp", whatsapp.person.account)
    assert stays is not None
    assert leaves is not None
    assert len(stays.registrations) == 3
    assert (leaves.registrations, leaves.questions) == ((), ())


async def test_erasing_in_one_chat_erases_the_other_too(
    here: Community, telegram: Talker, whatsapp: Talker
) -> None:
    await links(telegram, whatsapp)
    await whatsapp.follows([Say("/forget"), See("forget-everywhere"), tap("forget-really")])
    await whatsapp.follows([tap("forget-now"), See("forgotten")])
    assert await known(here, telegram.person, whatsapp.person) == [None, None]
