"""A lean stand-in for an account at Twilio with one number on WhatsApp, as strict as may be.

It holds every request against the rules, counts messages in any second, keeps windows, and tells
what became of each message. Whatever breaks a rule is refused, and listed as broken.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Iterable
from email.utils import formatdate
from urllib.parse import parse_qsl

from benchmarks.phones import ACCOUNT, PUBLIC, SENDER, TOKEN, message, person_of, status
from benchmarks.strict import WINDOW, Passed, Strictness
from benchmarks.wire import Answer, Callers, Served

CONNECTIONS = 64
WINDOW_OPEN = 24 * 3600.0
BODY_UNITS = 1600
SENT_AFTER, DELIVERED_AFTER = (0.05, 0.5), (0.1, 1.0)
"""Seconds from taking a message to telling that it was sent, and from there to the phone."""

_PLACE = f"/2010-04-01/Accounts/{ACCOUNT}".encode()
_BASIC = b"Basic " + b64encode(f"{ACCOUNT}:{TOKEN}".encode())
_PERSON = re.compile(r"whatsapp:(\+[1-9]\d{6,14}|[A-Z]{2}\.[A-Za-z0-9]{1,128})")
_FIELDS = frozenset({"To", "From", "Body", "StatusCallback", "ValidityPeriod"})

Replied = Callable[[int, str], None]


class Account:
    """One account's server, for one bot at a time."""

    def __init__(self, bot_port: int, mark: str, *, tells: bool = True, seed: int = 1) -> None:
        self.asks = Strictness()
        self.passed = Passed()
        self.replied: Replied = lambda person, text: None
        """Told each message: whom it reached, and what it said."""
        self.open_until: dict[int, float] = {}
        """Whose windows are open, in seconds of the epoch."""
        self.told: list[float] = []
        """Seconds that the bot took to acknowledge each status."""
        self.broken: list[str] = []
        self.all_told = asyncio.Event()
        """Set while every status was told, and acknowledged."""
        self._untold = 0
        self.callers = Callers(bot_port, CONNECTIONS)
        self.port = 0
        self._mark = mark
        self._tells = tells
        self._chance = random.Random(seed)
        self._recent: deque[float] = deque()
        self._under_way: set[int] = set()
        self._made = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listens on any free port of the loopback."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Line(self._take), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Stops listening, and tells nothing more."""
        if self._server is not None:
            self._server.close()
        self.callers.close()

    @property
    def url(self) -> str:
        """For `whatsapp.api_url`."""
        return f"http://127.0.0.1:{self.port}"

    def number(self) -> int:
        """A number that no other message has."""
        self._made += 1
        return self._made

    def open(self, people: Iterable[int]) -> None:
        """Their windows are open: they wrote just now."""
        self.open_until.update(dict.fromkeys(people, time.time() + WINDOW_OPEN))

    def brings(self, person: int, text: str, leaves: Callable[[], None]) -> None:
        """This person writes this; `leaves` is called when it is on its way to the bot."""
        self.open([person])
        self.callers.send(message(person, text, self.number()), leaves)

    # --- answering ------------------------------------------------------------------------------

    def _take(self, path: bytes, body: bytes, answer: Answer) -> None:
        if path == _PLACE + b"/Messages.json" and body:
            self._sent(body, answer)
        elif path.startswith(_PLACE + b"/Messages.json?"):
            answer(_EMPTY_PAGE)
        else:
            answer(_error(20404, "The requested resource was not found", 404), 404)

    def _sent(self, body: bytes, answer: Answer) -> None:
        form = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
        loop, person = asyncio.get_running_loop(), person_of(form.get("To", ""))
        now, broken = loop.time(), self._rule_broken(form, person)
        if broken is not None:
            self.broken.append(broken)
            answer(_error(20422, "Invalid Parameter", 400), 400)
            return
        if not self._may(now):
            self.passed.refused += 1
            answer(_error(20429, "Too Many Requests", 429), 429)
            return
        self.passed.count(person, self._mark in form["Body"], now)
        self._under_way.add(person)
        sid = f"SM{self.number():032x}"
        loop.call_later(self._chance.uniform(*self.asks.own), self._answer, answer, form, sid)
        if self._tells and "StatusCallback" in form:
            self._untold += 2
            self.all_told.clear()
            loop.call_later(self._chance.uniform(*SENT_AFTER), self._tell, form, sid, "sent")
        self.replied(person, form["Body"])

    def _answer(self, answer: Answer, form: dict[str, str], sid: str) -> None:
        self._under_way.discard(person_of(form["To"]))
        answer(_shown(form, sid), 201)

    def _rule_broken(self, form: dict[str, str], person: int) -> str | None:
        text = form.get("Body", "")
        rules = {
            "a field that is none": form.keys() <= _FIELDS,
            "From is no sender of this account": form.get("From") == SENDER,
            "To is nobody": _PERSON.fullmatch(form.get("To", "")),
            "there is nothing to send": text.strip(),
            "the body is too long": len(text.encode("utf-16-le")) // 2 <= BODY_UNITS,
            "the window is closed": self.open_until.get(person, 0.0) > time.time(),
            "two messages at once to one person": person not in self._under_way,
            "nowhere to tell what became of it": self._told_where(form),
        }
        return next((rule for rule, kept in rules.items() if not kept), None)

    def _told_where(self, form: dict[str, str]) -> bool:
        # Of what is said before consent nothing is kept, so nothing need be told of it.
        told, announced = form.get("StatusCallback", ""), self._mark in form.get("Body", "")
        return told.startswith(f"{PUBLIC}/") or not (told or announced)

    def _may(self, now: float) -> bool:
        if self.asks.per_second is None:
            return True
        while self._recent and self._recent[0] <= now - WINDOW:
            self._recent.popleft()
        if len(self._recent) >= self.asks.per_second:
            return False
        self._recent.append(now)
        return True

    # --- telling --------------------------------------------------------------------------------

    def _tell(self, form: dict[str, str], sid: str, said: str) -> None:
        loop, now, left = asyncio.get_running_loop(), time.perf_counter, 0.0

        def leaves() -> None:
            nonlocal left
            left = now()

        def answered(_: int) -> None:
            self.told.append(now() - left)
            self._untold -= 1
            if not self._untold:
                self.all_told.set()

        request = status(form["StatusCallback"], sid, form["To"], said)
        self.callers.send(request, leaves, answered)
        if said == "sent":
            after = self._chance.uniform(*DELIVERED_AFTER)
            loop.call_later(after, self._tell, form, sid, "delivered")


