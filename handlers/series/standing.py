"""Where a webinar stands at a moment: ahead, on, over, or called off."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from storage.series.webinars import Webinar

OVERRUN = timedelta(minutes=30)
"""So long after its end a session may still go on, unless somebody has said that it is over."""


class Standing(StrEnum):
    """Where a webinar stands at a moment."""

    COMING = "coming"
    STARTED = "started"
    OVER = "over"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


OPEN = frozenset({Standing.COMING, Standing.STARTED})
"""One can still come."""


def standing(webinar: Webinar | None, now: datetime) -> Standing:
    """Where this webinar stands; a draft is nobody's business yet."""
    if webinar is None or webinar.state == "draft":
        return Standing.UNKNOWN
    if webinar.state == "cancelled":
        return Standing.CANCELLED
    if webinar.state == "finished":
        return Standing.OVER
    if now < webinar.starts_at:
        return Standing.COMING
    return Standing.OVER if now >= planned_end(webinar) else Standing.STARTED


def planned_end(webinar: Webinar) -> datetime:
    """When it should be over."""
    return webinar.starts_at + timedelta(minutes=webinar.minutes)


def is_on(webinar: Webinar, now: datetime) -> bool:
    """Whether people are at it: many a session lasts longer than was planned."""
    until = planned_end(webinar) + OVERRUN
    return webinar.state == "published" and webinar.starts_at <= now < until


def lets_in(webinar: Webinar, now: datetime) -> bool:
    """Whether those registered can come, or come back after their line was cut."""
    return standing(webinar, now) in OPEN or is_on(webinar, now)
