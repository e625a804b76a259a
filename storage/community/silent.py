"""Numbers that come without the platform's own id, from accounts that are known to have one.

Whose they are cannot be told then. If nobody has written from an account for so long that its
number may have passed on to others, the number leads to it no more. Whoever had it is found again
by the platform's id as soon as they come with it, and so is their number.
"""

from __future__ import annotations

from collections.abc import Sequence

from storage.community.aliases import PASSES_ON_AFTER, key_of, pass_on
from storage.desk import Desk
from storage.engines.times import epoch_ms
from storage.persons import Arrival

# By one id alone nobody would be found again.
SILENT = """
SELECT k.key, k.address, a.account
FROM each_text(:keys) AS given
JOIN address_keys k ON k.key = given.value
JOIN addresses a ON a.id = k.address
LEFT JOIN talks t ON t.person = a.person
WHERE (SELECT COUNT(*) FROM address_keys n WHERE n.address = k.address) > 1
AND COALESCE(NULLIF(a.open_until, 0), t.hour) < :before
ORDER BY given.key
"""


async def let_go_of_silent(desk: Desk, arrivals: Sequence[Arrival]) -> None:
    """Have the numbers of these lead to nobody who was silent on them for too long."""
    numbers = {key_of(desk, arrival, arrival.account): arrival.account for arrival in arrivals}
    before = epoch_ms(desk.clock() - PASSES_ON_AFTER)
    rows = await desk.connection.fetch(SILENT, {"keys": [*numbers], "before": before})
    for key, address, sealed in rows:
        await pass_on(desk, key, address, sealed, numbers[key])
