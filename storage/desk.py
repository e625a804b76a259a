"""What every noun of this room works with inside one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from storage.ids import Ids
from storage.port import Connection
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Desk:
    """The transaction's connection, the vault, the ids, and the clock."""

    connection: Connection
    vault: Vault
    ids: Ids
    clock: Callable[[], datetime]
