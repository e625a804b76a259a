"""The tables of the platforms: how each is reached, and as whom."""

from __future__ import annotations

import re
from email.utils import parseaddr
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, model_validator

from settings.values import Address, Count, Proxy, Table, is_loopback, parts_of, secret

_ASKED_FOR_AGAIN = 8
"""Days; what came in is looked for in Twilio's log for almost so long."""
_MAILBOX = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"


def _account(value: str) -> str:
    if value and not re.fullmatch(r"AC[0-9a-fA-F]{32}", value):
        raise ValueError("must be AC and 32 of 0-9 a-f, as Twilio's console shows it")
    return value


def _number(value: str) -> str:
    number = re.sub(r"[\s()-]", "", value).removeprefix("whatsapp:")
    if number and not re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
        raise ValueError("must be a number with + and its country, such as +9647701234567")
    return number


def _long_enough(value: int) -> int:
    if 0 < value < _ASKED_FOR_AGAIN:
        raise ValueError(f"must be 0, which is never, or at least {_ASKED_FOR_AGAIN}")
    return value


def _mailbox(value: str) -> str:
    if value and (not value.isprintable() or not re.fullmatch(_MAILBOX, parseaddr(value)[1])):
        raise ValueError("must be an address such as Tadamun <webinars@example.org>")
    return value


def _smtp(value: SecretStr | None) -> SecretStr | None:
    """How mail leaves; only this very machine is spoken to without a cipher."""
    if value is None or not value.get_secret_value():
        return None
    parts = parts_of(value.get_secret_value())
    if parts.scheme not in {"smtp", "smtps", "smtp+plain"} or not parts.hostname:
        raise ValueError("must be smtp://user:password@host:587 or smtps://user:password@host:465")
    if parts.scheme == "smtp+plain" and not is_loopback(parts.hostname):
        raise ValueError("must be smtp:// or smtps://, since the password would travel in the open")
    return value


def _imap(value: SecretStr | None) -> SecretStr | None:
    """Where mail is fetched, in the same manner."""
    if value is None or not value.get_secret_value():
        return None
    parts = parts_of(value.get_secret_value())
    plain = parts.scheme == "imap+plain" and is_loopback(parts.hostname or "")
    if not (parts.scheme == "imaps" or plain) or not parts.hostname:
        raise ValueError("must be imaps://user:password@host/INBOX")
    return value


def _server(value: str) -> str:
    """What a server calls itself, in the one spelling in which it is compared."""
    name = value.strip().lower()
    if not re.fullmatch(r"[a-z0-9._-]*", name):
        raise ValueError("must be a name such as mx.example.org, as it stands in front of the line")
    return name


class Telegram(Table):
    """The bot on Telegram; off without a token."""

    token: Annotated[
        SecretStr | None,
        secret(pattern=r"\d+:[\w-]+", meaning="must look like 123456:ABC…, as @BotFather gave it"),
    ] = None
    api_url: Address
    proxy: Proxy
    mode: Literal["polling", "webhook"]
    webhook_secret: Annotated[
        SecretStr | None,
        secret(pattern=r"[A-Za-z0-9_-]{32,256}", meaning="must be 32 to 256 of A-Z a-z 0-9 _ -"),
    ] = None
    messages_per_second: Count


class WhatsApp(Table):
    """The number on WhatsApp, by way of Twilio; off without an account."""

    account_sid: Annotated[str, AfterValidator(_account)]
    auth_token: Annotated[
        SecretStr | None,
        secret(pattern=r"[0-9a-fA-F]{32}", meaning="must be 32 of 0-9 a-f, as Twilio shows it"),
    ] = None
    sender: Annotated[str, AfterValidator(_number)]
    api_url: Address
    content_api_url: Address
    messages_per_second: Count
    first_messages_per_day: Annotated[int, Field(ge=0, le=100_000_000)]
    reconcile_seconds: Annotated[int, Field(ge=0, le=3600)]
    delete_days: Annotated[int, Field(ge=0, le=365), AfterValidator(_long_enough)]

    @model_validator(mode="after")
    def _whole(self) -> WhatsApp:
        if self.account_sid and not self.sender:
            raise ValueError("account_sid needs whatsapp.sender, the number that writes, beside it")
        return self


class Mail(Table):
    """Mail that leaves, and mail that comes in; off without a server and a sender."""

    smtp_url: Annotated[SecretStr | None, AfterValidator(_smtp)] = None
    imap_url: Annotated[SecretStr | None, AfterValidator(_imap)] = None
    sender: Annotated[str, AfterValidator(_mailbox)]
    messages_per_second: Count
    delete_days: Annotated[int, Field(ge=0, le=365)]
    vouched_by: Annotated[str, AfterValidator(_server)]
    trust_from: bool

    @property
    def on(self) -> bool:
        """Whether mail can leave."""
        return self.smtp_url is not None

    @model_validator(mode="after")
    def _whole(self) -> Mail:
        if self.smtp_url is not None and not self.sender:
            raise ValueError("smtp_url needs mail.sender, who writes, beside it")
        if self.imap_url is not None and self.smtp_url is None:
            raise ValueError("imap_url needs mail.smtp_url beside it: who writes gets an answer")
        return self
