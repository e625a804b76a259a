"""The series that ships: it loads, it is ahead, and it is all there in both languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dialogue.words import Localised, text
from handlers.content import Content, load, read
from locales import Languages
from storage import Storage

EXAMPLE = Path(__file__).parents[3] / "examples" / "icssi.toml"
LANGUAGES = ("ar", "en")
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SHORT = 60
"""Characters of a title."""
SMALL = 24
"""Characters of an id: links and buttons repeat it."""


@pytest.fixture(scope="module")
def series() -> Content:
    return read(EXAMPLE.read_text("utf-8"), NOW, "Asia/Baghdad", LANGUAGES)


def texts(content: Content) -> Iterator[Localised]:
    """Everything in it that people read."""
    yield from (content.series.title, content.series.description, *content.series.partners)
    for webinar in content.webinars:
        yield from (webinar.title, webinar.description)
        for speaker in webinar.speakers:
            yield from (speaker.name, speaker.about)
        for question in webinar.questions:
            yield from (question.prompt, *(label for _, label in question.choices))


def test_every_text_is_there_in_both_languages(series: Content) -> None:
    for words in texts(series):
        assert tuple(words.by_language) == LANGUAGES


def test_no_text_stands_under_the_wrong_language(series: Content) -> None:
    for words in texts(series):
        for code, said in words.by_language.items():
            scripts = {unicodedata.name(char).split()[0] for char in said if char.isalpha()}
            assert scripts == {"ARABIC" if code == "ar" else "LATIN"}


def test_titles_and_ids_are_short(series: Content) -> None:
    for webinar in series.webinars:
        assert len(webinar.id) <= SMALL
        assert all(len(title) <= SHORT for title in webinar.title.by_language.values())


@pytest.mark.parametrize("zone", ["Asia/Baghdad", "Europe/Rome", "America/Los_Angeles"])
def test_whenever_it_is_loaded_all_of_it_is_ahead(zone: str) -> None:
    source = EXAMPLE.read_text("utf-8")
    for day in range(0, 366, 7):
        now = NOW + timedelta(days=day)
        for webinar in read(source, now, zone, LANGUAGES).webinars:
            assert now + timedelta(days=8) < webinar.starts_at < now + timedelta(days=24)


def test_it_takes_place_in_the_evening_where_the_community_is(series: Content) -> None:
    baghdad = ZoneInfo("Asia/Baghdad")
    hours = {webinar.starts_at.astimezone(baghdad).hour for webinar in series.webinars}
    assert hours == {18, 19}


def test_it_shows_what_a_webinar_can_have(series: Content) -> None:
    webinars = series.webinars
    assert len(webinars) == 4
    assert all(webinar.speakers for webinar in webinars)
    assert sum(webinar.capacity is not None for webinar in webinars) == 1
    assert any(webinar.interpreted for webinar in webinars)
    (asking,) = (webinar for webinar in webinars if webinar.questions)
    one_of, free = asking.questions
    assert (len(one_of.choices), free.choices) == (3, ())
    assert one_of.optional
    assert free.optional


def test_the_bot_can_name_every_language_that_it_is_held_in(series: Content) -> None:
    held_in = {code for w in series.webinars for code in (*w.languages, *w.interpreted)}
    languages = Languages.load(LANGUAGES, "Asia/Baghdad")
    for reader in LANGUAGES:
        assert all(languages.voice(reader).say(text(f"language-{code}")) for code in held_in)


async def test_it_loads_into_an_empty_database(series: Content, tmp_path: Path) -> None:
    url, keyring = f"sqlite:///{tmp_path}/data/tadamun.db", tmp_path / "keys" / "keyring.json"
    async with await Storage.open(url, keyring, None, lambda: NOW) as storage:
        async with storage.transaction() as tx:
            report = await load(tx, series)
        async with storage.reading() as tx:
            programme = await tx.webinars.programme()
    assert report.added == tuple(webinar.id for webinar in series.webinars)
    assert programme.series == (series.series,)
    assert programme.webinars == series.webinars
