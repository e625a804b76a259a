"""What the Messages API takes for WhatsApp.

Written down from https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
and its OpenAPI description; the codes are those of https://www.twilio.com/docs/api/errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from tests.platforms.twilio.faults import Broken

Form = Mapping[str, Sequence[str]]

BODY_UNITS = 1600
CAPTION_UNITS = 1024
"""WhatsApp shows the text of a picture as its caption."""
VALIDITY_SECONDS = range(1, 36_001)

PHONE = re.compile(r"whatsapp:\+[1-9]\d{6,14}")
USER = re.compile(r"whatsapp:[A-Z]{2}\.[A-Za-z0-9]{1,128}")
"""A business-scoped user id."""

FIELDS: Mapping[str, str] = {
    **dict.fromkeys(("To", "From", "Body", "ContentSid", "ContentVariables"), "text"),
    **dict.fromkeys(("MessagingServiceSid", "ApplicationSid", "FallbackFrom"), "text"),
    **dict.fromkeys(("TrafficType", "ScheduleType", "SendAt", "RiskCheck"), "text"),
    **dict.fromkeys(("ContentRetention", "AddressRetention"), "retention"),
    **dict.fromkeys(("ProvideFeedback", "ForceDelivery", "SmartEncoded"), "truth"),
    **dict.fromkeys(("ShortenUrls", "SendAsMms"), "truth"),
    **dict.fromkeys(("ValidityPeriod", "Attempt"), "number"),
    **dict.fromkeys(("MediaUrl", "PersistentAction"), "several"),
    "StatusCallback": "address",
    "MaxPrice": "text",
}
_KINDS: Mapping[str, Callable[[str], object]] = {
    "text": lambda _: True,
    "several": lambda _: True,
    "truth": re.compile(r"(?i:true|false)").fullmatch,
    "number": re.compile(r"\d{1,9}").fullmatch,
    "retention": re.compile(r"retain|discard").fullmatch,
    "address": lambda value: _is_address(value),
}


def units(text: str) -> int:
    """The length of a text in UTF-16 units: no way of counting characters finds more."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def check(form: Form, sender: str) -> None:
    """Raises Broken where Twilio would refuse this form for a new message, or cut it short."""
    for name, values in form.items():
        kind = FIELDS.get(name)
        if kind is None:
            raise Broken(20422, f"{name} is no field of a message")
        if len(values) > 1 and kind != "several":
            raise Broken(20422, f"{name} comes {len(values)} times")
        if not all(_KINDS[kind](value) for value in values):
            raise Broken(21609 if kind == "address" else 20422, f"{name} is no {kind}")
    _check_addresses(one(form, "From"), one(form, "To"), sender)
    _check_content(form)
    if "ValidityPeriod" in form and int(one(form, "ValidityPeriod")) not in VALIDITY_SECONDS:
        raise Broken(20422, "ValidityPeriod is not between 1 and 36000")


def one(form: Form, name: str) -> str:
    """The value of a field that comes once, "" when it does not."""
    return next(iter(form.get(name, ())), "")


def _check_addresses(sender: str, recipient: str, mine: str) -> None:
    if sender != mine:
        raise Broken(63007, "From is no sender of this account")
    if not (PHONE.fullmatch(recipient) or USER.fullmatch(recipient)):
        raise Broken(21211, "To is neither a number nor a user's id")


def _check_content(form: Form) -> None:
    body, media = one(form, "Body"), form.get("MediaUrl", ())
    if "ContentSid" in form:
        if "Body" in form or media:
            raise Broken(20422, "a Content comes with neither Body nor MediaUrl")
        if not re.fullmatch(r"HX[0-9a-f]{32}", one(form, "ContentSid")):
            raise Broken(21655, "ContentSid is none")
        return
    if "ContentVariables" in form:
        raise Broken(21654, "ContentVariables without a ContentSid")
    if not body.strip() and not media:
        raise Broken(21619, "there is nothing to send")
    if units(body) > (CAPTION_UNITS if media else BODY_UNITS):
        raise Broken(21617, f"the body has {units(body)} characters")
    if len(media) > 1 or not all(_is_address(each) for each in media):
        raise Broken(21620, "WhatsApp takes one MediaUrl")


def _is_address(value: str) -> bool:
    """Whether Twilio could call this; it takes no host with an underscore."""
    parts = urlsplit(value)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "_" not in parts.netloc
