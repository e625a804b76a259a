"""What only the web chat has: forms that are sent twice, pages that grow old, a way to Telegram."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from dialogue.words import Text
from tests.conversations.community import Community, community
from tests.conversations.scripts import AGREED, QUESTION, REGISTERED, REGISTERING, VIRUS, tap
from tests.conversations.steps import Manner, Say, See, Start, Talker, Tap
from tests.conversations.understood import understood
from tests.conversations.web_person import WebPerson


@pytest.fixture(params=["forms", "scripts"])
async def here(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Community]:
    async with community(tmp_path, request.param) as running:
        yield running


@pytest.fixture
def anna(here: Community) -> WebPerson:
    person = here.person("en")
    assert isinstance(person, WebPerson)
    return person


@pytest.fixture
def talk(anna: WebPerson) -> Talker:
    return Talker(anna, "en", Manner.BUTTONS)


async def test_a_form_that_arrives_thrice_counts_once(
    here: Community, anna: WebPerson, talk: Talker
) -> None:
    await talk.follows([*AGREED, *REGISTERING[:-3], See("summary-registration")])
    await anna.sends(times=3, press=anna.find("Confirm"))
    talk.sees("saved")
    found = await understood(here.storage, "web", anna.account)
    assert found is not None
    assert found.registrations == REGISTERED.registrations
    assert found.questions == REGISTERED.questions


async def test_registering_ends_with_an_honest_word_and_the_way_to_telegram(
    anna: WebPerson, talk: Talker
) -> None:
    await talk.follows([*AGREED, *REGISTERING, See("web-only-while-open")])
    ways = [key for key in anna.keys if key.value is None]
    assert [way.label for way in ways] == ["Continue on Telegram"]


async def test_a_page_from_before_shows_where_things_stand(anna: WebPerson, talk: Talker) -> None:
    await talk.follows([*AGREED, tap("register")])
    skip = anna.find("Skip")
    await talk.follows([Say("Nour"), tap("cancel"), See("cancelled")])
    await anna.sends(press=skip)
    talk.sees("stale")


async def test_forgetting_empties_the_page(here: Community, anna: WebPerson, talk: Talker) -> None:
    await talk.follows([*AGREED, *REGISTERING, Say("/forget"), tap("forget-really")])
    await talk.follows([tap("forget-now"), See("forgotten")])
    await anna.looks()
    page = (await anna.browser.get("/chat")).text
    assert len(anna.bubbles) == 1
    assert QUESTION not in page
    assert await understood(here.storage, "web", anna.account) is None
    await talk.follows([Start(), Say("hello"), See("greeting")])


async def test_two_pages_of_one_person_are_one_conversation(
    here: Community, anna: WebPerson, talk: Talker
) -> None:
    await talk.follows([*AGREED, tap("register"), Say("Nour")])
    other = here.person("en")
    assert isinstance(other, WebPerson)
    other.browser.cookies = anna.browser.cookies
    await other.looks()
    await Talker(other, "en", Manner.BUTTONS).follows(
        [See("ask-gov"), Tap(Text("governorate-BA")), See("ask-webinars")]
    )
    await anna.looks()
    await talk.follows([See("ask-webinars"), Tap(VIRUS), tap("done"), See("ask-question-too")])
