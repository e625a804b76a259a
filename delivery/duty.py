"""Which of several processes on one database serves a sender: one of them, the others wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Duty:
    """Whether it is this process now; it outlives the postmen, who come and go with it."""

    def __init__(self, begun: Callable[[], None] = lambda: None) -> None:
        self._begun = begun
        self.on = asyncio.Event()
        """Set while this process serves the sender."""
        self.off = asyncio.Event()
        """Set while it does not."""
        self.off.set()

    def begin(self) -> None:
        """This process serves the sender from now on."""
        self.off.clear()
        self.on.set()
        self._begun()

    def end(self) -> None:
        """Another process may serve the sender from now on."""
        self.on.clear()
        self.off.set()
