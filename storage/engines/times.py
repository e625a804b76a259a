"""Times as the database keeps them: UTC, in whole milliseconds since 1970."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def epoch_ms(at: datetime) -> int:
    """Milliseconds since 1970; raises TypeError for a time without a zone."""
    return (at - EPOCH) // MILLISECOND


def from_epoch_ms(milliseconds: int) -> datetime:
    """The time, in UTC."""
    return EPOCH + timedelta(milliseconds=milliseconds)


def moment(milliseconds: int | None) -> datetime | None:
    """The time, in UTC, where there is one."""
    return None if milliseconds is None else from_epoch_ms(milliseconds)


def hour_of(at: datetime) -> int:
    """The hour in which a person did something, which is all that is kept of it."""
    return epoch_ms(at) // 3_600_000 * 3_600_000
