"""The tables of settings.toml: what each key must be, and the words that say so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

# --- what a value must be -----------------------------------------------------------------------


def secret(*, pattern: str, meaning: str) -> AfterValidator:
    """A secret that looks like this; an empty one counts as unset."""

    def check(value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None  # Empty as the untouched lines of .env.example have it.
        if not re.fullmatch(pattern, value.get_secret_value()):
            raise ValueError(meaning)
        return value

    return AfterValidator(check)


def parts_of(address: str) -> SplitResult:
    """An address in its parts, all empty if it is none: urlsplit's own errors repeat the value."""
    try:
        parts = urlsplit(address)
        _ = parts.hostname, parts.port
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    return parts


def _address(value: str) -> str:
    parts = parts_of(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be a whole address that starts with https:// or http://")
    return value.rstrip("/")


def _origin(value: str) -> str:
    if not value:
        return value
    if any(parts_of(_address(value))[2:]):
        raise ValueError("must be an address without a path, such as https://tadamun.example.org")
    return _address(value)


def _readable(value: str) -> str:
    try:
        if value:
            Path(value).read_text("utf-8-sig")
    except (OSError, ValueError):
        # Not with the error's own words, which may hold some of the file's.
        raise ValueError("must be a text file in UTF-8 that can be read") from None
    return value


def _is_near(host: str) -> bool:
    """Whether this is our machine, or one beside it that has no name elsewhere."""
    return host == "::1" or host.startswith("127.") or not {".", ":"} & set(host)


def _translator(value: str) -> str:
    if not value:
        return value
    parts = parts_of(_address(value))
    # What people ask goes there: in plain text only to this machine, or one beside it.
    if parts.scheme == "http" and not _is_near(parts.hostname or ""):
        raise ValueError("must start with https://, unless the server is on this machine")
    return _address(value)


def _proxy(value: SecretStr) -> SecretStr:
    if value.get_secret_value():
        _address(value.get_secret_value())
    return value


def _database(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"(sqlite:///|postgresql://).+", value.get_secret_value()):
        raise ValueError("must be sqlite:///path or postgresql://user@host/name")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, LookupError, OSError) as unknown:
        raise ValueError("must be a zone of the IANA list, such as Asia/Baghdad") from unknown
    return value


def _account(value: str) -> str:
    if value and not re.fullmatch(r"AC[0-9a-fA-F]{32}", value):
        raise ValueError("must be AC and 32 of 0-9 a-f, as Twilio's console shows it")
    return value


def _number(value: str) -> str:
    number = re.sub(r"[\s()-]", "", value).removeprefix("whatsapp:")
    if number and not re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
        raise ValueError("must be a number with + and its country, such as +9647701234567")
    return number


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


def is_loopback(host: str) -> bool:
    """Whether this is the machine itself."""
    return host in {"localhost", "127.0.0.1", "::1"}


def _long_enough(value: int) -> int:
    if 0 < value < _ASKED_FOR_AGAIN:
        raise ValueError(f"must be 0, which is never, or at least {_ASKED_FOR_AGAIN}")
    return value


_ASKED_FOR_AGAIN = 8
"""Days; what came in is looked for in Twilio's log for almost so long."""


def _mailbox(value: str) -> str:
    if value and (not value.isprintable() or not re.fullmatch(_MAILBOX, parseaddr(value)[1])):
        raise ValueError("must be an address such as Tadamun <webinars@example.org>")
    return value


_MAILBOX = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"

Address = Annotated[str, AfterValidator(_address)]
Origin = Annotated[str, AfterValidator(_origin)]
Proxy = Annotated[SecretStr, AfterValidator(_proxy)]
Database = Annotated[SecretStr, AfterValidator(_database)]
Zone = Annotated[str, AfterValidator(_zone)]
Line = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=1, le=10_000)]
MinutesBefore = Annotated[int, Field(ge=0, le=43_200)]
Wording = Mapping[str, Line]
"""The same words in each language, by its code."""


# --- the tables ---------------------------------------------------------------------------------


class Table(BaseModel):
    """One table of settings.toml; settled once read."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


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


class Storage(Table):
    """Where everything is kept."""

    url: Database


class Web(Table):
    """The web server; always on."""

    host: Line
    port: Annotated[int, Field(ge=0, le=65535)]
    public_url: Origin
    metrics_token: Annotated[
        SecretStr | None, secret(pattern=r".{16,}", meaning="must have at least 16 characters")
    ] = None

    @property
    def address(self) -> str:
        """What people type to get here."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"


class Community(Table):
    """Who this is for."""

    name: Wording
    partners: tuple[Wording, ...]
    languages: Annotated[tuple[Line, ...], Field(min_length=1)]
    contact: Line
    time_zone: Zone

    @model_validator(mode="after")
    def _speaks_its_languages(self) -> Community:
        for language in self.languages:
            if any(language not in words for words in (self.name, *self.partners)):
                raise ValueError(f"name and each of partners need their words in {language!r}")
        return self


class Limits(Table):
    """How much one person may say."""

    messages_per_minute: Count
    questions_per_ten_minutes: Count
    question_length: Annotated[int, Field(ge=1, le=3000)]
    nickname_length: Annotated[int, Field(ge=1, le=200)]
    proofs_per_day: Annotated[int, Field(ge=1, le=100)]


class Staff(Table):
    """How people come to help."""

    invite_minutes: Annotated[int, Field(ge=1, le=1440)]
    invite_tries_per_hour: Annotated[int, Field(ge=1, le=100)]


class Webinars(Table):
    """When people are reminded of a webinar, and let in."""

    way_in_minutes: Annotated[int, Field(ge=0, le=1440)]
    reminders: Annotated[tuple[MinutesBefore, ...], Field(max_length=10)]


class Moderation(Table):
    """What becomes of questions."""

    translation_hours: Annotated[int, Field(ge=0, le=120)]
    digest_hours: Annotated[int, Field(ge=0, le=720)]
    summary_hours: Annotated[int, Field(ge=0, le=168)]
    words: Annotated[str, AfterValidator(_readable)]


class Translation(Table):
    """The machine that drafts translations; off without an address."""

    url: Annotated[str, AfterValidator(_translator)]
    api_key: Annotated[
        SecretStr | None, secret(pattern=r"\S+", meaning="must be one word, as the server gave it")
    ] = None

    @property
    def elsewhere(self) -> str:
        """The host that texts are sent to; empty where they stay with us."""
        host = parts_of(self.url).hostname or ""
        return "" if _is_near(host) else host


class Announcements(Table):
    """How much care is taken before much is sent."""

    undo_seconds: Annotated[int, Field(ge=0, le=3600)]
    second_person_above: Annotated[int, Field(ge=1, le=1_000_000)]
    wait_minutes: Annotated[int, Field(ge=0, le=1440)]


class Logs(Table):
    """What is written to standard error."""

    level: Literal["debug", "info", "warning", "error"]


class Retention(Table):
    """How long what is kept is kept."""

    webinar_days: Count
    delivery_days: Count
    quarantine_hours: Count
    subscriber_days: Count
    mailbox_days: Count
    backup_days: Count
