"""Who belongs to an audience, in SQL: nobody is named before the rows are frozen.

People are walked in the order of their ids, some thousands at a time, so that turns that are
waiting get in between. Each is written to on the address that they prefer
(`storage.post.preference`), and only on one that can be reached and was not told to stop.
"""

from __future__ import annotations

from storage.broadcasting.rules import Rule, Who
from storage.engines.port import Value
from storage.post.preference import comes_before, takes_it
from storage.sealing.vault import Vault

# Each walks over people by their ids, from `after`, which is not in it, to `upto`, which is.
SOURCES: dict[Who, str] = {
    "all": "people p JOIN addresses a ON a.person = p.id WHERE p.id > :after AND p.id <= :upto",
    "not_registered": """people p JOIN addresses a ON a.person = p.id
WHERE p.id > :after AND p.id <= :upto AND NOT EXISTS (
    SELECT 1 FROM registrations n WHERE n.person = p.id AND n.webinar = :webinar)""",
    "participants": """people p JOIN addresses a ON a.person = p.id
WHERE p.id > :after AND p.id <= :upto
  AND EXISTS (SELECT 1 FROM registrations n WHERE n.person = p.id)""",
    "registered": """registrations r JOIN people p ON p.id = r.person
JOIN addresses a ON a.person = p.id
WHERE r.webinar = :webinar AND r.person > :after AND r.person <= :upto""",
    "told": """registrations r JOIN people p ON p.id = r.person
JOIN addresses a ON a.person = p.id
WHERE r.webinar = :webinar AND r.person > :after AND r.person <= :upto AND (
    r.told = 1 OR (r.approved = 1 AND EXISTS (
        SELECT 1 FROM reminders d JOIN covers c ON c.reminder = d.id
        JOIN outbox o ON o.broadcast = c.broadcast AND o.person = r.person
        WHERE d.webinar = r.webinar AND d.minutes <= :reminded
          AND o.state IN ('sending', 'sent', 'delivered', 'read', 'unknown'))))""",
    # Who perhaps got it counts as reached: a correction is for them, too.
    "reached": """outbox f JOIN people p ON p.id = f.person
JOIN addresses a ON a.person = p.id
WHERE f.broadcast = :about AND f.person > :after AND f.person <= :upto
  AND f.state IN ('sent', 'delivered', 'read', 'unknown')""",
    "failed": """outbox f JOIN people p ON p.id = f.person
JOIN addresses a ON a.person = p.id
WHERE f.broadcast = :about AND f.person > :after AND f.person <= :upto
  AND f.state IN ('failed', 'expired')""",
}
STEPS: dict[Who, str] = {
    "all": "SELECT id FROM people WHERE id > :after ORDER BY id LIMIT :limit",
    "registered": """SELECT person AS id FROM registrations
WHERE webinar = :webinar AND person > :after ORDER BY person LIMIT :limit""",
    "reached": """SELECT person AS id FROM outbox
WHERE broadcast = :about AND person > :after ORDER BY person LIMIT :limit""",
}
WALKS: dict[Who, Who] = {
    "not_registered": "all",
    "participants": "all",
    "told": "registered",
    "failed": "reached",
}

# Whom the rule means, and who did not say that they want none of it.
MEANT = """
  AND (:announcements = 0 OR p.announcements = 1) AND (:reminders = 0 OR p.reminders = 1)
  AND (:any_language = 1 OR p.language IN (SELECT value FROM each_text(:languages) AS l))
  AND (:any_channel = 1 OR a.channel IN (SELECT value FROM each_text(:channels) AS c))
  AND (:anywhere = 1 OR p.governorate_key IN (SELECT value FROM each_text(:governorates) AS g))
  AND NOT EXISTS (
    SELECT 1 FROM registrations m
    WHERE m.person = p.id AND m.webinar IN (SELECT value FROM each_text(:minus) AS w))
  AND (:nothing_before = 1 OR NOT EXISTS (
    SELECT 1 FROM outbox e
    WHERE e.person = p.id AND e.broadcast IN (SELECT value FROM each_id(:besides) AS x)))
"""
# Few people have a second address: only for them those are compared.
WANTED = f"""
  AND {takes_it("a")}
  AND NOT EXISTS (
    SELECT 1 FROM addresses b WHERE b.person = p.id AND b.id <> a.id AND {takes_it("b")}
      AND {comes_before("b", "a")})
  {MEANT}"""  # noqa: S608 - a constant
