"""Moving, cancelling and finishing a webinar: seen before, undone, carried out, told to people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from delivery.clock import wait_until_set
from handlers.speaking import days
from storage.broadcasting.broadcasts import Broadcast, Kind, Phase, Rule
from tests.handlers.chatting import Bot, Chat, bot_at_work, plain
from tests.handlers.organising import (
    WAY_IN,
    kept,
    moment,
    opens,
    organiser,
    put,
    registered,
    said,
    taps,
)
from tests.safety.people import newcomer
from tests.safety.seen import LANGUAGES, all_text, says, shows, speech, word

LATER = datetime(2026, 12, 4, 16, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def olga(bot: Bot) -> Chat:
    """An organiser who speaks English."""
    return await organiser(bot)


@pytest.fixture
async def station(tmp_path: Path) -> AsyncGenerator[Bot]:
    """The bot, with the post office sending to many as well."""
    async with bot_at_work(tmp_path, broadcasting=True) as bot:
        yield bot


async def asked_to_move(olga: Chat, when: str = "4 December 19:00") -> None:
    """The screen that asks whether it is to be moved there."""
    await opens(olga, "salma")
    await taps(olga, "btn-move")
    await olga.says(when, "yes")


async def held(bot: Bot) -> list[Broadcast]:
    """The changes that can still be undone."""
    async with bot.storage.reading() as tx:
        latest = await tx.broadcasts.of_staff(99)
    return [each for each in latest if each.phase is Phase.HELD]


async def begins(bot: Bot) -> Broadcast | None:
    """Have the change begin that is held, a minute later."""
    (change,) = await held(bot)
    bot.calendar.passes(MINUTE)
    async with bot.storage.transaction() as tx:
        return await tx.broadcasts.begin(change.id, bot.calendar.now, (60,))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_move_is_shown_as_people_will_read_it(bot: Bot, language: str) -> None:
    olga, anna = await organiser(bot, language), await newcomer(bot, "anna")
    one = await put(bot)
    await registered(anna, "salma")
    await opens(olga, "salma")
    await taps(olga, "btn-move", language=language)
    when = {"en": "4 December 19:00", "ar": "4 كانون الأول 19:00"}[language]
    await olga.says(when, {"en": "yes", "ar": "نعم"}[language])
    assert said("told-how-many", language, count=1) in olga.text
    for reader in LANGUAGES:
        assert says(olga.text, "told-moved", reader)
        assert moment(one.starts_at, reader) in olga.text
        assert moment(LATER, reader) in olga.text
    assert await kept(bot, "salma") == one
    assert await held(bot) == []


async def test_nothing_happens_before_a_minute_has_passed(bot: Bot, olga: Chat) -> None:
    one = await put(bot)
    await asked_to_move(olga)
    await taps(olga, "btn-do-move")
    assert said("held-move", count=60) in olga.text
    assert await kept(bot, "salma") == one
    (change,) = await held(bot)
    assert (change.kind, change.rule) == (Kind.NOTICE, Rule("registered", "salma"))
    assert change.starts_at == bot.calendar.now + MINUTE
    assert change.change == {"starts_at": int(LATER.timestamp() * 1000)}
    assert change.not_after == LATER + 90 * MINUTE
    async with bot.storage.transaction() as tx:
        too_early = bot.calendar.now + 59 * timedelta(seconds=1)
        assert await tx.broadcasts.begin(change.id, too_early) is None


async def test_a_move_is_carried_out_with_its_reminders(bot: Bot, olga: Chat) -> None:
    one = await put(bot)
    await asked_to_move(olga)
    await taps(olga, "btn-do-move")
    assert await begins(bot) is not None
    assert await kept(bot, "salma") == replace(one, starts_at=LATER, version=2)
    async with bot.storage.reading() as tx:
        assert await tx.reminders.next_due() == LATER - timedelta(hours=1)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_undoing_in_time_changes_nothing(bot: Bot, language: str) -> None:
    olga = await organiser(bot, language)
    one = await put(bot)
    await opens(olga, "salma")
    await taps(olga, "btn-cancel-webinar", "btn-do-cancel", language=language)
    number, value = olga.button(word("btn-undo", language))
    await olga.presses_value(value, number)
    assert shows(olga, "undone", language)
    assert await held(bot) == []
    assert await kept(bot, "salma") == one
    await olga.presses_value(value, number)
    assert shows(olga, "undo-too-late", language)


async def test_undoing_too_late_says_so(bot: Bot, olga: Chat) -> None:
    await put(bot)
    await asked_to_move(olga)
    await taps(olga, "btn-do-move")
    assert await begins(bot) is not None
    await taps(olga, "btn-undo")
    assert shows(olga, "undo-too-late")
    assert (await kept(bot, "salma")).starts_at == LATER


async def test_the_screen_says_what_is_about_to_happen_and_can_undo_it(
    bot: Bot, olga: Chat
) -> None:
    await put(bot)
    await asked_to_move(olga)
    await taps(olga, "btn-do-move", "btn-to-webinar")
    assert shows(olga, "staff-moving")
    await taps(olga, "btn-undo")
    assert shows(olga, "undone")
    assert not shows(olga, "staff-moving")


async def test_another_change_takes_the_place_of_one_that_is_held(bot: Bot, olga: Chat) -> None:
    await put(bot)
    await asked_to_move(olga)
    await taps(olga, "btn-do-move", "btn-to-webinar", "btn-cancel-webinar", "btn-do-cancel")
    (change,) = await held(bot)
    assert change.change == {"state": "cancelled"}
    await taps(olga, "btn-to-webinar")
    assert shows(olga, "staff-cancelling")


async def test_a_confirmation_counts_once(bot: Bot, olga: Chat) -> None:
    await put(bot)
    await asked_to_move(olga)
    number, value = olga.button(word("btn-do-move"))
    await olga.presses_value(value, number)
    await taps(olga, "btn-undo")
    await olga.presses_value(value, number)
    assert shows(olga, "stale")
    assert await held(bot) == []


async def test_only_the_confirmation_that_was_shown_last_counts(bot: Bot, olga: Chat) -> None:
    await put(bot)
    await asked_to_move(olga)
    _, first = olga.button(word("btn-do-move"))
    await asked_to_move(olga, "5 December 19:00")
    await olga.presses_value(first)
    assert shows(olga, "stale")
    assert await held(bot) == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_move_by_a_day_or_a_week_is_one_tap(bot: Bot, language: str) -> None:
    olga = await organiser(bot, language)
    one = await put(bot)
    for key, count in (("btn-day-later", 1), ("btn-week-later", 7)):
        later = one.starts_at + timedelta(days=count)
        await opens(olga, "salma")
        await taps(olga, "btn-move", language=language)
        assert shows(olga, "ask-move-at", language)
        assert moment(one.starts_at, language) in olga.text
        await olga.presses(said(key, language, day=speech().voice(language).day(later)))
        assert shows(olga, "move-sure", language)
        await taps(olga, "btn-do-move", language=language)
        (change,) = await held(bot)
        assert change.change == {"starts_at": int(later.timestamp() * 1000)}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("الجمعة", LATER - timedelta(weeks=1)),
        ("Friday 4 December", LATER),
        ("٨ مساء", LATER - timedelta(hours=47)),
        ("8 pm", LATER - timedelta(hours=47)),
    ],
)
async def test_half_of_the_time_stays_when_the_other_half_is_typed(
    bot: Bot, olga: Chat, typed: str, meant: datetime
) -> None:
    await put(bot)
    await opens(olga, "salma")
    await taps(olga, "btn-move")
    await olga.says(typed)
    assert shows(olga, "moment-right")
    assert moment(meant) in olga.text


async def test_what_was_typed_before_goes_before_the_time_that_it_has(bot: Bot, olga: Chat) -> None:
    await put(bot, starts_at=LATER - timedelta(days=2, hours=9))
    await opens(olga, "salma")
    await taps(olga, "btn-move")
    await olga.says("Friday evening")
    assert shows(olga, "doubt-no-time-on")
    await olga.says("7")
    assert shows(olga, "moment-right")
    assert moment(LATER - timedelta(weeks=1)) in olga.text


@pytest.mark.parametrize("typed", ["a day later", "بعد يوم"])
async def test_a_day_later_is_later_than_it_is_to_start(bot: Bot, olga: Chat, typed: str) -> None:
    one = await put(bot)
    await opens(olga, "salma")
    await taps(olga, "btn-move")
    await olga.says(typed)
    assert shows(olga, "move-sure")
    assert moment(one.starts_at + timedelta(days=1)) in olga.text


def test_a_day_later_is_by_the_clock_on_the_wall() -> None:
    before = datetime(2027, 3, 27, 18, tzinfo=UTC)
    assert days.later(before, 1, ZoneInfo("Europe/Rome")) == before + timedelta(hours=23)


async def test_a_move_to_the_same_time_is_none(bot: Bot, olga: Chat) -> None:
    await put(bot)
    await asked_to_move(olga, "2 December 19:00")
    assert shows(olga, "move-same")


async def test_a_move_into_a_cut_is_warned_of(bot: Bot, olga: Chat) -> None:
    await put(bot)
    async with bot.storage.transaction() as tx:
        await tx.outages.add(LATER, LATER + timedelta(hours=1))
    await asked_to_move(olga)
    assert shows(olga, "warn-outage")
    await asked_to_move(olga, "5 December 05:00")
    assert shows(olga, "warn-night")


async def test_who_moves_or_cancels_is_warned_of_announcements_that_are_still_to_leave(
    bot: Bot, olga: Chat
) -> None:
    one = await put(bot)
    content = {"texts": {"en": "All are welcome on Wednesday."}}
    async with bot.storage.transaction() as tx:
        store, now, soon = tx.broadcasts, bot.calendar.now, bot.calendar.now + MINUTE
        drafts = [
            await store.put(Kind.ANNOUNCEMENT, Rule(), content, now, webinar="salma")
            for _ in range(3)
        ]
        for each in drafts[:2]:
            await store.set_phase(
                each.id, Phase.HELD, {Phase.DRAFT}, now, starts_at=soon, confirmed=1
            )
        for _ in range(70):
            rule = Rule("registered", one.id)
            await store.put(Kind.NOTICE, rule, {}, now + MINUTE, webinar=one.id)
    warning = said("warn-announced", count=2)
    await asked_to_move(olga)
    assert warning in olga.text
    await opens(olga, "salma")
    await taps(olga, "btn-cancel-webinar")
    assert warning in olga.text
    await olga.says("/announce")
    assert sum("All are welcome" in label for label in olga.labels) == 2


async def test_what_has_begun_is_neither_moved_nor_cancelled(bot: Bot, olga: Chat) -> None:
    await put(bot, days=0, starts_at=bot.calendar.now)
    for way in ("wm", "wc"):
        await olga.presses_value(f"go:{way}:salma")
        assert shows(olga, "webinar-is-started")
    labels = {word(key) for key in ("btn-move", "btn-cancel-webinar")}
    assert not labels & set(olga.labels)


async def test_leaving_a_move_leaves_everything(bot: Bot, olga: Chat) -> None:
    one = await put(bot)
    await opens(olga, "salma")
    await taps(olga, "btn-move", "btn-cancel")
    assert shows(olga, "webinar-kept")
    assert await kept(bot, "salma") == one


@pytest.mark.parametrize(
    "value",
    ["go:wy:", "go:wy:x:1:salma", "go:wy:x:ffffffff:salma", "go:wk:x:salma", "go:wu:zz"],
)
async def test_a_forged_confirmation_does_nothing(bot: Bot, olga: Chat, value: str) -> None:
    one = await put(bot)
    await olga.presses_value(value)
    assert shows(olga, "stale")
    assert (await kept(bot, "salma"), await held(bot)) == (one, [])


# --- the end ------------------------------------------------------------------------------------


async def test_a_draft_is_dropped_without_telling_anybody(bot: Bot, olga: Chat) -> None:
    await put(bot, state="draft")
    await opens(olga, "salma")
    await taps(olga, "btn-drop-draft")
    assert shows(olga, "webinar-drop-sure")
    await taps(olga, "btn-do-drop")
    assert (await kept(bot, "salma")).state == "cancelled"
    assert await held(bot) == []


async def test_finishing_closes_the_way_in(bot: Bot, olga: Chat, anna: Chat) -> None:
    await put(bot, starts_at=bot.calendar.now, way_in=WAY_IN)
    await registered(anna, "salma")
    assert WAY_IN.link in await anna.opens("salma")
    await opens(olga, "salma")
    await taps(olga, "btn-finish", "btn-do-finish")
    assert (await kept(bot, "salma")).state == "finished"
    await anna.opens("salma")
    assert shows(anna, "webinar-over")
    assert WAY_IN.link not in anna.text


async def test_a_session_is_finished_after_its_planned_end_as_well(
    bot: Bot, olga: Chat, anna: Chat
) -> None:
    one = await put(bot, starts_at=bot.calendar.now)
    await registered(anna, "salma")
    bot.calendar.passes(one.minutes * MINUTE)
    await anna.says("Do masks help?")
    assert shows(anna, "live-offer")
    await opens(olga, "salma")
    await taps(olga, "btn-finish", "btn-do-finish")
    assert (await kept(bot, "salma")).state == "finished"
    await anna.says("Do gloves help?")
    assert shows(anna, "unasked")


async def test_finishing_stops_the_reminder_that_is_going_out(bot: Bot, olga: Chat) -> None:
    one = await put(bot, starts_at=bot.calendar.now + MINUTE, way_in=WAY_IN, reminders=(0,))
    await registered(await newcomer(bot, "anna"), "salma")
    async with bot.storage.transaction() as tx:
        await tx.reminders.replan(one, (), bot.calendar.now)
    bot.calendar.now = one.starts_at
    async with bot.storage.transaction() as tx:
        (reminder,) = await tx.reminders.spread(one.starts_at)
    await opens(olga, "salma")
    await taps(olga, "btn-finish", "btn-do-finish")
    async with bot.storage.reading() as tx:
        stopped = await tx.broadcasts.get(reminder)
    assert stopped is not None
    assert stopped.phase is Phase.CANCELLING


async def test_what_is_to_come_is_not_finished(bot: Bot, olga: Chat) -> None:
    one = await put(bot)
    await olga.presses_value("go:wz:salma")
    await olga.presses_value("go:wv:token1:salma")
    assert await kept(bot, "salma") == one


# --- told to people -----------------------------------------------------------------------------


async def test_everybody_registered_is_told_once_of_a_move(station: Bot) -> None:
    olga = await organiser(station)
    one = await put(station)
    readers = {code: await newcomer(station, f"reader-{code}", code) for code in LANGUAGES}
    other = await newcomer(station, "other")
    for reader in readers.values():
        await registered(reader, "salma")
    await asked_to_move(olga)
    await taps(olga, "btn-do-move")
    station.calendar.passes(MINUTE)
    for code, reader in readers.items():
        await hears(reader, "told-moved", code)
        assert moment(LATER, code) in reader.text
        assert moment(one.starts_at, code) in reader.text
    assert (await kept(station, "salma")).starts_at == LATER
    for chat in (other, *readers.values()):
        await chat.says("/menu")
        assert heard(chat, "told-moved") == (0 if chat is other else 1)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_those_registered_are_told_that_it_is_cancelled(station: Bot, language: str) -> None:
    olga, reader = await organiser(station), await newcomer(station, "reader", language)
    await put(station)
    await registered(reader, "salma")
    await opens(olga, "salma")
    await taps(olga, "btn-cancel-webinar", "btn-do-cancel")
    station.calendar.passes(MINUTE)
    await hears(reader, "told-cancelled", language)
    assert (await kept(station, "salma")).state == "cancelled"


async def test_nobody_is_told_of_what_was_undone(station: Bot) -> None:
    olga, reader = await organiser(station), await newcomer(station, "reader")
    await put(station)
    await registered(reader, "salma")
    await asked_to_move(olga)
    await taps(olga, "btn-do-move", "btn-undo")
    await asked_to_move(olga, "5 December 19:00")
    await taps(olga, "btn-do-move")
    station.calendar.passes(MINUTE)
    await hears(reader, "told-moved", "en")
    assert moment(LATER) not in reader.text
    assert heard(reader, "told-moved") == 1


@pytest.mark.parametrize("language", LANGUAGES)
async def test_those_who_had_the_way_in_are_told_of_another_at_once(
    station: Bot, language: str
) -> None:
    olga, has_it = await organiser(station), await newcomer(station, "has", language)
    early = await newcomer(station, "early", language)
    await put(station, starts_at=station.calendar.now + 20 * MINUTE, way_in=WAY_IN)
    for reader in (early, has_it):
        await registered(reader, "salma")
    await early.opens("salma")
    station.calendar.passes(10 * MINUTE)
    await has_it.opens("salma")
    await moves_to_another_room(olga)
    # The card that counts those who were told may be there already.
    assert said("way-in-kept-told", count=1) in all_text(olga)
    await hears(has_it, "told-way-in", language)
    assert "https://meet.example.org/other" in has_it.text
    await early.says("/menu")
    assert heard(early, "told-way-in") == 0


async def test_the_way_into_another_room_is_told_after_the_planned_end_too(station: Bot) -> None:
    olga, reader = await organiser(station), await newcomer(station, "reader")
    await put(station, starts_at=station.calendar.now - 100 * MINUTE, way_in=WAY_IN)
    await registered(reader, "salma")
    await reader.opens("salma")
    await moves_to_another_room(olga)
    await hears(reader, "told-way-in", "en")


async def moves_to_another_room(olga: Chat) -> None:
    """The organiser changes the link of the webinar."""
    await opens(olga, "salma")
    await taps(olga, "btn-way-in", "btn-edit", "title-w-link")
    await olga.says("https://meet.example.org/other")
    await taps(olga, "btn-confirm")


async def hears(chat: Chat, key: str, language: str) -> None:
    """Returns when this was said to them, and nothing more is to be said."""
    async with asyncio.timeout(30):
        while not says(all_text(chat), key, language):
            await wait_until_set(chat.bot.phones.changed, 0.005)
            chat.bot.phones.changed.clear()


def heard(chat: Chat, key: str) -> int:
    """How many messages on their screen say this, in whichever language."""
    texts = [plain(message.text) for message in chat.screen.values()]
    return sum(any(says(each, key, code) for code in LANGUAGES) for each in texts)
