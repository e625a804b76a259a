"""Finds out whether the platform took a message whose answer never came, before it goes again."""

from __future__ import annotations

from datetime import datetime, timedelta

from channels import Channel, Lists, Slip, Unreachable
from storage import Storage, Unavailable
from storage.outbox import Delivery

SKEW = timedelta(seconds=5)
"""The platform's clock may be so far off, and it tells whole seconds."""
LONGEST_WAY = timedelta(minutes=1)
"""What was answered so long before cannot have been taken later than that."""
NOT_THERE = frozenset({"failed", "undelivered", "canceled"})


class Reconciling:
    """Compares what the platform lists with what is known to have arrived."""

    def __init__(self, channel: Channel, storage: Storage) -> None:
        self._channel = channel
        self._storage = storage
        self._wait = timedelta(seconds=channel.limits.reconcile_seconds or 0.0)

    async def found(self, delivery: Delivery, slip: Slip) -> str | None:
        """The platform's id of an earlier try that it took; None when it did not take all of it.

        Raises what `Lists.outbound_since` may raise.
        """
        if not isinstance(self._channel, Lists):
            return None
        since, known = await self._known(delivery)
        message = delivery.message
        listed = await self._channel.outbound_since(delivery.account, since, message, slip)
        # It has waited since it was in doubt, and a request that was given up may be taken a little
        # later. What was said to the same account in the second half of the wait is not looked at.
        until = delivery.due - self._wait / 2
        found = (id for id, state, at in listed if at <= until and state not in NOT_THERE)
        return next((id for id in found if id not in known), None)

    async def _known(self, delivery: Delivery) -> tuple[datetime, frozenset[str]]:
        """Since when it may have been sent, and what is known to have arrived since then."""
        try:
            async with self._storage.reading() as tx:
                place = await tx.outbox.place(delivery.id)
                since = (delivery.written_at if place is None else place.taken) - SKEW
                known = await tx.outbox.messages(delivery.address, since - LONGEST_WAY)
                return since, frozenset(known)
        except Unavailable as error:
            raise Unreachable("What has arrived cannot be looked up.") from error
