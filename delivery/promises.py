"""Replies that are promised to leave at once, before the turns that say them are committed."""

from __future__ import annotations

from delivery.claiming import SOON
from delivery.desk import Desk


class Promises:
    """Those of one sender: never more than can be kept soon."""

    def __init__(self, desk: Desk) -> None:
        limits = desk.channel.limits
        self._desk = desk
        self._most = max(limits.at_once, int(limits.per_second * SOON))
        self._given = 0

    def give(self, address: int) -> bool:
        """Whether one more reply to this address is promised; it counts until all are kept."""
        desk = self._desk
        ahead = desk.lanes.replies + self._given
        now = desk.clock.monotonic()
        may = (
            not desk.backlog.may_hold(address)
            and ahead < self._most
            and desk.pace.reply_at(ahead) <= now + SOON
        )
        self._given += may
        return may

    def kept(self) -> None:
        """What was promised so far was handed over, or will never be."""
        self._given = 0
