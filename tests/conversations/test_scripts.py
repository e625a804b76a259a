"""The same conversations on every channel, in both languages, pressed and typed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.conversations.community import Community, Way, community
from tests.conversations.people import Person
from tests.conversations.scripts import MISTAKES, REGISTRATION, SCRIPTS
from tests.conversations.steps import OTHER, Manner, Script, Talker
from tests.conversations.understood import understood
from tests.platforms.twilio import TwilioServer

LANGUAGES = ("ar", "en")


async def has(here: Community, script: Script, language: str, manner: Manner) -> None:
    """Somebody new has this conversation, and all of it is understood."""
    await is_understood(here, here.person(hint=language), script, language, manner)


async def is_understood(
    here: Community, person: Person, script: Script, language: str, manner: Manner
) -> None:
    """They have this conversation, and all of it is stored as it was meant."""
    await Talker(person, language, manner).follows(script.steps)
    spoken = OTHER[language] if script.switched else language
    expected = replace(script.leaves, language=spoken) if script.leaves else None
    assert await understood(here.storage, person.channel, person.account) == expected


async def on_every_channel(here: Community, script: Script) -> None:
    """People on Telegram, WhatsApp and the web have the same conversation, at the same bot."""
    for language, manner in (("ar", Manner.BUTTONS), ("en", Manner.LABELS)):
        people = (here.on_telegram(language), here.on_whatsapp(), here.on_the_web(language))
        for person in people:
            await is_understood(here, person, script, language, manner)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
async def test_every_channel_understands_the_same(tmp_path: Path, script: Script) -> None:
    async with community(tmp_path, "polling", whatsapp=True) as here:
        await on_every_channel(here, script)


@pytest.mark.postgres
async def test_on_postgresql_it_is_the_same(tmp_path: Path, postgres_url: str) -> None:
    async with community(tmp_path, "polling", postgres_url, whatsapp=True) as here:
        await on_every_channel(here, REGISTRATION)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
async def test_in_any_manner_everybody_is_understood(tmp_path: Path, script: Script) -> None:
    async with community(tmp_path, "polling") as here:
        for language in LANGUAGES:
            for manner in Manner:
                await has(here, script, language, manner)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
async def test_on_whatsapp_all_may_be_typed_and_much_be_pressed(
    tmp_path: Path, script: Script
) -> None:
    async with community(tmp_path, "whatsapp") as here:
        assert here.twilio is not None
        for language in LANGUAGES:
            await has(here, script, language, Manner.NUMBERS)
        assert pressed(here.twilio) == 0
        await here.service.templates(make=True)
        for language in LANGUAGES:
            before = pressed(here.twilio)
            await has(here, script, language, Manner.BUTTONS)
            assert pressed(here.twilio) > before


def pressed(twilio: TwilioServer) -> int:
    """How many quick replies and lines of lists were pressed."""
    forms = (told.form for told in twilio.webhooks.told)
    return sum("ButtonPayload" in form or "ListId" in form for form in forms)


@pytest.mark.parametrize("script", [REGISTRATION, MISTAKES], ids=lambda script: script.name)
@pytest.mark.parametrize("way", ["webhook", "scripts"])
async def test_by_webhook_and_with_scripts_it_is_the_same(
    tmp_path: Path, way: Way, script: Script
) -> None:
    async with community(tmp_path, way) as here:
        for language in LANGUAGES:
            await has(here, script, language, Manner.BUTTONS)
