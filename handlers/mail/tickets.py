"""What a link in a mail of ours holds, sealed: nothing of it is stored anywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

LASTING = timedelta(hours=24)


class Way(StrEnum):
    """Where such a link leads, and what it is sealed for."""

    ASK = "question"
    """To the notice, and the button that makes a question of a mail."""
    ANSWER = "answers"
    """To the button by which an expert says that the answers in a mail are theirs."""
    ERASE = "forget"
    """To the button that erases everything."""
    STOP = "stop"
    """To the button that ends mail; the link holds the account alone, and lasts."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whose link it is, until when it is good, and which mail of theirs it is about."""

    account: str
    until: datetime
    lies_at: str = "-"

    def __str__(self) -> str:
        return f"{int(self.until.timestamp())} {self.lies_at} {self.account}"


def ticket(account: str, now: datetime, lies_at: str = "-") -> Ticket:
    """One that is good from now on."""
    return Ticket(account, now + LASTING, lies_at)


def ticket_in(words: str | None, now: datetime) -> Ticket | None:
    """The ticket that was sealed as these words, while it is good."""
    until, _, rest = (words or "").partition(" ")
    lies_at, _, account = rest.partition(" ")
    if not until.isdecimal() or not account:
        return None
    found = Ticket(account, datetime.fromtimestamp(int(until), UTC), lies_at)
    return found if now < found.until else None
