"""All other tables of settings.toml: the house itself, and what is done in it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, SecretStr, model_validator

from settings.values import (
    Comparable,
    Count,
    Database,
    Line,
    MinutesBefore,
    Origin,
    Readable,
    Table,
    Translator,
    Wording,
    Zone,
    is_near,
    parts_of,
    secret,
)


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
    words: Readable
    across_languages: Comparable


class Board(Table):
    """Who gets to the boards by what, and what they let be done."""

    codes: tuple[Literal["desk", "interpret", "stage"], ...]
    reveals_per_day: Annotated[int, Field(ge=0, le=1000)]


class Translation(Table):
    """The machine that drafts translations; off without an address."""

    url: Translator
    api_key: Annotated[
        SecretStr | None, secret(pattern=r"\S+", meaning="must be one word, as the server gave it")
    ] = None

    @property
    def elsewhere(self) -> str:
        """The host that texts are sent to; empty where they stay with us."""
        host = parts_of(self.url).hostname or ""
        return "" if is_near(host) else host


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
    audit_days: Count
    backup_days: Count
