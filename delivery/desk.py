"""What the parts of one postman share."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

from channels import Channel
from delivery.backlog import Backlog
from delivery.clock import Clock
from delivery.counts import Counts
from delivery.lanes import Lanes
from delivery.pace import Pace
from delivery.settling import Settling


@dataclass(slots=True)
class Hush:
    """Until when nothing but replies is taken out of the outbox, in monotonic seconds."""

    until: float = -inf


@dataclass(frozen=True, slots=True)
class Desk:
    """One sender's channel, its pace, the letters at hand, and the books."""

    channel: Channel
    clock: Clock
    pace: Pace
    lanes: Lanes
    backlog: Backlog
    settling: Settling
    counts: Counts
    hush: Hush = field(default_factory=Hush)
    held: set[int] = field(default_factory=set[int])
    """The deliveries in these hands, until what became of them is written."""
