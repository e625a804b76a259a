"""While an announcement is on its way: held up, gone on with, stopped, and no longer wished for."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dialogue.words import Text
from storage.community.people import Arrival, Consent
from tests.conversations.community import HASTE, Community, community
from tests.conversations.organising import UNDO, WEDNESDAY
from tests.conversations.scripts import tap
from tests.conversations.steps import Manner, Say, See, Talker, Tap
from tests.conversations.telegram_person import TelegramPerson
from tests.conversations.test_invitations import first_owner

WORDS = "All are welcome on Friday."
SIZE = 450
SLOWLY = 1.0
"""So that it takes a quarter of a minute to reach so many, in which it can surely be held up."""
SOME = 5


@dataclass
class Audience:
    """An owner on Telegram, and many who have agreed there and read English."""

    here: Community
    owner: Talker
    many: list[TelegramPerson]

    def reached(self) -> list[TelegramPerson]:
        """Those who have got it."""
        return [person for person in self.many if WORDS in person.texts]

    def copies(self) -> int:
        """How often its author has got it, beside the preview."""
        return self.owner.person.texts.count(WORDS) - 1

    async def is_under_way(self) -> None:
        """The announcement has left, and has reached some of them."""
        owner = self.owner
        await owner.follows([Say("/announce"), Tap(Text("btn-announce-all"))])
        await owner.follows([Tap(Text("btn-announce-no-webinar")), tap("skip"), Say(WORDS)])
        await owner.follows([tap("announce-send"), Say(str(SIZE + 1))])
        await self.here.settles()
        owner.sees("announce-settled")
        self.here.tempo.becomes(SLOWLY)
        self.here.now += UNDO
        await self.here.telegram.wait_for(
            lambda: self.shows("progress-running") and len(self.reached()) >= SOME
        )

    def shows(self, key: str) -> bool:
        """Whether its author sees this, though their own copy may have come below it by now."""
        return any(self.owner.reads(key, text) for text in self.owner.person.texts)

    async def pauses(self) -> None:
        """The owner holds it up, and what had left by then has arrived."""
        await self.owner.follows([tap("progress-pause")])
        assert self.shows("progress-paused")
        self.here.tempo.becomes(HASTE)
        await self.here.passes(UNDO)


@pytest.fixture
async def audience(tmp_path: Path) -> AsyncGenerator[Audience]:
    async with community(tmp_path, "polling", now=WEDNESDAY) as here:
        owner = await first_owner(here, "en")
        many = [here.on_telegram("en") for _ in range(SIZE)]
        async with here.storage.transaction() as tx:
            known = await tx.people.find("telegram", owner.person.account)
            agreed = await tx.people.get(known.person) if known else None
            assert agreed
            consent = Consent(agreed.notice, "", "en")
            for person in many:
                arrival = Arrival("telegram", person.account, "1")
                await tx.people.welcome(arrival, "en", consent, here.now)
        yield Audience(here, owner, many)


async def test_while_it_pauses_nobody_gets_it_and_nobody_twice_afterwards(
    audience: Audience,
) -> None:
    await audience.is_under_way()
    await audience.pauses()
    reached = audience.reached()
    assert SOME <= len(reached) < SIZE
    await audience.here.passes(UNDO)
    assert audience.reached() == reached
    await audience.owner.follows([tap("progress-resume")])
    await audience.here.settles()
    audience.owner.sees("report-done")
    assert [person.texts.count(WORDS) for person in audience.many] == [1] * SIZE


async def test_who_wants_no_more_in_the_middle_of_it_gets_none(audience: Audience) -> None:
    await audience.is_under_way()
    await audience.pauses()
    reached = audience.reached()
    off, stopped, blocked, *others = [each for each in audience.many if each not in reached]
    await Talker(off, "en", Manner.BUTTONS).follows([Say("/settings"), tap("announcements-off")])
    await Talker(stopped, "en", Manner.BUTTONS).follows([Say("STOP"), See("stopped")])
    await blocked.blocks()
    await audience.owner.follows([tap("progress-resume")])
    await audience.here.settles()
    await audience.owner.follows([See("report-done"), See("fault-stopped"), See("fault-gone")])
    assert f"{SIZE - 2} of {SIZE + 1}" in audience.owner.person.text
    for person in (off, stopped, blocked):
        assert person.texts.count(WORDS) == 0
    assert [person.texts.count(WORDS) for person in (*reached, *others)] == [1] * (SIZE - 3)


async def test_what_is_stopped_for_good_reaches_nobody_else(audience: Audience) -> None:
    await audience.is_under_way()
    await audience.owner.follows([tap("progress-cancel")])
    audience.here.tempo.becomes(HASTE)
    await audience.here.settles()
    reached = audience.reached()
    assert SOME <= len(reached) < SIZE
    await audience.owner.follows([See("report-cancelled"), See("report-not-sent")])
    assert f"{len(reached) + audience.copies()} of {SIZE + 1}" in audience.owner.person.text
    await audience.here.passes(UNDO)
    assert audience.reached() == reached
