"""The rows of broadcasts that are running: claimed in the order of an index, never sorted.

A row has no message of its own. Whoever has been told to stop since it was written, or whoever is
not registered any more, does not get it; what a recall takes away is taken away from all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dialogue.words import Act, Message
from storage.broadcasting import recalling
from storage.broadcasting.broadcast import Kind
from storage.broadcasting.running import Running
from storage.broadcasting.unwanted import sayable_in, unsayable, unwanted
from storage.desk import Desk
from storage.engines.port import Row, Value
from storage.engines.times import epoch_ms, from_epoch_ms, moment
from storage.errors import Unreadable
from storage.persons import person_from
from storage.post.deliveries import Bulk, Delivery, Settlement, State
from storage.post.settlements import settle
from storage.sealing.vault import Field, Vault

# `unwanted` names where its columns stand.
WAITING = """
SELECT o.id, o.address, a.account, o.attempts, o.ambiguous, o.due, o.not_after,
       a.reachable, a.stopped, o.broadcast,
       (SELECT COUNT(*) FROM registrations r
        WHERE r.person = o.person AND r.webinar = :webinar AND r.approved >= :approved),
       (SELECT COUNT(*) FROM covers c JOIN reminders d ON d.id = c.reminder
        WHERE c.broadcast = :broadcast AND NOT EXISTS (
            SELECT 1 FROM registrations q
            WHERE q.person = o.person AND q.webinar = d.webinar AND q.approved = 1)),
       (SELECT value FROM counters WHERE name = 'programme'),
       p.id, p.language, p.profile, p.announcements, p.reminders, p.text_only, p.all_future,
       p.notice, a.open_until, a.marketing, a.linked
FROM outbox o JOIN addresses a ON a.id = o.address JOIN people p ON p.id = o.person
WHERE o.broadcast = :broadcast AND o.channel = :channel AND o.state = 'queued' AND o.due <= :now
  AND o.due >= :since
  AND o.address NOT IN (SELECT value FROM each_id(:skip) AS given)
  AND NOT EXISTS (SELECT 1 FROM outbox s
                  WHERE s.channel = o.channel AND s.address = o.address AND s.state = 'sending')
ORDER BY o.due, o.id LIMIT :limit skip_locked(o)
"""
# When the first of those is due that may leave: part of a statement.
DUE = """
SELECT MIN((SELECT MIN(o.due) FROM outbox o WHERE o.broadcast = b.id AND o.channel = :channel
            AND o.state = 'queued'))
FROM broadcasts b
WHERE b.state = 'running' AND (b.ahead_on IS NULL OR b.ahead_on <> :channel)
"""
# The sum keeps the index of the waiting out of it: these few are found by their ids.
AHEAD = WAITING.replace(
    "WHERE o.broadcast = :broadcast AND o.channel = :channel",
    "WHERE o.id IN (SELECT value FROM each_id(:ahead) AS given)"
    " AND o.broadcast + 0 = :broadcast AND o.channel = :channel",
)
# Where the same person is still to get something first.
BEHIND = WAITING.replace(
    "ORDER BY",
    """AND NOT EXISTS (
    SELECT 1 FROM outbox e WHERE e.broadcast IN (SELECT value FROM each_id(:behind) AS earlier)
      AND e.person = o.person AND e.state IN ('queued', 'sending'))
ORDER BY""",
)
SUPPRESS = """
UPDATE outbox SET state = 'suppressed', settled = :now, fault = 'gone'
WHERE broadcast IN (SELECT id FROM broadcasts WHERE state IN ('freezing', 'running', 'paused'))
  AND person = (SELECT person FROM addresses WHERE id = :address) AND address = :address
  AND state = 'queued' RETURNING id
"""
SUPPRESS_UNASKED = """
UPDATE outbox SET state = 'suppressed', settled = :now, fault = 'stopped'
WHERE broadcast IN (SELECT id FROM broadcasts WHERE state IN ('freezing', 'running', 'paused'))
  AND person = :person AND state = 'queued' AND act = 'send'
  AND lane IN (SELECT value FROM each_id(:lanes) AS given) RETURNING id
