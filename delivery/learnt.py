"""What an answer of the platform tells of an account, whenever it comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage import Transaction


@dataclass(frozen=True, slots=True)
class Learnt:
    """What is noted about an address; nothing, unless told otherwise."""

    gone: bool = False
    """It cannot be written to any more."""
    stopped: bool = False
    """They told the platform to have us stop."""
    no_marketing: bool = False
    """They told the platform that they want no announcements."""
    rests_until: datetime | None = None
    """Until then the platform keeps something from it."""
    shut: datetime | None = None
    """Its window was thought to be open until then, and is not."""
    account: str | None = None
    """It has this account now."""


NOTHING = Learnt()


async def note(tx: Transaction, address_id: int, learnt: Learnt, now: datetime) -> None:
    """Keeps it; what waits for an address that is gone will not be sent."""
    if learnt is NOTHING:
        return
    if learnt.account is not None:
        await tx.people.move(address_id, learnt.account)
    if learnt.shut is not None:
        await tx.people.close_window(address_id, learnt.shut)
        # The template that went instead was a first message, and not counted at its claim.
        await tx.reach.note(address_id, now)
    if learnt.gone or learnt.no_marketing or learnt.rests_until is not None:
        await tx.people.mark(
            address_id,
            reachable=False if learnt.gone else None,
            stopped=True if learnt.stopped else None,
            marketing=False if learnt.no_marketing else None,
            rests_until=learnt.rests_until,
        )
    if learnt.stopped:
        await tx.people.opt_out(address_id)
    if learnt.gone:
        await tx.outbox.suppress(address_id)
