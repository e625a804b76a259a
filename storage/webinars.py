"""The programme: series of webinars. What organisers publish is not sealed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from dialogue.words import Localised
from storage.desk import Desk
from storage.port import Row, Value
from storage.times import epoch_ms, from_epoch_ms

Change = Literal["added", "changed", "same"]
Standing = Literal["draft", "published", "cancelled"]


@dataclass(frozen=True, slots=True)
class ExtraQuestion:
    """A question that the organisers of one webinar ask; free text when there are no choices."""

    key: str
    prompt: Localised
    choices: tuple[tuple[str, Localised], ...] = ()
    optional: bool = True


@dataclass(frozen=True, slots=True)
class Speaker:
    """A guest expert."""

    name: Localised
    about: Localised


@dataclass(frozen=True, slots=True)
class Webinar:
    """One webinar; `starts_at` is UTC, `languages` those it is held in."""

    id: str
    series: str
    starts_at: datetime
    minutes: int
    state: Standing
    title: Localised
    description: Localised
    speakers: tuple[Speaker, ...] = ()
    languages: tuple[str, ...] = ()
    interpreted: tuple[str, ...] = ()
    capacity: int | None = None
    questions: tuple[ExtraQuestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """Webinars that belong together, and who holds them."""

    id: str
    title: Localised
    description: Localised
    partners: tuple[Localised, ...] = ()


@dataclass(frozen=True, slots=True)
class Programme:
    """All series, and all webinars by the time they start."""

    version: int
    """Rises with every change."""
    series: tuple[Series, ...] = ()
    webinars: tuple[Webinar, ...] = ()


BUMP = """
INSERT INTO counters (name, value) VALUES ('programme', 1)
ON CONFLICT (name) DO UPDATE SET value = counters.value + 1
"""
VERSION = "SELECT value FROM counters WHERE name = 'programme'"
ALL_SERIES = "SELECT id, content FROM series ORDER BY position, id"
GET_SERIES = "SELECT content FROM series WHERE id = :id"
PUT_SERIES = """
INSERT INTO series (id, position, content)
VALUES (:id, (SELECT COUNT(*) FROM series), :content)
ON CONFLICT (id) DO UPDATE SET content = excluded.content
"""
ALL_WEBINARS = """
SELECT id, series, starts_at, minutes, state, capacity, content
FROM webinars ORDER BY starts_at, id
"""
GET_WEBINAR = """
SELECT id, series, starts_at, minutes, state, capacity, content FROM webinars WHERE id = :id
"""
PUT_WEBINAR = """
INSERT INTO webinars (id, series, starts_at, minutes, state, capacity, content)
VALUES (:id, :series, :starts_at, :minutes, :state, :capacity, :content)
ON CONFLICT (id) DO UPDATE SET series = excluded.series, starts_at = excluded.starts_at,
    minutes = excluded.minutes, state = excluded.state, capacity = excluded.capacity,
    content = excluded.content
"""


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
            tuple(webinar_from(row) for row in webinars),
        )

    async def put_series(self, series: Series) -> Change:
        """Add this series, or change the one with its id."""
        content = written(
            {
                "title": texts(series.title),
                "description": texts(series.description),
                "partners": [texts(partner) for partner in series.partners],
            }
        )
        before = await self._connection.fetch(GET_SERIES, {"id": series.id})
        if before and before[0][0] == content:
            return "same"
        await self._connection.run(PUT_SERIES, {"id": series.id, "content": content})
        await self._connection.run(BUMP)
        return "changed" if before else "added"

    async def put(self, webinar: Webinar) -> Change:
        """Add this webinar, or change the one with its id; its key exists when this returns."""
        before = await self._connection.fetch(GET_WEBINAR, {"id": webinar.id})
        values = webinar_values(webinar)
        if before and tuple(before[0]) == tuple(values.values()):
            return "same"
        self._vault.make_key(webinar.id)
        await self._connection.run(PUT_WEBINAR, values)
        await self._connection.run(BUMP)
        return "changed" if before else "added"


def webinar_values(webinar: Webinar) -> dict[str, Value]:
    """The row of this webinar, in the order of GET_WEBINAR."""
    content = {
        "title": texts(webinar.title),
        "description": texts(webinar.description),
        "speakers": [[texts(s.name), texts(s.about)] for s in webinar.speakers],
        "languages": list(webinar.languages),
        "interpreted": list(webinar.interpreted),
        "questions": [
            {
                "key": q.key,
                "prompt": texts(q.prompt),
                "choices": [[value, texts(label)] for value, label in q.choices],
                "optional": q.optional,
            }
            for q in webinar.questions
        ],
    }
    return {
        "id": webinar.id,
        "series": webinar.series,
        "starts_at": epoch_ms(webinar.starts_at),
        "minutes": webinar.minutes,
        "state": webinar.state,
        "capacity": webinar.capacity,
        "content": written(content),
    }


def webinar_from(row: Row) -> Webinar:
    """The webinar in a row of GET_WEBINAR."""
    id, series, starts_at, minutes, state, capacity, content = row
    told: dict[str, Any] = json.loads(content)
    return Webinar(
        id=id,
        series=series,
        starts_at=from_epoch_ms(starts_at),
        minutes=minutes,
        state=cast(Standing, state),
        title=Localised(told["title"]),
        description=Localised(told["description"]),
        speakers=tuple(Speaker(*localised(pair)) for pair in told["speakers"]),
        languages=tuple(told["languages"]),
        interpreted=tuple(told["interpreted"]),
        capacity=capacity,
        questions=tuple(extra_question_from(entry) for entry in told["questions"]),
    )


def extra_question_from(told: dict[str, Any]) -> ExtraQuestion:
    choices = tuple((value, Localised(label)) for value, label in told["choices"])
    return ExtraQuestion(told["key"], Localised(told["prompt"]), choices, told["optional"])


def series_from(row: Row) -> Series:
    told: dict[str, Any] = json.loads(row[1])
    title, description = localised((told["title"], told["description"]))
    return Series(row[0], title, description, localised(told["partners"]))


def localised(entries: Iterable[dict[str, str]]) -> tuple[Localised, ...]:
    return tuple(Localised(entry) for entry in entries)


def texts(localised: Localised) -> dict[str, str]:
    return dict(localised.by_language)


def written(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
