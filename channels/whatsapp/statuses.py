"""What Twilio tells later of a message that it took.

https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from channels.whatsapp.faults import meaning_of
from channels.whatsapp.forms import Form
from channels.whatsapp.reading import Unreadable

PATH = "/whatsapp/status"

STATES = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending", "sent"), "sent"),
    "partially_delivered": "sent",
    "delivered": "delivered",
    "read": "read",
    **dict.fromkeys(("failed", "undelivered", "canceled"), "failed"),
}
"""What each of Twilio's words means in the outbox: there, what the platform has taken is sent."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_PART = "&p=1"
_QUERY = re.compile(rf"d=([0-9a-z]{{1,13}})({_PART})?")
_LARGEST = 2**63 - 1
_SID = re.compile(r"[A-Za-z0-9]{2,64}")


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one message."""

    id: str
    """The platform's id of the message."""
    state: str
    """`sent`, `delivered`, `read` or `failed`, as the outbox names them."""
    error: Exception | None = None
    """With `failed`: what a send that was refused at once would have raised."""


def report(form: Form) -> Report | None:
    """What this status says; None for a word that means nothing to us. Raises Unreadable."""
    fields = dict(form)
    sid, said = fields.get("MessageSid", ""), fields.get("MessageStatus", "").strip().lower()
    if _SID.fullmatch(sid) is None:
        raise Unreadable("a message's number is missing or malformed")
    return reported(sid, said, fields.get("ErrorCode"))


def reported(sid: str, said: str, code: str | int | None) -> Report | None:
    """What this word of Twilio's, with its code if any, says of a message."""
    state = STATES.get(said)
    if state is None:
        return None
    return Report(sid, state, meaning_of(_number(code)) if state == "failed" else None)


def callback(public_url: str, delivery: int) -> str:
    """Where Twilio is to tell what becomes of this delivery; its id means nothing elsewhere."""
    return f"{public_url.rstrip('/')}{PATH}?d={_base36(delivery)}"


def of_a_part(place: str) -> str:
    """The same for a part that others follow: that it arrived says nothing of those."""
    return place + _PART


def is_news(query: str, said: Report) -> bool:
    """Whether this says something of the whole message; `query` is the callback's."""
    return said.state == "failed" or not query.endswith(_PART)


def delivery_in(query: str) -> int | None:
    """The delivery that a callback's query names; None if it names none."""
    found = _QUERY.fullmatch(query)
    number = int(found[1], 36) if found else 0
    return number if 0 < number <= _LARGEST else None


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"


def _number(code: str | int | None) -> int:
    said = str(code or "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 9 else 0
