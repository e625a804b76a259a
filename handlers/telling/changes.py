"""A change of a webinar that those registered are told of, in whatever way it is made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from handlers.telling.notices import Notice
from storage import Transaction
from storage.broadcasting.broadcasts import Broadcast, Kind, Phase, Rule
from storage.engines.times import epoch_ms
from storage.series.webinars import Webinar

LOOKED_BACK = 50
"""So many of the latest broadcasts are looked through for one that is held."""


def registered(
    webinar_id: str, languages: tuple[str, ...] = (), besides: tuple[int, ...] = ()
) -> Rule:
    """Whom a change concerns; of these languages alone, and without whom these broadcasts reach."""
    return Rule("registered", webinar_id, languages, besides=besides)


async def tell(
    tx: Transaction,
    kind: Notice,
    webinar: Webinar,
    until: datetime,
    now: datetime,
    *,
    leaves: datetime | None = None,
    change: Mapping[str, Any] | None = None,
    made_by: int | None = None,
) -> Broadcast:
    """Have all those registered told that this webinar moves or is cancelled, from `leaves` on.

    `change` is carried out in that moment; None when it is done already. Nobody is told later than
    `until` and the length of the webinar. An earlier change that is still held is dropped: this
    takes its place.
    """
    await drop_held(tx, webinar.id, now)
    return await tx.broadcasts.put(
        Kind.NOTICE,
        registered(webinar.id),
        {"notice": kind, "before": epoch_ms(webinar.starts_at), **called(webinar)},
        now,
        made_by=made_by,
        webinar=webinar.id,
        change=change,
        phase=Phase.HELD,
        starts_at=leaves or now,
        not_after=until + timedelta(minutes=webinar.minutes),
    )


async def held(tx: Transaction, webinar_id: str) -> Broadcast | None:
    """The change of this webinar that can still be undone."""
    latest = await tx.broadcasts.of_staff(LOOKED_BACK)
    return next(
        (
            each
            for each in latest
            if each.webinar == webinar_id and each.phase is Phase.HELD and each.change
        ),
        None,
    )


async def drop(tx: Transaction, broadcast_id: int, now: datetime) -> bool:
    """A change that is held is not made; False when it was carried out."""
    return await tx.broadcasts.set_phase(broadcast_id, Phase.CANCELLED, (Phase.HELD,), now)


async def drop_held(tx: Transaction, webinar_id: str, now: datetime) -> None:
    """The same for whatever is held of this webinar."""
    earlier = await held(tx, webinar_id)
    if earlier is not None:
        await drop(tx, earlier.id, now)


def called(webinar: Webinar) -> dict[str, Any]:
    """How the report on a notice names the webinar."""
    return {"title": dict(webinar.title.by_language)}
