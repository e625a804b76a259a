"""What every noun of this room works with inside one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from storage.engines.port import Connection
from storage.ids import Ids
from storage.sealing.vault import Vault


@dataclass(frozen=True, slots=True)
class Desk:
    """The transaction's connection, the vault, the ids, and the clock."""

    connection: Connection
    vault: Vault
    ids: Ids
    clock: Callable[[], datetime]
    present: set[int] = field(default_factory=set[int])
    """The people whose turns were loaded: none of them may become another in between."""
