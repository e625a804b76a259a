"""What can go wrong with a request, on demand."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """Befalls a request instead of its answer.

    With `taken` the platform carries the request out first, so that only the answer is lost.
    """

    status: int | None = None
    """Answered with this status."""
    body: bytes = b""
    taken: bool = False
    reset: bool = False
    """The connection is cut."""
    location: str | None = None
    """Where a redirect leads."""
    gate: asyncio.Event | None = None
    """Nothing happens until this is set."""


def refuses(status: int, description: str, **parameters: object) -> Fault:
    """Telegram's own refusal."""
    answer: dict[str, object] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        answer["parameters"] = parameters
    return Fault(status=status, body=json.dumps(answer).encode())


def too_many(seconds: float = 1) -> Fault:
    """429: pause for so long."""
    return refuses(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def unauthorized() -> Fault:
    """401: the token was revoked."""
    return refuses(401, "Unauthorized")


def blocked() -> Fault:
    """403: the person blocked the bot."""
    return refuses(403, "Forbidden: bot was blocked by the user")


def gateway(status: int = 502) -> Fault:
    """A proxy's page where Telegram's answer should be."""
    return Fault(status=status, body=b"<html><h1>Bad Gateway</h1></html>")


def garbled(*, taken: bool = True, body: bytes = b'{"ok":true,"result":{"mess') -> Fault:
    """200, and half of an answer."""
    return Fault(status=200, body=body, taken=taken)


def reset(*, taken: bool) -> Fault:
    """The connection is cut, before or after the platform has taken the request."""
    return Fault(reset=True, taken=taken)


@dataclass(frozen=True, slots=True)
class Held:
    """Requests that get no answer until `release`."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def fault(self, *, taken: bool = False) -> Fault:
        """To be given to `fail`."""
        return Fault(gate=self.gate, taken=taken)

    def release(self) -> None:
        """Lets them go on, as if nothing had been."""
        self.gate.set()
