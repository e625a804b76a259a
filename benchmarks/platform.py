"""A lean stand-in for Telegram's Bot API: hands out updates, takes replies, notes when."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from benchmarks.wire import Answer, Callers, Served, posting

TOKEN = "4242424242:AAHqS-stand-in-token_0123456789abcdef"
SECRET = "a-secret-of-the-benchmark-0123456789"

BOT = {"id": 4242424242, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}

_OFFSET = re.compile(rb'offset"?[=:] *(-?\d+)')
_SECONDS = re.compile(rb'timeout"?[=:] *(\d+)')
_SECRET_HEADER = b"X-Telegram-Bot-Api-Secret-Token"
_TRUE = b'{"ok":true,"result":true}'
_REPLIES = frozenset({b"sendmessage", b"editmessagetext"})

Replied = Callable[[int, dict[str, Any]], None]
"""Told each reply: whom it reached, and what it said, with the number of the message."""


class Platform:
    """One bot's server, for one bot at a time."""

    def __init__(self, webhook_port: int) -> None:
        self._webhook_port = webhook_port
        self._serial = 1_000
        self._waiting: deque[tuple[int, int, bytes]] = deque()
        self._given = 0
        self._poll: tuple[Answer, asyncio.TimerHandle] | None = None
        self._server: asyncio.Server | None = None
        self.callers: Callers | None = None
        self._path, self._proof = b"", (_SECRET_HEADER, b"")
        self.replied: Replied = lambda person, reply: None
        self.handed_out: Callable[[int], None] = lambda person: None
        """Told whose update is on its way to the bot."""
        self.connected = asyncio.Event()
        """The bot has asked for updates, or for having them delivered."""
        self.port = 0

    async def start(self) -> None:
        """Listens on any free port of the loopback."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Served(self._take), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Stops listening."""
        if self._server is not None:
            self._server.close()
        if self.callers is not None:
            self.callers.close()

    @property
    def url(self) -> str:
        """Where bots find it."""
        return f"http://127.0.0.1:{self.port}"

    def go_on_from(self, number: int) -> None:
        """Updates are numbered from there on: the books at hand may know smaller numbers."""
        self._serial = number

    def brings(self, person: int, kind: str, content: dict[str, Any]) -> None:
        """An update of this person's."""
        self._serial += 1
        update = {"update_id": self._serial, kind: content}
        raw = json.dumps(update, ensure_ascii=False).encode()
        if self.callers is not None:
            request = posting(self._path, b"application/json", self._proof, raw)
            self.callers.send(request, lambda: self.handed_out(person))
            return
        self._waiting.append((self._serial, person, raw))
        if self._poll is not None:
            answer, timer = self._poll
            timer.cancel()
            self._poll = None
            # In the next round of the loop, so that what comes at once is given out together.
            asyncio.get_running_loop().call_soon(self._hand_out, answer)

    def sent(self, fields: dict[str, Any], answer: Answer) -> None:
        """The bot says something to somebody."""
        self._serial += 1
        answer(message_of(fields, self._serial))
        self.replied(int(fields["chat_id"]), {"message_id": self._serial, **fields})

    # --- answering ------------------------------------------------------------------------------

    def _take(self, path: bytes, body: bytes, answer: Answer) -> None:
        method = path.rpartition(b"/")[2].lower()
        if method in _REPLIES:
            self.sent(_fields(body), answer)
        elif method == b"getupdates":
            self._asked(body, answer)
        elif method == b"getme":
            answer(json.dumps({"ok": True, "result": BOT}).encode())
        elif method == b"setwebhook":
            answer(_TRUE)
            self._deliver(_fields(body))
        else:
            answer(_TRUE)

    def _asked(self, body: bytes, answer: Answer) -> None:
        found, seconds = _OFFSET.search(body), _SECONDS.search(body)
        offset = int(found[1]) if found else 0
        while self._waiting and self._waiting[0][0] < offset:
            self._waiting.popleft()
        self.connected.set()
        if self._poll is not None:
            # Of a bot that has ended meanwhile: nothing is handed out to it.
            self._poll[1].cancel()
            self._poll = None
        if self._waiting or not seconds or not int(seconds[1]):
            self._hand_out(answer)
            return
        loop = asyncio.get_running_loop()
        self._poll = answer, loop.call_later(int(seconds[1]), self._hand_out, answer)

    def _hand_out(self, answer: Answer) -> None:
        self._poll = None
        given = [self._waiting[at] for at in range(min(100, len(self._waiting)))]
        answer(b'{"ok":true,"result":[%b]}' % b",".join([raw for _, _, raw in given]))
        for _, person, _ in given:
            self.handed_out(person)

    def _deliver(self, fields: dict[str, Any]) -> None:
        # The address is https, as Telegram asks; what ends TLS in front of the bot stands here.
        self._path = urlsplit(str(fields["url"])).path.encode()
        self._proof = _SECRET_HEADER, str(fields.get("secret_token", "")).encode()
        callers = Callers(self._webhook_port, int(fields.get("max_connections", 40)))
        opening = asyncio.ensure_future(self._open(callers))
        opening.add_done_callback(lambda done: done.result())

    async def _open(self, callers: Callers) -> None:
        started = time.monotonic()
        while True:
            try:
                await callers.open()
            except OSError:
                # A bot may ask for deliveries a moment before it listens.
                if time.monotonic() - started > 10:
                    raise
                await asyncio.sleep(0.02)
            else:
                break
        self.callers = callers
        self.connected.set()


def _fields(body: bytes) -> dict[str, Any]:
    if body.startswith(b"{"):
        return json.loads(body)
    return dict(parse_qsl(body.decode()))


def message_of(fields: dict[str, Any], number: int) -> bytes:
    """The message as Telegram tells it back."""
    chat = int(fields["chat_id"])
    markup = fields.get("reply_markup")
    message: dict[str, Any] = {
        "message_id": int(fields.get("message_id", number)),
        "from": BOT,
        "chat": {"id": chat, "first_name": f"Person {chat}", "type": "private"},
        "date": int(time.time()),
        "text": fields["text"],
    }
    if markup:
        message["reply_markup"] = json.loads(markup) if isinstance(markup, str) else markup
    return json.dumps({"ok": True, "result": message}, ensure_ascii=False).encode()
