"""What our bot is given before a session: a webinar that runs, its people, its staff and links."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.crowd import Crowd
from benchmarks.parties import TADAMUN, Running
from benchmarks.platform import Platform
from dialogue.words import Localised
from storage import Storage, Transaction
from storage.community.boards import Seat
from storage.community.people import Arrival, Consent
from storage.roles import Role
from storage.series.webinars import Series, Webinar

WEBINAR = "session"
BEGUN = timedelta(minutes=5)
FEW = 1_000
"""People who are written down in one transaction."""


async def fill(
    platform: Platform,
    env: Mapping[str, str],
    home: Path,
    core: int,
    people: Sequence[int],
    seats: Sequence[Seat],
) -> list[str]:
    """Books with all these people registered; a link for each seat."""
    running = Running.start(TADAMUN, env, home, core)
    try:
        await asyncio.wait_for(platform.connected.wait(), 30)
        await Crowd(platform).agree(people)
    finally:
        await running.stop()
    platform.connected.clear()
    url, keyring = env["TADAMUN_STORAGE__URL"], Path(env["TADAMUN_KEYRING"])
    async with await Storage.open(url, keyring, None, _now) as storage:
        async with storage.transaction() as tx:
            await _begin(tx)
        for start in range(0, len(people), FEW):
            async with storage.transaction() as tx:
                for person in people[start : start + FEW]:
                    await _register(tx, person)
        async with storage.transaction() as tx:
            return [await _link(tx, number, seat) for number, seat in enumerate(seats)]


async def _begin(tx: Transaction) -> None:
    title = Localised({"ar": "كورونا في العراق", "en": "Corona in Iraq"})
    series = Series("load", title, title)
    await tx.webinars.put_series(series)
    await tx.webinars.put(
        Webinar(
            id=WEBINAR,
            series=series.id,
            starts_at=_now() - BEGUN,
            minutes=180,
            state="published",
            title=title,
            description=title,
            languages=("ar", "en"),
        )
    )


async def _register(tx: Transaction, person: int) -> None:
    address = await tx.people.find("telegram", str(person))
    assert address, "somebody has not agreed"
    await tx.registrations.put(address.person, WEBINAR, {}, _now())


async def _link(tx: Transaction, number: int, seat: Seat) -> str:
    """Somebody of the staff, and where their link leads."""
    arrival = Arrival("telegram", str(900_000_000 + number), "1")
    _, person = await tx.people.welcome(arrival, "ar", Consent("1", "1", "ar"), _now())
    role = Role.MODERATOR if seat is Seat.DESK else Role.SPEAKER
    invitation = await tx.staff.invite(role, None, _now())
    await tx.staff.redeem(invitation.token, person.id, _now())
    await tx.staff.activate(person.id)
    return f"/board/open/{await tx.boards.link(person.id, seat, WEBINAR, _now())}"


def _now() -> datetime:
    return datetime.now(UTC)
