"""The same conversations on every channel, in both languages, pressed and typed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.conversations.community import Community, Way, community
from tests.conversations.scripts import MISTAKES, REGISTRATION, SCRIPTS
from tests.conversations.steps import OTHER, Manner, Script, Talker
from tests.conversations.understood import understood

LANGUAGES = ("ar", "en")


async def has(here: Community, script: Script, language: str, manner: Manner) -> None:
    """Somebody new has this conversation, and all of it is understood."""
    person = here.person(hint=language)
    await Talker(person, language, manner).follows(script.steps)
    spoken = OTHER[language] if script.switched else language
    expected = replace(script.leaves, language=spoken) if script.leaves else None
    assert await understood(here.storage, person.channel, person.account) == expected


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
async def test_in_any_manner_everybody_is_understood(tmp_path: Path, script: Script) -> None:
    async with community(tmp_path, "polling") as here:
        for language in LANGUAGES:
            for manner in Manner:
                await has(here, script, language, manner)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
async def test_by_forms_it_is_the_same(tmp_path: Path, script: Script) -> None:
    async with community(tmp_path, "forms") as here:
        await has(here, script, "ar", Manner.BUTTONS)
        await has(here, script, "en", Manner.LABELS)


@pytest.mark.parametrize("script", [REGISTRATION, MISTAKES], ids=lambda script: script.name)
@pytest.mark.parametrize("way", ["webhook", "scripts"])
async def test_by_webhook_and_with_scripts_it_is_the_same(
    tmp_path: Path, way: Way, script: Script
) -> None:
    async with community(tmp_path, way) as here:
        for language in LANGUAGES:
            await has(here, script, language, Manner.BUTTONS)


@pytest.mark.postgres
@pytest.mark.parametrize("way", ["polling", "forms"])
async def test_on_postgresql_it_is_the_same(tmp_path: Path, way: Way, postgres_url: str) -> None:
    async with community(tmp_path, way, postgres_url) as here:
        for language in LANGUAGES:
            await has(here, REGISTRATION, language, Manner.BUTTONS)
