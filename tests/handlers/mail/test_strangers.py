"""How many strangers are asked by mail to confirm, and who hears when that is not enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from handlers.mail.strangers import AN_HOUR, Strangers

NOON = datetime(2026, 4, 3, 12, tzinfo=UTC)


def crowd(strangers: Strangers, now: datetime, name: str) -> int:
    """How many of so many that not all of them can be answered are answered."""
    return sum(strangers.may_be_asked(f"{name}{n}", f"mail {n}", now) for n in range(AN_HOUR + 5))


def test_those_beyond_the_hour_s_number_are_told_of_once_an_hour(
    caplog: pytest.LogCaptureFixture,
) -> None:
    strangers = Strangers()
    assert crowd(strangers, NOON, "a") == AN_HOUR
    assert not strangers.may_be_asked("late@example.org", "late", NOON + timedelta(minutes=59))
    assert [record.getMessage() for record in caplog.records] == [
        "ALERT: so many strangers write mails that some are not answered"
    ]
    assert crowd(strangers, NOON + timedelta(hours=1), "b") == AN_HOUR
    assert len(caplog.records) == 2


def test_few_strangers_alarm_nobody(caplog: pytest.LogCaptureFixture) -> None:
    strangers = Strangers()
    assert all(strangers.may_be_asked("anna@example.org", f"{n}", NOON) for n in range(3))
    assert not strangers.may_be_asked("anna@example.org", "4", NOON)
    assert caplog.records == []
