"""The server that takes our mail, as its address says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit


class Cipher(StrEnum):
    """How the line to the server is kept from others."""

    STARTTLS = "smtp"
    """It begins in the open and is ciphered before anything is told, or nothing is told."""
    TLS = "smtps"
    NONE = "smtp+plain"
    """For a server on this machine alone."""


PORTS = {Cipher.STARTTLS: 587, Cipher.TLS: 465, Cipher.NONE: 25}


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail is handed over, and as whom."""

    host: str
    port: int
    cipher: Cipher
    user: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"Relay({self.host}:{self.port}, {self.cipher})"


def relay_of(url: str) -> Relay:
    """The server of `smtp://user:password@host:587` and the like; the address was checked."""
    parts = urlsplit(url)
    cipher = Cipher(parts.scheme)
    return Relay(
        host=parts.hostname or "",
        port=parts.port or PORTS[cipher],
        cipher=cipher,
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )
