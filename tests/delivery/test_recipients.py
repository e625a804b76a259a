"""Announcements between their confirmation and their time: frozen at once, told, and undone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dialogue.words import Act
from storage.broadcasting.broadcasts import Phase, Rule
from tests.delivery.newsroom import Newsroom

PEOPLE = tuple(f"p{number}" for number in range(20))
HOUR = 3600.0


async def rows(room: Newsroom, broadcast: int) -> int:
    async with room.storage.reading() as tx:
        return await tx.recipients.count(broadcast)


async def cleared(room: Newsroom, broadcast: int) -> None:
    """Returns when nothing of what was undone is left."""

    async def gone() -> bool:
        return not (await room.get(broadcast)).stale and not await rows(room, broadcast)

    await room.until(gone)


async def settled(room: Newsroom, broadcast: int, number: int) -> None:
    """Returns when so many are known to be all."""

    async def known() -> bool:
        return (await room.get(broadcast)).frozen == number

    await room.until(known)


async def test_the_author_hears_at_once_how_many_they_are_and_nothing_leaves_yet(
    room: Newsroom,
) -> None:
    owner = await room.has_owner()
    await room.meets(*PEOPLE)
    made = await room.confirms(19, wait=HOUR, made_by=owner)
    room.opens()
    await room.lands("goes to 20 held")
    assert (await room.get(made)).phase is Phase.HELD
    assert await rows(room, made) == 20
    await room.passes(60)
    told = [heard.text for heard in room.platform.taken]
    assert told == ["goes to 20 held"]


async def test_at_its_time_it_goes_to_exactly_those(room: Newsroom) -> None:
    owner = await room.has_owner()
    await room.meets(*PEOPLE)
    made = await room.confirms(20, wait=30, made_by=owner)
    room.opens()
    await settled(room, made, 20)
    await room.meets("late")
    done = await room.comes_to(made, Phase.DONE)
    assert room.copies("news") == dict.fromkeys(PEOPLE, 1)
    assert done.counts is not None
    assert done.counts.by_state == {"sent": 20}


async def test_what_outgrew_its_number_goes_back_at_once_and_keeps_nothing(room: Newsroom) -> None:
    owner = await room.has_owner()
    await room.meets(*PEOPLE)
    made = await room.confirms(18, wait=HOUR, made_by=owner)
    room.opens()
    await room.lands("outgrown 18 20")
    assert (await room.get(made)).phase is Phase.DRAFT
    await cleared(room, made)
    assert (await room.get(made)).confirmed is None
    assert await room.confirms_anew(made, 20)
    await room.comes_to(made, Phase.DONE)
    assert room.copies("news") == dict.fromkeys(PEOPLE, 1)


async def test_a_tenth_more_is_within_what_was_confirmed(room: Newsroom) -> None:
    await room.meets(*PEOPLE, "p20", "p21")
    made = await room.confirms(20)
    room.opens()
    await room.comes_to(made, Phase.DONE)
    assert len(room.copies("news")) == 22


async def test_what_waits_for_a_second_person_is_frozen_and_told_too(room: Newsroom) -> None:
    owner = await room.has_owner()
    await room.meets(*PEOPLE)
    made = await room.confirms(20, Phase.WAITING, made_by=owner)
    room.opens()
    await room.lands("goes to 20 waiting")
    await room.passes(20)
    assert (await room.get(made)).phase is Phase.WAITING
    assert room.copies("news") == {}
    assert await room.sets(made, Phase.HELD, Phase.WAITING)
    await room.comes_to(made, Phase.DONE)
    assert room.copies("news") == dict.fromkeys(PEOPLE, 1)
    assert sum(heard.text.startswith("goes to") for heard in room.platform.taken) == 1


@pytest.mark.parametrize("after", [Phase.DRAFT, Phase.CANCELLED])
async def test_undone_it_keeps_nothing_and_sends_nothing(room: Newsroom, after: Phase) -> None:
    await room.meets(*PEOPLE)
    made = await room.confirms(20, wait=HOUR)
    room.opens()
    await settled(room, made, 20)
    assert await room.sets(made, after, Phase.HELD)
    await cleared(room, made)
    room.hurry.leap = timedelta(hours=2)
    await room.passes(5)
    assert (await room.get(made)).phase is after
    assert room.platform.heard == []


async def test_what_nobody_was_there_to_send_at_its_time_goes_back_to_its_author(
    room: Newsroom,
) -> None:
    owner = await room.has_owner()
    await room.meets(*PEOPLE)
    made = await room.confirms(20, wait=HOUR, made_by=owner)
    room.hurry.leap = timedelta(hours=2, minutes=1)
    room.opens()
    await room.lands("missed 20")
    assert (await room.get(made)).phase is Phase.DRAFT
    await cleared(room, made)
    await room.passes(5)
    assert [heard.text for heard in room.platform.taken] == ["missed 20"]
    assert await room.confirms_anew(made, 20)
    await room.comes_to(made, Phase.DONE)
    assert room.copies("news") == dict.fromkeys(PEOPLE, 1)


async def test_what_was_settled_before_everybody_was_away_goes_back_too(room: Newsroom) -> None:
    owner = await room.has_owner()
    await room.meets(*PEOPLE)
    made = await room.confirms(20, wait=HOUR, made_by=owner)
    room.opens()
    await settled(room, made, 20)
    room.hurry.leap = timedelta(hours=2, minutes=1)
    await room.lands("missed 20")
    await cleared(room, made)
    assert room.copies("news") == {}


async def test_where_its_author_has_left_all_in_charge_hear_that_it_did_not_leave(
    room: Newsroom,
) -> None:
    await room.has_owner()
    await room.meets(*PEOPLE)
    made = await room.confirms(20, wait=HOUR, made_by=None)
    room.hurry.leap = timedelta(hours=2, minutes=1)
    room.opens()
    await room.lands("missed 20")
    assert (await room.get(made)).phase is Phase.DRAFT


async def test_what_is_a_little_late_leaves(room: Newsroom) -> None:
    await room.meets(*PEOPLE)
    made = await room.confirms(20, wait=HOUR)
    room.hurry.leap = timedelta(hours=1, minutes=55)
    room.opens()
    await room.comes_to(made, Phase.DONE)
    assert room.copies("news") == dict.fromkeys(PEOPLE, 1)


async def test_undone_and_confirmed_for_others_it_goes_to_those_alone(room: Newsroom) -> None:
    await room.meets(*PEOPLE)
    await room.meets("c", language="ar")
    made = await room.confirms(20, wait=HOUR, rule=Rule(languages=("en",)))
    room.opens()
    await settled(room, made, 20)
    assert await room.sets(made, Phase.DRAFT, Phase.HELD)
    content = {"texts": {"ar": "news ar"}}
    async with room.storage.transaction() as tx:
        assert await tx.broadcasts.change_content(made, content, rule=Rule(languages=("ar",)))
    assert await room.confirms_anew(made, 1)
    done = await room.comes_to(made, Phase.DONE)
    assert room.copies("news", "news ar") == {"c": 1}
    assert done.counts is not None
    assert done.counts.total == 1


async def test_an_office_that_dies_again_and_again_tells_its_author_and_reaches_everybody(
    room: Newsroom,
) -> None:
    owner = await room.has_owner()
    await room.meets(*PEOPLE)
    made = await room.confirms(20, wait=20, made_by=owner)
    room.opens()
    for _ in range(6):
        await room.passes(4)
        await room.dies()
    await room.comes_to(made, Phase.DONE)
    await room.lands("report done")
    told = [h.text for h in room.platform.taken if h.act is Act.SEND and h.account == "owner"]
    # Whatever is on its way at a death goes once more.
    assert told.count("goes to 20 held") in (1, 2)
    assert set(room.copies("news")) == set(PEOPLE)
    counts = await room.counts(made)
    assert counts.of("sent", "unknown") == counts.total == 20
