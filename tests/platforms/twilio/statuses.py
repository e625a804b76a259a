"""How the bot is told what became of its messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.platforms.twilio.messages import VERSION, Record


@dataclass(slots=True)
class Statuses:
    """How the bot is told what became of its messages."""

    steps: Sequence[str] = ("sent", "delivered", "read")
    times: int = 1
    """How often each is told."""
    early: bool = False
    """They are told before the request that sent the message is answered."""
    tells: bool = True
    """False: the log knows, but nobody is told."""
    order: Callable[[list[str]], list[str]] = list


def status_form(record: Record, status: str) -> dict[str, str]:
    """Everything that Twilio tells of what became of a message."""
    number = record.recipient.removeprefix("whatsapp:")
    form = {
        "SmsSid": record.sid,
        "MessageSid": record.sid,
        "SmsStatus": status,
        "MessageStatus": status,
        "AccountSid": record.account,
        "ApiVersion": VERSION,
        "From": record.sender,
        "To": record.recipient,
        "ChannelPrefix": "whatsapp",
        "ChannelToAddress": f"{number[:-4]}XXXX",
        "ChannelInstallSid": "XE" + "0" * 32,
    }
    if status == "sent":
        return form | {"StructuredMessage": str("ContentSid" in record.form).lower()}
    form["EventType"] = status.upper()
    if status in ("failed", "undelivered") and record.error is not None:
        form["ErrorCode"] = str(record.error)
        form["ChannelStatusMessage"] = "It went wrong"
    return form