class _Line(Served):
    """A connection on which every request must prove whose it is."""

    def message(self, head: bytes, body: bytes) -> None:
        if _BASIC in head:
            super().message(head, body)
        else:
            self.answer(_error(20003, "Authenticate", 401), 401)


def _error(code: int, said: str, answered: int) -> bytes:
    info = f"https://www.twilio.com/docs/errors/{code}"
    told = {"code": code, "message": said, "more_info": info, "status": answered}
    return json.dumps(told).encode()


def _shown(form: dict[str, str], sid: str) -> bytes:
    """The message as the API shows it."""
    date, uri = formatdate(), f"{_PLACE.decode()}/Messages/{sid}"
    told = {
        **dict.fromkeys(("date_sent", "error_code", "error_message", "price", "price_unit")),
        "account_sid": ACCOUNT,
        "api_version": "2010-04-01",
        "body": form["Body"],
        "date_created": date,
        "date_updated": date,
        "direction": "outbound-api",
        "from": SENDER,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": "1",
        "sid": sid,
        "status": "queued",
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": form["To"],
        "uri": f"{uri}.json",
    }
    return json.dumps(told).encode()


_EMPTY_PAGE = json.dumps(
    {
        **dict.fromkeys(("next_page_uri", "previous_page_uri")),
        **dict.fromkeys(("page", "start", "end"), 0),
        **dict.fromkeys(("uri", "first_page_uri"), f"{_PLACE.decode()}/Messages.json"),
        "messages": [],
        "page_size": 200,
    }
).encode()
