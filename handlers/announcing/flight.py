"""How something reaches many where a platform has windows, templates and a daily reach."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from dialogue.words import Text, text
from handlers.announcing.content import Announcement
from handlers.arrivals import DAY
from handlers.counting import Audience, Ways
from handlers.turn import Turn
from storage.broadcasting.broadcast import ANNOUNCING
from storage.broadcasting.broadcasts import Broadcast

TEMPLATE = "announcement"
APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Flight:
    """What it comes to before it leaves."""

    open: int
    """In a conversation with us: they get it as it is written."""
    template: int
    """They get it by an approved template, each of which is paid for."""
    untemplated: int
    """Nothing was approved yet that could be sent to them."""
    unreachable: int
    """None of their accounts can be written to."""
    days: int
    """For so many days it is on its way: 1 is within the daily reach."""
    most: int
    """To so many people we may write first within a day."""


async def planned(turn: Turn, broadcast: Broadcast) -> Flight | None:
    """How it would go if it left now; None where there is no such platform."""
    audience = Audience(broadcast.rule, broadcast.about, broadcast.kind)
    return await way_of(turn, audience, TEMPLATE)


async def way_of(turn: Turn, audience: Audience, template: str) -> Flight | None:
    """The same for whatever goes to these people, in a closed window by this template."""
    if turn.house.whatsapp_number is None:
        return None
    ways = turn.ways(Ways(audience))
    approved = {
        content.language
        for content in await turn.storage.contents.get_all()
        if content.name == template and content.state == APPROVED
    }
    sayable = sum(number for code, number in ways.templates.items() if code in approved)
    most = turn.house.rules.first_messages_per_day
    reached = await turn.storage.reach.count(turn.now - DAY)
    if audience.kind in ANNOUNCING:
        reached += await turn.storage.reach.kept_back(turn.now)
    return Flight(
        open=ways.open,
        template=sayable,
        untemplated=ways.template - sayable,
        unreachable=ways.unreachable,
        days=_days(sayable, max(0, most - reached), most),
        most=most,
    )


def lines(flight: Flight | None, announcement: Announcement) -> tuple[Text, ...]:
    """A line for each way on which there is anybody, and over how many days it goes."""
    shown = ways(flight)
    if flight is None or not announcement.spread or flight.days < 2:
        return shown
    return (*shown, text("announce-over-days", count=flight.days, most=flight.most))


def ways(flight: Flight | None) -> tuple[Text, ...]:
    """A line for each way on which there is anybody."""
    if flight is None:
        return ()
    told = (
        ("announce-open", flight.open),
        ("announce-template", flight.template),
        ("announce-untemplated", flight.untemplated),
        ("announce-unreachable", flight.unreachable),
        ("announce-paid", flight.template),
    )
    return tuple(Text(key, {"number": number}) for key, number in told if number)


def obstacles(flight: Flight | None, announcement: Announcement) -> tuple[Text, ...]:
    """That it is for more people than may be written to within a day, unless that was agreed to."""
    if flight is None or flight.days < 2 or announcement.spread:
        return ()
    return (text("obstacle-reach", most=flight.most, count=flight.days),)


def _days(first: int, room: int, most: int) -> int:
    """How many days it takes to write to so many first, with so much room left today."""
    return 1 + ceil(max(0, first - room) / max(1, most))
