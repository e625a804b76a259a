"""Lines of the log that want a human: said at once, and then once a minute while they last."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from pathlib import Path

EVERY = 60.0
"""Seconds between two equal lines."""
REMEMBERED = 100


def without_words(error: BaseException) -> str:
    """What kind of error it is and where it comes from: its words may be what a person wrote."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    places = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in frames)
    return f"{type(error).__name__} at {places}"


class Alarm:
    """Logs errors, each distinct line at most once a minute; `clock` gives seconds."""

    def __init__(self, log: logging.Logger, clock: Callable[[], float]) -> None:
        self._log = log
        self._clock = clock
        self._said_at: dict[str, float] = {}

    def sound(self, line: str, detail: object = None) -> None:
        """Log this line, with a detail behind it; it begins with `ALERT:`."""
        said = line if detail is None else f"{line}: {detail}"
        now = self._clock()
        before = self._said_at.get(said)
        if before is not None and 0 <= now - before < EVERY:
            return
        if len(self._said_at) >= REMEMBERED:
            self._said_at.clear()
        self._said_at[said] = now
        self._log.error("%s", said)
