"""What Twilio says of a message, at once or later, and what becomes of the person or broadcast."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from dialogue.words import Text
from storage.broadcasting.broadcasts import Phase
from tests.conversations.community import Community, community
from tests.conversations.gathering import Gathering, gathering
from tests.conversations.organising import ANNOUNCED, UNDO, WEDNESDAY
from tests.conversations.scripts import AGREED, tap
from tests.conversations.steps import Manner, Say, See, Talker, Tap
from tests.conversations.telegram_person import TelegramPerson
from tests.conversations.test_windows import heard
from tests.conversations.understood import understood
from tests.conversations.whatsapp_person import WhatsAppPerson
from tests.platforms.twilio import Chat, Ending, TwilioServer, refuses

GONE = (21211, 63003, 63024, 63032)
OPTED_OUT = (63014, 21610)
NO_MARKETING = 63033
BAD_CONTENT = 63021


@pytest.fixture
async def here(tmp_path: Path) -> AsyncGenerator[Community]:
    async with community(tmp_path, "polling", now=WEDNESDAY, whatsapp=True) as running:
        yield running


@pytest.fixture
async def crowd(here: Community) -> Gathering:
    return await gathering(here)


async def agrees(crowd: Gathering) -> Chat:
    """One more on WhatsApp who wants announcements."""
    person = crowd.here.on_whatsapp()
    reader = Talker(person, "en", Manner.BUTTONS)
    await reader.follows(AGREED)
    crowd.readers += (reader,)
    return person.chat


def ends(chat: Chat, code: int, *, later: bool) -> None:
    """Whatever is sent to them is refused with this code, at once or later."""
    if later:
        chat.ends = Ending(code)
    else:
        chat.refuses = refuses(code)


def told_of(twilio: TwilioServer, code: int) -> bool:
    """Whether the bot was told that a message ended with this code."""
    return any(told.form.get("ErrorCode") == str(code) for told in twilio.webhooks.told)


async def confirms(crowd: Gathering, *more: Tap) -> None:
    """An announcement to everybody is written and confirmed; `more` leads to a further one."""
    await crowd.organiser.follows([Say("/announce"), *more, Tap(Text("btn-announce-all"))])
    await crowd.organiser.follows([Tap(Text("btn-announce-no-webinar"))])
    await crowd.organiser.follows([Say(ANNOUNCED["ar"]), Say(ANNOUNCED["en"])])
    await crowd.organiser.follows([See("announce-draft")])
    await crowd.sends(len(crowd.everybody))


@pytest.mark.parametrize("later", [False, True], ids=["at once", "later"])
async def test_who_cannot_be_reached_or_wants_no_more_is_left_alone(
    here: Community, crowd: Gathering, *, later: bool
) -> None:
    for code in (*GONE, *OPTED_OUT):
        ends(await agrees(crowd), code, later=later)
    await agrees(crowd)
    await confirms(crowd)
    await crowd.passes(UNDO)
    assert heard(crowd) == [*[0] * len(GONE + OPTED_OUT), 1]
    found = [await understood(here.storage, "whatsapp", r.person.account) for r in crowd.readers]
    states = [(each.reachable, each.stopped) for each in found if each is not None]
    left_alone = [(False, False)] * len(GONE) + [(False, True)] * len(OPTED_OUT)
    assert states == [*left_alone, (True, False)]


async def test_who_was_gone_and_writes_again_is_there_again(
    here: Community, crowd: Gathering
) -> None:
    chat = await agrees(crowd)
    (reader,) = crowd.readers
    chat.ends = Ending(63032)
    await confirms(crowd)
    await crowd.passes(UNDO)
    chat.ends = None
    await reader.follows([Say("/menu"), See("menu")])
    found = await understood(here.storage, "whatsapp", reader.person.account)
    assert found is not None
    assert found.reachable


async def test_who_turns_announcements_on_again_gets_them(
    here: Community, crowd: Gathering
) -> None:
    chat = await agrees(crowd)
    (reader,) = crowd.readers
    ends(chat, NO_MARKETING, later=True)
    await confirms(crowd)
    await crowd.passes(UNDO)
    chat.ends = None
    await reader.follows([Say("/settings"), tap("announcements-off")])
    await reader.follows([Say("/settings"), tap("announcements-on")])
    await confirms(crowd, tap("announce-new"))
    await crowd.passes(UNDO)
    assert heard(crowd) == [1]


@pytest.mark.parametrize("later", [False, True], ids=["at once", "later"])
async def test_content_that_is_refused_holds_the_broadcast_up(
    here: Community, crowd: Gathering, caplog: pytest.LogCaptureFixture, *, later: bool
) -> None:
    chat = await agrees(crowd)
    ends(chat, BAD_CONTENT, later=later)
    await confirms(crowd)
    await crowd.passes(UNDO)
    assert heard(crowd) == [0]
    async with here.storage.reading() as tx:
        (broadcast,) = await tx.broadcasts.due(here.now)
    assert broadcast.phase is Phase.PAUSED
    assert any("ALERT" in record.message for record in caplog.records)
    chat.ends = chat.refuses = None
    organiser, resume = crowd.organiser.person, crowd.organiser.label(Text("btn-progress-resume"))
    assert isinstance(organiser, TelegramPerson)
    # Their own copy may have come below the message that shows how far it is.
    await here.telegram.wait_for(lambda: organiser.offers(resume))
    await crowd.organiser.follows([tap("progress-resume")])
    await here.settles()
    assert heard(crowd) == [1]


async def test_a_provider_that_falters_is_asked_again(here: Community, crowd: Gathering) -> None:
    await agrees(crowd)
    (reader,) = crowd.readers
    assert isinstance(reader.person, WhatsAppPerson)
    twilio = reader.person.twilio
    twilio.fail_later(Ending(63010))
    await confirms(crowd)
    here.now += UNDO
    await twilio.wait_for(lambda: told_of(twilio, 63010))
    await crowd.passes(UNDO)
    assert heard(crowd) == [1]
