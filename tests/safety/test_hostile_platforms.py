"""The hostile texts over the real line of each platform: HTTP in, HTTP out, nothing in between."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from channels.telegram import account_in
from dialogue.fold import clean
from tests.conversations.community import Community, Way, community
from tests.conversations.people import Person
from tests.conversations.telegram_person import TelegramPerson
from tests.conversations.web_person import WebPerson
from tests.hostile import HOSTILE
from tests.safety.rows import everything
from tests.safety.seen import says, word

FITTING = tuple(text for text in HOSTILE if 0 < len(clean(text)) <= 1000 and "/for" not in text)

BROKEN = (
    b'{"update_id": %d, "message": {"chat": {"id": 7, "type": "private"}, "text": "\\ud83d"}}',
    b'{"update_id": %d, "message": {"chat": {"id": 7}, "message_id": 9223372036854775808}}',
    b'{"update_id": %d, "message": ' + b"[" * 100_000 + b"}",
    b'{"update_id": %d, "message": {"message_id": ' + b"1" * 5000 + b"}}",
    b'{"update_id": %d, "message": {"chat": "none", "text": 5}}',
)
"""Updates as no Bot API server sends them."""


async def agrees(person: Person) -> None:
    await person.starts(None)
    await person.presses(word("language-own-en"))
    await person.presses(word("btn-agree"))


async def questions_of(here: Community, person: Person) -> list[str]:
    async with here.storage.reading() as tx:
        address = await tx.people.find(person.channel, person.account)
        assert address is not None
        return [asked.text for asked in await tx.questions.of(address.person)]


@pytest.mark.parametrize("way", ["webhook", "forms"])
async def test_what_was_written_is_asked_and_shown_as_it_was(
    tmp_path: Path, way: Way, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[str] = []
    async with community(tmp_path, way) as here:
        person = here.person()
        await agrees(person)
        for text in FITTING:
            if isinstance(person, TelegramPerson) and not sendable(text):
                continue
            await person.says("/ask")
            await person.says(text)
            for answer in ("1", "question"):
                await person.says(answer)
            assert clean(text) in person.text, ascii(text)
            await person.presses(word("btn-confirm"))
            if says(person.text, "ask-too-many"):
                break
            asked.insert(0, clean(text))
            if len(asked) % 4 == 0:
                here.now += here.step * 40
        assert await questions_of(here, person) == asked
        assert len(asked) > 15
    rows = everything(tmp_path / "data" / "tadamun.db")
    assert rows["quarantine"] == []
    assert [r.getMessage() for r in caplog.records if r.levelname in ("ERROR", "CRITICAL")] == []


def sendable(text: str) -> bool:
    """Whether it is text at all to a platform that speaks JSON."""
    return "\ud83d" not in text


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_a_broken_update_is_set_aside_and_the_next_is_taken(
    tmp_path: Path, way: Way, caplog: pytest.LogCaptureFixture
) -> None:
    async with community(tmp_path, way) as here:
        person = here.on_telegram()
        await agrees(person)
        updates = here.telegram.updates
        for raw in BROKEN:
            number = updates.take_id()
            updates.add_raw(number, raw.replace(b"%d", str(number).encode()))
        await person.says("/menu")
        await here.telegram.wait_for(lambda: not updates.waiting)
        assert says(person.text, "menu")
    rows = everything(tmp_path / "data" / "tadamun.db")["quarantine"]
    assert len(rows) == len([raw for raw in BROKEN if account_in(raw.decode()) is None])
    assert "Person 7" not in caplog.text


async def test_what_is_broken_goes_with_the_person_and_strangers_leave_nothing(
    tmp_path: Path,
) -> None:
    file = tmp_path / "data" / "tadamun.db"
    async with community(tmp_path, "polling") as here:
        person = here.on_telegram()
        await agrees(person)
        updates = here.telegram.updates
        for account in (person.user, 7):
            content: dict[str, Any] = {"chat": {"id": account, "type": "private"}, "text": "\ud83d"}
            number = updates.take_id()
            updates.add_raw(number, json.dumps({"update_id": number, "message": content}).encode())
        await person.says("/menu")
        (kept,) = everything(file)["quarantine"]
        assert kept["account_key"] is not None
        await person.says("/forget")
        await person.presses(word("btn-forget-really"))
        await person.presses(word("btn-forget-now"))
        assert everything(file)["quarantine"] == []


async def test_a_page_shows_markup_as_the_words_that_it_is(tmp_path: Path) -> None:
    async with community(tmp_path, "forms") as here:
        person = here.person()
        assert isinstance(person, WebPerson)
        await agrees(person)
        for text in (
            "<img src=x onerror=alert(1)>",
            '"><script>alert(1)</script>',
            "{{7919*7927}}",
        ):
            await person.says("/register")
            await person.says(text)
            page = (await person.browser.get("/chat")).text
            assert "<img" not in page
            assert "<script>alert" not in page
            # So long a number is in no token by chance.
            assert str(7919 * 7927) not in page
            await person.says("/cancel")
