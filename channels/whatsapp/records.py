"""What Twilio knows of messages and of templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

# The library says nothing of its types. This is most of it: loaded now, and not by the first call.
from twilio.rest.api.v2010.account.message import (  # pyright: ignore[reportMissingTypeStubs]
    MessageInstance,
)

from channels import Unreachable


@dataclass(frozen=True, slots=True)
class Logged:
    """A message in Twilio's log."""

    sid: str
    inbound: bool
    sender: str
    to: str
    body: str
    media: int
    """How many things besides words."""
    status: str
    at: datetime | None
    """When it was sent, or made while it has not been."""
    made: datetime | None
    """When Twilio took it: what has to wait there is sent later."""


@dataclass(frozen=True, slots=True)
class Approval:
    """How far WhatsApp is with a template."""

    state: str
    """`unsubmitted`, `received`, `pending`, `approved`, `rejected`, `paused`, `disabled`."""
    reason: str | None = None
    """Why it was rejected, in Meta's words."""


def all_of(page: Any) -> list[Any]:
    """The records of a page. Raises Unreachable."""
    try:
        return list(page)
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise Unreachable("The platform's answer cannot be read.")


def logged_in(message: MessageInstance) -> Logged:
    """What the library made of a message in the log."""
    media = str(message.num_media or "0")
    return Logged(
        sid=str(message.sid or ""),
        inbound=str(message.direction) == "inbound",
        sender=str(message.from_ or ""),
        to=str(message.to or ""),
        body=str(message.body or ""),
        media=int(media) if media.isascii() and media.isdigit() else 0,
        status=str(message.status or ""),
        at=message.date_sent or message.date_created,
        made=message.date_created or message.date_sent,
    )
