"""What the boards are handed by whoever puts the process together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from dialogue.words import Text
from storage import Storage, Transaction
from storage.asking.moderation import Handled
from storage.community.boards import Seat
from storage.roles import Role
from web.board.acting import Told

Revealed: TypeAlias = Callable[[Transaction, Handled, Role, str], Awaitable[None]]
"""Has the owners hear, in the same commit, that somebody with this role looked up who asked this,
and why."""


@dataclass(frozen=True, slots=True)
class BoardParts:
    """What the boards need of the others."""

    storage: Storage
    say: Callable[[str, Text], str]
    """What a text says in a language."""
    told: Told
    answered: Told
    """The same once they were given an answer, or another one."""
    moved: Callable[[], None]
    """Told after each commit that brought a question further."""
    reasons: Sequence[tuple[str, Text]]
    """For which a question is declined: as it is stored, and as it is said."""
    question_length: int
    """UTF-16 units that a question may have."""
    codes: Collection[Seat]
    """The seats that ask for a code of an authenticator app beside the link."""
    revealed: Revealed
    reveals_per_day: int
    """Askers who may be looked up; 0 is never."""
