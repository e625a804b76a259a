"""Plain numbers about one postman, for whoever looks after the bot."""

from __future__ import annotations

from dataclasses import dataclass

from storage.outbox import State


@dataclass(slots=True)
class Counts:
    """What is in the postman's hands now, and what happened since the start."""

    waiting: int = 0
    """Letters in memory that have not started."""
    in_flight: int = 0
    sent: int = 0
    failed: int = 0
    expired: int = 0
    unknown: int = 0
    suppressed: int = 0
    again: int = 0
    """Rows that went back into the outbox."""
    busy: int = 0
    """Pauses that the platform asked for."""
    barred: int = 0
    """Refusals of our credentials."""
    failing: bool = False
    """The database takes nothing at the moment."""
    connected: bool = False
    """The platform took the last message, or refused it for a reason of that message's own."""

    def ended(self, state: State) -> None:
        """Counts what became of a row."""
        match state:
            case State.SENT:
                self.sent += 1
            case State.FAILED:
                self.failed += 1
            case State.EXPIRED:
                self.expired += 1
            case State.UNKNOWN:
                self.unknown += 1
            case State.SUPPRESSED:
                self.suppressed += 1
            case _:
                self.again += 1
