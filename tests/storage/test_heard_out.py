"""Retention of what moderating leaves behind: each has its time, and a board sees what has gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage import Storage
from storage.asking.hush import LASTING
from storage.asking.intake import Taking
from storage.asking.moderation import Stage
from storage.outbox import Settlement, State
from tests.storage.community import SERIES, Guest, draft, webinar
from tests.storage.conftest import Clock
from tests.storage.moderating import (
    ONE,
    approved,
    ask,
    following,
    given,
    resident,
    standing,
    supported,
    ways,
    with_webinars,
)
from tests.storage.needles import on_disk

TICK = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
TABLES = ("questions", "supports", "texts", "strikes", "hushed", "intake")


async def left(storage: Storage, now: datetime) -> dict[str, int]:
    """How many rows each table has after a sweep at this time."""
    await storage.sweep(now)
    counts: dict[str, int] = {}
    async with storage.reading() as tx:
        for table in TABLES:
            count = f"SELECT COUNT(*) FROM {table}"  # noqa: S608 - a name of ours
            ((counts[table],),) = await tx.desk.connection.fetch(count)
    return counts


async def keen(storage: Storage, account: str, clock: Clock) -> Guest:
    """Somebody who stays when a webinar is over."""
    guest = await resident(storage, account, clock.now)
    async with storage.transaction() as tx:
        await tx.people.update(replace(guest.person, all_future=True), clock.now)
    return guest


async def test_thirty_days_after_the_webinar_nothing_of_its_questions_is_left(
    storage: Storage, clock: Clock
) -> None:
    start = datetime(2026, 4, 10, 16, tzinfo=UTC)
    over = start + 90 * MINUTE + 30 * DAY
    async with storage.transaction() as tx:
        await tx.webinars.put(webinar("one", start))
        await tx.webinars.put(webinar("two", start + DAY))
    asker, fan = [await keen(storage, n, clock) for n in "12"]
    for scope in ("one", "two"):
        asked = await ask(storage, asker, "?", clock.now, scope)
        async with storage.transaction() as tx:
            await tx.moderation.move(asked.id, ONE, Stage.IN_REVIEW, clock.now)
            await tx.moderation.move(asked.id, ONE, Stage.APPROVED, clock.now)
            assert await tx.support.add(asked.id, fan.person.id)
            await tx.texts.want(asked.id, "question", "en")
            await tx.hush.strike(asked.id)
            await tx.hush.mute(asked.id, clock.now)
            await tx.intake.set(scope, Taking(paused=True))
    assert await left(storage, over - TICK) == dict.fromkeys(TABLES, 2)
    async with storage.reading() as tx:
        version = await tx.moderation.version()
    assert await left(storage, over) == dict.fromkeys(TABLES, 1)
    async with storage.reading() as tx:
        assert await tx.moderation.version() > version
        assert await tx.moderation.ids("one") == frozenset()
        assert len(await tx.moderation.ids("two")) == 1
    assert await left(storage, over + DAY) == dict.fromkeys(TABLES, 0)


async def test_what_followed_a_question_to_the_series_goes_with_it(
    storage: Storage, clock: Clock
) -> None:
    asker = await keen(storage, "1", clock)
    first = await ask(storage, asker, "?", clock.now, None)
    clock.forward(DAY)
    second = await ask(storage, asker, "?", clock.now, None)
    async with storage.transaction() as tx:
        await tx.moderation.claim(second.id, ONE, clock.now)
        assert await tx.moderation.merge(second.id, first.id, ONE, clock.now) is not None
    hour = clock.now.replace(minute=0, second=0)
    await storage.sweep(hour + 29 * DAY - TICK)
    assert len(await standing(storage, asker)) == 2
    await storage.sweep(hour + 29 * DAY)
    assert await standing(storage, asker) == {}


async def test_a_block_goes_after_ninety_days_and_a_mute_of_the_series_with_its_time(
    storage: Storage, clock: Clock
) -> None:
    asker = await keen(storage, "1", clock)
    asked = await ask(storage, asker, "!", clock.now, None)
    async with storage.transaction() as tx:
        await tx.hush.block(asked.id, clock.now)
        await tx.hush.mute(asked.id, clock.now, 5 * DAY)
    assert (await left(storage, clock.now + 5 * DAY - TICK))["hushed"] == 2
    assert (await left(storage, clock.now + 5 * DAY))["hushed"] == 1
    assert (await left(storage, clock.now + LASTING - TICK))["hushed"] == 1
    assert (await left(storage, clock.now + LASTING))["hushed"] == 0


async def test_who_had_something_in_hand_is_not_kept(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    asker = await keen(storage, "1", clock)
    root = await approved(storage, asker, "?", clock.now)
    asked = await ask(storage, asker, "?", clock.now)
    async with storage.transaction() as tx:
        await tx.texts.want(root, "question", "en")
        assert await tx.texts.next("one", ONE, ["ar", "en"], clock.now) is not None
    assert await given(storage, ONE, clock.now) is not None

    async def held_at(now: datetime) -> list[tuple[int | None, ...]]:
        await storage.sweep(now)
        async with storage.reading() as tx:
            rows = await tx.desk.connection.fetch(
                "SELECT claimed_by FROM questions UNION ALL SELECT claimed_by FROM texts"
            )
        return sorted(tuple(row) for row in rows if row[0] is not None)

    assert await held_at(clock.now + 5 * MINUTE - TICK) == [(ONE,), (ONE,)]
    assert await held_at(clock.now + 5 * MINUTE) == []
    found = await given(storage, 13, clock.now)
    assert found is not None
    assert found.id == asked.id


async def test_the_hourly_sweep_erases_the_ways_by_which_answers_came(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    asker = await keen(storage, "1", clock)
    root = await approved(storage, asker, "?", clock.now)
    row = draft(storage, asker, "answer", clock.now, state=State.SENDING)
    async with storage.transaction() as tx:
        await tx.outbox.add([row])
        await tx.moderation.note_sent(root, asker.person.id, row.id)
    await storage.sweep(clock.now)
    assert [way.person for way in await ways(storage, root)] == [asker.person.id]
    async with storage.transaction() as tx:
        await tx.outbox.settle([Settlement(row.id, State.SENT, "7")])
    await storage.sweep(clock.now)
    assert [way.person for way in await ways(storage, root)] == [None]


async def test_no_backup_can_read_what_was_said_of_a_question_once_its_key_is_gone(
    sqlite: Storage, clock: Clock
) -> None:
    one = webinar("one")
    async with sqlite.transaction() as tx:
        await tx.webinars.put_series(SERIES)
        await tx.webinars.put(one)
    asker, fan = [await keen(sqlite, n, clock) for n in "12"]
    root = await approved(sqlite, asker, "?", clock.now)
    await following(sqlite, fan, "?", root, clock.now)
    await ask(sqlite, fan, "?", clock.now, anonymous=False)
    await supported(sqlite, root, fan)
    async with sqlite.transaction() as tx:
        rows = [
            await tx.desk.connection.fetch(f"SELECT * FROM {table}")  # noqa: S608 - ours
            for table in ("questions", "supports")
        ]
        names = [
            [row[1] for row in await tx.desk.connection.fetch(f"PRAGMA table_info({table})")]
            for table in ("questions", "supports")
        ]
    await sqlite.sweep(one.starts_at + 40 * DAY)
    async with sqlite.transaction() as tx:
        # As if an old backup had come back.
        for table, columns, kept in zip(("questions", "supports"), names, rows, strict=True):
            put = f"INSERT INTO {table} VALUES ({', '.join(f':{name}' for name in columns)})"  # noqa: S608 - ours
            await tx.desk.connection.run_many(
                put, [dict(zip(columns, row, strict=True)) for row in kept]
            )
        assert await tx.moderation.changed_since("one", 0) == []
        found = await tx.moderation.askers([root])
    assert [(way.person, way.supporters) for way in found] == [(None, ()), (None, ())]


async def test_no_word_of_moderating_reaches_the_disk(
    sqlite: Storage, sqlite_file: Path, clock: Clock
) -> None:
    await with_webinars(sqlite)
    asker = await keen(sqlite, "1", clock)
    asked = await ask(sqlite, asker, "their very own words", clock.now)
    async with sqlite.transaction() as tx:
        await tx.moderation.claim(asked.id, ONE, clock.now)
        await tx.moderation.edit(asked.id, ONE, "words of a moderator", clock.now)
        await tx.moderation.move(asked.id, ONE, Stage.DECLINED, clock.now, "why it is not put")
        typed = await tx.moderation.type_in("one", "what was heard", "en", ONE, clock.now)
        text = await tx.texts.want(typed.id, "question", "ar")
        assert text is not None
        await tx.texts.put_draft(text, "a draft of a machine")
    content = on_disk(sqlite_file)
    async with sqlite.transaction() as tx:
        await tx.texts.approve(text, ONE, "the word of an interpreter", clock.now)
        await tx.moderation.answer(typed.id, ONE, "what the expert said", "en", True, clock.now)
    content += on_disk(sqlite_file)
    for words in (
        "their very own words", "words of a moderator", "why it is not put", "what was heard",
        "a draft of a machine", "the word of an interpreter", "what the expert said",
    ):  # fmt: skip
        assert words.encode() not in content, words
