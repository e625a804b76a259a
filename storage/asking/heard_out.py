"""Questions whose time is over, and what is left of moderating them."""

from __future__ import annotations

from storage.asking.changing import next_change
from storage.asking.claims import LAPSE
from storage.asking.ways_back import erase_arrived
from storage.desk import Desk
from storage.engines.port import Value

QUESTIONS = """
DELETE FROM questions
WHERE COALESCE(webinar, '') IN (SELECT value FROM each_text(:webinars) AS given) RETURNING 1
"""
# A question to the series as a whole goes with the first webinar after it, if there is one.
QUESTIONS_TO_ALL = """
DELETE FROM questions WHERE COALESCE(webinar, '') = '' AND COALESCE(
    (SELECT MIN(w.starts_at + w.minutes * 60000) FROM webinars w
     WHERE w.starts_at + w.minutes * 60000 >= questions.hour AND w.state <> 'draft'),
    hour) <= :before RETURNING 1
"""
# Whose question went with an earlier webinar follows nothing.
FOLLOWERS = """
DELETE FROM questions WHERE merged_into IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM questions r WHERE r.id = questions.merged_into) RETURNING 1
"""
VOICES = """
DELETE FROM supports
WHERE NOT EXISTS (SELECT 1 FROM questions q WHERE q.id = supports.question) RETURNING 1
"""
TEXTS = """
DELETE FROM texts
WHERE NOT EXISTS (SELECT 1 FROM questions q WHERE q.id = texts.question) RETURNING 1
"""
LIKES = """
DELETE FROM alike
WHERE NOT EXISTS (SELECT 1 FROM questions q WHERE q.id = alike.question)
   OR NOT EXISTS (SELECT 1 FROM questions q WHERE q.id = alike.other) RETURNING 1
"""
AWAITED = """
DELETE FROM awaited
WHERE NOT EXISTS (SELECT 1 FROM questions q WHERE q.id = awaited.question) RETURNING 1
"""
STRIKES = """
DELETE FROM strikes
WHERE NOT EXISTS (SELECT 1 FROM questions q WHERE q.asker_key = strikes.key) RETURNING 1
"""
HUSHED = """
DELETE FROM hushed WHERE until <= :now OR (kind = 'mute'
    AND webinar IN (SELECT value FROM each_text(:webinars) AS given)) RETURNING key
"""
HEARD_AGAIN = """
UPDATE questions SET changed = :changed
WHERE asker_key IN (SELECT value FROM each_text(:keys) AS given)
"""
INTAKE = """
DELETE FROM intake WHERE webinar IN (SELECT value FROM each_text(:webinars) AS given) RETURNING 1
"""
UNCLAIMED_TEXTS = """
UPDATE texts SET claimed_by = NULL, claimed_until = NULL
WHERE state <> 'approved' AND claimed_until <= :now RETURNING 1
"""


async def clear_questions(desk: Desk, webinars: list[str], before: int, now: int) -> int:
    """Clear the questions to these webinars, and those to the series that are from before (epoch
    ms); and what is over now. How many rows that were, without the questions."""
    # A board is to see that they are gone.
    changed = await next_change(desk)
    values: dict[str, Value] = {"webinars": webinars, "before": before, "now": now}
    gone = len(await desk.connection.fetch(QUESTIONS, values))
    gone += len(await desk.connection.fetch(QUESTIONS_TO_ALL, values))
    rows = len(await desk.connection.fetch(FOLLOWERS, values))
    # To find what belongs to none takes a look at all of it. Whoever erases a question at any
    # other time sees to that at once (`families.leave_alone`).
    orphans = (VOICES, TEXTS, LIKES) if gone + rows else ()
    for statement in (*orphans, AWAITED, STRIKES, INTAKE, UNCLAIMED_TEXTS):
        rows += len(await desk.connection.fetch(statement, values))
    heard: list[str] = [row[0] for row in await desk.connection.fetch(HUSHED, values)]
    await desk.connection.run(HEARD_AGAIN, {"keys": heard, "changed": changed})
    rows += len(heard)
    rows += len(await desk.connection.fetch(LAPSE, {"before": now}))
    return rows + await erase_arrived(desk)
