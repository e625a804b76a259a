"""A new organiser's first webinar: created, announced, moved and held; everybody hears in time."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogue.words import Text
from tests.conversations.community import Community, Way, community
from tests.conversations.gathering import Gathering, all_see, copies, gathering, said
from tests.conversations.organising import (
    ANNOUNCED,
    CREATING,
    DAY,
    LINK,
    MINUTE,
    MOVING,
    PASSCODE,
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


async def creates(crowd: Gathering) -> None:
    """The date is typed in Arabic; the webinar is looked at in both languages, and published."""
    await crowd.organiser.follows(CREATING)
    await crowd.organiser.follows(PUBLISHING)
    webinar = await crowd.webinar()
    assert (webinar.starts_at, webinar.minutes, webinar.state) == (STARTS, 90, "published")
    assert webinar.way_in is not None
    assert (webinar.way_in.link, webinar.way_in.passcode) == (LINK, PASSCODE)


async def announces(crowd: Gathering) -> None:
    """With a poster, to both languages; undone once, and then it leaves."""
    organiser = crowd.organiser
    await organiser.follows([Say("/new"), Tap(TITLE)])
    await organiser.follows(WRITING)
    await crowd.pictures()
    before = {talker: copies(talker, said(talker)) for talker in crowd.everybody}
    await crowd.sends(6)
    await organiser.follows([tap("announce-undo"), See("announce-taken-back")])
    await crowd.passes(UNDO)
    assert [copies(talker, said(talker)) for talker in crowd.readers] == [0, 0, 0, 0]
    await crowd.sends(6)
    await crowd.passes(UNDO)
    for talker in (crowd.owner, *crowd.readers):
        assert copies(talker, said(talker)) == before[talker] + 1
        assert talker.person.text == said(talker)
        assert talker.person.pictured
        assert [key.label for key in talker.person.keys] == [
            talker.label(Text("btn-announce-register")),
            talker.label(Text("btn-announcements-none")),
        ]
    assert progress_was_one_message(organiser)
    await organiser.follows([See("report-done"), Say("/announce"), See("announcements")])
    await organiser.follows([Tap(ANNOUNCED["ar"]), See("report-done")])


def progress_was_one_message(organiser: Talker) -> bool:
    """The last that it showed stands in one message, however often that was edited.

    In none, where all had got theirs before anybody looked how far it was.
    """
    return copies(organiser, organiser.label(Text("progress-done"))) <= 1


async def moves(crowd: Gathering) -> None:
    """By a day; undone once, and then everybody who registered is told."""
    organiser = crowd.organiser
    await organiser.follows([*MOVING, tap("undo"), See("undone")])
    await crowd.passes(UNDO)
    assert (await crowd.webinar()).starts_at == STARTS
    await organiser.follows(MOVING)
    await crowd.passes(UNDO)
    assert (await crowd.webinar()).starts_at == STARTS + DAY
    all_see(crowd.readers, "told-moved")
    crowd.organiser.sees("report-of-moved")


async def is_reminded(crowd: Gathering) -> None:
    """By the new time, and not by the old one; the way in comes with the last two."""
    starts = STARTS + DAY
    seen = [talker.person.texts for talker in crowd.readers]
    for minutes in (1440, 60, 10):
        await crowd.reaches(STARTS - minutes * MINUTE)
        all_see(crowd.readers, "told-moved")
    for minutes, key in ((1440, "ahead"), (60, "soon"), (10, "shortly"), (0, "now")):
        await crowd.reaches(starts - minutes * MINUTE)
        all_see(crowd.readers, f"remind-{key}")
        for talker in crowd.readers:
            assert (LINK in talker.person.text) is (minutes <= 10)
            assert (PASSCODE in talker.person.text) is (minutes <= 10)
    await crowd.reaches(starts + DAY)
    all_see(crowd.readers, "remind-now")
    for talker, before in zip(crowd.readers, seen, strict=True):
        if isinstance(talker.person, TelegramPerson):
            # What is read in the web chat goes after a day.
            assert len(talker.person.texts) == len(before) + 4


async def the_whole_story(here: Community) -> None:
    crowd = await gathering(here)
    await creates(crowd)
    await crowd.registers()
    await announces(crowd)
    await moves(crowd)
    await is_reminded(crowd)


@pytest.mark.parametrize("way", ["polling", "webhook", "forms", "scripts"])
async def test_a_new_organiser_has_all_they_need(tmp_path: Path, way: Way) -> None:
    async with community(tmp_path, way, now=WEDNESDAY) as here:
        await the_whole_story(here)


@pytest.mark.postgres
@pytest.mark.parametrize("way", ["polling", "forms"])
async def test_on_postgresql_it_is_the_same(tmp_path: Path, way: Way, postgres_url: str) -> None:
    async with community(tmp_path, way, postgres_url, now=WEDNESDAY) as here:
        await the_whole_story(here)
