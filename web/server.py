"""Serves the application on a socket, without signals and logs of its own."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from channels.webchat import WebChat


class WebServer:
    """One listening socket and what answers on it."""

    def __init__(self, app: ASGIApp, chat: WebChat, host: str, port: int) -> None:
        """Port 0 takes any free one. Raises OSError if the address is taken or is not ours."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=2048)
        # A page goes out in pieces, and none may wait for the reader's receipt of the one before:
        # that costs 40 ms. asyncio sees to it only for sockets of its own making.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._chat = chat
        self._server = _Server(
            uvicorn.Config(
                app,
                log_config=None,
                # Its lines would hold addresses and questions asked.
                access_log=False,
                log_level="warning",
                lifespan="off",
                ws="none",
                server_header=False,
                # Nothing here reads the sender's address, so nobody need be believed about it.
                proxy_headers=False,
                timeout_graceful_shutdown=10,
            )
        )

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._socket.getsockname()[1]

    @property
    def started(self) -> asyncio.Event:
        """Set once requests are answered."""
        return self._server.is_up

    async def run(self) -> None:
        """Answer requests until told to stop, then finish those under way, up to 10 seconds.

        Those under way are finished when it is cancelled, too.
        """
        async with asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(self._server.serve(sockets=[self._socket]))
            try:
                await asyncio.shield(serving)
            except asyncio.CancelledError:
                self.stop()
                await serving
                raise

    def stop(self) -> None:
        """Take no more requests, and end the streams of open pages."""
        self._chat.close()
        self._server.should_exit = True


class _Server(uvicorn.Server):
    """Signals are handled by whoever runs us."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield
