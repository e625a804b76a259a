"""What the pages that answer a mail need of the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from dialogue.incoming import Incoming
from dialogue.words import Text
from handlers.mail.tickets import Ticket, Way


@dataclass(frozen=True, slots=True)
class AskingParts:
    """What they are handed."""

    open_link: Callable[[Way, str], str | None]
    """The words that were sealed in a link; None when they were not."""
    notice: Callable[[], tuple[Sequence[Text], str]]
    """What is agreed to, and its version."""
    fetch: Callable[[Ticket], Awaitable[Incoming | None]]
    """The mail once more, if it is still there; raises what a channel may, if it cannot be told."""
    take: Callable[[Incoming], Awaitable[None]]
    """Raises TryAgain."""
