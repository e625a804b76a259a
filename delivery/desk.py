"""What the parts of one postman share."""

from __future__ import annotations

from dataclasses import dataclass, field

from channels import Channel
from delivery.backlog import Backlog
from delivery.clock import Clock
from delivery.counts import Counts
from delivery.lanes import Lanes
from delivery.pace import Pace
from delivery.settling import Settling


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
    held: set[int] = field(default_factory=set[int])
    """The deliveries in these hands, until what became of them is written."""
