"""From the text of the file to a series and its webinars, each checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from dialogue.fold import fold
from dialogue.words import Localised
from handlers.content import joining
from handlers.content.lines import Lines
from handlers.content.table import LONGEST, ContentError, Table, shown
from handlers.content.times import KEYS, is_relative, starts_at
from handlers.speaking.choices import ALL_FUTURE, SERIES
from storage.series.webinars import ExtraQuestion, Series, Speaker, Standing, Webinar

# Characters: what still reads well on a small screen.
LONGEST_ID = 40
LONGEST_VALUE = 24
LONGEST_LABEL = 24
LONGEST_TITLE = 80
LONGEST_NAME = 100
LONGEST_ABOUT = 300
LONGEST_PROMPT = 500

TAKEN = {ALL_FUTURE, SERIES}
"""Ids that buttons use for what is not a webinar."""
STATES = ("published", "draft", "cancelled")
USUAL_MINUTES = 90
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True)
class Content:
    """What a file says: one series and its webinars, in the order of the file."""

    series: Series
    webinars: tuple[Webinar, ...]
    relative: frozenset[str]
    """The ids of those whose time was reckoned from `read_at`."""
    read_at: datetime
    named: Mapping[str, frozenset[str]]
    """By the id of a webinar what the file tells of it that could be told in a chat as well."""


def read(source: str, now: datetime, zone: str, languages: Sequence[str]) -> Content:
    """The series in this TOML text; times are meant in `zone` unless they bring an offset.

    Texts may be in any of the `languages`, the community's own first. Raises ContentError.
    """
    # Editors of Windows mark the beginning so, and tomllib stumbles over it.
    source = source.removeprefix("\ufeff")
    values, lines = _parsed(source)
    top = Table("the file", values, lines, (), languages)
    top.only("series", "webinars")
    series = _series(top.table("series", "the series"))
    tables = top.tables("webinars", "this webinar")
    webinars = [_webinar(table, series, now, ZoneInfo(zone)) for table in tables]
    _once("the id", "id", zip(tables, (webinar.id for webinar in webinars), strict=True))
    relative = frozenset(
        webinar.id for table, webinar in zip(tables, webinars, strict=True) if is_relative(table)
    )
    named = {
        webinar.id: joining.named(table) for table, webinar in zip(tables, webinars, strict=True)
    }
    return Content(series, tuple(webinars), relative, now, named)


def _parsed(source: str) -> tuple[dict[str, Any], Lines]:
    try:
        return tomllib.loads(source), Lines.of(source)
    except RecursionError:
        raise ContentError(None, "the file is nested too deeply.") from None
    except ValueError as wrong:
        # TOMLDecodeError says where; Python's own refusal of an endless number does not.
        said = str(wrong)
        found = _PLACE.search(said)
        if found is None:
            raise ContentError(None, f"this is not TOML: {said}.") from None
        line = int(found[1]) if found[1] else source.rstrip().count("\n") + 1
        raise ContentError(line, f"this is not TOML: {said[: found.start()]}.") from None


def _series(table: Table) -> Series:
    table.only("id", "title", "description", "partners", "reminders")
    return Series(
        table.slug("id", LONGEST_ID),
        table.words("title", LONGEST_TITLE),
        table.words("description", LONGEST, one_line=False),
        table.list_of_words("partners", LONGEST_NAME),
        reminders=joining.reminders(table),
    )


def _webinar(table: Table, series: Series, now: datetime, zone: ZoneInfo) -> Webinar:
    table.only(
        *("id", "title", "description", *KEYS, "minutes", "languages", "interpreted"),
        *("capacity", "state", "speakers", "questions", *joining.KEYS),
    )
    id = table.slug("id", LONGEST_ID)
    if id in TAKEN:
        raise table.wrong(f"the id {shown(id)} means something else; choose another.", "id")
    languages = table.codes("languages")
    if not languages:
        raise table.wrong("say in which languages this webinar is held: languages.", "languages")
    return Webinar(
        id=id,
        series=series.id,
        starts_at=starts_at(table, now, zone),
        minutes=table.whole("minutes", 1, 24 * 60) or USUAL_MINUTES,
        state=cast(Standing, table.one_of("state", STATES)),
        title=table.words("title", LONGEST_TITLE),
        description=table.words("description", LONGEST, one_line=False),
        speakers=tuple(_speaker(inner) for inner in table.tables("speakers", "this speaker")),
        languages=languages,
        interpreted=table.codes("interpreted"),
        capacity=table.whole("capacity", 1, 1_000_000),
        questions=_questions(table.tables("questions", "this question")),
        approval=table.flag("approval", default=False),
        way_in=joining.way_in(table),
        reminders=joining.reminders(table),
    )


def _speaker(table: Table) -> Speaker:
    table.only("name", "about")
    return Speaker(table.words("name", LONGEST_NAME), table.words("about", LONGEST_ABOUT))


def _questions(tables: Sequence[Table]) -> tuple[ExtraQuestion, ...]:
    questions = tuple(_question(table) for table in tables)
    _once("the key", "key", zip(tables, (question.key for question in questions), strict=True))
    return questions


def _question(table: Table) -> ExtraQuestion:
    table.only("key", "prompt", "choices", "optional")
    key = table.slug("key", LONGEST_VALUE)
    if table.empty("choices"):
        raise table.wrong("choices are empty; leave the key out for a free answer.", "choices")
    tables = table.tables("choices", "this choice")
    choices = tuple(_choice(choice) for choice in tables)
    _once("the value", "value", zip(tables, (value for value, _ in choices), strict=True))
    for code in table.languages:
        # Folded, since that is how typed answers are compared; a mere sign folds to nothing.
        labels = (label.by_language.get(code, "") for _, label in choices)
        named = zip(tables, map(fold, labels), strict=True)
        _once("the label", "label", ((choice, label) for choice, label in named if label))
    prompt = table.words("prompt", LONGEST_PROMPT, one_line=False)
    return ExtraQuestion(key, prompt, choices, table.flag("optional", default=True))


def _choice(table: Table) -> tuple[str, Localised]:
    table.only("value", "label")
    return table.slug("value", LONGEST_VALUE), table.words("label", LONGEST_LABEL)


def _once(what: str, key: str, named: Iterable[tuple[Table, str]]) -> None:
    """Refuse the second of two that are called the same."""
    seen: set[str] = set()
    for table, name in named:
        if name in seen:
            raise table.wrong(f"{what} {shown(name)} stands here for the second time.", key)
        seen.add(name)
