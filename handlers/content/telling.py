"""What a file moves or cancels concerns people: they are told as if it were done in the chat.

On the command line nothing is held for a minute: whoever imports a file has it before them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers.telling import changes
from handlers.telling.notices import Notice
from storage import Transaction
from storage.broadcasting.broadcasts import Kind
from storage.series.webinars import Webinar


async def tell(tx: Transaction, before: Webinar, after: Webinar, now: datetime) -> int | None:
    """Have those registered told, with this very transaction, and how many they are.

    None when there is nothing to tell them. What is being sent that says otherwise stops.
    """
    kind = _notice(before, after, now)
    if kind is None:
        return None
    await tx.reminders.halt(after.id)
    # A change that an organiser could still undo is not what the file says.
    await changes.drop_held(tx, after.id, now)
    rule = changes.registered(after.id)
    count = (await tx.recipients.audience(rule, kind=Kind.NOTICE)).total
    if count:
        until = max(before.starts_at, after.starts_at) if kind == "moved" else before.starts_at
        named = replace(after, starts_at=before.starts_at)
        await changes.tell(tx, kind, named, until, now)
    return count


def _notice(before: Webinar, after: Webinar, now: datetime) -> Notice | None:
    """What people would otherwise come in vain for, or too late."""
    if before.state != "published" or before.starts_at <= now:
        return None
    if after.state == "cancelled":
        return "cancelled"
    moved = after.starts_at != before.starts_at and after.starts_at > now
    return "moved" if moved and after.state == "published" else None
