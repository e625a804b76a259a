"""The only home of SQL: people, talks, the programme, the outbox, behind two database engines.

Imports `dialogue` and nothing else of ours. Functions return dataclasses, never rows; whatever a
person typed, or that tells who or where they are, is sealed before it reaches the database.
"""

from storage.errors import (
    AlreadyRunning,
    Damaged,
    KeyringMissing,
    NewerDatabase,
    StorageError,
    TakeAlone,
    Unavailable,
    Unreadable,
    WrongKey,
)
from storage.store import Storage
from storage.transaction import Transaction

__all__ = [
    "AlreadyRunning",
    "Damaged",
    "KeyringMissing",
    "NewerDatabase",
    "Storage",
    "StorageError",
    "TakeAlone",
    "Transaction",
    "Unavailable",
    "Unreadable",
    "WrongKey",
]
