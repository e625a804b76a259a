"""Time zones by the cities and countries that people name, in any of our languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global

from dialogue.fold import fold
from locales import cities, cldr, governorates

_LANGUAGES = ("en", "ar")
"""The languages that places are looked up in, whatever the reader's is."""
_SHORTEST_BEGINNING = 4
_IRAQ = "Asia/Baghdad"


def prepare() -> None:
    """Make the indexes of places now (some 50 ms) rather than in somebody's turn."""
    _available()
    _cities()
    _countries()


def common_cities() -> tuple[str, ...]:
    """The zones that most of those abroad live in, for buttons."""
    return cities.COMMON


def valid(zone: str) -> bool:
    """Whether this is the name of a time zone that times can be shown in."""
    return zone in _available()


@cache
def _available() -> frozenset[str]:
    return frozenset(available_timezones())


def find(text: str, *, whole: bool = False) -> tuple[str, ...]:
    """The zones of the city that a person typed, best first; none when no city is called so.

    A name typed in full wins over names that begin so (four letters or more), the whole text over
    its first words, as in `Rome, Italy`. With `whole`, nothing but a name in full will do.
    """
    typed = _plain(text)
    index = _cities()
    if exact := index.get(typed):
        return exact
    if not whole and len(typed) >= _SHORTEST_BEGINNING:
        begun = [zone for name in index if name.startswith(typed) for zone in index[name]]
        if begun:
            return tuple(dict.fromkeys(begun))
    if governorates.find(text):
        return (_IRAQ,)
    words = [] if whole else typed.split()[:6]
    shorter = (" ".join(words[:end]) for end in range(len(words) - 1, 0, -1))
    return next((index[name] for name in shorter if name in index), ())


def country(text: str) -> str | None:
    """The code of the country that a person typed, by name, alias or code; None if it is none."""
    return _countries().get(_plain(text))


@cache
def zones_of(territory: str) -> tuple[str, ...]:
    """The zones of a country whose clocks differ, the one with most people first."""
    zones = [zone for zone in _territory_zones().get(territory, ()) if valid(zone)]
    known = cities.MOST_PEOPLE
    zones.sort(key=lambda zone: known.index(zone) if zone in known else len(known))
    by_rules: dict[tuple[object, ...], str] = {}
    for zone in zones:
        by_rules.setdefault(_rules(zone), zone)
    return tuple(by_rules.values())


@lru_cache(maxsize=2048)
def city_name(zone: str, language: str) -> str:
    """The city that stands for a zone, as that language calls it."""
    names = cldr.locale(language).time_zones
    for name in (zone, *_former_names().get(zone, ())):
        city = names[name].get("city") if name in names else None
        if isinstance(city, str):
            return city
    return zone.rpartition("/")[2].replace("_", " ")


def territory_name(code: str, language: str) -> str:
    """The name of a country, as that language calls it; the code where it has none."""
    return cldr.territory_names(language).get(code, code)


def _plain(text: str) -> str:
    """The name of a place for comparing: without accents, which people away from home lack."""
    folded = fold(text)
    if folded.isascii():
        return folded
    parts = unicodedata.normalize("NFD", folded.translate(_UNACCENTED))
    return "".join(char for char in parts if not unicodedata.combining(char))


_UNACCENTED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})


def _spellings(name: str) -> Iterator[str]:
    """A name as it may be typed: as it is, without what follows a comma, without the article."""
    for part in (name, re.split(r"[,،(]", name, maxsplit=1)[0]):
        if plain := _plain(part):
            yield plain
            if plain.startswith("ال") and len(plain) > _SHORTEST_BEGINNING:
                yield plain.removeprefix("ال")


@cache
def _cities() -> dict[str, tuple[str, ...]]:
    """The zones of each city's name; where two cities share it, the better known one first."""
    index: dict[str, dict[str, None]] = {}

    def enter(name: str, zone: str) -> None:
        for spelling in _spellings(name):
            index.setdefault(spelling, {})[zone] = None

    for zone in _city_zones():
        for language in _LANGUAGES:
            enter(city_name(zone, language), zone)
        enter(zone.rpartition("/")[2].replace("_", " "), zone)
    for zone, names in cities.ALIASES.items():
        for name in names.split(","):
            enter(name, zone)
    for governorate in governorates.GOVERNORATES:
        for name in (governorate.english, governorate.arabic):
            enter(name, _IRAQ)
    return {name: tuple(zones) for name, zones in index.items()}


def _city_zones() -> list[str]:
    """The zones of countries, the common ones first."""
    zones: list[str] = [*cities.COMMON, *cities.MOST_PEOPLE]
    for _, of_territory in sorted(_territory_zones().items()):
        zones += of_territory
    return [zone for zone in dict.fromkeys(zones) if valid(zone)]


@cache
def _countries() -> dict[str, str]:
    codes: dict[str, str] = {}
    for code in _territory_zones():
        for language in _LANGUAGES:
            for spelling in _spellings(territory_name(code, language)):
                codes.setdefault(spelling, code)
    for code, names in cities.COUNTRIES.items():
        for name in names.split(","):
            for spelling in _spellings(name):
                codes[spelling] = code
    for code in _territory_zones():
        codes.setdefault(code.lower(), code)
    return codes


@cache
def _territory_zones() -> dict[str, list[str]]:
    """The zones of each country; `001` and `ZZ` stand for none."""
    zones: dict[str, list[str]] = dict(get_global("territory_zones"))
    return {code: zones[code] for code in zones if code.isalpha() and code != "ZZ"}


@cache
def _former_names() -> dict[str, list[str]]:
    """The names by which the locale data still calls some zones."""
    former: dict[str, list[str]] = {}
    for old, new in get_global("zone_aliases").items():
        former.setdefault(new, []).append(old)
    return former


def _rules(zone: str) -> tuple[object, ...]:
    """What the zone's clocks will show through a far year: only rules in force today reach there.

    2037 is the last year before 32-bit times end, so that all sources of zones cover it.
    """
    info = ZoneInfo(zone)
    noons = (
        datetime(2037, month, day, 12, tzinfo=UTC) for month in range(1, 13) for day in (1, 15)
    )
    return tuple(noon.astimezone(info).utcoffset() for noon in noons)
