"""How slow a page is of itself, on a slow line or at much work: a busy machine changes nothing."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from playwright.async_api import CDPSession, Page

LATENCY = 0.6
"""Seconds until the first byte of an answer."""
BYTES = 50_000 / 8
"""A second, all answers together."""


class Work:
    """What a page's own thread has worked, by the processor's time, of which others take none."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session

    @classmethod
    async def of(cls, page: Page) -> Work:
        """Count this page's."""
        session = await page.context.new_cdp_session(page)
        await told(session, "Performance.enable", timeDomain="threadTicks")
        return cls(session)

    async def seconds(self) -> float:
        """So much until now."""
        metrics = (await told(self._session, "Performance.getMetrics"))["metrics"]
        return next(each["value"] for each in metrics if each["name"] == "TaskDuration")


@dataclass
class SlowLine:
    """What a page has asked for so far of what it needs itself, and what came."""

    rounds: dict[str, int] = field(default_factory=dict[str, int])
    """By address, how many answers it took to know that this is needed, and to have it."""
    size: int = 0
    """Bytes as they came over the line, with their headers."""

    @property
    def seconds(self) -> float:
        """What is asked for at once waits at once, and then shares the line."""
        return LATENCY * max(self.rounds.values()) + self.size / BYTES

    def asked(self, event: dict[str, Any]) -> None:
        """Something is asked for; a script may ask, too, but what it wants can wait."""
        before, why = event.get("redirectResponse"), event["initiator"]
        if before is not None:
            self.size += before["encodedDataLength"]
        source = why.get("url", "") if before is None else before["url"]
        if why["type"] != "script":
            self.rounds[event["request"]["url"]] = self.rounds.get(source, 0) + 1

    def came(self, event: dict[str, Any]) -> None:
        """The last of an answer has come."""
        self.size += event["encodedDataLength"]


@asynccontextmanager
async def slow_line(page: Page) -> AsyncGenerator[SlowLine]:
    """The page's line is as slow as this until the block ends."""
    session, line = await page.context.new_cdp_session(page), SlowLine()
    session.on("Network.requestWillBeSent", line.asked)  # pyright: ignore[reportUnknownMemberType]
    session.on("Network.loadingFinished", line.came)  # pyright: ignore[reportUnknownMemberType]
    await told(session, "Network.enable")
    await told(
        session,
        "Network.emulateNetworkConditions",
        offline=False,
        latency=1000 * LATENCY,
        downloadThroughput=BYTES,
        uploadThroughput=BYTES,
    )
    yield line
    await session.detach()


async def told(session: CDPSession, command: str, **values: object) -> Any:
    """What the browser answers to this command."""
    return cast("Any", await session.send(command, values))  # pyright: ignore[reportUnknownMemberType]
