"""What is queued, on its own or as one of many, until it is taken or not sent at all.

Of each lane what is on its own goes first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from dialogue.words import Act, Lane
from storage.broadcasting import bulk
from storage.broadcasting.running import Running, running
from storage.desk import Desk
from storage.engines.port import Value
from storage.engines.times import epoch_ms, moment
from storage.news import OUTBOX
from storage.post import singles
from storage.post.deliveries import LANES, Delivery, Draft, State, draft_values

ADD = """
INSERT INTO outbox (id, address, channel, lane, act, target, target_delivery, slot, message, state,
                    attempts, ambiguous, due, not_after)
SELECT :id, a.id, a.channel, :lane, :act, :target, :target_delivery, :slot, :message, :state,
       :attempts, 0, :due, :not_after
FROM addresses a WHERE a.id = :address
"""
REPLACE_SLOT = """
UPDATE outbox SET state = 'cancelled', message = NULL, target = NULL, settled = :now
WHERE address = :address AND slot = :slot AND state = 'queued' AND broadcast IS NULL
"""
NOTE_LAST = "UPDATE addresses SET last_delivery = :id WHERE id = :address"

TAKE = """
UPDATE outbox SET state = 'sending', attempts = attempts + 1,
    taken = CASE WHEN ambiguous > 0 THEN COALESCE(taken, :now) ELSE :now END
WHERE id IN (SELECT value FROM each_id(:ids) AS given)
"""
NEXT_DUE = f"""
SELECT MIN(due) FROM ({singles.DUE} UNION ALL {bulk.DUE}) AS lanes
"""  # noqa: S608 - constants


async def add(desk: Desk, drafts: Sequence[Draft]) -> None:
    """As `Outbox.add`."""
    now = epoch_ms(desk.clock())
    replaced = [
        {"address": d.address, "slot": d.slot, "now": now} for d in drafts if d.slot is not None
    ]
    await desk.connection.run_many(REPLACE_SLOT, replaced)
    rows = [draft_values(desk.vault, draft) for draft in drafts]
    await desk.connection.run_many(ADD, rows)
    # What waits for its time is not the last message of the chat yet; `claim` sees to it.
    said = [d for d in drafts if d.lane is Lane.REPLY and d.act in (Act.SEND, Act.EDIT)]
    await note_last(desk, {d.address: d.id for d in said})
    if any(d.state is State.QUEUED for d in drafts):
        await desk.connection.tell(OUTBOX)


async def claim(
    desk: Desk,
    channel: str,
    now: datetime,
    limit: int,
    lanes: Iterable[Lane],
    skip_addresses: Collection[int],
) -> list[Delivery]:
    """As `Outbox.claim`."""
    taken: list[Delivery] = []
    skip = list(skip_addresses)
    broadcasts: dict[Lane, list[Running]] | None = None
    for lane in sorted(lanes, key=LANES.index):
        if len(taken) >= limit:
            break
        found = await singles.claim(desk, channel, lane, now, limit - len(taken), skip)
        taken += found
        skip += [delivery.address for delivery in found]
        if lane is Lane.REPLY or len(taken) >= limit:
            continue
        if broadcasts is None:
            broadcasts = await running(desk, channel, now)
        more = limit - len(taken)
        found = await bulk.claim(desk, channel, broadcasts.get(lane, []), now, more, skip)
        taken += found
        skip += [delivery.address for delivery in found]
    if taken:
        ids = [delivery.id for delivery in taken]
        await desk.connection.run(TAKE, {"ids": ids, "now": epoch_ms(now)})
    late = [d for d in taken if d.lane is not Lane.REPLY and d.act is Act.SEND]
    await note_last(desk, {d.address: d.id for d in late})
    return taken


async def suppress(desk: Desk, address_id: int) -> int:
    """As `Outbox.suppress`."""
    suppressed = await singles.suppress(desk, address_id)
    return suppressed + await bulk.suppress(desk, address_id)


async def suppress_unasked(desk: Desk, person_id: int, lanes: Iterable[Lane]) -> int:
    """As `Outbox.suppress_unasked`."""
    values: dict[str, Value] = {
        "person": person_id,
        "lanes": [LANES.index(lane) for lane in lanes],
        "now": epoch_ms(desk.clock()),
    }
    suppressed = await singles.suppress_unasked(desk, values)
    return suppressed + await bulk.suppress_unasked(desk, values)


async def next_due(desk: Desk, channel: str) -> datetime | None:
    """As `Outbox.next_due`."""
    ((due,),) = await desk.connection.fetch(NEXT_DUE, {"channel": channel})
    return moment(due)


async def note_last(desk: Desk, last: Mapping[int, int]) -> None:
    """By its address, the delivery that is the last message of its chat from now on."""
    rows = [{"address": address, "id": id} for address, id in last.items()]
    await desk.connection.run_many(NOTE_LAST, rows)
