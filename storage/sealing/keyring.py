"""The keys of the vault, in a file of their own, wrapped by the master key.

The file lies apart from the database, so that neither a stolen database nor an old backup of it
can be read alone. A key is on the disk before anything is sealed with it; destroying a key makes
whatever was sealed with it unreadable, in every backup too.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.errors import StorageError, Unavailable, WrongKey
from storage.ids import Randomness

GENERAL = "general"
INDEX = "index"
MASTER_FILE = "master.key"
SHORTEST_MASTER = 32  # characters


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the ring: its number, what it is for, and its 32 bytes."""

    number: int
    purpose: str
    secret: bytes

    def __repr__(self) -> str:
        return f"Key({self.number}, {self.purpose!r})"


class Keyring:
    """All keys that exist, by purpose and by number."""

    def __init__(self, path: Path, master: bytes, randomness: Randomness) -> None:
        self._path = path
        self._wrapping = AESGCM(master)
        self._randomness = randomness
        self._keys: dict[int, Key] = {}

    @classmethod
    def make(cls, path: Path, master_key: str | None, randomness: Randomness) -> Keyring:
        """A new keyring with a general and an index key, on the disk when this returns."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with changing(path):
            # Two machines may start at the same time: the second takes what the first made.
            if not path.exists():
                if master_key is None and not (path.parent / MASTER_FILE).exists():
                    text = base64.b64encode(randomness(32))
                    write_whole(path.parent / MASTER_FILE, text)
                keyring = cls(path, master_bytes(path, master_key), randomness)
                keyring._put(GENERAL, INDEX)
        return cls.load(path, master_key, randomness)

    @classmethod
    def load(cls, path: Path, master_key: str | None, randomness: Randomness) -> Keyring:
        """The keyring in this file; raises WrongKey when the master key does not open it."""
        refuse_if_others_read(path)
        keyring = cls(path, master_bytes(path, master_key), randomness)
        keyring.reload()
        return keyring

    def reload(self) -> None:
        """Read the file again: another process may have added a key."""
        try:
            content: dict[str, Any] = json.loads(self._path.read_bytes())
            keys = [self._unwrapped(entry) for entry in content["keys"]]
        except (ValueError, KeyError, TypeError) as error:
            raise StorageError(
                "The keyring file is damaged; restore it from its backup."
            ) from error
        self._keys = {key.number: key for key in keys}

    def by_number(self, number: int) -> Key | None:
        """The key that a sealed field names, or None when it was destroyed."""
        return self._keys.get(number)

    def by_purpose(self, purpose: str) -> Key | None:
        """The newest key for this purpose."""
        found = [key for key in self._keys.values() if key.purpose == purpose]
        return max(found, key=lambda key: key.number, default=None)

    def need(self, purpose: str) -> Key:
        """The key for this purpose, made and on the disk if there was none."""
        found = self.by_purpose(purpose)
        if found is not None:
            return found
        with changing(self._path):
            self.reload()
            found = self.by_purpose(purpose)
            if found is None:
                self._put(purpose)
                found = self.by_purpose(purpose)
        assert found is not None  # noqa: S101 - it was put there just now
        return found

    def destroy(self, purpose: str) -> None:
        """Forget the keys for this purpose, in memory and on the disk."""
        with changing(self._path):
            self.reload()
            kept = {n: key for n, key in self._keys.items() if key.purpose != purpose}
            if len(kept) != len(self._keys):
                self._save(kept)

    def _put(self, *purposes: str) -> None:
        keys = dict(self._keys)
        for purpose in purposes:
            number = int.from_bytes(self._randomness(4), "big")
            while number in keys:
                number = int.from_bytes(self._randomness(4), "big")
            keys[number] = Key(number, purpose, self._randomness(32))
        self._save(keys)

    def _save(self, keys: dict[int, Key]) -> None:
        entries = [self._wrapped(key) for key in keys.values()]
        content = json.dumps({"version": 1, "keys": entries}, indent=1).encode()
        try:
            write_whole(self._path, content)
        except OSError as error:
            raise Unavailable(f"The keyring cannot be written ({error.strerror}).") from error
        # Only now: nothing may be sealed with a key that is not on the disk.
        self._keys = keys

    def _wrapped(self, key: Key) -> dict[str, Any]:
        nonce = self._randomness(12)
        sealed = self._wrapping.encrypt(nonce, key.secret, bound_to(key.number, key.purpose))
        return {
            "number": key.number,
            "purpose": key.purpose,
            "wrapped": base64.b64encode(nonce + sealed).decode(),
        }

    def _unwrapped(self, entry: dict[str, Any]) -> Key:
        number, purpose = int(entry["number"]), str(entry["purpose"])
        raw = base64.b64decode(entry["wrapped"])
        try:
            secret = self._wrapping.decrypt(raw[:12], raw[12:], bound_to(number, purpose))
        except InvalidTag as error:
            raise WrongKey("The master key does not open the keyring.") from error
        return Key(number, purpose, secret)


@contextmanager
def changing(path: Path) -> Generator[None]:
    """One change at a time, of all threads and all processes that share the file."""
    flags = os.O_CREAT | os.O_RDWR | os.O_CLOEXEC
    descriptor = os.open(path.with_name(path.name + ".lock"), flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def bound_to(number: int, purpose: str) -> bytes:
    return f"keyring|{number}|{purpose}".encode()


def master_bytes(path: Path, master_key: str | None) -> bytes:
    """The wrapping key out of the master key, or out of the file beside the keyring."""
    if master_key is None:
        beside = path.parent / MASTER_FILE
        if not beside.exists():
            raise WrongKey("The master key is missing: set TADAMUN_MASTER_KEY.")
        refuse_if_others_read(beside)
        master_key = beside.read_text().strip()
    if len(master_key) < SHORTEST_MASTER:
        raise WrongKey(f"The master key must be at least {SHORTEST_MASTER} characters long.")
    return HKDF(SHA256(), 32, salt=None, info=b"tadamun keyring").derive(master_key.encode())


def refuse_if_others_read(path: Path) -> None:
    """Raises StorageError when anybody but the owner may read this file of secrets."""
    if path.stat().st_mode & 0o077:
        raise StorageError(f"{path.name} may be read by others; run: chmod 600 {path}")


def write_whole(path: Path, content: bytes) -> None:
    """Replace the file in one step, on the disk when this returns, and blank what was there."""
    fresh = path.with_name(path.name + ".new")
    with open(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    old = os.open(path, os.O_RDWR) if path.exists() else None
    fresh.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    if old is not None:
        # A destroyed key should not lie about in a free block of the disk.
        os.pwrite(old, bytes(os.fstat(old).st_size), 0)
        os.fsync(old)
        os.close(old)
