"""The programme in the database. What organisers publish is not sealed; the way in is."""

from __future__ import annotations

import re
import unicodedata
from itertools import count
from typing import Literal

from dialogue.words import Localised
from storage.desk import Desk
from storage.series.programme import (
    ExtraQuestion,
    Programme,
    Series,
    Speaker,
    Standing,
    WayIn,
    Webinar,
    sealed_way_in,
    series_content,
    series_from,
    webinar_from,
    webinar_values,
)

__all__ = [
    "Change",
    "ExtraQuestion",
    "Programme",
    "Series",
    "Speaker",
    "Standing",
    "WayIn",
    "Webinar",
    "Webinars",
]

Change = Literal["added", "changed", "same"]

LONGEST_ID = 40
LONGEST_STEM = 34
"""Letters of an id, before what makes it different from all others."""

BUMP = """
INSERT INTO counters (name, value) VALUES ('programme', 1)
ON CONFLICT (name) DO UPDATE SET value = counters.value + 1
"""
VERSION = "SELECT value FROM counters WHERE name = 'programme'"
ALL_SERIES = "SELECT id, content FROM series ORDER BY position, id"
GET_SERIES = "SELECT id, content FROM series WHERE id = :id"
PUT_SERIES = """
INSERT INTO series (id, position, content)
VALUES (:id, (SELECT COUNT(*) FROM series), :content)
ON CONFLICT (id) DO UPDATE SET content = excluded.content
"""
ALL_IDS = "SELECT id FROM webinars"
ALL_WEBINARS = """
SELECT id, series, starts_at, minutes, state, capacity, content, version, approval, way_in
FROM webinars ORDER BY starts_at, id
"""
GET_WEBINAR = """
SELECT id, series, starts_at, minutes, state, capacity, content, version, approval, way_in
FROM webinars WHERE id = :id
"""
PUT_WEBINAR = """
INSERT INTO webinars (id, series, starts_at, minutes, state, capacity, content, version, approval,
                      way_in)
VALUES (:id, :series, :starts_at, :minutes, :state, :capacity, :content, :version, :approval,
        :way_in)
ON CONFLICT (id) DO UPDATE SET series = excluded.series, starts_at = excluded.starts_at,
    minutes = excluded.minutes, state = excluded.state, capacity = excluded.capacity,
    content = excluded.content, version = excluded.version, approval = excluded.approval,
    way_in = excluded.way_in
"""
APPROVE_ALL = "UPDATE registrations SET approved = 1 WHERE webinar = :id AND approved = 0"


class Webinars:
    """The programme in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._connection = desk.connection
        self._vault = desk.vault

    async def programme(self) -> Programme:
        """Everything there is, cancelled webinars and drafts included."""
        version = await self._connection.fetch(VERSION)
        series = await self._connection.fetch(ALL_SERIES)
        webinars = await self._connection.fetch(ALL_WEBINARS)
        return Programme(
            version[0][0] if version else 0,
            tuple(series_from(row) for row in series),
            tuple(webinar_from(self._vault, row) for row in webinars),
        )

    async def get(self, webinar_id: str) -> Webinar | None:
        """The webinar with this id."""
        rows = await self._connection.fetch(GET_WEBINAR, {"id": webinar_id})
        return webinar_from(self._vault, rows[0]) if rows else None

    async def series(self, series_id: str) -> Series | None:
        """The series with this id."""
        rows = await self._connection.fetch(GET_SERIES, {"id": series_id})
        return series_from(rows[0]) if rows else None

    async def put_series(self, series: Series) -> Change:
        """Add this series, or change the one with its id."""
        content = series_content(series)
        before = await self._connection.fetch(GET_SERIES, {"id": series.id})
        if before and before[0][1] == content:
            return "same"
        await self._connection.run(PUT_SERIES, {"id": series.id, "content": content})
        await self._connection.run(BUMP)
        return "changed" if before else "added"

    async def put(self, webinar: Webinar) -> Change:
        """Add this webinar, or change the one with its id; its key exists when this returns.

        One that no longer asks for approval takes in all who waited for it.
        """
        before = await self._connection.fetch(GET_WEBINAR, {"id": webinar.id})
        values = webinar_values(webinar)
        plainly_same = bool(before) and tuple(before[0][:-1]) == tuple(values.values())
        if plainly_same and webinar_from(self._vault, before[0]).way_in == webinar.way_in:
            return "same"
        self._vault.make_key(webinar.id)
        sealed = sealed_way_in(self._vault, webinar.id, webinar.way_in)
        await self._connection.run(PUT_WEBINAR, {**values, "way_in": sealed})
        if before and not webinar.approval:
            await self._connection.run(APPROVE_ALL, {"id": webinar.id})
        await self._connection.run(BUMP)
        return "changed" if before else "added"

    async def new_id(self, series: str, title: Localised | str) -> str:
        """An id that no webinar has: of Latin letters, digits and hyphens, two words at least.

        It is in links and buttons, where everybody sees it; at most 40 letters.
        """
        taken = {row[0] for row in await self._connection.fetch(ALL_IDS)}
        stem = stem_of(series, title)
        if "-" in stem and stem not in taken:
            return stem
        numbered = (f"{stem}-{number}" for number in count(2 if stem in taken else 1))
        return next(id for id in numbered if id not in taken)


def stem_of(series: str, title: Localised | str) -> str:
    """The title's first words in Latin letters, or, where it has none, the name of the series."""
    titles = [title] if isinstance(title, str) else title.by_language.values()
    slug = next((slug for said in titles if (slug := slug_of(said))), "")
    # Single words mean other things in buttons, such as all future webinars.
    stem = slug if "-" in slug else f"{series}-{slug}"
    if len(stem) > LONGEST_STEM:
        stem = stem[: LONGEST_STEM + 1].rpartition("-")[0] or stem[:LONGEST_STEM]
    return stem.strip("-")


def slug_of(title: str) -> str:
    """The Latin letters and digits of this title, its words joined by hyphens."""
    plain = unicodedata.normalize("NFD", title.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return "-".join(re.findall(r"[a-z0-9]+", letters))
