"""People and their accounts, as the rooms above see them and as their rows hold them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from storage.engines.port import Row, Value
from storage.engines.times import from_epoch_ms, hour_of
from storage.sealing.vault import Field, Vault

MAILED = "email"
"""The channel on which nothing can be pressed, and an account is an address of mail."""
VISITED = "web"
"""The channel that people come to: what is said there is read on their next visit."""


LAST = {MAILED: 1, VISITED: 2}
"""What comes behind the messengers, and in which order (in SQL: `preference.rank`)."""


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
    receipts: bool = True
    """Each change of what they see of their questions is told to them."""


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
    open_until: datetime | None = None
    """Until then it takes any message, later only templates; None where that is not so."""
    preferred: bool = False
    """Its person wishes to be written to here."""
    linked: bool = False
    """Its person has another address, too."""


def preferred(addresses: Iterable[Address]) -> Address | None:
    """Where somebody is written to: as they wish, else a messenger, else by mail, else on the web.

    None when none of these lets us.
    """
    open_ones = (each for each in addresses if each.reachable and not each.stopped)
    return min(
        open_ones,
        key=lambda each: (not each.preferred, LAST.get(each.channel, 0), each.id),
        default=None,
    )


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where an update came from, and the platform's id of it."""

    channel: str
    account: str
    id: str
    alias: str | None = None
    """Another id of the same account, by which it may be known, and which is written to."""
    opens_until: datetime | None = None
    """Until then the account takes any message, since this has arrived; None where it always does.
    """
    bare: bool = False
    """It came with a number alone, whose account may have another id as well."""


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
    channel: str | None = None
    """Where they gave it; None of what is older than that is kept."""


def address_key(vault: Vault, channel: str, account: str) -> str:
    """What an account is looked up by."""
    return vault.index("address", channel, account)


def person_lock(person_id: int) -> str:
    """What is held while somebody is changed who may have several accounts."""
    return f"person:{person_id}"


def sealed_account(vault: Vault, address_id: int, account: str) -> bytes:
    return vault.seal(account, Field("addresses", "account", address_id))


def person_values(vault: Vault, person: Person, now: datetime) -> dict[str, Value]:
    """The row of this person."""
    profile = person.profile
    told = [profile.nickname, profile.governorate, profile.zone, profile.email, person.receipts]
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
    told, flags = _told(vault, row[0], row[2]), map(bool, row[3:7])
    # Whoever was met before there were receipts has said nothing of them.
    receipts: bool = told[_PROFILE] if len(told) > _PROFILE else True
    return Person(row[0], row[1], row[7], Profile(*told[:_PROFILE]), *flags, receipts=receipts)


def profile_from(vault: Vault, person_id: int, sealed: bytes) -> Profile:
    """What this person told."""
    return Profile(*_told(vault, person_id, sealed)[:_PROFILE])


def _told(vault: Vault, person_id: int, sealed: bytes) -> list[Any]:
    return json.loads(vault.open(sealed, Field("people", "profile", person_id)))


_PROFILE = 4
"""What of it is the profile; what follows are wishes that need no column of their own."""


ADDRESS_COLUMNS = """a.id, a.person, a.channel, a.account, a.reachable, a.stopped,
       a.open_until, a.preferred, a.linked, d.id, d.platform_id"""
"""Of `addresses a`, and of the last delivery to it, `outbox d`."""
ADDRESS_WIDTH = 11


def address_from(vault: Vault, row: Row) -> Address:
    """The address in ADDRESS_COLUMNS."""
    id, person, channel, account, reachable, stopped, until, wish, linked, delivery, said = row
    return Address(
        id=id,
        person=person,
        channel=channel,
        account=vault.open(account, Field("addresses", "account", id)),
        reachable=bool(reachable),
        stopped=bool(stopped),
        last_message=said and vault.open(said, Field("outbox", "platform_id", delivery)),
        open_until=None if until is None else from_epoch_ms(until),
        preferred=bool(wish),
        linked=bool(linked),
    )
