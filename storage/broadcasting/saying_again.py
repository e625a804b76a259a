"""Reminders of several webinars in one message, of which one is not to be spoken of any more."""

from __future__ import annotations

from collections.abc import Sequence

from storage.desk import Desk

# It goes to whom those broadcasts did not reach: `Reminders.spread` leaves out all others.
SAY_AGAIN = """
UPDATE reminders SET state = 'planned' WHERE webinar <> :webinar AND state IN ('spreading', 'sent')
  AND id IN (SELECT c.reminder FROM covers c
             WHERE c.broadcast IN (SELECT value FROM each_id(:broadcasts) AS given))
"""


async def say_again(desk: Desk, webinar: str, broadcasts: Sequence[int]) -> None:
    """What these broadcasts say of others than this webinar is said once more by others."""
    if broadcasts:
        values = {"webinar": webinar, "broadcasts": [*broadcasts]}
        await desk.connection.run(SAY_AGAIN, values)
