"""An announcement that should not have gone out: gone again from every chat that it can go from."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from dialogue.words import Text
from tests.conversations.community import Community, community
from tests.conversations.gathering import Gathering, copies, gathering, said
from tests.conversations.organising import (
    CREATING,
    DAY,
    PUBLISHING,
    TITLE,
    UNDO,
    WEDNESDAY,
    WRITING,
)
from tests.conversations.scripts import tap
from tests.conversations.steps import Say, See, Tap
from tests.conversations.test_post_office_mishaps import CORRECTED, block, on_telegram


@pytest.fixture(params=["polling", "forms", "scripts"])
async def here(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Community]:
    async with community(tmp_path, request.param, now=WEDNESDAY) as running:
        yield running


@pytest.fixture
async def crowd(here: Community) -> Gathering:
    """An announcement has reached everybody, and its report the organiser."""
    made = await gathering(here)
    await made.organiser.follows(CREATING)
    await made.organiser.follows(PUBLISHING)
    await made.registers()
    await made.organiser.follows([Say("/new"), Tap(TITLE)])
    await made.organiser.follows(WRITING)
    await made.sends(6)
    await made.passes(UNDO)
    made.organiser.sees("report-done")
    assert [copies(reader, said(reader)) for reader in made.readers] == [1, 1, 1, 1]
    return made


async def test_it_is_undone_and_then_done_and_nobody_has_it_any_more(crowd: Gathering) -> None:
    organiser = crowd.organiser
    await organiser.follows([tap("report-recall"), See("recall-sure"), See("recall-means")])
    await organiser.follows([tap("recall-now"), See("recall-held")])
    await organiser.follows([tap("announce-undo"), See("recall-undone")])
    await crowd.passes(UNDO)
    assert [copies(reader, said(reader)) for reader in crowd.readers] == [1, 1, 1, 1]

    await organiser.follows([tap("report-recall"), tap("recall-now"), See("recall-held")])
    await crowd.passes(UNDO)
    organiser.sees("recall-report-done")
    deleted = Text("recall-report-sent", {"sent": 6, "total": 6})
    assert organiser.label(deleted) in organiser.person.text
    assert [copies(reader, said(reader)) for reader in crowd.readers] == [0, 0, 0, 0]
    assert copies(crowd.owner, said(crowd.owner)) == 0


async def test_a_correction_stays_and_so_does_what_a_blocked_chat_holds(crowd: Gathering) -> None:
    organiser, anna = crowd.organiser, on_telegram(crowd, "en")
    await organiser.follows([tap("report-correct"), Say(CORRECTED["ar"]), Say(CORRECTED["en"])])
    await crowd.sends(6)
    await crowd.passes(UNDO)
    block(anna)
    await organiser.follows([Say("/announce"), Tap(said(organiser)), See("report-done")])
    await organiser.follows([tap("report-recall"), tap("recall-now")])
    await crowd.passes(UNDO)
    await organiser.follows([See("recall-report-done"), See("fault-gone")])
    heard = [copies(reader, said(reader)) for reader in crowd.readers]
    assert heard == [int(reader is anna) for reader in crowd.readers]
    corrected = [copies(reader, CORRECTED[reader.language]) for reader in crowd.readers]
    assert corrected == [1, 1, 1, 1]


async def test_after_two_days_it_stays(crowd: Gathering) -> None:
    await crowd.here.passes(2 * DAY)
    await crowd.organiser.follows([tap("report-recall"), See("recall-nothing")])
