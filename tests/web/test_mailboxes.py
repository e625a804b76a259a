"""Stored mailboxes as the web chat uses them, on a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.webchat import WebChat
from dialogue.words import Act, Message
from storage import Storage
from storage.community.people import Arrival, Consent
from web.bubbles import fold
from web.mailboxes import StoredMailboxes

NOW = datetime(2026, 4, 3, 16, 30, tzinfo=UTC)
ACCOUNT = "a" * 64


def now() -> datetime:
    """A clock that stands still."""
    return NOW


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    """An empty database."""
    opened = await Storage.open(
        f"sqlite:///{tmp_path}/data/tadamun.db", tmp_path / "keys" / "keyring.json", None, now
    )
    yield opened
    await opened.close()


@pytest.fixture
def chat(storage: Storage) -> WebChat:
    """The channel over this database."""
    return WebChat(StoredMailboxes(storage, now), now)


async def agree(storage: Storage) -> int:
    """Have the account's person agree to the notice, and give the person's id."""
    async with storage.transaction() as tx:
        _, person = await tx.people.welcome(
            Arrival("web", ACCOUNT, "1"), "ar", Consent("1", "0" * 64, "ar"), NOW
        )
        return person.id


async def stored(storage: Storage) -> list[str]:
    """What the account's stored letters say."""
    return [each.message.text for each in await StoredMailboxes(storage, now).after(ACCOUNT, 0)]


async def test_nothing_is_stored_of_who_did_not_agree(storage: Storage, chat: WebChat) -> None:
    await chat.send(ACCOUNT, Act.SEND, None, Message("greeting"))
    await chat.acknowledge(ACCOUNT, 5)
    assert await stored(storage) == []
    assert [each.message.text for each in await chat.after(ACCOUNT, 0)] == ["greeting"]


async def test_numbers_rise_through_consent_restart_and_erasure(
    storage: Storage, chat: WebChat
) -> None:
    numbers = [int(await chat.send(ACCOUNT, Act.SEND, None, Message("greeting")))]
    person = await agree(storage)
    numbers.append(int(await chat.send(ACCOUNT, Act.SEND, None, Message("question"))))
    after_restart = WebChat(StoredMailboxes(storage, now), now)
    numbers.append(int(await after_restart.send(ACCOUNT, Act.SEND, None, Message("later"))))
    async with storage.transaction() as tx:
        await tx.people.forget(person)
    numbers.append(int(await after_restart.send(ACCOUNT, Act.SEND, None, Message("goodbye"))))
    await agree(storage)
    numbers.append(int(await after_restart.send(ACCOUNT, Act.SEND, None, Message("anew"))))
    assert numbers == sorted(set(numbers))
    assert await stored(storage) == ["anew"]
    assert after_restart.erased_until(ACCOUNT) == numbers[2]


async def test_what_an_edit_or_a_deletion_replaces_is_erased(
    storage: Storage, chat: WebChat
) -> None:
    await agree(storage)
    first = await chat.send(ACCOUNT, Act.SEND, None, Message("summary"))
    second = await chat.send(ACCOUNT, Act.SEND, None, Message("all my data"))
    await chat.send(ACCOUNT, Act.STRIP, first, Message())
    await chat.send(ACCOUNT, Act.EDIT, first, Message("saved"))
    await chat.send(ACCOUNT, Act.DELETE, second, Message())
    assert await stored(storage) == ["saved", ""]
    assert [each.text for each in fold(await chat.after(ACCOUNT, 0))] == ["saved"]


async def test_an_edited_message_stays_where_it_was(storage: Storage, chat: WebChat) -> None:
    await agree(storage)
    first = await chat.send(ACCOUNT, Act.SEND, None, Message("one"))
    await chat.send(ACCOUNT, Act.SEND, None, Message("two"))
    await chat.send(ACCOUNT, Act.EDIT, first, Message("one, changed"))
    shown = [each.text for each in fold(await chat.after(ACCOUNT, 0))]
    assert shown == ["one, changed", "two"]
