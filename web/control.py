"""How other commands on this machine reach the running process: a socket beside the database.

Only one process at a time touches a SQLite file, so `bot.py import` and the like ask that one.
One JSON object a line goes each way; the socket belongs to its owner alone.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

LARGEST_LINE = 4 * 1024 * 1024
"""Bytes; a series of webinars is far smaller."""

Command = Callable[[Mapping[str, Any]], Awaitable[dict[str, Any]]]


@asynccontextmanager
async def listening(path: Path, commands: Mapping[str, Command]) -> AsyncGenerator[None]:
    """Answer these commands on the socket at `path` until the block ends."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ValueError, ConnectionError, asyncio.IncompleteReadError):
            asked = json.loads(await reader.readline())
            command = commands.get(str(asked.pop("command", "")))
            answer = await command(asked) if command else {"error": "Unknown command."}
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        writer.close()

    await asyncio.to_thread(path.unlink, missing_ok=True)
    before = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(serve, path, limit=LARGEST_LINE)
    finally:
        os.umask(before)
    try:
        async with server:
            yield
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)


async def ask(path: Path, command: str, **values: Any) -> dict[str, Any] | None:
    """The running process's answer; None when none is running."""
    try:
        reader, writer = await asyncio.open_unix_connection(path, limit=LARGEST_LINE)
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    try:
        writer.write(json.dumps({"command": command, **values}).encode() + b"\n")
        await writer.drain()
        return json.loads(await reader.readline())
    finally:
        writer.close()
