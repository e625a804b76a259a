"""People and their accounts, as the rooms above see them and as their rows hold them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from storage.port import Row, Value
from storage.times import hour_of
from storage.vault import Field, Vault

VISITED = "web"
"""The channel that people come to: what is said there is read on their next visit."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person chose to tell; sealed as one."""

    nickname: str | None = None
    governorate: str | None = None
    zone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who agreed to the notice."""

    id: int
    language: str
    notice: str
    """The version of the notice that they agreed to last."""
    profile: Profile = field(default_factory=Profile)
    announcements: bool = True
    reminders: bool = True
    text_only: bool = False
    all_future: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """One account of a person on one channel."""

    id: int
    person: int
    channel: str
    account: str
    reachable: bool = True
    """False once they blocked the bot, until they write again."""
    stopped: bool = False
    """True after STOP."""
    last_message: str | None = None
    """The platform's id of the last message delivered here; None while unknown."""


def preferred(addresses: Iterable[Address]) -> Address | None:
    """Where somebody is written to: a messenger before the web chat, if they let us at all."""
    open_ones = (each for each in addresses if each.reachable and not each.stopped)
    return min(open_ones, key=lambda each: (each.channel == VISITED, each.id), default=None)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where an update came from, and the platform's id of it."""

    channel: str
    account: str
    id: str


@dataclass(frozen=True, slots=True)
class Consent:
    """The text that was agreed to: its version, its hash and its language."""

    version: str
    hash: str
    language: str


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A consent, and the hour in which it was given."""

    version: str
    hash: str
    language: str
    at: datetime


def address_key(vault: Vault, channel: str, account: str) -> str:
    """What an account is looked up by."""
    return vault.index("address", channel, account)


def sealed_account(vault: Vault, address_id: int, account: str) -> bytes:
    return vault.seal(account, Field("addresses", "account", address_id))


def person_values(vault: Vault, person: Person, now: datetime) -> dict[str, Value]:
    """The row of this person."""
    profile = person.profile
    told = [profile.nickname, profile.governorate, profile.zone, profile.email]
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    where = profile.governorate
    return {
        "id": person.id,
        "language": person.language,
        "profile": vault.seal(text, Field("people", "profile", person.id)),
        "governorate_key": None if where is None else vault.index("governorate", where),
        "announcements": int(person.announcements),
        "reminders": int(person.reminders),
        "text_only": int(person.text_only),
        "all_future": int(person.all_future),
        "notice": person.notice,
        "hour": hour_of(now),
    }


def person_from(vault: Vault, row: Row) -> Person:
    """The person in (id, language, profile, four flags, notice)."""
    profile = json.loads(vault.open(row[2], Field("people", "profile", row[0])))
    return Person(row[0], row[1], row[7], Profile(*profile), *map(bool, row[3:7]))


def address_from(vault: Vault, row: Row) -> Address:
    """The address in (id, person, channel, account, two flags, last delivery, its platform id)."""
    id, person, channel, account, reachable, stopped, delivery, platform_id = row
    last = None
    if platform_id is not None:
        last = vault.open(platform_id, Field("outbox", "platform_id", delivery))
    opened = vault.open(account, Field("addresses", "account", id))
    return Address(id, person, channel, opened, bool(reachable), bool(stopped), last)
