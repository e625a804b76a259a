"""Loading a series of webinars, at the start or by a command, and what a running bot is asked."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from channels import FAULTS
from delivery import Clock
from handlers import content
from service import given, inviting
from settings import Settings
from storage import Storage, Unavailable
from storage.roles import Role
from web.control import listening

EXAMPLE = Path(__file__).parent.with_name("examples") / "icssi.toml"


def socket_path(settings: Settings) -> Path | None:
    """Where a running process listens to other commands; None where the database is a server."""
    url = settings.storage.url.get_secret_value()
    if not url.startswith("sqlite:///"):
        return None
    return Path(url.removeprefix("sqlite:///")).with_suffix(".sock")


async def import_series(
    storage: Storage, settings: Settings, source: str, now: datetime, *, replace: bool
) -> content.Report:
    """Load a series of webinars, and plan reminders accordingly.

    Raises content.ContentError, and then nothing has changed.
    """
    told = settings.community
    read = content.read(source, now, told.time_zone, told.languages)
    async with storage.transaction() as tx:
        report = await content.load(tx, read, replace=replace)
        await tx.reminders.replan_all(given.rules(settings).reminders, now)
    return report


async def load_example(storage: Storage, settings: Settings, now: datetime) -> None:
    """Put the example series into a database that has no programme yet."""
    async with storage.reading() as tx:
        programme = await tx.webinars.programme()
    if not programme.series:
        await import_series(storage, settings, EXAMPLE.read_text("utf-8"), now, replace=False)


def told(report: content.Report) -> str:
    """What an import did, one line a kind."""
    lines = [f"series: {report.series}"]
    for kind in ("added", "changed", "same", "left"):
        if ids := getattr(report, kind):
            lines.append(f"{kind}: {', '.join(ids)}")
    if report.told:
        counts = (f"{id} {count}" for id, count in report.told.items())
        lines.append(f"people who will be told: {', '.join(counts)}")
    return "\n".join(lines)


class Running(Protocol):
    """The process, as far as other commands ask for it."""

    @property
    def address(self) -> str:
        """Where the web server is reached."""
        ...

    @property
    def telegram_name(self) -> str | None:
        """The bot's name on Telegram, once known."""
        ...

    async def templates(self, *, make: bool) -> list[str]:
        """What Twilio holds for us; raises Unavailable, or what a channel may raise."""
        ...


@asynccontextmanager
async def answering(
    settings: Settings, storage: Storage, clock: Clock, running: Running
) -> AsyncGenerator[None]:
    """Other commands of this machine are answered until the block ends."""
    path = socket_path(settings)
    if path is None:
        yield
        return

    async def take_import(asked: Mapping[str, Any]) -> dict[str, Any]:
        try:
            report = await import_series(
                storage,
                settings,
                str(asked.get("source", "")),
                clock.now(),
                replace=bool(asked.get("replace")),
            )
        except (content.ContentError, Unavailable) as error:
            return {"error": str(error)}
        return {"report": told(report)}

    async def take_invite(asked: Mapping[str, Any]) -> dict[str, Any]:
        try:
            made = await inviting.invite(
                storage,
                settings,
                clock,
                Role(str(asked.get("role"))),
                owner_lost=bool(asked.get("owner_lost")),
            )
        except Unavailable as error:
            return {"error": str(error)}
        return {**made, "address": running.address, "bot": running.telegram_name}

    async def take_templates(asked: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return {"lines": await running.templates(make=bool(asked.get("make")))}
        except (Unavailable, *FAULTS) as error:
            return {"error": f"Twilio: {error}"}

    async def pong(_asked: Mapping[str, Any]) -> dict[str, Any]:
        return {}

    commands = {
        "import": take_import,
        "invite": take_invite,
        "templates": take_templates,
        "ping": pong,
    }
    async with listening(path, commands):
        yield
