"""What the process asks of each platform that it is on, besides the web."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Protocol

from channels import Channel
from delivery import Duty
from web.webhook import Hook


class Poison(Protocol):
    """Where goes what cannot be read: the channel, whose it is, what it holds, what is wrong.

    Raises TryAgain when it could not be kept.
    """

    def __call__(
        self, channel: str, account: str | None, raw: str, reason: str, /
    ) -> Awaitable[None]: ...


class Platform(Protocol):
    """One account of the community's on a platform, as long as the process runs."""

    @property
    def channel(self) -> Channel:
        """How it is written to."""
        ...

    @property
    def hooks(self) -> Sequence[Hook]:
        """Where the platform brings what came in."""
        ...

    @property
    def connected(self) -> bool:
        """Whether what people write comes in."""
        ...

    async def run(self, duty: Duty) -> None:
        """Takes what comes in, and sees to what the platform keeps for us, until cancelled.

        `duty` tells whether this process, and no other, serves the account.
        """
        ...

    async def hang_up(self) -> None:
        """Asks for nothing more; returns once what was fetched is taken."""
        ...

    async def close(self) -> None:
        """Closes the connections."""
        ...
