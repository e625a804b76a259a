"""The bot as the process that `bot.py run` starts, to be killed in the middle of anything."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from pathlib import Path

from service import socket_path
from settings import SHIPPED, load
from storage.roles import Role
from web.control import ask

BOT = Path(__file__).parents[2] / "bot.py"


async def command(*arguments: str, settings: Mapping[str, str], log: Path) -> Process:
    """One of the bot's commands, started."""
    with log.open("ab") as errors:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            str(BOT),
            *arguments,
            stdout=PIPE,
            stderr=errors,
            cwd=BOT.parent,
            env={"PATH": os.environ["PATH"], **settings},
        )


class BotProcess:
    """A bot that runs, until it is killed; then it may be started again as it was."""

    def __init__(self, settings: Mapping[str, str], log: Path) -> None:
        self._settings = settings
        self.log = log
        self._process: Process | None = None

    async def imports(self, series: Path) -> None:
        """Load a series of webinars."""
        loading = await command("import", str(series), settings=self._settings, log=self.log)
        await loading.communicate()
        assert loading.returncode == 0, self.log.read_text()

    async def imports_at_once(self, source: str) -> None:
        """The same while it runs: what the command does, once it is loaded itself."""
        path = socket_path(load(SHIPPED, self._settings, dotenv=None))
        assert path is not None
        answer = await ask(path, "import", source=source, replace=False)
        assert answer is not None
        assert "report" in answer, answer

    async def invites(self, role: Role) -> Mapping[str, str]:
        """The ways to a role, by channel, as the command prints them for programs."""
        asked = ("invite", role, "--json")
        inviting = await command(*asked, settings=self._settings, log=self.log)
        printed, _ = await inviting.communicate()
        assert inviting.returncode == 0, self.log.read_text()
        return json.loads(printed)

    async def starts(self) -> str:
        """Run it, and return the address that it names once it can be reached there."""
        self._process = await command("run", settings=self._settings, log=self.log)
        assert self._process.stdout is not None
        # To load it is the processor's work alone, of which a busy machine leaves little.
        async with asyncio.timeout(120):
            line = (await self._process.stdout.readline()).decode()
        found = re.search(r"(http://\S+)/chat", line)
        assert found, self.log.read_text()
        return found[1]

    async def is_killed(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            await self._process.communicate()
            self._process = None
