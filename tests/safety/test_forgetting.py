"""/forget, over the whole stack: of whoever goes no byte is left, and nothing comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from delivery.clock import wait_until_set
from storage.asking.pseudonyms import asker_keys
from tests.conversations.community import Community, Way, community
from tests.conversations.people import Person
from tests.conversations.telegram_person import TelegramPerson
from tests.safety.rows import everything
from tests.safety.seen import says, word
from tests.storage.needles import forms, left, noted

NICKNAME = "Nightingale-of-Kut-نور"
QUESTION = "What-about-the-looms-of-Kut? ماذا عن الأنوال؟"
GIVEN = "Given-to-the-experts-already"


async def joins(person: Person, nickname: str, place: str) -> None:
    """Agree and register, with a question."""
    await person.starts(None)
    await person.presses(word("language-own-en"))
    assert says(person.text, "notice-heading"), person.text
    await person.presses(word("btn-agree"))
    await person.says("/register")
    for words in (nickname, place, "1", QUESTION, "1", "question", "anonymously"):
        await person.says(words)
    await person.presses(word("btn-confirm"))
    assert says(person.text, "saved"), person.text


async def asks(person: Person, words: str) -> None:
    """Ask about the first webinar."""
    await person.says("/ask")
    await person.says(words)
    for answer in ("1", "question", "anonymously"):
        await person.says(answer)
    await person.presses(word("btn-confirm"))


async def person_of(here: Community, person: Person) -> tuple[int, str]:
    """The row id of a person, and their pseudonyms as JSON."""
    async with here.storage.reading() as tx:
        address = await tx.people.find(person.channel, person.account)
        assert address is not None
        return address.person, json.dumps(await asker_keys(tx.desk, address.person))


async def gives_to_the_experts(here: Community) -> None:
    """What was asked last is with the experts now."""
    async with here.storage.transaction() as tx:
        await tx.desk.connection.run(
            "UPDATE questions SET state = 'queued'"
            " WHERE ordinal = (SELECT MAX(ordinal) FROM questions)"
        )


async def forgets(here: Community, person: Person) -> None:
    """Erase everything, and wait for all that follows of it."""
    await person.says("/forget")
    await person.presses(word("btn-forget-really"))
    await person.presses(word("btn-forget-now"))
    assert says(person.text, "forgotten"), person.text
    async with asyncio.timeout(30):
        while await is_at_work(here):
            await wait_until_set(asyncio.Event(), 0.01)


async def is_at_work(here: Community) -> bool:
    async with here.storage.reading() as tx:
        jobs = await tx.erasures.take(1)
    return bool(jobs) or await here.storage.owes_scrub()


def on_disk(folder: Path) -> bytes:
    """Every file there is: database, logs of it, keys, tombstones."""
    return b"\0".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def in_plain(*words: str) -> Mapping[str, tuple[bytes, ...]]:
    """Words in every encoding in which they could have been written down."""
    encodings = ("utf-8", "utf-16-le", "utf-16-be")
    return {
        each: (*(each.encode(encoding) for encoding in encodings), quote(each).encode())
        for each in words
    }


@pytest.mark.parametrize("way", ["polling", "webhook", "forms", "scripts"])
async def test_no_byte_is_left_anywhere(
    tmp_path: Path, way: Way, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    file = tmp_path / "data" / "tadamun.db"
    async with community(tmp_path, way) as here:
        person, bystander = here.person(), here.person()
        await joins(person, NICKNAME, "Wasit")
        await joins(bystander, "Somebody", "Basra")
        await asks(person, GIVEN)
        await gives_to_the_experts(here)
        account = person.account
        id, askers = await person_of(here, person)
        needles = {**noted(file, id, askers), "id as text": (str(id).encode(),)}
        others = noted(file, *(await person_of(here, bystander)))
        bound = {name for name in needles if name != "id as text"}
        assert len(bound) > 20
        # The control: until now each of them can be found, and of others also afterwards.
        assert set(left(on_disk(tmp_path), needles)) == bound
        await forgets(here, person)
        plain = dict(in_plain(account, NICKNAME, QUESTION, GIVEN))
        kept = given_away(file)
        needles = {name: parts for name, parts in needles.items() if not set(parts) & kept}
        assert left(on_disk(tmp_path), needles) == []
        assert left(on_disk(tmp_path), plain) == []
        assert left(caplog.text.encode(), plain) == []
        assert set(left(on_disk(tmp_path), others)) == set(others)
        assert [row["asker"] for row in everything(file)["questions"]].count(None) == 1
    assert left(on_disk(tmp_path), needles) == []


def given_away(file: Path) -> set[bytes]:
    """The pieces of what the experts have: that row stays, without its asker."""
    rows = [row for row in everything(file)["questions"] if row["state"] == "queued"]
    return {piece for row in rows for piece in (*forms(row["text"]), *forms(row["id"]))}


async def test_messages_of_the_last_two_days_vanish_from_telegram(tmp_path: Path) -> None:
    async with community(tmp_path, "polling") as here:
        person = here.on_telegram()
        await joins(person, NICKNAME, "Wasit")
        chat = here.telegram.chat(person.user)
        old = set(chat.sent)
        here.now += timedelta(hours=49)
        await person.says("/menu")
        await person.says("/mydata")
        await forgets(here, person)
        (farewell,) = [m for m in chat if m.id not in old]
        assert says(farewell.text, "forgotten")
        assert [id for id in old if chat.sent[id].deleted] == []
        assert len(chat.sent) - len(old) >= 4


async def test_whoever_was_forgotten_is_a_stranger_also_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "data" / "tadamun.db"
    async with community(tmp_path, "polling") as here:
        person = here.on_telegram()
        await joins(person, NICKNAME, "Wasit")
        await forgets(here, person)
        await person.says("hello")
        assert says(person.text, "greeting") or word("language-own-ar") in str(person.keys)
        user = person.user
    async with community(tmp_path, "polling") as here:
        person = TelegramPerson(here.telegram, user, here, "en")
        for _ in range(100):
            # Telegram goes on counting, and a number that was seen before is not heard again.
            here.telegram.updates.take_id()
        await person.says("/questions")
        assert word("language-own-ar") in str(person.keys)
        rows = everything(file)
        for table in ("people", "addresses", "address_keys", "talks", "consents", "questions"):
            assert rows[table] == [], table
        assert rows["registrations"] == rows["outbox"] == rows["mailbox"] == []
        await joins(person, "Another", "Basra")
        await person.says("/questions")
        assert person.text.count(QUESTION) == 1


@pytest.mark.postgres
@pytest.mark.parametrize("way", ["polling", "forms"])
async def test_on_postgresql_the_rows_are_gone(tmp_path: Path, way: Way, postgres_url: str) -> None:
    async with community(tmp_path, way, postgres_url) as here:
        person, bystander = here.person(), here.person()
        await joins(person, NICKNAME, "Wasit")
        await joins(bystander, "Somebody", "Basra")
        id, _ = await person_of(here, bystander)
        await forgets(here, person)
        async with here.storage.reading() as tx:
            fetch = tx.desk.connection.fetch
            assert await fetch("SELECT id FROM people") == [(id,)]
            for table in ("addresses", "consents", "talks", "registrations"):
                assert [row[0] for row in await fetch(f"SELECT person FROM {table}")] == [id]  # noqa: S608 - four names from above
            assert len(await fetch("SELECT id FROM questions")) == 1
            addresses = {row[0] for row in await fetch("SELECT id FROM addresses")}
            assert {row[0] for row in await fetch("SELECT address FROM outbox")} == addresses
            assert {row[0] for row in await fetch("SELECT address FROM address_keys")} == addresses
            assert {row[0] for row in await fetch("SELECT address FROM mailbox")} <= addresses
