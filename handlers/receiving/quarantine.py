"""What is kept of a turn that failed alone: sealed, and its person's to erase."""

from __future__ import annotations

from datetime import datetime

from dialogue.incoming import Incoming
from handlers.arrivals import arrival
from storage import Transaction


async def set_aside(
    storage: Transaction, incoming: Incoming, reason: str, now: datetime
) -> str | None:
    """Seal the turn, so that /forget finds it, and say which language the person speaks.

    Of somebody unknown nothing may be stored, not even this, and nothing is known.
    """
    channel, account = incoming.channel, incoming.sender
    address = await storage.people.find(channel, account)
    if address is None and incoming.alias is not None:
        address = await storage.people.find(channel, incoming.alias)
    if address is None:
        return None
    raw = repr((incoming.id, incoming.text, incoming.choice, incoming.media))
    await storage.quarantine.put(channel, raw, reason, now, account)
    await storage.turns.note(arrival(incoming), now)
    person = await storage.people.get(address.person)
    return person.language if person else None
