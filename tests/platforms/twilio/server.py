"""The stand-in for Twilio: real HTTP on the loopback, and the rules of Twilio and WhatsApp."""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, cast

import aiohttp
from aiohttp import web

from tests.platforms.telegram.pace import Pace
from tests.platforms.twilio.content import Contents
from tests.platforms.twilio.faults import Broken, Ending, Fault, refuses
from tests.platforms.twilio.messages import VERSION, Log
from tests.platforms.twilio.operations import CREATED, Operations
from tests.platforms.twilio.people import People
from tests.platforms.twilio.sending import NotTaken, Sending
from tests.platforms.twilio.webhooks import Webhooks
from tests.platforms.waiting import Watchers
from tests.ports import free_port

ACCOUNT = "AC" + "5a" * 16
TOKEN = "0123456789abcdef0123456789abcdef"
SENDER = "whatsapp:+14155238886"


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it arrived; `at` is the server's `monotonic` time in seconds."""

    name: str
    fields: dict[str, Any]
    at: float


class TwilioServer:
    """One account with one WhatsApp sender; `async with TwilioServer() as twilio:` runs it.

    What people do is under `people`, what was sent and came in under `log`, templates under
    `contents`, and how statuses are told under `sending`. Every request is held against the rules;
    a break is refused as Twilio would, and noted in `violations`. With a `pace` the rate is held
    against the limits, too, and with `at_once` the number of requests under way.
    """

    def __init__(self, *, pace: Pace | None = None, at_once: int | None = None) -> None:
        self.pace = pace
        self.monotonic: Callable[[], float] = time.monotonic
        self.at_once = at_once
        self.calls: list[Call] = []
        self.record = True
        self.counts: dict[str, int] = defaultdict(int)
        self.violations: list[str] = []
        self.log = Log()
        self.contents = Contents()
        self.watchers = Watchers()
        self.changed = self.watchers.changed
        self.wait_for = self.watchers.wait_for
        self.webhooks = Webhooks(TOKEN, self.changed)
        self.webhooks.complaints = self.violations
        self.people = People(ACCOUNT, SENDER, self.log, self.webhooks)
        self.sending = Sending(
            ACCOUNT,
            SENDER,
            self.people,
            self.contents,
            self.log,
            self.webhooks,
            self.violations,
            self.changed,
        )
        self._operations = Operations(ACCOUNT, self.people, self.contents, self.log, self.sending)
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._under_way = 0
        self._runner: web.ServerRunner | None = None
        self.port = 0

    # --- running --------------------------------------------------------------------------------

    async def start(self) -> None:
        """Listens on the loopback; a server that was stopped comes back as it was."""
        self.webhooks.start()
        server = web.Server(self._handle, handler_cancellation=True)
        self._runner = web.ServerRunner(server, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port or free_port()).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Cuts all connections."""
        if self._runner is not None:
            await self._runner.cleanup()
        await self.sending.stop()
        # Last, since until then there could be something to tell.
        await self.webhooks.stop()

    async def __aenter__(self) -> TwilioServer:
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
        """For `whatsapp.api_url` and `whatsapp.content_api_url`."""
        return f"http://127.0.0.1:{self.port}"

    # --- what tests ask -------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether something is on its way to a phone or to the bot."""
        return self.sending.busy or self.webhooks.busy

    def fail(self, name: str, *faults: Fault, times: int = 1) -> None:
        """The next requests of this name meet these faults, one each, `times` over.

        Names: send, list, fetch, delete, account, make, content, contents, approve, approval.
        """
        self._faults[name].extend(faults * times)

    def fail_later(self, *endings: Ending) -> None:
        """The next messages are accepted and end like this, one each."""
        self.sending.endings.extend(endings)

    def called(self, name: str) -> list[Call]:
        """The requests of this name so far."""
        return [call for call in self.calls if call.name == name]

    # --- answering ------------------------------------------------------------------------------

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Authorization") != _BASIC:
            return _answer(refuses(20003, "Authenticate", 401))
        found = _found(request)
        if found is None:
            self.violations.append(f"nothing is at {request.method} {request.path}")
            return _answer(refuses(20404, "The requested resource was not found", 404))
        name, sid = found
        self.counts[name] += 1
        try:
            fields = await _fields(request, name)
        except Broken as broken:
            return self._breaks(name, broken)
        if self.record:
            self.calls.append(Call(name, fields, self.monotonic()))
        self.changed()
        self._under_way += 1
        try:
            if self.at_once is not None and self._under_way > self.at_once:
                self.counts["429"] += 1
                return _answer(refuses(20429, "Too Many Requests", 429))
            return await self._answered(request, name, sid, fields)
        finally:
            self._under_way -= 1
            self.changed()

    async def _answered(
        self, request: web.BaseRequest, name: str, sid: str, fields: dict[str, Any]
    ) -> web.StreamResponse:
        faults = self._faults[name]
        if not faults:
            return await self._carry_out(name, sid, fields)
        fault, answer = faults.popleft(), None
        if fault.taken:
            answer = await self._carry_out(name, sid, fields)
            self.changed()
        if fault.gate is not None:
            await fault.gate.wait()
            return answer or await self._carry_out(name, sid, fields)
        if fault.reset:
            assert request.transport is not None
            request.transport.abort()
        return _answer(fault)

    async def _carry_out(self, name: str, sid: str, fields: dict[str, Any]) -> web.Response:
        try:
            if name == "send" and self.pace is not None:
                self._keeps_pace(self.pace, fields)
            result = await self._operations.table[name](sid, fields)
        except NotTaken as not_taken:
            return _answer(not_taken.fault)
        except Broken as broken:
            return self._breaks(name, broken)
        if result is None:
            return web.Response(status=204)
        return web.json_response(result, status=201 if name in CREATED else 200)

    def _keeps_pace(self, pace: Pace, fields: dict[str, Any]) -> None:
        number = int.from_bytes(str(fields.get("To")).encode(), "big")
        if not pace.arrives(number, self.monotonic()):
            self.counts["429"] += 1
            raise Broken(20429, pace.violations[-1], 429)

    def _breaks(self, name: str, broken: Broken) -> web.Response:
        self.violations.append(f"{name}: {broken.code} {broken.why}")
        return _answer(refuses(broken.code, broken.why, broken.status))


