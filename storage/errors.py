"""What can go wrong in storage, each with one plain sentence for whoever runs the bot."""

from __future__ import annotations


class StorageError(Exception):
    """The database cannot be used."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or self.__doc__)


class NewerDatabase(StorageError):
    """The database was made by a newer version of Tadamun; run that version."""


class OlderEngine(StorageError):
    """The database server is too old."""


class AlreadyRunning(StorageError):
    """Another Tadamun uses this database; only one may run at a time."""


class KeyringMissing(StorageError):
    """The database holds sealed rows, but the keyring that opens them is missing."""


class WrongKey(StorageError):
    """The master key or the keyring does not belong to this database."""


class Damaged(StorageError):
    """The database file is damaged; restore it from a backup."""


class Unreadable(StorageError):
    """A sealed field could not be opened: it was altered, moved, or its key was destroyed."""


class Unavailable(StorageError):
    """The database cannot be read or written at the moment; nothing of it was kept. Try again."""


class TakeAlone(StorageError):
    """Two of these turns are one person's: take each in a transaction of its own."""
