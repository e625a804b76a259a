"""Where the measuring side runs: on a core of its own, with nothing that interrupts it."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import uvloop

T = TypeVar("T")


def apart(run: Callable[[int], Coroutine[Any, Any, T]]) -> T:
    """What `run` returns; it is told the core that is left to the bots."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[0]})
    gc.disable()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run(cores[-1]))
