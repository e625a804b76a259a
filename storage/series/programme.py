"""The programme's nouns: series and webinars, as the rooms above see them and as rows hold them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field
from datetime import datetime
from typing import Any, Literal, cast

from dialogue.words import Localised
from storage.engines.port import Row, Value
from storage.engines.times import epoch_ms, from_epoch_ms
from storage.errors import Unreadable
from storage.sealing.vault import Field, Vault

Standing = Literal["draft", "published", "cancelled", "finished"]


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
class WayIn:
    """How one gets into a webinar; what is empty there is not."""

    link: str = ""
    dial_in: str = ""
    passcode: str = ""


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
    version: int = 1
    """Rises when people were told of another time, or that it is cancelled."""
    approval: bool = False
    """Whether an organiser agrees to each registration."""
    way_in: WayIn | None = None
    """Sealed under the webinar's own key; None also when that is destroyed."""
    posters: Mapping[str, int] = field(default_factory=dict[str, int])
    """By language the id of a poster."""
    reminders: tuple[int, ...] | None = None
    """Minutes before the start; None is as the series has it."""


@dataclass(frozen=True, slots=True)
class Series:
    """Webinars that belong together, and who holds them."""

    id: str
    title: Localised
    description: Localised
    partners: tuple[Localised, ...] = ()
    posters: Mapping[str, int] = field(default_factory=dict[str, int])
    """By language the id of a poster, for webinars that have none of their own."""
    reminders: tuple[int, ...] | None = None
    """Minutes before the start; None is as the settings have it."""


@dataclass(frozen=True, slots=True)
class Programme:
    """All series, and all webinars by the time they start."""

    version: int
    """Rises with every change."""
    series: tuple[Series, ...] = ()
    webinars: tuple[Webinar, ...] = ()


def series_content(series: Series) -> str:
    """What a row holds of this series."""
    return written(
        {
            "title": texts(series.title),
            "description": texts(series.description),
            "partners": [texts(partner) for partner in series.partners],
            **arrangements(series),
        }
    )


def series_from(row: Row) -> Series:
    """The series in (id, content)."""
    told: dict[str, Any] = json.loads(row[1])
    title, description = localised((told["title"], told["description"]))
    partners = localised(told["partners"])
    return Series(row[0], title, description, partners, *arranged(told))


def webinar_values(webinar: Webinar) -> dict[str, Value]:
    """The columns of this webinar that are not sealed, in the order of a row."""
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
        **arrangements(webinar),
    }
    return {
        "id": webinar.id,
        "series": webinar.series,
        "starts_at": epoch_ms(webinar.starts_at),
        "minutes": webinar.minutes,
        "state": webinar.state,
        "capacity": webinar.capacity,
        "content": written(content),
        "version": webinar.version,
        "approval": int(webinar.approval),
    }


def webinar_from(vault: Vault, row: Row) -> Webinar:
    """The webinar in (the columns of `webinar_values`, way_in)."""
    id, series, starts_at, minutes, state, capacity, content, version, approval, way_in = row
    told: dict[str, Any] = json.loads(content)
    posters, reminders = arranged(told)
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
        version=version,
        approval=bool(approval),
        way_in=opened_way_in(vault, id, way_in),
        posters=posters,
        reminders=reminders,
    )


def extra_question_from(told: dict[str, Any]) -> ExtraQuestion:
    choices = tuple((value, Localised(label)) for value, label in told["choices"])
    return ExtraQuestion(told["key"], Localised(told["prompt"]), choices, told["optional"])


def sealed_way_in(vault: Vault, webinar: str, way_in: WayIn | None) -> bytes | None:
    """The way in under the webinar's own key."""
    if way_in is None:
        return None
    return vault.seal_for(webinar, json.dumps(astuple(way_in)), way_in_field(webinar))


def opened_way_in(vault: Vault, webinar: str, sealed: bytes | None) -> WayIn | None:
    if sealed is None:
        return None
    try:
        return WayIn(*json.loads(vault.open(sealed, way_in_field(webinar))))
    except Unreadable:
        # Its key was destroyed with all about that webinar: the rest of the programme stands.
        return None


def way_in_field(webinar: str) -> Field:
    return Field("webinars", "way_in", webinar)


def arrangements(of: Series | Webinar) -> dict[str, Any]:
    """Posters and reminders, as far as there are any: a row without them stays as it was."""
    posters = {"posters": dict(of.posters)} if of.posters else {}
    reminders = {} if of.reminders is None else {"reminders": list(of.reminders)}
    return posters | reminders


def arranged(told: Mapping[str, Any]) -> tuple[dict[str, int], tuple[int, ...] | None]:
    reminders = told.get("reminders")
    return told.get("posters", {}), None if reminders is None else tuple(reminders)


def localised(entries: Iterable[dict[str, str]]) -> tuple[Localised, ...]:
    return tuple(Localised(entry) for entry in entries)


def texts(localised: Localised) -> dict[str, str]:
    return dict(localised.by_language)


def written(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
