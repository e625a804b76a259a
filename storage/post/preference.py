"""On which of their addresses somebody is written to, in SQL.

As they wish; else on a messenger; else by mail; else in the web chat, which they read on their next
visit; of several such, on the oldest. Behind all others is an address that rests, and behind that
one on a channel that nobody serves. The parameters are `announcements` (1 for what may be
unwelcome), `now`, `served` (a list of channels) and `any_served` (1 where all are served).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage.engines.port import Value
from storage.engines.times import epoch_ms


def takes_it(address: str) -> str:
    """Whether this address (its alias in the statement) lets itself be written to at all."""
    return (
        f"{address}.reachable = 1 AND {address}.stopped = 0"
        f" AND {address}.marketing >= :announcements"
    )


def rank(address: str) -> str:
    """A number by which addresses of one person are ordered: the smallest is written to."""
    return f"""(CASE WHEN :any_served = 1
        OR {address}.channel IN (SELECT value FROM each_text(:served) AS s) THEN 0 ELSE 8 END
    + CASE WHEN {address}.rests_until > :now THEN 4 ELSE 0 END
    + CASE WHEN {address}.preferred = 1 THEN 0 WHEN {address}.channel = 'web' THEN 3
        WHEN {address}.channel = 'email' THEN 2 ELSE 1 END)"""  # noqa: S608 - a constant


def comes_before(better: str, other: str) -> str:
    """Whether the one address stands before the other."""
    return f"""({rank(better)} < {rank(other)}
        OR ({rank(better)} = {rank(other)} AND {better}.id < {other}.id))"""


def preference_values(announcing: bool, now: datetime, served: Collection[str]) -> dict[str, Value]:
    """The parameters; where nothing is `served`, everything is."""
    return {
        "announcements": int(announcing),
        "now": epoch_ms(now),
        "served": [*served],
        "any_served": int(not served),
    }
