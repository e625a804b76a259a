"""One process at a time: a lock file beside the database."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from storage.errors import AlreadyRunning


class ProcessLock:
    """Held from `take` until `release`, or until the process ends, however it ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, path: Path) -> ProcessLock:
        """Raises AlreadyRunning when another process (or this one) holds it."""
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise AlreadyRunning() from error
        return cls(descriptor)

    def release(self) -> None:
        """Let the next one in; the file stays, so that two can never hold two different ones."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
