"""What storage is told of something that came in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from dialogue.incoming import Incoming
from storage.turns import Arrival

DAY = timedelta(hours=24)
WINDOWS: Mapping[str, timedelta] = {"whatsapp": DAY}
"""So long after a message of theirs people may be sent anything, and later only templates
(https://www.twilio.com/docs/whatsapp/key-concepts#the-24-hour-or-customer-service-window)."""

KEEPING = frozenset({"whatsapp"})
"""Whose platform keeps what was said until it is told otherwise, beside what is on the phones."""


def arrival(incoming: Incoming) -> Arrival:
    """From which account it came, under which id, and for how long that account is open now."""
    window = WINDOWS.get(incoming.channel)
    return Arrival(
        incoming.channel,
        incoming.sender,
        incoming.id,
        incoming.alias,
        None if window is None else incoming.at + window,
        incoming.bare,
    )
