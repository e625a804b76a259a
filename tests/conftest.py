"""What every test may use, and the rule that in CI none is skipped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from typing import TypeVar

import pytest

IN_CI = os.environ.get("CI") == "true"

if not IN_CI:
    # There hypothesis sets no deadlines by itself; here, too, an example may take its time.
    from hypothesis import HealthCheck, settings

    slowly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("slowly", slowly)
    settings.load_profile("slowly")

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


PATIENCE = 30_000
"""Milliseconds that a page has for whatever is expected of it; Playwright gives it five seconds."""


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of an installed Chromium, for Playwright's `executable_path`."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("Chromium is not installed; on Debian: apt-get install chromium")
    # Here, since few tests need it, and it is large.
    from playwright.async_api import expect

    expect.set_options(timeout=PATIENCE)
    return found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that is skipped fails in CI."""
    return _not_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A file that is skipped fails in CI."""
    return _not_skipped((yield))


def _not_skipped(report: Report) -> Report:
    expected = hasattr(report, "wasxfail")
    if IN_CI and report.outcome == "skipped" and not expected:
        report.outcome = "failed"
        report.longrepr = f"In CI nothing may be skipped: {report.longreprtext}"
    return report
