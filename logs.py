"""Log lines that may be read by anybody: what identifies a person or opens a door is blotted out.

Imported by `bot` alone. The rooms log through `logging`; whatever they, or a library, or a
traceback would print passes through here last.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

BLOT = "[…]"

_TOKEN = r"\d{6,}:[A-Za-z0-9_-]{30,}"  # noqa: S105 - the shape of one
_EMAIL = r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"']+"
_PHONE = r"(?:\+|%2B|00)?964[\s-]?\d(?:[\s-]?\d){8,9}|\b07\d{9}\b|\+\d{8,15}"
_SUSPECT = re.compile(f"{_TOKEN}|{_EMAIL}|{_PHONE}", re.IGNORECASE)


class Discreet(logging.Formatter):
    """Formats as usual, traceback included, and blots out secrets, e-mail and phone numbers."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """One record as text."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, BLOT)
        return _SUSPECT.sub(BLOT, line)


def set_up(secrets: Iterable[str], level: int = logging.INFO) -> None:
    """Send all logs to standard error, discreetly."""
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
