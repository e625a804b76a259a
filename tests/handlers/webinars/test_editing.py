"""One thing of a webinar changed by itself; the rest stays, and one is back at its screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dialogue.words import Localised
from storage.series.posters import Fetching
from storage.series.webinars import ExtraQuestion, Speaker, WayIn
from tests.handlers.chatting import Bot, Chat, both
from tests.handlers.organising import WAY_IN, kept, newest, opens, organiser, put, said, taps
from tests.safety.seen import LANGUAGES, shows, word

TOPIC = ExtraQuestion(
    "q1", both("Which topic", "أي موضوع"), (("q1", both("a", "أ")), ("q2", both("b", "ب")))
)


@pytest.fixture
async def olga(bot: Bot) -> Chat:
    """An organiser who speaks English."""
    return await organiser(bot)


async def edits(olga: Chat, field: str, id: str = "salma") -> None:
    """The question about one thing, reached by its button."""
    await opens(olga, id)
    await taps(olga, "btn-edit-webinar")
    await olga.presses(field)


async def test_each_thing_can_be_changed_by_itself(bot: Bot, olga: Chat) -> None:
    one = await put(bot, questions=(TOPIC,))
    await opens(olga, "salma")
    await taps(olga, "btn-edit-webinar")
    fields = olga.labels[:-1]
    assert len(fields) == 18
    for field in fields:
        await edits(olga, field)
        assert word("btn-cancel") in olga.labels
        await taps(olga, "btn-cancel")
        assert shows(olga, "webinar-kept")
    assert await kept(bot, "salma") == one


CHANGES = (
    ("Title (English)", "Renewed", {"title": both("Renewed", "ندوة salma")}),
    ("Title (Arabic)", "جديد", {"title": both("Webinar salma", "جديد")}),
    ("Length", "2 hours", {"minutes": 120}),
    ("Description (Arabic)", "أخرى.", {"description": both("What it is about.", "أخرى.")}),
    (
        "Guest experts (English)",
        "Dr Amal - a nurse",
        {"speakers": (Speaker(both("Dr Amal", "د. هدى"), both("a nurse", "طبيبة")),)},
    ),
    ("Reminders", "a day", {"reminders": (1440,)}),
    ("Reminders", "None", {"reminders": ()}),
    ("Approval", "Yes, after approval", {"approval": True}),
    (
        "Questions (English)",
        "Which one: x, y",
        {
            "questions": (
                replace(
                    TOPIC,
                    prompt=both("Which one", "أي موضوع"),
                    choices=(("q1", both("x", "أ")), ("q2", both("y", "ب"))),
                ),
            )
        },
    ),
)


@pytest.mark.parametrize(("field", "typed", "changed"), CHANGES)
@pytest.mark.parametrize("state", ["draft", "published"])
async def test_what_was_typed_is_changed_and_nothing_else(
    bot: Bot, olga: Chat, field: str, typed: str, changed: dict[str, object], state: str
) -> None:
    one = await put(bot, questions=(TOPIC,), state=state)
    await edits(olga, field)
    await olga.says(typed)
    assert shows(olga, "setting-changed")
    assert shows(olga, "webinar-facts")
    assert await kept(bot, "salma") == replace(one, **changed)  # type: ignore[arg-type]


async def test_what_is_there_is_shown_beside_the_question(bot: Bot, olga: Chat) -> None:
    await put(bot)
    await edits(olga, "Description (English)")
    assert said("answer-so-far", answer="What it is about.") in olga.text


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("Title (Arabic)", {"title": Localised({"en": "Webinar salma"})}),
        ("Description (English)", {"description": Localised({"ar": "عن الندوة."})}),
        (
            "Guest experts (English)",
            {"speakers": (Speaker(Localised({"ar": "د. هدى"}), Localised({"ar": "طبيبة"})),)},
        ),
        ("Poster (English)", {"posters": {"ar": 2}}),
    ],
)
async def test_what_may_be_missing_can_be_left_empty(
    bot: Bot, olga: Chat, field: str, changed: dict[str, object]
) -> None:
    one = await put(bot, posters={"en": 1, "ar": 2})
    await edits(olga, field)
    assert word("btn-skip") not in olga.labels
    await taps(olga, "btn-leave-empty")
    assert await kept(bot, "salma") == replace(one, **changed)  # type: ignore[arg-type]


async def test_the_only_title_cannot_be_left_empty(bot: Bot, olga: Chat) -> None:
    await put(bot, title=Localised({"en": "Alone"}))
    await edits(olga, "Title (English)")
    assert word("btn-leave-empty") not in olga.labels


async def test_interpreting_can_be_taken_off_again(bot: Bot, olga: Chat) -> None:
    await put(bot, languages=("en",), interpreted=("ar",))
    await edits(olga, "Interpreted into")
    await olga.presses("Arabic", "Leave it empty", "Done")
    assert (await kept(bot, "salma")).interpreted == ()


async def test_what_it_is_held_in_is_not_interpreted_into(bot: Bot, olga: Chat) -> None:
    await put(bot, languages=("en",), interpreted=("ar",))
    await edits(olga, "Held in")
    await olga.presses("Arabic", "Done")
    one = await kept(bot, "salma")
    assert (one.languages, one.interpreted) == (("ar", "en"), ())


async def test_a_picture_takes_the_place_of_another(bot: Bot, olga: Chat) -> None:
    await put(bot, posters={"en": 1})
    await edits(olga, "Poster (English)")
    await olga.takes(media="photo", photo="file-9")
    poster = (await kept(bot, "salma")).posters["en"]
    async with bot.storage.reading() as tx:
        found = await tx.posters.get(poster)
    assert found is not None
    assert (found.state, found.source) == (Fetching.WANTED, "file-9")


async def test_a_question_among_others_keeps_the_answers_that_were_given_to_it(
    bot: Bot, olga: Chat
) -> None:
    why = ExtraQuestion("q2", Localised({"en": "Why?"}))
    await put(bot, questions=(ExtraQuestion("q1", Localised({"en": "Who?"})), why))
    await edits(olga, "Questions (English)")
    await olga.says("When?\nWhy?")
    when = ExtraQuestion("q3", Localised({"en": "When?"}))
    assert (await kept(bot, "salma")).questions == (when, why)


async def test_the_time_of_a_draft_is_changed_at_once(bot: Bot, olga: Chat) -> None:
    await put(bot, state="draft")
    await edits(olga, "Start")
    await olga.says("4 December 19:00", "yes")
    assert (await kept(bot, "salma")).starts_at == datetime(2026, 12, 4, 16, tzinfo=UTC)


async def test_another_time_of_what_is_published_is_a_move(bot: Bot, olga: Chat) -> None:
    one = await put(bot)
    await edits(olga, "Start")
    await olga.says("4 December 19:00", "yes")
    assert shows(olga, "move-sure")
    assert await kept(bot, "salma") == one


async def test_another_time_of_what_was_published_meanwhile_is_a_move(bot: Bot, olga: Chat) -> None:
    one = await put(bot, state="draft")
    await edits(olga, "Start")
    await put(bot)
    await olga.says("4 December 19:00", "yes")
    assert shows(olga, "move-sure")
    assert await kept(bot, "salma") == replace(one, state="published")


async def test_other_reminders_are_planned_at_once(bot: Bot, olga: Chat) -> None:
    one = await put(bot)
    await edits(olga, "Reminders")
    await olga.says("2 days")
    async with bot.storage.reading() as tx:
        assert await tx.reminders.next_due() == one.starts_at - timedelta(days=2)


async def test_what_is_cancelled_is_not_edited(bot: Bot, olga: Chat) -> None:
    one = await put(bot, state="cancelled")
    await olga.presses_value("go:we:salma")
    assert shows(olga, "webinar-is-cancelled")
    await olga.presses_value("go:wf:length:salma")
    assert shows(olga, "webinar-is-cancelled")
    assert await kept(bot, "salma") == one


@pytest.mark.parametrize("value", ["go:wf:salma", "go:wf:nothing:salma", "go:wf:at:nowhere"])
async def test_a_forged_button_leads_back(bot: Bot, olga: Chat, value: str) -> None:
    one = await put(bot)
    await olga.presses_value(value)
    assert shows(olga, "edit-which") or shows(olga, "webinar-unknown")
    assert await kept(bot, "salma") == one


# --- the way in ---------------------------------------------------------------------------------


async def test_the_way_in_is_asked_for_and_looked_over(bot: Bot, olga: Chat) -> None:
    await put(bot)
    await opens(olga, "salma")
    await taps(olga, "btn-way-in")
    await olga.says(WAY_IN.link, "skip", WAY_IN.passcode)
    assert shows(olga, "summary-way-in")
    await taps(olga, "btn-confirm")
    assert shows(olga, "way-in-kept")
    assert (await kept(bot, "salma")).way_in == replace(WAY_IN, dial_in="")


async def test_one_part_of_the_way_in_can_be_changed(bot: Bot, olga: Chat) -> None:
    await put(bot, way_in=WAY_IN)
    await edits(olga, "Meeting link")
    assert shows(olga, "summary-way-in")
    await taps(olga, "btn-edit", "title-w-passcode", "btn-skip", "btn-confirm")
    assert (await kept(bot, "salma")).way_in == replace(WAY_IN, passcode="")


async def test_a_way_in_that_is_emptied_is_none(bot: Bot, olga: Chat) -> None:
    await put(bot, way_in=WayIn(passcode="1"))
    await opens(olga, "salma")
    await taps(olga, "btn-way-in", "btn-edit", "title-w-passcode", "btn-skip", "btn-confirm")
    assert (await kept(bot, "salma")).way_in is None


# --- the next in the series ---------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_copy_is_a_draft_at_the_same_hour_a_week_later(bot: Bot, language: str) -> None:
    olga = await organiser(bot, language)
    one = await put(bot, way_in=WAY_IN, questions=(TOPIC,), version=3, reminders=(60,))
    await opens(olga, "salma")
    number, value = olga.button(word("btn-copy-webinar", language))
    await olga.presses_value(value, number)
    assert shows(olga, "webinar-copied", language)
    twin = await newest(bot)
    week_later = one.starts_at + timedelta(days=7)
    assert twin == replace(one, id=twin.id, starts_at=week_later, state="draft", version=1)
    await olga.presses_value(value, number)
    assert shows(olga, "stale", language)
    assert await newest(bot) == twin


async def test_the_copy_of_an_old_webinar_lies_ahead(bot: Bot, olga: Chat) -> None:
    one = await put(bot, days=-30)
    await opens(olga, "salma")
    await taps(olga, "btn-copy-webinar")
    twin = await newest(bot)
    assert twin.starts_at == one.starts_at + timedelta(days=35)
