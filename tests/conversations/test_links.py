"""Links to a webinar end in a screen about that webinar, whoever follows them and whenever."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogue.words import Text
from tests.conversations.community import Way, community
from tests.conversations.people import plain
from tests.conversations.scripts import VIRUS, WELLBEING, tap
from tests.conversations.steps import Greet, Manner, Pick, Say, See, Start, Talker, Tap, speech


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("way", ["polling", "webhook", "forms", "scripts"])
async def test_a_link_leads_to_its_webinar(tmp_path: Path, way: Way, language: str) -> None:
    async with community(tmp_path, way) as here:
        person = here.person(hint=language)
        talker = Talker(person, language, Manner.BUTTONS)
        title = plain(speech().voice(language).label(WELLBEING))

        await talker.follows([Start("wellbeing"), Greet(), tap("agree"), See("agreed")])
        assert title in person.text

        await talker.follows([tap("register"), Say("Nour"), See("ask-gov"), Start("wellbeing")])
        assert title in person.text
        await talker.follows([tap("continue"), See("ask-gov"), Start("coronavirus")])
        await talker.follows([tap("add"), See("ask-gov"), Tap(Text("governorate-BG"))])
        await talker.follows([See("ask-question-too"), tap("skip"), tap("confirm"), See("saved")])
        await talker.follows([Start("coronavirus"), See("you-are-registered")])
        await talker.follows([tap("unregister")])
        await talker.follows([See("unregistered-now"), tap("register"), See("registered-now")])

        await talker.follows([Start("no-such-webinar"), See("webinar-unknown"), Tap(VIRUS)])
        await talker.follows([See("you-are-registered")])


@pytest.mark.parametrize("way", ["polling", "forms"])
async def test_picking_is_unpicking_too(tmp_path: Path, way: Way) -> None:
    async with community(tmp_path, way) as here:
        talker = Talker(here.person(), "en", Manner.BUTTONS)
        await talker.follows([Start(), Greet(), tap("agree"), tap("register"), tap("skip")])
        await talker.follows([Tap(Text("governorate-none")), Tap(VIRUS), Tap(VIRUS)])
        await talker.follows([tap("done"), See("reject-pick-one"), Pick((VIRUS,))])
        await talker.follows([See("ask-question-too")])
