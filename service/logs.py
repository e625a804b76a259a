"""Log lines that may be read by anybody: what identifies a person or opens a door is blotted out.

The rooms log through `logging`; whatever they, or a library, or a traceback would print passes
through here last.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any

from delivery import without_words

BLOT = "[…]"

_TOKEN = r"\d{6,}:[A-Za-z0-9_-]{30,}"  # noqa: S105 - the shape of one
_EMAIL = r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"']+"
_PHONE = r"(?:\+|%2B|00)?964[\s-]?\d(?:[\s-]?\d){8,9}|\b07\d{9}\b|\+\d{8,15}"
_SUSPECT = re.compile(f"{_TOKEN}|{_EMAIL}|{_PHONE}", re.IGNORECASE)


LEVELS = {name.lower(): number for name, number in logging.getLevelNamesMapping().items()}

log = logging.getLogger("tadamun")


class Discreet(logging.Formatter):
    """Formats as usual, blots out secrets, e-mail and phone numbers, and tells errors by place."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """One record as text."""
        if record.name == "asyncio":
            # What it adds below its message are objects in full, with all that they hold.
            record.msg, record.args = record.getMessage().partition("\n")[0], None
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, BLOT)
        return _SUSPECT.sub(BLOT, line)

    def formatException(self, ei: Any) -> str:
        """Each error of the chain and where it comes from, but not what it says."""
        return "\n".join(f"  {without_words(error)}" for error in _behind(ei[1]))


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """The error, those in it if it is a group, and those that led to it."""
    if error is None:
        return
    yield error
    for one in getattr(error, "exceptions", ()):  # of a group
        yield from _behind(one)
    yield from _behind(error.__cause__ or error.__context__)


def confess(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
    """One line about the error that ends this process, instead of a traceback."""
    if not issubclass(kind, KeyboardInterrupt):
        log.critical("Tadamun has to end because of a mistake of its own.", exc_info=error)


def set_up(secrets: Iterable[str], level: int = logging.INFO) -> None:
    """Send all logs to standard error, discreetly."""
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    sys.excepthook = confess
