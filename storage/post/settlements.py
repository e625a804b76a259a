"""What became of messages on their way, as it is written into the outbox."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from dialogue.words import Act
from storage.desk import Desk
from storage.engines.port import Value
from storage.engines.times import epoch_ms
from storage.ids import LARGEST_ID, STEPS_IN_A_MILLISECOND
from storage.post.deliveries import Settlement, State
from storage.sealing.vault import Field, Vault

PUT_BACK = """
UPDATE outbox SET state = 'queued', due = COALESCE(:due, due), ambiguous = ambiguous + :ambiguous
WHERE id = :id AND state = 'sending' AND attempts = COALESCE(:attempts, attempts)
"""
SETTLE = """
UPDATE outbox SET state = :state, platform_id = :platform_id, reason = :reason,
    ambiguous = ambiguous + :ambiguous, settled = :now, target = NULL,
    message = CASE WHEN :words = 1 THEN message END,
    fault = CASE WHEN broadcast IS NULL THEN NULL ELSE :fault END
WHERE id = :id AND state IN ('queued', 'sending') AND attempts = COALESCE(:attempts, attempts)
"""
LEFT_SENDING = """
SELECT id, ambiguous, act FROM outbox
WHERE channel = :channel AND state = 'sending' AND id < :before
  AND (lane = 0 OR :keep = 0) AND id NOT IN (SELECT value FROM each_id(:held) AS given)
ORDER BY id
"""


async def settle(desk: Desk, settlements: Sequence[Settlement]) -> None:
    """As `Outbox.settle`."""
    now = epoch_ms(desk.clock())
    over = [s for s in settlements if s.state is not State.QUEUED]
    again = [s for s in settlements if s.state is State.QUEUED]
    await desk.connection.run_many(SETTLE, [over_values(desk.vault, s, now) for s in over])
    await desk.connection.run_many(PUT_BACK, [again_values(s) for s in again])


async def recover(
    desk: Desk,
    channel: str,
    now: datetime,
    held: Collection[int],
    before: datetime | None,
    keep: bool,
) -> list[Settlement]:
    """As `Outbox.recover`."""
    newest = LARGEST_ID if before is None else epoch_ms(before) << STEPS_IN_A_MILLISECOND
    values: dict[str, Value] = {
        "channel": channel,
        "held": [*held],
        "before": newest,
        "keep": int(keep),
    }
    rows = await desk.connection.fetch(LEFT_SENDING, values)
    settlements = [left(id, bool(ambiguous), Act(act), now) for id, ambiguous, act in rows]
    await settle(desk, settlements)
    return settlements


def left(id: int, ambiguous: bool, act: Act, now: datetime) -> Settlement:
    """What becomes of a delivery that a process left on its way."""
    if act is Act.DELETE:
        # What is deleted twice is gone all the same, and what is not deleted would stay.
        return Settlement(id, State.QUEUED, due=now)
    if ambiguous:
        return Settlement(id, State.UNKNOWN, reason="ambiguous", ambiguous=True)
    return Settlement(id, State.QUEUED, due=now, ambiguous=True)


def over_values(vault: Vault, settlement: Settlement, now: int) -> dict[str, Value]:
    """What SETTLE takes."""
    id, platform_id, reason = settlement.id, settlement.platform_id, settlement.reason
    return {
        "id": id,
        "state": settlement.state,
        "platform_id": platform_id and vault.seal(platform_id, Field("outbox", "platform_id", id)),
        "reason": reason and vault.seal(reason, Field("outbox", "reason", id)),
        # Unsealed, so that a broadcast's can be counted.
        "fault": fault_of(settlement),
        "ambiguous": int(settlement.ambiguous),
        "attempts": settlement.attempts,
        "words": int(settlement.keep_words),
        "now": now,
    }


def fault_of(settlement: Settlement) -> str | None:
    """Why somebody did not get it, in one of few words."""
    match settlement.state:
        case State.EXPIRED | State.UNKNOWN:
            return settlement.state
        case State.SENT | State.DELIVERED | State.READ:
            return None
        case _:
            return settlement.reason


def again_values(settlement: Settlement) -> dict[str, Value]:
    """What PUT_BACK takes."""
    due = settlement.due
    return {
        "id": settlement.id,
        "due": None if due is None else epoch_ms(due),
        "ambiguous": int(settlement.ambiguous),
        "attempts": settlement.attempts,
    }
