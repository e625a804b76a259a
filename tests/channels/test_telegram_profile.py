"""The command menu and the descriptions, set only when they changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from channels import Unreachable
from channels.telegram import BotApi, ProfileTexts, set_profile
from tests.platforms.telegram import TelegramServer, gateway

TEXTS = ProfileTexts(
    commands={
        "ar": (("start", "البداية"), ("help", "المساعدة")),
        "en": (("start", "Begin"), ("help", "Help")),
    },
    descriptions={"ar": "ندوات", "en": "Webinars"},
    short_descriptions={"ar": "ندوات", "en": "Webinars"},
)


async def test_each_language_is_set_and_the_others_see_english(
    platform: TelegramServer, api: BotApi
) -> None:
    await set_profile(api, TEXTS, None)
    profile = platform.methods.profile
    assert profile["commands:ar"][0] == {"command": "start", "description": "البداية"}
    assert profile["commands:"] == profile["commands:en"]
    assert profile["description:ar"] == "ندوات"
    assert profile["short_description:"] == "Webinars"
    assert platform.violations == []


async def test_what_is_set_already_is_not_set_again(platform: TelegramServer, api: BotApi) -> None:
    digest = await set_profile(api, TEXTS, None)
    platform.calls.clear()
    assert await set_profile(api, TEXTS, digest) == digest
    assert platform.calls == []
    changed = replace(TEXTS, descriptions={"ar": "ندوات", "en": "Webinars!"})
    assert await set_profile(api, changed, digest) != digest
    assert platform.methods.profile["description:en"] == "Webinars!"


async def test_a_profile_that_was_set_in_part_gives_no_digest(
    platform: TelegramServer, api: BotApi
) -> None:
    platform.fail("setMyDescription", gateway())
    with pytest.raises(Unreachable):
        await set_profile(api, TEXTS, None)