"""


async def claim(
    desk: Desk,
    channel: str,
    broadcasts: Sequence[Running],
    now: datetime,
    limit: int,
    skip: Sequence[int],
) -> list[Delivery]:
    """Up to so many rows of these broadcasts that are due, in their order; not taken yet.

    At most one for an address, and none for those to skip or with something on its way.
    """
    taken: list[Delivery] = []
    for broadcast in broadcasts:
        # Those who wait for another try come first: behind all others they would get it last.
        for since in [broadcast.again, 0] if broadcast.again is not None else [0]:
            while len(taken) < limit:
                given_out = [*skip, *(delivery.address for delivery in taken)]
                statement, values = asked(channel, broadcast, since, now, given_out)
                values["limit"] = limit - len(taken)
                rows = await desk.connection.fetch(statement, values)
                found = await wanted(desk, channel, broadcast, rows, now)
                taken += found
                if len(found) == len(rows):
                    # Nobody was passed over: what is not here is not there.
                    break
    return taken


def asked(
    channel: str, broadcast: Running, since: int, now: datetime, skip: list[int]
) -> tuple[str, dict[str, Value]]:
    """How to find rows of this broadcast that are due since then (epoch ms)."""
    values: dict[str, Value] = {
        "broadcast": broadcast.id,
        "webinar": broadcast.webinar,
        "approved": int(broadcast.approved),
        "channel": channel,
        "now": epoch_ms(now),
        "since": since,
        "skip": skip,
    }
    if broadcast.ahead_on == channel:
        return AHEAD, {**values, "ahead": [*broadcast.ahead]}
    if broadcast.behind:
        return BEHIND, {**values, "behind": [*broadcast.behind]}
    return WAITING, values


async def wanted(
    desk: Desk, channel: str, broadcast: Running, rows: Sequence[Row], now: datetime
) -> list[Delivery]:
    """The deliveries in these rows; what is not wanted any more, or damaged, is settled."""
    found: list[Delivery] = []
    passed: list[Settlement] = []
    recalls = broadcast.kind is Kind.RECALL
    targets: Mapping[int, Row] = await recalling.targets(desk, rows) if recalls else {}
    sayable = await sayable_in(desk, broadcast.kind, rows, now)
    for row in rows:
        why_not = unwanted(broadcast, row) or unsayable(row, sayable, now)
        if why_not is not None:
            passed.append(Settlement(row[0], State.SUPPRESSED, reason=why_not))
            continue
        try:
            delivery = delivery_from(desk.vault, channel, broadcast, row)
            if recalls:
                delivery = recalling.deleting(desk.vault, delivery, targets.get(delivery.id))
            found.append(delivery)
        except (Unreadable, ValueError):
            passed.append(Settlement(row[0], State.FAILED, reason="damaged"))
    if passed:
        await settle(desk, passed)
    return found


def delivery_from(vault: Vault, channel: str, broadcast: Running, row: Row) -> Delivery:
    """The delivery in a row of WAITING, as it is once taken; its message is still to be made."""
    id, address, account, attempts, ambiguous, due, not_after = row[:7]
    person = person_from(vault, row[13:21])
    return Delivery(
        id=id,
        address=address,
        channel=channel,
        account=vault.open(account, Field("addresses", "account", address)),
        act=Act.SEND,
        lane=broadcast.kind.lane,
        message=Message(language=person.language),
        target=None,
        attempts=attempts + 1,
        ambiguous=ambiguous,
        due=from_epoch_ms(due),
        not_after=moment(not_after),
        slot=None,
        open_until=moment(row[21]),
        began=broadcast.began,
        bulk=Bulk(row[9], person.language, person.profile.zone, person.text_only, row[12] or 0),
    )


async def suppress(desk: Desk, address_id: int) -> int:
    """What waits for this address will not be sent; how many rows that were."""
    values = {"address": address_id, "now": epoch_ms(desk.clock())}
    return len(await desk.connection.fetch(SUPPRESS, values))


async def suppress_unasked(desk: Desk, values: dict[str, Value]) -> int:
    """As `Outbox.suppress_unasked`, for `person`, `lanes` and `now` in these values."""
    return len(await desk.connection.fetch(SUPPRESS_UNASKED, values))
