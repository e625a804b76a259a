"""Waiting until something holds at a stand-in, without asking again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

PATIENCE = 60
"""Seconds that anything is waited for that must come: a slow machine may need many of them."""


class Watchers:
    """Conditions that somebody waits for, looked at whenever something happens."""

    def __init__(self) -> None:
        self._waiters: list[tuple[Callable[[], object], asyncio.Future[None]]] = []

    async def wait_for(self, condition: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Returns once the condition holds; raises TimeoutError."""
        if condition():
            return
        held: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiter = (condition, held)
        self._waiters.append(waiter)
        try:
            await asyncio.wait_for(held, seconds)
        finally:
            self._waiters.remove(waiter)

    def changed(self) -> None:
        """Something has happened."""
        for condition, held in self._waiters:
            if not held.done() and condition():
                held.set_result(None)
