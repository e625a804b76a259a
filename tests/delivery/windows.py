"""A platform with windows, templates and lists, as WhatsApp has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from channels import NO_SLIP, Closed, Limits, Slip
from dialogue.words import Act, Message
from storage import Storage
from storage.community.people import Address, Arrival, Consent
from storage.post.contents import Content
from tests.delivery.hurry import Hurry
from tests.delivery.post import Heard, ScriptedPlatform

DAY = timedelta(hours=24)
WAIT = 20.0
"""Seconds until what is in doubt is looked up."""
LIMITS = Limits(1600, per_second=80, edits=False, reconcile_seconds=WAIT)


def approved(name: str) -> Content:
    """A template that may go to everybody who reads English."""
    return Content(name, name, "quick-reply", "en", "utility", f"HX{name}", "approved")


class WindowedPlatform(ScriptedPlatform):
    """Takes free words only from whom it knows to have written within a day."""

    def __init__(self, hurry: Hurry, limits: Limits = LIMITS) -> None:
        super().__init__(hurry.monotonic, limits)
        self.name = "windowed"
        self._today = hurry.now
        self.windows: dict[str, datetime] = {}
        """Until when each account is open, as the platform knows it."""
        self.log: defaultdict[str, list[tuple[str, str, datetime]]] = defaultdict(list)
        """What it took for each account, as it lists it."""
        self.asked: list[str] = []
        """For which accounts it was asked for its list."""
        self.cannot_list: Exception | None = None
        self.begun: set[int] = set()
        """Deliveries of which it has taken the first part."""
        self.ids: dict[int, str] = {}
        """How each delivery is called here that was taken last."""
        self.speaks_first: Callable[[int, str], Awaitable[None]] | None = None
        """Told of a delivery and its id before the answer goes back."""

    def reads(self, heard: Heard, message: Message) -> Heard:
        """Free words where the slip says that these may go, else the template."""
        until = heard.slip.open_until
        if heard.act is not Act.SEND or until is None or until > self._today():
            return heard
        if message.template is None:
            raise Closed("There is no template for this.")
        return replace(heard, template=message.template.name, text="")

    def objects(self, heard: Heard) -> Exception | None:
        """Free words want an open window, whatever we believe."""
        shut = self.windows.get(heard.account, self._today()) <= self._today()
        if heard.act is Act.SEND and heard.template is None and shut:
            return Closed("The window is closed.")
        return None

    def takes(self, heard: Heard, id: str) -> None:
        """It will be in the list, and can be told of by the delivery's own number."""
        self.log[heard.account].append((id, "sent", self._today()))
        if heard.slip.delivery is not None:
            self.ids[heard.slip.delivery] = id

    async def send(
        self, account: str, act: Act, target: str | None, message: Message, slip: Slip = NO_SLIP
    ) -> str:
        """As always; perhaps a status callback overtakes the answer."""
        id = await super().send(account, act, target, message, slip)
        if self.speaks_first is not None and slip.delivery is not None:
            await self.speaks_first(slip.delivery, id)
        return id

    async def outbound_since(
        self, account: str, since: datetime, message: Message, slip: Slip
    ) -> Sequence[tuple[str, str, datetime]]:
        """As `channels.Lists`."""
        self.asked.append(account)
        if self.cannot_list is not None:
            raise self.cannot_list
        return [entry for entry in self.log[account] if entry[2] >= since]

    def has_begun(self, delivery: int) -> bool:
        """As `channels.Lists`."""
        return delivery in self.begun

    async def writes(
        self, storage: Storage, account: str, ago: timedelta = timedelta(0)
    ) -> Address:
        """Somebody wrote to us so long ago, and agreed to the notice."""
        until = self._today() - ago + DAY
        self.windows[account] = until
        arrival = Arrival(self.name, account, "1", opens_until=until)
        async with storage.transaction() as tx:
            for name in ("announcement", "reminder", "notice"):
                await tx.contents.put(approved(name))
            consent = Consent("1", "x", "en")
            address, _ = await tx.people.welcome(arrival, "en", consent, self._today())
        return address
