"""Keeps the library's loggers from telling numbers and texts."""

from __future__ import annotations

import logging

_TALKATIVE = (
    "twilio",
    "twilio.async_http_client",
    "twilio.http_client",
    "twilio.request_validator",
    "aiohttp_retry",
    "requests",
    "urllib3",
)


def quiet_loggers() -> None:
    """Silences the library, which logs addresses with numbers in them.

    What matters of its failures is raised, and logged by us.
    """
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False
        logger.disabled = True
    # Warnings and errors of aiohttp are about connections; what it logs below may hold requests.
    logging.getLogger("aiohttp").setLevel(logging.WARNING)
