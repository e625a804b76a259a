"""Keeps the libraries' loggers from telling tokens, names and texts."""

from __future__ import annotations

import logging

_TALKATIVE = ("telegram", "httpx", "httpcore")


def quiet_loggers() -> None:
    """Silences the libraries that log addresses (which hold the token) and contents.

    The Telegram library is silent altogether: it logs whole answers as errors. What matters of
    its failures is raised, and logged by us.
    """
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in _TALKATIVE:
            _silence(name)
    for name in _TALKATIVE:
        _silence(name)
    # Warnings and errors of aiohttp are about connections; what it logs below may hold requests.
    logging.getLogger("aiohttp").setLevel(logging.WARNING)


def _silence(name: str) -> None:
    logger = logging.getLogger(name)
    logger.setLevel(logging.CRITICAL + 1)
    logger.propagate = False
    logger.disabled = True
