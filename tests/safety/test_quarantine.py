"""A turn that fails: it is sealed until the person is erased, and of strangers nothing is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest

from dialogue.incoming import Incoming, TryAgain
from dialogue.words import Localised
from handlers.turn import Conversation, Turn
from storage import Damaged
from tests.handlers.chatting import Bot, bot_at_work
from tests.safety.people import newcomer, taps
from tests.safety.phones import StrictPhones
from tests.safety.rows import everything
from tests.safety.seen import shows


@pytest.fixture
async def fragile(tmp_path: Path) -> AsyncGenerator[Bot]:
    """A bot in which something is going to break."""
    async with bot_at_work(tmp_path, phones=StrictPhones()) as bot:
        yield bot


def broken(_turn: Turn, *_: object) -> NoReturn:
    raise RuntimeError("words that nobody may read")


async def test_of_a_stranger_nothing_is_kept_even_then(
    fragile: Bot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "data" / "tadamun.db"
    before = everything(file)
    nameless = replace(fragile.receiver.house.community, name=Localised({"en": 1}))  # type: ignore[dict-item]
    fragile.receiver.house = replace(fragile.receiver.house, community=nameless)
    stranger = fragile.person("7000000001")
    await stranger.says("I am Huda from Basra")
    assert shows(stranger, "something-failed", "ar")
    assert everything(file)["quarantine"] == before["quarantine"] == []
    assert "Huda" not in caplog.text
    assert "7000000001" not in caplog.text


async def test_what_is_set_aside_goes_with_the_person(
    fragile: Bot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "data" / "tadamun.db"
    anna = await newcomer(fragile, "7000000002")
    await anna.says("/register")
    whole = fragile.receiver.house
    forms = {**whole.conversations, "r": Conversation("r", broken, broken)}
    fragile.receiver.house = replace(whole, conversations=forms)
    await anna.says("/start")
    assert shows(anna, "something-failed")
    assert "words that nobody may read" not in caplog.text
    (kept,) = everything(file)["quarantine"]
    assert kept["account_key"] is not None
    fragile.receiver.house = whole
    await anna.says("/forget")
    await taps(anna, "btn-forget-really", "btn-forget-now")
    assert everything(file)["quarantine"] == []


def damaged(_turn: Turn, *_: object) -> NoReturn:
    """What storage says of itself once its file was found to be spoilt."""
    raise Damaged


async def heard_in_vain(folder: Path) -> list[asyncio.Future[None]]:
    """What becomes of whoever writes when that is found out, at that moment and after it."""
    heard: list[asyncio.Future[None]] = []
    with suppress(ExceptionGroup):
        async with bot_at_work(folder) as bot:
            anna = await newcomer(bot, "7000000002")
            await anna.says("/register")
            whole = bot.receiver.house
            forms = {**whole.conversations, "r": Conversation("r", damaged, damaged)}
            bot.receiver.house = replace(whole, conversations=forms)
            write = partial(Incoming, "web", anna.account, at=bot.calendar.now)
            heard += [bot.reception.take(write(id=line, text=line)) for line in ("/start", "/help")]
            try:
                async with asyncio.timeout(30):
                    await heard[0]
            finally:
                heard.append(bot.reception.take(write(id="late", text="late")))
    return heard


async def test_once_the_file_is_damaged_nothing_is_set_aside_and_nobody_was_heard(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    heard = await heard_in_vain(tmp_path)
    assert [type(each.exception()) for each in heard] == [TryAgain] * 3
    assert "ALERT" not in caplog.text
    assert everything(tmp_path / "data" / "tadamun.db")["quarantine"] == []
