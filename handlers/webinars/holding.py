"""Changes that many are told of: held while they can be undone, then carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from dialogue.words import Text, text
from handlers.announcing import flight
from handlers.counting import Audience
from handlers.series.standing import OVERRUN, planned_end
from handlers.telling import changes
from handlers.telling.notices import Notice, notice
from handlers.turn import Turn
from storage.broadcasting.broadcasts import Broadcast, Kind, Phase, Rule
from storage.series.webinars import Webinar

SETTLED = (Phase.DRAFT, Phase.CANCELLED, Phase.DONE)
LOOKED_AT = 60
TEMPLATE = "notice"
"""Where only a template may go, changes go by this one."""


async def hold(
    turn: Turn, webinar: Webinar, kind: Notice, change: Mapping[str, Any], until: datetime
) -> Broadcast:
    """As `changes.tell`, once it cannot be undone any more."""
    return await changes.tell(
        turn.storage,
        kind,
        webinar,
        until,
        turn.now,
        leaves=turn.now + turn.house.rules.undo,
        change=change,
        made_by=turn.person.id,
    )


async def tell_way_in(turn: Turn, webinar: Webinar) -> int:
    """Have those who got the way in learn at once that it changed; how many they are."""
    rule = Rule("told", webinar.id, reminded=turn.house.rules.way_in_minutes)
    count = turn.count(Audience(rule, kind=Kind.NOTICE)).total
    if count:
        await turn.storage.broadcasts.put(
            Kind.NOTICE,
            rule,
            {"notice": "way-in", **changes.called(webinar)},
            turn.now,
            made_by=turn.person.id,
            webinar=webinar.id,
            phase=Phase.HELD,
            starts_at=turn.now,
            not_after=planned_end(webinar) + OVERRUN,
        )
    return count


async def still_announced(turn: Turn, webinar_id: str) -> tuple[Text, ...]:
    """A warning when announcements of it are still to leave: they say what is not so any more."""
    waiting = [
        each
        for each in await turn.storage.broadcasts.written(LOOKED_AT)
        if each.webinar == webinar_id and each.phase not in SETTLED
    ]
    return (text("warn-announced", count=len(waiting)),) if waiting else ()


async def what_they_read(turn: Turn, kind: Notice, changed: Webinar, before: Webinar) -> list[Text]:
    """How many are told of a change, and in which words, in each language."""
    audience = Audience(changes.registered(before.id), kind=Kind.NOTICE)
    count = turn.count(audience).total
    if not count:
        return [text("told-nobody")]
    shown = [text("told-how-many", count=count)]
    shown += flight.ways(await flight.way_of(turn, audience, TEMPLATE))
    for code in turn.house.languages.codes:
        shown.append(Text("told-as", {"language": Text(f"language-{code}")}))
        said = notice(kind, changed, before.starts_at).texts
        shown += [replace(words, language=code) for words in said]
    return shown
