"""/mydata shows all that is kept, to the person alone, and not for long."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dialogue.words import Lane
from handlers.participants.privacy import SHOWN_FOR
from storage.outbox import LANES
from tests.conversations.community import community
from tests.conversations.web_person import WebPerson
from tests.handlers.chatting import Bot, Chat
from tests.safety.people import asks, newcomer, taps
from tests.safety.rows import everything
from tests.safety.seen import file_of, shows, word


async def lives(chat: Chat) -> None:
    """Leave something in every table."""
    await chat.says("/register", "Nour", "outside Iraq", "Rome", "2")
    await taps(chat, "btn-done")
    await chat.presses("Health")
    await chat.says("Registered with this?")
    await chat.presses("Webinar virus")
    await taps(chat, "btn-idea", "btn-nick", "btn-confirm")
    assert shows(chat, "saved")
    await asks(chat, "Asked by itself?")
    await chat.says("A draft that nobody asked for")


async def test_the_file_holds_what_every_table_holds(bot: Bot, database: Path) -> None:
    anna = await newcomer(bot, "7000000002")
    await lives(anna)
    await anna.says("/settings")
    await taps(anna, "btn-text_only-on")
    await anna.says("/mydata")
    await taps(anna, "btn-mydata-file")
    held = file_of(anna)
    async with bot.storage.reading() as tx:
        address = await tx.people.find("telegram", anna.account)
        assert address is not None
        person = await tx.people.get(address.person)
        assert person is not None
        registrations = await tx.registrations.of(person.id)
        questions = await tx.questions.of(person.id)
        consents = await tx.people.consents(person.id)
        ids = await tx.outbox.messages(address.id, bot.calendar.now - timedelta(hours=48))
    told: dict[str, Any] = {"nickname": "Nour", "governorate": "out", "zone": "Europe/Rome"}
    assert held["profile"] == [{"language": "en", "notice": person.notice, **told}]
    assert held["preferences"][0]["text_only"] is True
    assert held["accounts"][0]["account"] == "7000000002"
    assert [(r["webinar"], r["answers"]) for r in held["registrations"]] == [
        (r.webinar, dict(r.extra)) for r in registrations
    ]
    assert [q["text"] for q in held["questions"]] == [q.text for q in questions]
    assert [(q["kind"], q["anonymous"], q["webinar"]) for q in held["questions"]] == [
        (q.kind, q.anonymous, q.webinar) for q in questions
    ]
    assert [c["sha256"] for c in held["consents"]] == [c.hash for c in consents]
    assert "A draft that nobody asked for" in json.dumps(held["conversation"])
    assert set(held["messages"][0]["ids"]) <= set(ids)
    filled = {name for name, rows in everything(database).items() if rows}
    of_people = {"people", "consents", "addresses", "talks", "registrations", "questions"}
    machinery = {"address_keys", "outbox", "seen", "meta", "counters", "series", "webinars"}
    assert filled - of_people - machinery == {"versions"}


async def test_an_extra_question_cannot_hide_another_answer(bot: Bot, anna: Chat) -> None:
    await lives(anna)
    await anna.says("/mydata")
    await taps(anna, "btn-mydata-file")
    (kept,) = file_of(anna)["registrations"]
    assert kept == {
        "webinar": "work",
        "answers": {"topic": "health"},
        "approved": True,
        "told": False,
    }


async def test_both_are_gone_after_ten_minutes(bot: Bot, anna: Chat) -> None:
    await anna.says("/mydata")
    shown = anna.last
    assert anna.screen[shown].file is None, "the file comes on a second tap only"
    await taps(anna, "btn-mydata-file")
    file = anna.last
    bot.calendar.passes(SHOWN_FOR - timedelta(minutes=1))
    await anna.says("/menu")
    assert file in anna.screen
    bot.calendar.passes(timedelta(minutes=2))
    await anna.says("/menu")
    assert shown not in anna.screen
    assert file not in anna.screen


async def test_they_do_not_stay_until_everybody_is_reminded_of_a_webinar(
    bot: Bot, anna: Chat
) -> None:
    await anna.says("/mydata")
    await taps(anna, "btn-mydata-file")
    removals = "SELECT lane FROM outbox WHERE act = 'delete'"
    async with bot.storage.reading() as tx:
        lanes = [LANES[int(row[0])] for row in await tx.desk.connection.fetch(removals)]
    assert lanes == [Lane.REMINDER] * 2


@pytest.mark.parametrize("way", ["forms", "scripts"])
async def test_on_the_web_the_file_can_be_downloaded_until_then(tmp_path: Path, way: str) -> None:
    async with community(tmp_path, "forms" if way == "forms" else "scripts") as here:
        person = here.person()
        assert isinstance(person, WebPerson)
        await person.starts(None)
        for key in ("language-own-en", "btn-agree"):
            await person.presses(word(key))
        await person.says("/mydata")
        await person.presses(word("btn-mydata-file"))
        where = person.last.file
        assert where is not None
        answer = await person.browser.get(where)
        assert answer.json()["accounts"][0]["account"] == person.account
        assert answer.headers["cache-control"] == "no-store"
        assert "attachment" in answer.headers["content-disposition"]
        here.now += SHOWN_FOR + timedelta(minutes=1)
        await person.says("/menu")
        assert (await person.browser.get(where)).status_code == 404
