"""What only WhatsApp has: two ids of one person, statuses, a log, and messages that stay."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conversations.community import Community, community
from tests.conversations.scripts import AGREED, QUESTION, REGISTERED, REGISTERING, tap
from tests.conversations.steps import Greet, Manner, Say, See, Start, Talker
from tests.conversations.test_leaving import STOPS
from tests.conversations.understood import Understood, understood
from tests.conversations.whatsapp_person import WhatsAppPerson
from tests.platforms.twilio import TOKEN, Statuses, TwilioServer

MINUTES = timedelta(minutes=6)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncGenerator[Community]:
    async with community(tmp_path, "whatsapp") as running:
        yield running


@pytest.fixture
def twilio(here: Community) -> TwilioServer:
    assert here.twilio is not None
    return here.twilio


@pytest.fixture
def nour(here: Community) -> WhatsAppPerson:
    return here.on_whatsapp()


@pytest.fixture
def talk(nour: WhatsAppPerson) -> Talker:
    return Talker(nour, "en", Manner.BUTTONS)


async def is_looked_up(here: Community) -> None:
    """Minutes pass, and the bot has looked into Twilio's log since."""
    await here.passes(MINUTES)
    await here.catches_up()


async def known(here: Community, *accounts: str) -> list[Understood | None]:
    return [await understood(here.storage, "whatsapp", account) for account in accounts]


async def test_a_username_is_enough_and_the_number_that_shows_later_is_the_same_person(
    here: Community, nour: WhatsAppPerson, talk: Talker
) -> None:
    nour.chat.shows_number = False
    await talk.follows([*AGREED, *REGISTERING])
    number, user = nour.chat.addresses
    assert [each is None for each in await known(here, number, user)] == [True, False]
    nour.chat.shows_number = True
    await talk.follows([Start(), See("welcome-back")])
    by_number, by_user = await known(here, number, user)
    assert by_number == by_user
    assert by_user is not None
    assert by_user.registrations == REGISTERED.registrations


async def test_a_number_that_is_known_keeps_its_person_when_ids_come_up(
    here: Community, nour: WhatsAppPerson, talk: Talker
) -> None:
    nour.chat.shows_user = False
    await talk.follows([*AGREED, *REGISTERING])
    nour.chat.shows_user = True
    await talk.follows([Start(), See("welcome-back")])
    nour.chat.shows_number = False
    await talk.follows([Start(), See("welcome-back")])
    by_number, by_user = await known(here, *nour.chat.addresses)
    assert by_number == by_user
    assert by_user is not None
    assert by_user.registrations == REGISTERED.registrations


async def test_what_is_no_text_gets_a_polite_word_and_the_question_again(
    twilio: TwilioServer, nour: WhatsAppPerson, talk: Talker
) -> None:
    await talk.follows([*AGREED, tap("register"), See("ask-nick")])
    for kind, mime in (("image", "image/jpeg"), ("audio", "audio/ogg"), ("document", "text/plain")):
        nour.rest.begins()
        twilio.people.sends(nour.chat, kind, mime)
        await nour.rest.ends(nour)
        talk.sees("media-not-read")
        talk.sees("ask-nick")
    nour.rest.begins()
    twilio.people.sends_place(nour.chat)
    await nour.rest.ends(nour)
    talk.sees("media-not-read")


async def test_statuses_told_early_twice_and_backwards_disturb_nobody(
    here: Community, twilio: TwilioServer, nour: WhatsAppPerson, talk: Talker
) -> None:
    twilio.sending.statuses = Statuses(early=True, times=2, order=lambda steps: steps[::-1])
    await talk.follows([*AGREED, *REGISTERING])
    async with here.storage.reading() as tx:
        found = await tx.desk.connection.fetch("SELECT DISTINCT state FROM outbox")
    assert found == [("read",)]
    assert len(set(nour.texts)) == len(nour.texts)


async def test_what_never_reached_us_is_taken_from_the_log_once(
    here: Community, twilio: TwilioServer, nour: WhatsAppPerson, talk: Talker
) -> None:
    await talk.follows([*AGREED, Say("/ask"), See("ask-question")])
    seen = len(nour.texts)
    webhook, twilio.webhooks.url = twilio.webhooks.url, None
    twilio.people.says(nour.chat, QUESTION)
    twilio.webhooks.url = webhook
    await is_looked_up(here)
    await is_looked_up(here)
    assert len(nour.texts) == seen + 1
    talk.sees("ask-for")


async def test_what_a_stranger_wrote_is_not_answered_again_from_the_log(
    here: Community, nour: WhatsAppPerson, talk: Talker
) -> None:
    await talk.follows([Start(), Greet(), tap("no-thanks"), See("declined")])
    seen = nour.texts
    await is_looked_up(here)
    assert nour.texts == seen


async def test_forgetting_takes_what_was_said_out_of_twilios_log(
    here: Community, twilio: TwilioServer, nour: WhatsAppPerson, talk: Talker
) -> None:
    other = Talker(here.on_whatsapp(), "en", Manner.BUTTONS)
    await other.follows(AGREED)
    kept = len(twilio.log.by_sid)
    await talk.follows(AGREED)
    await talk.follows([*REGISTERING, Say("/forget"), tap("forget-really")])
    await talk.follows([tap("forget-now"), See("forgotten")])
    await twilio.wait_for(lambda: len(twilio.log.by_sid) <= kept + 1)
    assert await known(here, nour.account) == [None]
    ours = [each for each in twilio.log.by_sid.values() if each.recipient in nour.chat.addresses]
    assert {each.body for each in ours} <= {nour.chat.texts[-1]}
    assert len(twilio.log.by_sid) - len(ours) == kept


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_each_word_of_stop_stops(here: Community, language: str) -> None:
    for word in STOPS:
        talker = Talker(here.on_whatsapp(), language, Manner.BUTTONS)
        await talker.follows([*AGREED, Say(word), See("stopped")])


async def test_nothing_about_anybody_is_logged(
    here: Community, nour: WhatsAppPerson, talk: Talker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await talk.follows([*AGREED, *REGISTERING])
    await is_looked_up(here)
    lines = "\n".join(record.getMessage() for record in caplog.records)
    for needle in (nour.chat.number[1:], nour.chat.user, nour.chat.name, TOKEN, QUESTION, "Nour"):
        assert needle not in lines
