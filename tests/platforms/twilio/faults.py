"""Twilio's refusals: at once as the answer to a request, or later by a status callback."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.platforms.telegram.faults import Fault, Held, garbled, gateway, reset

__all__ = [
    "Broken",
    "Ending",
    "Fault",
    "Held",
    "garbled",
    "gateway",
    "refuses",
    "reset",
    "too_many",
]


class Broken(Exception):
    """A rule of Twilio's or WhatsApp's was broken by our side."""

    def __init__(self, code: int, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.code = code
        self.why = why
        self.status = status


@dataclass(frozen=True, slots=True)
class Ending:
    """A message is accepted, and then ends like this."""

    code: int
    status: str = "undelivered"
    """Or `failed`, before it left Twilio."""


def refuses(code: int, message: str = "Unable to create record", status: int = 400) -> Fault:
    """Twilio's own refusal, https://www.twilio.com/docs/usage/twilios-response#response-formats."""
    answer = {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return Fault(status=status, body=json.dumps(answer).encode())


def too_many() -> Fault:
    """429: too many requests at once; this one was not processed."""
    return refuses(20429, "Too Many Requests", 429)
