"""/outages: planned cuts of the network, around which reminders are planned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dialogue.words import Button, Reply, Text, text
from handlers.roles import ORGANISERS
from handlers.speaking import lists, menus
from handlers.turn import StaffWay, Turn
from storage.series.outages import Outage

SHOWN = 20
_DAY = timedelta(days=1)
_NUMBER = re.compile(r"[0-9a-f]{1,16}")


async def outages(turn: Turn, *before: Text) -> list[Reply]:
    """What is coming, those of many days in one line, with a button to remove each."""
    runs = (await _runs(turn))[:SHOWN]
    lines = tuple(_line(turn, number, run) for number, run in enumerate(runs, start=1))
    removing = tuple(
        Button(text("btn-drop-outage", number=number), f"go:uo:{run[0].id:x}")
        for number, run in enumerate(runs, start=1)
    )
    ways = (Button(text("btn-add-outage"), "go:unew:"), menus.command_button("menu"))
    heading = text("outages") if runs else text("outages-none")
    return [lists.menu(turn, (*before, heading, *lines), (*lists.in_rows(removing, 2), ways))]


async def remove_sure(turn: Turn, value: str) -> list[Reply]:
    """Ask before a line of the list goes."""
    run = await _run(turn, value)
    if run is None:
        return await outages(turn)
    rows = (
        (Button(text("btn-do-drop-outage"), f"go:ux:{value}"),),
        (menus.command_button("outages"),),
    )
    return [lists.menu(turn, (text("outage-drop-sure"), _line(turn, 1, run)), rows)]


async def remove(turn: Turn, value: str) -> list[Reply]:
    """Remove one line of the list, with all its days."""
    run = await _run(turn, value)
    if run is None:
        return await outages(turn)
    for outage in run:
        await turn.storage.outages.remove(outage.id)
    await turn.storage.reminders.replan_all(turn.house.rules.reminders, turn.now)
    return await outages(turn, text("outage-gone"))


async def _runs(turn: Turn) -> list[list[Outage]]:
    zone = ZoneInfo(turn.house.community.zone)
    return in_runs(await turn.storage.outages.coming(turn.now), zone)


async def _run(turn: Turn, value: str) -> list[Outage] | None:
    """The line that a button named by its first cut."""
    number = int(value, 16) if _NUMBER.fullmatch(value) else 0
    return next((run for run in await _runs(turn) if run[0].id == number), None)


def in_runs(known: Sequence[Outage], zone: ZoneInfo) -> list[list[Outage]]:
    """The cuts, those at the same hours of one day after the other together."""
    runs: list[list[Outage]] = []
    for outage in known:
        run = next((run for run in runs if _follows(run[-1], outage, zone)), None)
        if run is None:
            runs.append([outage])
        else:
            run.append(outage)
    return runs


def _follows(before: Outage, after: Outage, zone: ZoneInfo) -> bool:
    """Whether this is the same a day later, as the clocks of this zone show it."""

    def on_the_wall(at: datetime) -> datetime:
        return at.astimezone(zone).replace(tzinfo=None)

    return (
        on_the_wall(after.starts_at) - on_the_wall(before.starts_at) == _DAY
        and on_the_wall(after.ends_at) - on_the_wall(before.ends_at) == _DAY
    )


def _line(turn: Turn, number: int, run: Sequence[Outage]) -> Text:
    first, last = run[0], run[-1]
    if len(run) == 1:
        return text("outage-line", number=number, since=first.starts_at, until=first.ends_at)
    voice, zone = turn.voice, ZoneInfo(turn.house.community.zone)
    since, until = (f"{at.astimezone(zone):%H:%M}" for at in (first.starts_at, first.ends_at))
    return text(
        "outage-days-line",
        number=number,
        hours=f"{since}-{until}",
        first=voice.day(first.starts_at),
        last=voice.day(last.starts_at),
    )


WAYS = {
    "uo": StaffWay(remove_sure, ORGANISERS),
    "ux": StaffWay(remove, ORGANISERS),
}
