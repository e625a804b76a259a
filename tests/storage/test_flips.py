"""A disk that lies: a flipped bit is noticed or was never read, and nothing wrong is told."""

from __future__ import annotations

import random
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from dialogue.words import Act, Message
from storage import Storage, StorageError
from storage.community.people import Profile
from tests.storage.community import welcome
from tests.storage.conftest import MASTER, Clock

FLIPS = 100
NOTICED = (StorageError, ValueError, sqlite3.Error)
"""What does not open, what is sealed and was touched, a plain word that is none, and what SQLite
itself makes nothing of: a column that goes by another name by now, or letters that are none."""
PROFILE = Profile(nickname="نور", governorate="BA", zone="Europe/Rome")
WORDS = "كيف نحمي العمال في الأسواق؟ " * 8


async def written(folder: Path, keyring: Path, clock: Clock) -> list[int]:
    """A database with a few people, each with all that is sealed; their ids.

    Its bytes are the same each time, so that the flips meet the same ones.
    """
    people: list[int] = []
    url, same = f"sqlite:///{folder}/tadamun.db", random.Random(7).randbytes
    async with await Storage.open(url, keyring, MASTER, clock, randomness=same) as one:
        for number in range(8):
            guest = await welcome(one, str(number), clock.now)
            async with one.transaction() as tx:
                await tx.people.update(replace(guest.person, profile=PROFILE), clock.now)
                await tx.questions.add(
                    guest.person.id, None, "question", WORDS, True, "ar", None, clock.now
                )
                await tx.mailbox.append(guest.address.id, Act.SEND, None, Message(WORDS), clock.now)
            people.append(guest.person.id)
    return people


async def told(folder: Path, keyring: Path, clock: Clock, people: list[int]) -> list[str | None]:
    """Every sealed word that the database still tells of these people."""
    words: list[str | None] = []
    url = f"sqlite:///{folder}/tadamun.db"
    async with await Storage.open(url, keyring, MASTER, clock) as one:
        for id in people:
            words += await told_of(one, id)
    return words


async def told_of(storage: Storage, id: int) -> list[str | None]:
    """What it tells of one of them; nothing when it notices that something is wrong."""
    try:
        async with storage.reading() as tx:
            person = await tx.people.get(id)
            asked = await tx.questions.of(id)
            letters = [
                letter
                for address in await tx.people.addresses(id)
                for letter in await tx.mailbox.after(address.id, 0)
            ]
    except NOTICED:
        return []
    names = [] if person is None else [person.profile.nickname, person.profile.zone]
    return [*names, *(kept.text for kept in asked), *(letter.message.text for letter in letters)]


@pytest.mark.timeout(240)
async def test_a_hundred_flipped_bytes_tell_nothing_wrong(
    tmp_path: Path, keyring: Path, clock: Clock
) -> None:
    chance = random.Random(20200403)
    people = await written(tmp_path / "good", keyring, clock)
    right = {PROFILE.nickname, PROFILE.zone, WORDS}
    assert set(await told(tmp_path / "good", keyring, clock, people)) == right
    whole = (tmp_path / "good" / "tadamun.db").read_bytes()
    noticed = 0
    for flip in range(FLIPS):
        folder = tmp_path / str(flip)
        folder.mkdir()
        at = chance.randrange(len(whole))
        flipped = bytes([whole[at] ^ (1 << chance.randrange(8))])
        (folder / "tadamun.db").write_bytes(whole[:at] + flipped + whole[at + 1 :])
        (folder / "tadamun.db").chmod(0o600)
        try:
            words = await told(folder, keyring, clock, people)
        except NOTICED:
            noticed += 1
            continue
        finally:
            shutil.rmtree(folder)
        assert set(words) <= right
        noticed += len(words) < 4 * len(people)
    assert noticed, "no flip met anything that is used"
