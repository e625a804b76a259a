"""Why a moment that somebody typed cannot be taken as it stands."""

from __future__ import annotations

from enum import StrEnum


class Doubt(StrEnum):
    """What has to be asked, or said, before there is a moment."""

    NOT_UNDERSTOOD = "not-understood"
    NO_SUCH_DAY = "no-such-day"
    """31 April, or 29 February of most years."""
    NO_TIME = "no-time"
    NO_DAY = "no-day"
    WHICH_DAY = "which-day"
    HALF_DAY = "half-day"
    """Morning or evening, noon or midnight."""
    WHICH_ZONE = "which-zone"
    """By which clock: the country has several, or CET was typed where it is summer."""
    SKIPPED = "skipped"
    """The clocks go forward over it."""
    TWICE = "twice"
    """The clocks go back, and it comes twice."""
    PAST = "past"
    TOO_FAR = "too-far"
    """More than two years ahead, which is a slip of the finger."""
