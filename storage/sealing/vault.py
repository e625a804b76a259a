"""Seals what tells who somebody is, and finds it again without opening anything.

A sealed field is: number of the key (4 bytes), nonce (12), AES-256-GCM ciphertext and tag. It is
bound to its table, column and row, so that it opens nowhere else; it is padded to steps of 64
bytes, so that its size tells little. An index is a keyed hash, under a key of its own.
"""

from __future__ import annotations

import base64
import hmac
import struct
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import Unreadable
from storage.ids import Randomness
from storage.sealing.keyring import GENERAL, INDEX, Key, Keyring

STEP = 64
NONCE = 12
HEAD = 4 + NONCE
INDEX_BYTES = 16
INDEX_LENGTH = 22  # characters


class Field(NamedTuple):
    """Where a sealed value belongs."""

    table: str
    column: str
    row: int | str

    def bound(self) -> bytes:
        return f"{self.table}|{self.column}|{self.row}".encode()


class Vault:
    """Seals and opens fields with the keys of a keyring."""

    def __init__(self, keyring: Keyring, randomness: Randomness) -> None:
        self._keyring = keyring
        self._randomness = randomness
        self._index_key = keyring.need(INDEX).secret
        self._ciphers: dict[int, AESGCM] = {}
        self._general = self._head(keyring.need(GENERAL))

    def seal(self, text: str, field: Field) -> bytes:
        """This text for this field, under the general key."""
        return self.seal_bytes(text.encode("utf-8", "surrogatepass"), field)

    def seal_bytes(self, content: bytes, field: Field) -> bytes:
        """This content for this field, under the general key."""
        return self._seal(content, field, *self._general)

    def seal_for(self, webinar: str | None, text: str, field: Field) -> bytes:
        """This text under the webinar's own key; under the general one when it has no webinar."""
        if webinar is None:
            return self.seal(text, field)
        raw = text.encode("utf-8", "surrogatepass")
        return self._seal(raw, field, *self._head(self._keyring.need(purpose(webinar))))

    def open(self, sealed: bytes, field: Field) -> str:
        """The text that was sealed for this field.

        Raises Unreadable when it was altered or moved, or when its key was destroyed.
        """
        return self.open_bytes(sealed, field).decode("utf-8", "surrogatepass")

    def open_bytes(self, sealed: bytes, field: Field) -> bytes:
        """The content that was sealed for this field; raises Unreadable like `open`."""
        number = int.from_bytes(sealed[:4], "big")
        cipher = self._ciphers.get(number) or self._known(number)
        try:
            padded = cipher.decrypt(sealed[4:HEAD], sealed[HEAD:], field.bound())
        except (InvalidTag, ValueError) as error:
            raise Unreadable() from error
        length = int.from_bytes(padded[:4], "big")
        return padded[4 : 4 + length]

    def index(self, kind: str, *parts: str) -> str:
        """A keyed hash to look these parts up by: 22 characters that tell nothing."""
        # Lengths in front: ("ab", "c") and ("a", "bc") must not meet.
        text = kind + "".join(f"|{len(part)}:{part}" for part in parts)
        digest = hmac.digest(self._index_key, text.encode("utf-8", "surrogatepass"), "sha256")
        return base64.urlsafe_b64encode(digest[:INDEX_BYTES])[:INDEX_LENGTH].decode("ascii")

    def make_key(self, webinar: str) -> None:
        """The webinar's own key exists and is on the disk when this returns."""
        self._keyring.need(purpose(webinar))

    def destroy_key(self, webinar: str) -> None:
        """Nothing that was sealed for this webinar can be opened any more, here or in a backup."""
        key = self._keyring.by_purpose(purpose(webinar))
        if key is not None:
            self._keyring.destroy(purpose(webinar))
            self._ciphers.pop(key.number, None)

    def _seal(self, raw: bytes, field: Field, head: bytes, cipher: AESGCM) -> bytes:
        size = -(-(4 + len(raw)) // STEP) * STEP
        padded = struct.pack(f">I{size - 4}s", len(raw), raw)
        nonce = self._randomness(NONCE)
        return head + nonce + cipher.encrypt(nonce, padded, field.bound())

    def _head(self, key: Key) -> tuple[bytes, AESGCM]:
        cipher = self._ciphers.get(key.number)
        if cipher is None:
            cipher = self._ciphers[key.number] = AESGCM(key.secret)
        return key.number.to_bytes(4, "big"), cipher

    def _known(self, number: int) -> AESGCM:
        key = self._keyring.by_number(number)
        if key is None:
            # Another process that shares the keyring may have made it since.
            self._keyring.reload()
            key = self._keyring.by_number(number)
        if key is None:
            raise Unreadable()
        return self._head(key)[1]


def purpose(webinar: str) -> str:
    """What the key of a webinar is called in the keyring."""
    return f"webinar:{webinar}"
