"""A question as the staff see it: never its asker, only a token that stands for them.

Whoever asked under a nickname is shown with it, for as long as the way back to them is kept.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from dialogue.stages import Stage
from storage.asking.asked import Kind
from storage.desk import Desk
from storage.engines.port import Row, Value
from storage.engines.times import from_epoch_ms, moment
from storage.errors import Unreadable
from storage.persons import profile_from
from storage.sealing.vault import Field, Vault

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
FIGURES = "23456789"
"""What a token is made of: nothing that reads as a word, or as another sign."""
PAIRS = 3
"""Of a letter and a figure. With two, one of 50 askers had a token with another in every twentieth
webinar, and looked like somebody who asks all the time; with three that takes hundreds of them."""


@dataclass(frozen=True, slots=True)
class Handled:
    """A question or an idea on its way; `webinar` None is the series as a whole."""

    id: int
    webinar: str | None
    kind: Kind
    text: str
    """As it will be put; empty once its asker has withdrawn it."""
    original: str | None
    """The asker's own words, where a moderator has changed them."""
    language: str
    stage: Stage
    asker: str
    """The same for all that somebody asks in this webinar, such as «#K7M2P4»; empty for nobody."""
    nickname: str | None
    supports: int
    """How many others want to know."""
    strikes: int
    order: int
    hour: datetime
    merged: int | None
    """The question that it follows."""
    reason: str | None
    answer: str | None
    version: int
    """The number of its last change; no other question has the same, unless it changed with it."""
    source: str
    answer_public: bool
    answered_language: str | None
    claimed_until: datetime | None
    flagged: bool = False
    """It holds a word of the community's list: folded away until somebody wants to read it."""
    queued: int = 0
    """Rises with each that is queued, so that they are put in the order that moderators chose."""


COLUMNS = """q.id, q.webinar, q.kind, q.text, q.original, q.language, q.state, q.asker_key,
       q.anonymous, q.asker, q.supports, COALESCE(s.count, 0), q.ordinal, q.hour, q.merged_into,
       q.reason, q.answer, q.changed, q.source, q.answer_public, q.answered_language,
       q.claimed_until, q.flagged, q.queued"""
"""Of `questions q`, and of `strikes s`."""
BY_IDS = f"""
SELECT {COLUMNS} FROM each_id(:ids) AS given JOIN questions q ON q.id = given.value
LEFT JOIN strikes s ON s.key = q.asker_key ORDER BY given.key
"""  # noqa: S608 - a constant
PROFILES = """
SELECT id, profile FROM people WHERE id IN (SELECT value FROM each_id(:ids) AS given)
"""


def token(vault: Vault, asker_key: str | None) -> str:
    """What stands for an asker: nobody can find the key by it, or the person."""
    if asker_key is None:
        return ""
    number = int.from_bytes(base64.urlsafe_b64decode(vault.index("token", asker_key) + "=="), "big")
    signs: list[str] = []
    for alphabet in (LETTERS, FIGURES) * PAIRS:
        number, at = divmod(number, len(alphabet))
        signs.append(alphabet[at])
    return "#" + "".join(signs)


async def handled(desk: Desk, ids: Iterable[int]) -> list[Handled]:
    """These questions, in this order; those that are gone are left out."""
    values: dict[str, Value] = {"ids": [*ids]}
    return await handled_from(desk, await desk.connection.fetch(BY_IDS, values))


async def handled_from(desk: Desk, rows: Sequence[Row]) -> list[Handled]:
    """The questions in these rows of COLUMNS; those whose key was destroyed are left out."""
    names = await nicknames(desk, rows)
    found: list[Handled] = []
    for row in rows:
        try:
            found.append(one_from(desk.vault, row, names.get(row[0])))
        except Unreadable:
            continue
    return found


async def nicknames(desk: Desk, rows: Sequence[Row]) -> dict[int, str]:
    """Under which name each of these was asked, of those that were not asked anonymously."""
    askers: dict[int, int] = {}
    for row in rows:
        if not row[8] and row[9] is not None:
            try:
                askers[row[0]] = int(desk.vault.open(row[9], Field("questions", "asker", row[0])))
            except Unreadable:
                continue
    if not askers:
        return {}
    values: dict[str, Value] = {"ids": sorted({*askers.values()})}
    found = await desk.connection.fetch(PROFILES, values)
    names: dict[int, str | None] = {}
    for person, sealed in found:
        # What the disk has spoilt of one person keeps no question from being handled.
        with suppress(Unreadable):
            names[person] = profile_from(desk.vault, person, sealed).nickname
    return {
        question: name
        for question, person in askers.items()
        if (name := names.get(person)) is not None
    }


def one_from(vault: Vault, row: Row, nickname: str | None) -> Handled:
    """The question in a row of COLUMNS."""
    (id, webinar, kind, text, original, language, state, asker_key, _, _, supports, strikes,
     ordinal, hour, merged, reason, answer, changed, source, public, answered,
     claimed_until, flagged, queued) = row  # fmt: skip
    stage = Stage(state)

    def opened(column: str, sealed: bytes | None) -> str | None:
        # What was taken back is nobody's to read any more.
        if sealed is None or stage is Stage.WITHDRAWN:
            return None
        return vault.open(sealed, Field("questions", column, id))

    return Handled(
        id=id,
        webinar=webinar,
        kind=cast(Kind, kind),
        text=opened("text", text) or "",
        original=opened("original", original),
        language=language,
        stage=stage,
        asker=token(vault, asker_key),
        nickname=nickname,
        supports=supports,
        strikes=strikes,
        order=ordinal,
        hour=from_epoch_ms(hour),
        merged=merged,
        reason=opened("reason", reason),
        answer=opened("answer", answer),
        version=changed,
        source=source,
        answer_public=bool(public),
        answered_language=answered,
        claimed_until=moment(claimed_until),
        flagged=bool(flagged),
        queued=queued,
    )