# Whoever told one account to stop has told us; whoever only blocked it, or lost it, has not.
NOWHERE = f"""
  AND a.reachable = 0 AND NOT EXISTS (
    SELECT 1 FROM addresses b WHERE b.person = p.id
      AND (b.stopped = 1 OR b.marketing < :announcements OR b.reachable = 1))
  {MEANT}"""  # noqa: S608 - a constant
# Of a reminder: all that this broadcast speaks for must be news to them, and meant for them.
REMINDED = """
  AND NOT EXISTS (
    SELECT 1 FROM covers m JOIN reminders d ON d.id = m.reminder WHERE m.broadcast = :broadcast
      AND (NOT EXISTS (
             SELECT 1 FROM registrations q
             WHERE q.person = p.id AND q.webinar = d.webinar AND q.approved = 1
               AND COALESCE(q.not_before, 0) <= d.due)
           OR EXISTS (
             SELECT 1 FROM covers v JOIN outbox o ON o.broadcast = v.broadcast
             WHERE v.reminder = d.id AND o.person = p.id
               AND o.state IN ('queued', 'sending', 'sent', 'delivered', 'read', 'unknown'))))
"""
NEXT_STEP = "SELECT MAX(id), COUNT(*) FROM (<step>) AS step"
COUNT = """
SELECT a.channel, p.language, COUNT(*) FROM <source> <wanted> GROUP BY a.channel, p.language
"""
COUNT_WAYS = """
SELECT channel, language, way, COUNT(*) FROM (
    SELECT a.channel, p.language, CASE WHEN a.open_until IS NULL THEN 'any'
        WHEN a.open_until > :now THEN 'open' ELSE 'template' END AS way
    FROM <source> <wanted>) AS each_one
GROUP BY channel, language, way
"""
UNREACHABLE = "SELECT COUNT(DISTINCT p.id) FROM <source> <nowhere>"
ADD_ROWS = """
INSERT INTO outbox (id, address, channel, lane, act, state, attempts, ambiguous, due, not_after,
                    broadcast, person)
SELECT :first + ROW_NUMBER() OVER (ORDER BY p.id), a.id, a.channel, :lane, 'send', 'queued', 0, 0,
       :due, :not_after, :broadcast, p.id
FROM <source> <wanted>
ON CONFLICT (broadcast, person) WHERE broadcast IS NOT NULL DO NOTHING
"""


def statement(template: str, who: Who, *, reminded: bool = False) -> str:
    """The template for this audience."""
    step = STEPS[WALKS.get(who, who)]
    wanted = WANTED + REMINDED if reminded else WANTED
    filled = template.replace("<source>", SOURCES[who]).replace("<wanted>", wanted)
    return filled.replace("<step>", step)


def filtered(template: str, who: Who) -> str:
    """The template for those of this audience who cannot be written to anywhere."""
    return template.replace("<source>", SOURCES[who]).replace("<nowhere>", NOWHERE)


def rule_values(vault: Vault, rule: Rule, about: int | None) -> dict[str, Value]:
    """The parameters that this rule gives to the statements above."""
    return {
        "webinar": rule.webinar,
        "about": about,
        "reminded": -1 if rule.reminded is None else rule.reminded,
        "any_language": int(not rule.languages),
        "languages": [*rule.languages],
        "any_channel": int(not rule.channels),
        "channels": [*rule.channels],
        "anywhere": int(not rule.governorates),
        "governorates": [vault.index("governorate", code) for code in rule.governorates],
        "minus": [*rule.minus],
        "nothing_before": int(not rule.besides),
        "besides": [*rule.besides],
    }
