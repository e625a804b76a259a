"""An expert's address that organisers named for one webinar, and the link by which it answers."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from enum import StrEnum

from storage.engines.port import Row
from storage.errors import Unreadable
from storage.persons import MAILED, Address
from storage.sealing.vault import INDEX_LENGTH, Field, Vault

LINK = re.compile(rf"([0-9a-f]{{16}})([A-Za-z0-9_-]{{{INDEX_LENGTH}}})")


class Wanted(StrEnum):
    """What the one behind an address said."""

    ASKED = "asked"
    """Nothing yet."""
    AGREED = "agreed"
    REFUSED = "refused"
    """Their address is erased; only that it is not to be asked again is kept."""


@dataclass(frozen=True, slots=True)
class Guest:
    """An address for one webinar; without an account once it was refused."""

    id: int
    webinar: str
    address: int
    account: str | None
    language: str
    wanted: Wanted
    reachable: bool

    @property
    def way(self) -> Address | None:
        """How they are written to; None where they may not be."""
        if self.account is None or not self.reachable:
            return None
        return Address(self.address, self.id, MAILED, self.account)


COLUMNS = """g.id, g.webinar, g.address, g.language, g.state, a.account,
       COALESCE(a.reachable, 0), COALESCE(a.stopped, 0)"""
"""Of `guests g` and `addresses a`."""


def guest_from(vault: Vault, row: Row) -> Guest:
    """The guest in a row of COLUMNS; without an account that does not open, or was stopped."""
    id, webinar, address, language, state, sealed, reachable, stopped = row
    account: str | None = None
    if sealed is not None and not stopped:
        try:
            account = vault.open(sealed, Field("addresses", "account", address))
        except Unreadable:
            account = None
    return Guest(id, webinar, address, account, language, Wanted(state), bool(reachable))


def link_to(vault: Vault, guest_id: int) -> str:
    """As `Guests.link`."""
    return f"{guest_id:016x}{vault.index('guest-link', str(guest_id))}"


def id_in(vault: Vault, link: str) -> int | None:
    """The guest's id that this link was made for; None when we did not make it."""
    found = LINK.fullmatch(link)
    if found is None:
        return None
    id = int(found[1], 16)
    made = vault.index("guest-link", str(id))
    # An id has 63 bits; no database looks for a larger one.
    return id if hmac.compare_digest(made, found[2]) and id < 2**63 else None
