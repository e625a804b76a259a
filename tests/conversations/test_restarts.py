"""A restart forgets what newcomers saw last, and asks nothing of them that it need not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conversations.community import community
from tests.conversations.scripts import tap
from tests.conversations.steps import Greet, Manner, See, Start, Talker
from tests.conversations.understood import understood


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_who_agrees_to_what_is_forgotten_is_shown_it_again(
    tmp_path: Path, language: str
) -> None:
    async with community(tmp_path, "polling") as here:
        person = here.person(hint=language)
        talker = Talker(person, language, Manner.LABELS)
        # As after a restart: nobody knows that they have seen the notice.
        await talker.follows([Start(), See("greeting"), tap("agree"), See("notice-heading")])
        assert await understood(here.storage, person.channel, person.account) is None
        await talker.follows([tap("agree"), See("agreed"), Start(), See("welcome-back")])


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_who_agreed_by_typing_was_shown_the_notice(tmp_path: Path, language: str) -> None:
    async with community(tmp_path, "polling") as here:
        talker = Talker(here.person(hint=language), language, Manner.LABELS)
        await talker.follows([Start(), Greet(), See("notice-heading"), tap("agree"), See("agreed")])