_BASIC = aiohttp.encode_basic_auth(ACCOUNT, TOKEN)
_MESSAGES = f"/{VERSION}/Accounts/{ACCOUNT}/Messages"
_PATHS = [
    ("send", "POST", re.escape(f"{_MESSAGES}.json")),
    ("list", "GET", re.escape(f"{_MESSAGES}.json")),
    ("fetch", "GET", re.escape(f"{_MESSAGES}/") + r"((?:SM|MM)[0-9a-f]{32})\.json"),
    ("delete", "DELETE", re.escape(f"{_MESSAGES}/") + r"((?:SM|MM)[0-9a-f]{32})\.json"),
    ("account", "GET", re.escape(f"/{VERSION}/Accounts/{ACCOUNT}.json")),
    ("make", "POST", r"/v1/Content"),
    ("contents", "GET", r"/v1/Content"),
    ("content", "GET", r"/v1/Content/(HX[0-9a-f]{32})"),
    ("approve", "POST", r"/v1/Content/(HX[0-9a-f]{32})/ApprovalRequests/whatsapp"),
    ("approval", "GET", r"/v1/Content/(HX[0-9a-f]{32})/ApprovalRequests"),
]


def _found(request: web.BaseRequest) -> tuple[str, str] | None:
    """What is asked for, and the sid in the path."""
    for name, method, pattern in _PATHS:
        match = re.fullmatch(pattern, request.path) if method == request.method else None
        if match:
            return name, match[1] if match.groups() else ""
    return None


async def _fields(request: web.BaseRequest, name: str) -> dict[str, Any]:
    """What the request carries; of a form all values of a field, for each may come again."""
    if name == "send":
        form = await request.post()
        return {key: [str(value) for value in form.getall(key)] for key in form}
    if name in ("make", "approve"):
        try:
            return cast("dict[str, Any]", json.loads(await request.read()))
        except ValueError:
            raise Broken(20001, "the body is no JSON") from None
    return dict(request.query)


def _answer(fault: Fault) -> web.Response:
    kind = "application/json" if fault.body.startswith(b"{") else "text/html"
    return web.Response(status=fault.status or 500, body=fault.body, content_type=kind)
