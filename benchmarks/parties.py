"""The bots that are compared, each as a process of its own."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.crowd import REGISTRATION, WORDS
from benchmarks.platform import SECRET, TOKEN

T = TypeVar("T")

ROOT = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Party:
    """A bot, and how it is started."""

    name: str
    command: tuple[str, ...]
    texts: tuple[str, ...] = WORDS
    """What each person writes."""
    durable: bool = False
    """Needs people who have agreed, and answers /healthz."""


PTB = Party("python-telegram-bot, echo", ("-m", "benchmarks.ptb_echo"))
AIOGRAM = Party("aiogram, echo", ("-m", "benchmarks.aiogram_echo"))
TADAMUN = Party("Tadamun, durable turns", ("bot.py", "run"), durable=True)
FORM = Party("Tadamun, a registration", ("bot.py", "run"), REGISTRATION, durable=True)
PARTIES = {"ptb": PTB, "aiogram": AIOGRAM, "tadamun": TADAMUN, "registration": FORM}


def environment(mode: str, server: str, port: int, home: Path) -> dict[str, str]:
    """What each bot is told; only what is named here differs from this process."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "MODE": mode,
        "SERVER": server,
        "PORT": str(port),
        "TOKEN": TOKEN,
        "SECRET": SECRET,
        "TADAMUN_TELEGRAM__TOKEN": TOKEN,
        "TADAMUN_TELEGRAM__API_URL": server,
        "TADAMUN_TELEGRAM__MODE": mode,
        "TADAMUN_TELEGRAM__WEBHOOK_SECRET": SECRET,
        "TADAMUN_TELEGRAM__MESSAGES_PER_SECOND": "10000",
        "TADAMUN_LIMITS__MESSAGES_PER_MINUTE": "10000",
        "TADAMUN_STORAGE__URL": f"sqlite:///{home}/data/tadamun.db",
        "TADAMUN_KEYRING": f"{home}/keys/keyring.json",
        "TADAMUN_WEB__PORT": str(port),
        "TADAMUN_WEB__METRICS_TOKEN": SECRET,
        "TADAMUN_WEB__PUBLIC_URL": "https://bot.example",
        # Boards are opened by hundreds; what is typed by hand before is not measured.
        "TADAMUN_BOARD__CODES": "[]",
    }


class Ended(Exception):
    """A bot ended in the middle of its trial."""


@dataclass(slots=True)
class Running:
    """A bot that runs, on a core of its own."""

    process: subprocess.Popen[bytes]
    started: float

    @classmethod
    def start(cls, party: Party, env: Mapping[str, str], home: Path, core: int) -> Running:
        """Starts it; it may not be ready yet."""
        command = ["taskset", "-c", str(core), sys.executable, *party.command]
        started = time.perf_counter()
        log = (home / "log").open("ab")
        with log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=env, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        return cls(process, started)

    async def alive(self, port: int) -> float:
        """Seconds from the start to the first /healthz that is answered with 200."""
        while b" 200 " not in await _get(port, "/healthz"):
            assert self.process.poll() is None, "the bot has ended"
            await asyncio.sleep(0.005)
        return time.perf_counter() - self.started

    async def outlasting(self, work: Coroutine[Any, Any, T]) -> T:
        """What comes of this work; raises Ended as soon as the bot is no more."""
        task = asyncio.create_task(work)
        while not (await asyncio.wait([task], timeout=0.5))[0]:
            if self.process.poll() is not None:
                task.cancel()
                raise Ended(f"the bot has ended with {self.process.returncode}")
        return task.result()

    async def sent(self, port: int) -> int:
        """How many messages it has sent and settled."""
        metrics = await _get(port, "/metrics")
        found = re.search(rb'tadamun_sent_total\{channel="telegram"\} (\d+)', metrics)
        assert found is not None, "the bot shows no metrics"
        return int(found[1])

    @property
    def cpu(self) -> float:
        """Seconds of CPU that it has used."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / TICKS

    @property
    def resident(self) -> float:
        """Its memory (RSS) in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1000

    async def stop(self) -> None:
        """Ends it as a service manager would."""
        self.process.send_signal(signal.SIGTERM)
        for _ in range(200):
            if self.process.poll() is not None:
                return
            await asyncio.sleep(0.05)
        self.process.kill()
        self.process.wait()


async def _get(port: int, path: str) -> bytes:
    """The whole answer; nothing while nobody listens."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return b""
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Authorization: Bearer {SECRET}\r\n\r\n".encode()
    )
    answer = await reader.read()
    writer.close()
    return answer
