"""A folder with a bot in it, and the processes that run there."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from storage import Storage
from tests.faults.starter import BOT
from tests.kept_waiting import Allowance
from tests.platforms.telegram import TOKEN
from tests.platforms.twilio import ACCOUNT, SENDER
from tests.platforms.twilio import TOKEN as TWILIO_TOKEN
from tests.platforms.waiting import PATIENCE
from tests.ports import free_port

MASTER_KEY = "k" * 43
SECRET = "w" * 40


class Starter:
    """The process that starts bots."""

    def __init__(self) -> None:
        self._asking, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.starter", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd=BOT.parent,
            )

    def start(
        self,
        folder: Path,
        arguments: list[str],
        variables: dict[str, str],
        *,
        terminal: bool = False,
    ) -> Running:
        """A new process; what it writes, to a terminal or not, can be read from `Running`."""
        output, theirs = os.openpty() if terminal else os.pipe()
        errors, theirs_too = os.pipe()
        asked = {"folder": str(folder), "arguments": arguments, "variables": variables}
        socket.send_fds(self._asking, [json.dumps(asked).encode()], [theirs, theirs_too])
        os.close(theirs)
        os.close(theirs_too)
        return Running(int(self._asking.recv(64)), output, errors, self._exit_code)

    def _exit_code(self, process: int) -> int:
        self._asking.send(json.dumps({"wait": process}).encode())
        return int(self._asking.recv(64))

    def close(self) -> None:
        """Start nothing more."""
        self._asking.close()
        self._process.wait()


@dataclass
class Running:
    """One process, and every line that it has written so far."""

    pid: int
    output: int
    errors: int
    exit_code: Callable[[int], int]
    said: list[str] = field(default_factory=list[str])
    logged: list[str] = field(default_factory=list[str])
    ended: int | None = None

    def __post_init__(self) -> None:
        self._changed = asyncio.Event()
        self._reading = asyncio.gather(
            self._read(self.output, self.said), self._read(self.errors, self.logged)
        )

    async def _read(self, source: int, lines: list[str]) -> None:
        reader = asyncio.StreamReader(limit=2**24)
        with os.fdopen(source, "rb") as file:
            loop = asyncio.get_running_loop()
            await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), file)
            # A terminal whose other end is gone fails instead of ending.
            with contextlib.suppress(OSError):
                while line := await reader.readline():
                    lines.append(line.decode().rstrip("\r\n"))
                    self._changed.set()

    async def logs(self, words: str, times: int = 1, seconds: float = PATIENCE) -> str:
        """The last line of the log with these words, once there are so many of them."""
        return (await self._lines(self.logged, words, times, seconds))[-1]

    async def says(self, words: str, seconds: float = PATIENCE) -> str:
        """The line of the output with these words, once it is there."""
        return (await self._lines(self.said, words, 1, seconds))[0]

    async def _lines(self, lines: list[str], words: str, times: int, seconds: float) -> list[str]:
        try:
            async with asyncio.timeout(seconds):
                while len(found := [line for line in lines if words in line]) < times:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"nobody said {words!r}: {self.said} {self.logged}") from None
        return found

    async def end(self, sign: int | None = None, seconds: float = 30) -> int:
        """Sends a signal, if one is given, and waits; returns the exit code, or minus a signal.

        Raises TimeoutError when it was given so many seconds, and a processor, and still runs.
        """
        if self.ended is None:
            if sign is not None:
                os.kill(self.pid, sign)
            descriptor = os.pidfd_open(self.pid)
            try:
                await until_readable(descriptor, Allowance(seconds, self.pid))
            finally:
                os.close(descriptor)
            self.ended = self.exit_code(self.pid)
            await self._reading
        return self.ended

    async def kill(self) -> None:
        """Ends it as a power cut would."""
        await self.end(signal.SIGKILL)


async def until_readable(descriptor: int, allowed: Allowance) -> None:
    """Returns once there is something to read; raises TimeoutError."""
    loop, readable = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, readable.set)
    try:
        await allowed.waits_for(readable)
    finally:
        loop.remove_reader(descriptor)


@dataclass
class Home:
    """Where one community's bot lives."""

    folder: Path
    starter: Starter
    url: str
    variables: dict[str, str] = field(default_factory=dict[str, str])
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        shutil.copy(BOT.with_name("settings.toml"), self.folder)
        self.set(
            PATH=os.environ["PATH"],
            TADAMUN_MASTER_KEY=MASTER_KEY,
            TADAMUN_STORAGE__URL=self.url,
            TADAMUN_WEB__PORT=str(self.port),
        )

    def set(self, **variables: str) -> None:
        """Set these variables for all that is started from now on."""
        self.variables.update(variables)

    def on_telegram(self, server: str, *, webhook: bool = False) -> None:
        """Be a bot on this server from now on, without the limits that only slow a test down."""
        self.set(
            TADAMUN_TELEGRAM__TOKEN=TOKEN,
            TADAMUN_TELEGRAM__API_URL=server,
            TADAMUN_TELEGRAM__MESSAGES_PER_SECOND="1000",
            TADAMUN_LIMITS__MESSAGES_PER_MINUTE="10000",
            TADAMUN_LIMITS__QUESTIONS_PER_TEN_MINUTES="1000",
        )
        if webhook:
            self.set(
                TADAMUN_TELEGRAM__MODE="webhook",
                TADAMUN_TELEGRAM__WEBHOOK_SECRET=SECRET,
            )

    def on_whatsapp(self, server: str) -> None:
        """Have a number on WhatsApp, by way of this server, likewise without such limits."""
        self.set(
            TADAMUN_WHATSAPP__ACCOUNT_SID=ACCOUNT,
            TADAMUN_WHATSAPP__AUTH_TOKEN=TWILIO_TOKEN,
            TADAMUN_WHATSAPP__SENDER=SENDER,
            TADAMUN_WHATSAPP__API_URL=server,
            TADAMUN_WHATSAPP__CONTENT_API_URL=server,
            TADAMUN_WHATSAPP__MESSAGES_PER_SECOND="1000",
            TADAMUN_LIMITS__MESSAGES_PER_MINUTE="10000",
            TADAMUN_LIMITS__QUESTIONS_PER_TEN_MINUTES="1000",
        )

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return Path(self.url.removeprefix("sqlite:///"))

    @property
    def web(self) -> str:
        """Where its web server listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *arguments: str, terminal: bool = False) -> Running:
        """Start `bot.py` with these arguments."""
        return self.starter.start(self.folder, list(arguments), self.variables, terminal=terminal)

    @asynccontextmanager
    async def running(self, *, terminal: bool = False) -> AsyncGenerator[Running]:
        """A bot that has said where it is; killed at the end if it still runs."""
        process = self.start("run", terminal=terminal)
        try:
            await process.says("Tadamun is at")
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                await process.kill()

    async def command(self, *arguments: str) -> Running:
        """Another command, carried out."""
        process = self.start(*arguments)
        try:
            await process.end()
        finally:
            await process.kill()
        return process

    async def load_example(self) -> None:
        """Have the example series in the programme."""
        process = await self.command("import", str(BOT.with_name("examples") / "icssi.toml"))
        assert process.ended == 0, process.logged

    @asynccontextmanager
    async def storage(self) -> AsyncGenerator[Storage]:
        """What it has kept, while it does not run."""
        keyring = self.folder / "keys" / "keyring.json"
        async with await Storage.open(self.url, keyring, MASTER_KEY, now) as storage:
            yield storage


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)
