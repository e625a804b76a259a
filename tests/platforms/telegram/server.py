"""The stand-in for Telegram's Bot API: real HTTP on the loopback, and the platform's rules."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, cast

from aiohttp import web

from tests.platforms.telegram.chats import Chat
from tests.platforms.telegram.faults import Fault, refuses
from tests.platforms.telegram.methods import Methods, Refusal, bad
from tests.platforms.telegram.pace import PACED, Pace
from tests.platforms.telegram.people import People
from tests.platforms.telegram.pictures import Files
from tests.platforms.telegram.rules import BY_LOWER_CASE, refusal, typed
from tests.platforms.telegram.updates import Updates, Webhook
from tests.platforms.waiting import PATIENCE, Watchers
from tests.ports import free_port

REQUEST_BYTES = 50 * 1024 * 1024

TOKEN = "4242424242:AAHqS-stand-in-token_0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it arrived; `at` is the server's `monotonic` time in seconds."""

    method: str
    fields: dict[str, Any]
    at: float


class TelegramServer:
    """One bot's Bot API server; `async with TelegramServer() as telegram:` runs it.

    What people do is under `people`, what they see under `chat(user)`. With `strict` every
    request is held against the platform's rules; a break is refused as Telegram would, and noted
    in `violations`. With a `pace` the rate is held against its limits, too.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        strict: bool = True,
        pace: Pace | None = None,
        record: bool = True,
        retry_seconds: float = 0.05,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.token = token
        self.monotonic = monotonic
        self.violations: list[str] = []
        self.pace = pace
        self.calls: list[Call] = []
        self.counts: dict[str, int] = defaultdict(int)
        self.bot = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Stand-in",
            "username": "stand_in_bot",
        }
        self._watchers = Watchers()
        self.updates = Updates(self.changed)
        self.files = Files(int(token.partition(":")[0]))
        self.people = People(self.bot, self.updates, self.files)
        self.methods = Methods(self.bot, self.people, self.files)
        self._strict = strict
        self._record = record
        self._retry_seconds = retry_seconds
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._runner: web.ServerRunner | None = None
        self._path = f"/bot{token}/"
        self._file_path = f"/file/bot{token}/"
        self.port = 0

    # --- running --------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> None:
        """Listens on the loopback; a server that was stopped comes back as it was."""
        server = web.Server(
            self._handle, handler_cancellation=True, request_factory=_generously_bounded
        )
        self._runner = web.ServerRunner(server, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port or self.port or free_port())
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Cuts all connections."""
        if self._runner is not None:
            await self._runner.cleanup()
        # Last, since until then somebody could ask for another.
        await self.updates.set_webhook(None)

    async def __aenter__(self) -> TelegramServer:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """For `telegram.api_url`."""
        return f"http://127.0.0.1:{self.port}"

    # --- what tests ask -------------------------------------------------------------------------

    def chat(self, user: int) -> Chat:
        """What this person sees."""
        return self.people.chat(user)

    def fail(self, method: str, *faults: Fault, times: int = 1) -> None:
        """The next requests of this method meet these faults, one each, `times` over."""
        self._faults[method].extend(faults * times)

    def called(self, method: str) -> list[Call]:
        """The requests of this method so far."""
        return [call for call in self.calls if call.method == method]

    async def wait_for(self, condition: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Returns once the condition holds; it is looked at whenever something happens here."""
        await self._watchers.wait_for(condition, seconds)

    async def wait_for_texts(self, user: int, count: int, seconds: float = PATIENCE) -> list[str]:
        """What the person sees, once there are so many messages of the bot."""
        chat = self.chat(user)
        await self.wait_for(lambda: len(chat.texts) >= count, seconds)
        return chat.texts

    def changed(self) -> None:
        """Looks at the conditions that somebody waits for."""
        self._watchers.changed()

    # --- answering ------------------------------------------------------------------------------

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith(self._file_path):
            return await self._hand_out(request, path.removeprefix(self._file_path))
        method = BY_LOWER_CASE.get(path.rpartition("/")[2].lower())
        if not path.startswith(self._path):
            return _answer(refuses(401, "Unauthorized"))
        if method is None:
            self.violations.append(f"unknown method {path.rpartition('/')[2]}")
            return _answer(refuses(404, "Not Found"))
        fields = await _fields(request, method)
        self.counts[method] += 1
        if self._record:
            self.calls.append(Call(method, fields, self.monotonic()))
        self.changed()
        faults = self._faults.get(method)
        response = (
            await self._meet(faults.popleft(), request, method, fields)
            if faults
            else await self._carry_out(method, fields)
        )
        self.changed()
        return response

    async def _hand_out(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        """A file that `getFile` told the path of; its faults are those of the method `file`."""
        self.counts["file"] += 1
        if self._record:
            told = {"path": path, **request.headers}
            self.calls.append(Call("file", told, self.monotonic()))
        kept = self.files.at(path)
        faults = self._faults.get("file")
        fault = faults.popleft() if faults else None
        self.changed()
        if fault is not None and fault.reset:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if fault is not None:
            return _answer(fault)
        if kept is None:
            return _answer(refuses(404, "Not Found"))
        return web.Response(body=kept.content, content_type="application/octet-stream")

    async def _meet(
        self, fault: Fault, request: web.BaseRequest, method: str, fields: dict[str, Any]
    ) -> web.StreamResponse:
        if fault.taken:
            await self._carry_out(method, fields)
            self.changed()
        if fault.gate is not None:
            await fault.gate.wait()
            return await self._carry_out(method, fields)
        if fault.reset:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return _answer(fault)

    async def _carry_out(self, method: str, fields: dict[str, Any]) -> web.Response:
        try:
            result = await self._result(method, fields)
        except Refusal as refused:
            return _answer(refuses(refused.status, refused.description))
        if isinstance(result, Fault):
            return _answer(result)
        body = result if isinstance(result, bytes) else json.dumps(result).encode()
        return web.Response(body=b'{"ok":true,"result":%b}' % body, content_type=_JSON)

    async def _result(self, method: str, fields: dict[str, Any]) -> Any:
        wrong = refusal(method, fields) if self._strict else None
        if wrong is not None:
            self.violations.append(f"{method}: {wrong}")
            raise bad(wrong)
        pace = self.pace if method in PACED else None
        if pace is not None and not pace.arrives(fields["chat_id"], self.monotonic()):
            self.violations.append(pace.violations[-1])
            return refuses(429, "Too Many Requests: retry after 1", retry_after=1)
        match method:
            case "getUpdates":
                return await self._get_updates(fields)
            case "setWebhook" | "deleteWebhook":
                return await self._set_webhook(fields)
            case "getWebhookInfo":
                return {"url": "", "pending_update_count": len(self.updates.waiting)}
            case _:
                return self.methods.table[method](fields)

    async def _get_updates(self, fields: dict[str, Any]) -> Any:
        if self.updates.has_webhook:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use "
                "deleteWebhook to delete the webhook first",
            )
        self._allow(fields)
        limit, seconds = fields.get("limit", 100), fields.get("timeout", 0)
        given = await self.updates.poll(fields.get("offset", 0), limit, seconds)
        if given is None:
            raise Refusal(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot "
                "instance is running",
            )
        return given

    async def _set_webhook(self, fields: dict[str, Any]) -> Any:
        self._allow(fields)
        if fields.get("drop_pending_updates"):
            self.updates.waiting.clear()
        webhook = None
        if fields.get("url"):
            webhook = Webhook(
                fields["url"],
                fields.get("secret_token"),
                fields.get("max_connections", 40),
                self._retry_seconds,
            )
        await self.updates.set_webhook(webhook)
        return True

    def _allow(self, fields: dict[str, Any]) -> None:
        if "allowed_updates" in fields:
            self.updates.allowed = tuple(fields["allowed_updates"]) or None


_JSON = "application/json"


def _generously_bounded(
    message: Any, payload: Any, protocol: Any, writer: Any, task: Any
) -> web.BaseRequest:
    """A request that may carry a file."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(
        message, payload, protocol, writer, task, loop, client_max_size=REQUEST_BYTES
    )


def _answer(fault: Fault) -> web.Response:
    kind = _JSON if fault.body.startswith(b"{") else "text/html"
    headers = {"Location": fault.location} if fault.location else None
    status = fault.status or 500
    return web.Response(status=status, body=fault.body, content_type=kind, headers=headers)


async def _fields(request: web.BaseRequest, method: str) -> dict[str, Any]:
    if request.content_type == _JSON:
        body = await request.read()
        return cast("dict[str, Any]", json.loads(body)) if body else {}
    form: dict[str, str | tuple[str, bytes]] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            form[name] = (value.filename, value.file.read())
        else:
            form[name] = str(value)
    return typed(method, form)
