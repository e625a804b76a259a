"""What is left of broadcasts that are over: their counts, and nothing of what they said."""

from __future__ import annotations

from storage.desk import Desk
from storage.engines.port import Values

# The text goes with the webinar that it is about, else with time; the counts stay.
CONTENTS = """
UPDATE broadcasts SET content = :empty, change = NULL
WHERE ended IS NOT NULL AND length(content) > 0
  AND (webinar IN (SELECT value FROM each_text(:webinars) AS given)
       OR (ended <= :before AND NOT EXISTS (
           SELECT 1 FROM webinars w WHERE w.id = broadcasts.webinar)))
RETURNING id
"""
# What nobody resumes is cancelled, as by somebody: it ends, and then its time runs.
PAUSED = """
UPDATE broadcasts SET state = 'cancelling' WHERE state = 'paused' AND began <= :before RETURNING id
"""
# Whom it was written down for goes first, and the rest with the next sweep.
NEVER_AGREED = """
UPDATE broadcasts SET state = 'draft', confirmed = NULL, frozen = NULL, stale = 1
WHERE state = 'waiting' AND frozen_to IS NOT NULL AND made <= :before RETURNING id
"""
NEVER_SENT = """
DELETE FROM broadcasts
WHERE began IS NULL AND ended IS NULL AND state IN ('draft', 'waiting') AND made <= :before
  AND frozen_to IS NULL
RETURNING id
"""
COVERS = """
DELETE FROM covers WHERE reminder IN (
    SELECT id FROM reminders
    WHERE webinar IN (SELECT value FROM each_text(:webinars) AS given))
"""
REMINDERS = """
DELETE FROM reminders WHERE webinar IN (SELECT value FROM each_text(:webinars) AS given)
"""


async def clear_spent(desk: Desk, before: int, webinars: list[str]) -> int:
    """Clear what was over before (epoch ms), or speaks of these webinars; how many those were."""
    values: Values = {"before": before, "webinars": webinars, "empty": b""}
    cleared = await desk.connection.fetch(CONTENTS, values)
    cleared += await desk.connection.fetch(NEVER_SENT, values)
    cleared += await desk.connection.fetch(NEVER_AGREED, values)
    cleared += await desk.connection.fetch(PAUSED, values)
    await desk.connection.run(COVERS, values)
    await desk.connection.run(REMINDERS, values)
    return len(cleared)
