"""Commands beside a running bot and without one, and all that may be wrong with them: one
sentence, and an exit code that says whose fault it is."""

from __future__ import annotations

import signal
from datetime import timedelta
from pathlib import Path

import pytest

from service.checking import NO_OWNER
from tests.faults.crowd import meets
from tests.faults.home import Home, Running, now
from tests.faults.starter import BOT
from tests.platforms.smtp import SmtpServer
from tests.platforms.telegram import TelegramServer, unauthorized

ANNA = 70_170_001
EXAMPLE = BOT.with_name("examples") / "icssi.toml"


def refused(process: Running, code: int, *words: str) -> None:
    """It ended with this code and one sentence, which holds these words."""
    assert process.ended == code, process.logged
    (sentence,) = process.logged
    assert all(word in sentence for word in words), sentence
    assert sentence.endswith(".")


def broken(folder: Path) -> Path:
    """A series with a mistake in its third line."""
    file = folder / "broken.toml"
    file.write_text('[series]\nid = "x"\ntitel = { ar = "س", en = "x" }\n', "utf-8")
    return file


async def test_a_second_bot_on_the_same_database_is_refused(home: Home) -> None:
    async with home.running() as bot:
        refused(await home.command("run"), 1, "Another Tadamun", "only one")
        assert await bot.end(signal.SIGTERM) == 0
        assert bot.logged == []


async def test_an_address_that_is_taken_is_named(home: Home, telegram: TelegramServer) -> None:
    home.set(TADAMUN_WEB__PORT=str(telegram.port))
    refused(await home.command("run"), 1, f"127.0.0.1:{telegram.port}", "web.port")


async def test_a_series_is_loaded_without_a_bot_and_beside_one(home: Home) -> None:
    process = await home.command("import", str(EXAMPLE))
    assert (process.ended, process.said[0]) == (0, "series: added")
    async with home.running() as bot:
        process = await home.command("import", str(EXAMPLE))
        assert (process.ended, process.said[0]) == (0, "series: same")
        assert await bot.end(signal.SIGTERM) == 0


def moved(folder: Path) -> Path:
    """The example with its first webinar a day later."""
    file = folder / "moved.toml"
    file.write_text(EXAMPLE.read_text("utf-8").replace("_days = 9", "_days = 10", 1), "utf-8")
    return file


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside-a-bot"])
async def test_those_registered_are_told_of_what_a_file_moves(
    home: Home, telegram: TelegramServer, *, beside: bool
) -> None:
    home.on_telegram(telegram.url)
    await home.load_example()
    async with home.running() as bot:
        await meets(telegram, ANNA)
        assert await bot.end(signal.SIGTERM) == 0
    async with home.storage() as storage, storage.transaction() as tx:
        anna = await tx.people.find("telegram", str(ANNA))
        assert anna is not None
        await tx.registrations.put(anna.person, "coronavirus", {}, now())
    move = ("import", str(moved(home.folder)), "--replace")
    process = None if beside else await home.command(*move)
    async with home.running() as bot:
        process = process or await home.command(*move)
        # When it is midnight in between, the others, whose days are counted, move as well.
        assert process.said[-1].startswith("people who will be told: coronavirus 1")
        await telegram.wait_for(lambda: "has a new time" in telegram.chat(ANNA).last.text)
        assert await bot.end(signal.SIGTERM) == 0
    async with home.storage() as storage, storage.reading() as tx:
        due = await tx.reminders.next_due()
    assert due is not None
    assert timedelta(days=8) < due - now() <= timedelta(days=10)


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside-a-bot"])
async def test_a_bad_file_changes_nothing_and_is_told_with_its_line(
    home: Home, *, beside: bool
) -> None:
    await home.load_example()
    file = str(broken(home.folder))
    if beside:
        async with home.running():
            refused(await home.command("import", file), 1, "line 3", "titel")
    else:
        refused(await home.command("import", file), 1, "line 3", "titel")
    process = await home.command("import", str(EXAMPLE))
    assert process.said[0] == "series: same"


async def test_a_file_that_is_not_there_is_wrong_usage(home: Home) -> None:
    refused(await home.command("import", "nothing.toml"), 2, "nothing.toml")
    (home.folder / "bytes.toml").write_bytes(b"\xff\xfe")
    refused(await home.command("import", "bytes.toml"), 2, "bytes.toml")


@pytest.mark.parametrize("arguments", [["import"], ["fly"], ["run", "--fast"]])
async def test_wrong_usage_is_told(home: Home, arguments: list[str]) -> None:
    process = await home.command(*arguments)
    assert process.ended == 2
    assert not any("Traceback" in line for line in process.logged)


async def test_an_unknown_setting_names_the_nearest_known_one(home: Home) -> None:
    home.set(TADAMUN_WEB__PROT="8000")
    refused(await home.command("run"), 2, "PROT", "TADAMUN_WEB__PORT")


async def test_a_database_of_another_kind_is_refused(home: Home) -> None:
    home.database.parent.mkdir()
    home.database.write_bytes(b"This is not a database at all." * 100)
    refused(await home.command("run"), 1, "damaged")


async def test_a_lost_keyring_is_refused(home: Home, telegram: TelegramServer) -> None:
    home.on_telegram(telegram.url)
    async with home.running():
        await meets(telegram, ANNA)
    (home.folder / "keys" / "keyring.json").rename(home.folder / "elsewhere")
    refused(await home.command("run"), 1, "keyring")


async def test_check_says_what_works(home: Home, telegram: TelegramServer) -> None:
    process = await home.command("check")
    assert (process.ended, process.said) == (
        0,
        [
            *("settings: fine", f"storage: fine, {NO_OWNER}"),
            *("telegram: off (no token)", "mail: off (no server)"),
            *("translation: off (no server)", "questions across languages: off"),
            "whatsapp: off (no account)",
        ],
    )
    home.on_telegram(telegram.url)
    async with home.running():
        process = await home.command("check")
        assert process.ended == 0
        assert process.said[1:] == [
            "storage: in use by a running bot",
            "telegram: fine, as @stand_in_bot",
            "mail: off (no server)",
            "translation: off (no server)",
            "questions across languages: off",
            "whatsapp: off (no account)",
        ]


async def test_check_says_what_does_not_work(home: Home, telegram: TelegramServer) -> None:
    home.on_telegram(telegram.url)
    telegram.fail("getMe", unauthorized())
    process = await home.command("check")
    refused(process, 1, "telegram", "token")
    await telegram.stop()
    refused(await home.command("check"), 1, "telegram", "network")


async def test_check_calls_the_mail_server(home: Home) -> None:
    async with SmtpServer() as server:
        home.set(TADAMUN_MAIL__SMTP_URL=server.url(), TADAMUN_MAIL__SENDER="a@example.org")
        process = await home.command("check")
        assert process.ended == 0, process.logged
        assert "mail: fine, writes as a@example.org" in process.said
        assert server.seen == ["call"]
    refused(await home.command("check"), 1, "mail", "mail.smtp_url", "network")


@pytest.mark.postgres
async def test_a_postgresql_server_that_is_not_there_or_not_ours_is_told(
    postgres_home: Home, postgres_server: str
) -> None:
    postgres_home.set(TADAMUN_STORAGE__URL=f"{postgres_server}/nothing")
    refused(await postgres_home.command("run"), 1, "database")
    postgres_home.set(TADAMUN_STORAGE__URL="postgresql://tests@127.0.0.1:1/x")
    refused(await postgres_home.command("run"), 1, "database")
