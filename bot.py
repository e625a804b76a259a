"""The command line: run the bot, check its settings, load a series of webinars, invite helpers."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast

import typer
import uvloop

import service
from delivery import Clock
from handlers import content
from service import logs
from settings import Settings, SettingsError, load
from storage import Storage, StorageError, Unavailable
from storage.roles import Role
from web.control import ask

FAILED, WRONG_USAGE = 1, 2

app = typer.Typer(
    help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)

whatsapp = typer.Typer(help="What Twilio keeps for WhatsApp.", no_args_is_help=True)
app.add_typer(whatsapp, name="whatsapp")


@app.command()
def run() -> None:
    """Start everything that is configured, and run until told to stop."""
    settings = _settings()
    _await(_run(settings))


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A series of webinars as TOML.")],
    replace: Annotated[
        bool, typer.Option(help="Move webinars with relative times that are there already.")
    ] = False,
) -> None:
    """Load a series of webinars; loading it again changes only what has changed."""
    settings = _settings()
    try:
        source = file.read_text("utf-8")
    except FileNotFoundError:
        _fail(f"There is no file {file}; give the path of a TOML file.", WRONG_USAGE)
    except (OSError, UnicodeDecodeError):
        _fail(f"{file} cannot be read as text; give the path of a TOML file.", WRONG_USAGE)
    _await(_import(settings, source, replace=replace))


@app.command()
def invite(
    role: Annotated[Role, typer.Argument(help="What they are invited to help as.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    owner_lost: Annotated[
        bool, typer.Option(help="No owner can be reached: end their roles, and begin anew.")
    ] = False,
) -> None:
    """Print a one-time invitation to help: links for Telegram and the web chat, and a code."""
    settings = _settings()
    if owner_lost and role is not Role.OWNER:
        _fail("--owner-lost goes with the role owner alone.", WRONG_USAGE)
    _await(_invite(settings, role, as_json=as_json, owner_lost=owner_lost))


@whatsapp.command()
def templates() -> None:
    """Make Twilio's templates and buttons, submit what WhatsApp must approve, say how far it is."""
    settings = _settings()
    if not settings.whatsapp.account_sid:
        _fail("WhatsApp is off; set whatsapp.account_sid first.", WRONG_USAGE)
    _await(_templates(settings))


@app.command()
def check() -> None:
    """Check settings, database and credentials, and say what works."""
    settings = _settings()
    _say("settings: fine")
    _await(_check(settings))


async def _run(settings: Settings) -> None:
    clock = Clock()
    async with service.open_storage(settings, clock) as storage:
        if settings.telegram.token is None:
            await service.load_example(storage, settings, clock.now())
        try:
            running = service.Service(settings, storage, clock)
        except OSError:
            where = f"{settings.web.host}:{settings.web.port}"
            _fail(f"Another program listens on {where}; set web.port to another port.", FAILED)
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, running.stop)
        async with (
            service.answering(settings, storage, clock, running),
            asyncio.TaskGroup() as tasks,
        ):
            _rest_the_collector()
            _say(f"Tadamun is at {running.address}/chat (stop it with Ctrl-C).")
            offering = tasks.create_task(_offer_ownership(settings, storage, clock, running))
            await running.run()
            offering.cancel()


async def _offer_ownership(
    settings: Settings, storage: Storage, clock: Clock, running: service.Service
) -> None:
    """While there is no owner, and only to somebody at a terminal: how to become one."""
    if not sys.stdout.isatty():
        return
    with suppress(Unavailable):
        if await service.lacks_owner(storage):
            made = await service.invite(storage, settings, clock, Role.OWNER)
            bot = await service.bot_name(settings)
            _say("\nThere is no owner yet.")
            _say(service.invited(service.shown(made, running.address, bot)))


def _rest_the_collector() -> None:
    """Have Python look for garbage less often, and not among what was loaded at the start."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


async def _import(settings: Settings, source: str, *, replace: bool) -> None:
    path = service.socket_path(settings)
    answer = await ask(path, "import", source=source, replace=replace) if path else None
    if answer is None:
        clock = Clock()
        async with service.open_storage(settings, clock) as storage:
            report = await service.import_series(
                storage, settings, source, clock.now(), replace=replace
            )
        answer = {"report": service.told(report)}
    if "error" in answer:
        _fail(answer["error"], FAILED)
    _say(answer["report"])


async def _invite(settings: Settings, role: Role, *, as_json: bool, owner_lost: bool) -> None:
    path = service.socket_path(settings)
    made = await ask(path, "invite", role=role, owner_lost=owner_lost) if path else None
    if made is None:
        clock = Clock()
        async with service.open_storage(settings, clock) as storage:
            made = await service.invite(storage, settings, clock, role, owner_lost=owner_lost)
    if "error" in made:
        _fail(made["error"], FAILED)
    address = made.get("address") or settings.web.address
    shown = service.shown(made, address, made.get("bot") or await service.bot_name(settings))
    _say(json.dumps(shown) if as_json else service.invited(shown))


async def _check(settings: Settings) -> None:
    try:
        async for line in service.check(settings):
            _say(line)
    except service.Wrong as wrong:
        _fail(str(wrong), FAILED)


async def _templates(settings: Settings) -> None:
    path = service.socket_path(settings)
    answer = await ask(path, "templates", make=True) if path else None
    if answer is None:
        clock = Clock()
        async with service.open_storage(settings, clock) as storage:
            answer = await service.submit_templates(settings, storage, clock)
    if "error" in answer:
        _fail(answer["error"], FAILED)
    for line in answer["lines"]:
        _say(line)


def _settings() -> Settings:
    os.umask(0o077)
    try:
        settings = load()
    except SettingsError as error:
        _fail(str(error), WRONG_USAGE)
    telegram, web = settings.telegram, settings.web
    secrets = (
        *(telegram.token, telegram.webhook_secret, web.metrics_token, settings.master_key),
        settings.whatsapp.auth_token,
    )
    level = logs.LEVELS[settings.logs.level]
    logs.set_up((secret.get_secret_value() for secret in secrets if secret), level)
    return settings


def _await(work: Coroutine[Any, Any, None]) -> None:
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(work)
    except (StorageError, content.ContentError, ExceptionGroup) as error:
        first: Any = error
        while isinstance(first, ExceptionGroup):
            first = cast("ExceptionGroup[Exception]", first).exceptions[0]
        if not isinstance(first, StorageError | content.ContentError):
            raise
        _fail(str(first), FAILED)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _fail(sentence: str, code: int) -> NoReturn:
    sys.stderr.write(sentence + "\n")
    raise SystemExit(code)


if __name__ == "__main__":
    app()
