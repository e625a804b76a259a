"""Changes that many are told of: held while they can be undone, then carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from dialogue.words import Text, text
from handlers.counting import Audience
from handlers.notices import Notice, notice
from handlers.turn import Turn
from storage.broadcasts import Broadcast, Kind, Phase, Rule
from storage.times import epoch_ms
from storage.webinars import Webinar

LOOKED_BACK = 50
"""So many of the latest broadcasts are looked through for one that is held."""


async def hold(
    turn: Turn, webinar: Webinar, kind: Notice, change: Mapping[str, Any], until: datetime
) -> Broadcast:
    """Have the change carried out, and those registered told, once it cannot be undone any more.

    Nobody is told later than `until` and the length of the webinar. An earlier change of this one
    that is still held is dropped: this takes its place.
    """
    earlier = await held(turn, webinar.id)
    if earlier is not None:
        await undo(turn, earlier.id)
    return await turn.storage.broadcasts.put(
        Kind.NOTICE,
        Rule("registered", webinar.id),
        {"notice": kind, "before": epoch_ms(webinar.starts_at), **_called(webinar)},
        turn.now,
        made_by=turn.person.id,
        webinar=webinar.id,
        change=change,
        phase=Phase.HELD,
        starts_at=turn.now + turn.house.rules.undo,
        not_after=until + timedelta(minutes=webinar.minutes),
    )


async def held(turn: Turn, webinar_id: str) -> Broadcast | None:
    """The change of this webinar that can still be undone."""
    latest = await turn.storage.broadcasts.of_staff(LOOKED_BACK)
    return next(
        (
            each
            for each in latest
            if each.webinar == webinar_id and each.phase is Phase.HELD and each.change
        ),
        None,
    )


async def undo(turn: Turn, broadcast_id: int) -> bool:
    """Drop a change that is held; False when it was carried out."""
    return await turn.storage.broadcasts.set_phase(
        broadcast_id, Phase.CANCELLED, (Phase.HELD,), turn.now
    )


async def tell_way_in(turn: Turn, webinar: Webinar) -> int:
    """Have those who got the way in learn at once that it changed; how many they are."""
    rule = Rule("told", webinar.id, reminded=turn.house.rules.way_in_minutes)
    count = turn.count(Audience(rule, kind=Kind.NOTICE)).total
    if count:
        await turn.storage.broadcasts.put(
            Kind.NOTICE,
            rule,
            {"notice": "way-in", **_called(webinar)},
            turn.now,
            made_by=turn.person.id,
            webinar=webinar.id,
            phase=Phase.HELD,
            starts_at=turn.now,
            not_after=webinar.starts_at + timedelta(minutes=webinar.minutes),
        )
    return count


def _called(webinar: Webinar) -> dict[str, Any]:
    """How the report on a notice names the webinar."""
    return {"title": dict(webinar.title.by_language)}


async def what_they_read(turn: Turn, kind: Notice, changed: Webinar, before: Webinar) -> list[Text]:
    """How many are told of a change, and in which words, in each language."""
    rule = Rule("registered", before.id)
    count = turn.count(Audience(rule, kind=Kind.NOTICE)).total
    if not count:
        return [text("told-nobody")]
    shown = [text("told-how-many", count=count)]
    for code in turn.house.languages.codes:
        shown.append(Text("told-as", {"language": Text(f"language-{code}")}))
        said = notice(kind, changed, before.starts_at).texts
        shown += [replace(words, language=code) for words in said]
    return shown
