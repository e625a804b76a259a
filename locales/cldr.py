"""What the Unicode locale data says about a language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import cast

from babel import Locale, UnknownLocaleError
from babel.core import get_global

_USUAL_TERRITORY = {"en": "GB"}
"""Where the data has no such language in the community's country, or none is asked for."""


@cache
def locale(language: str, territory: str | None = None) -> Locale:
    """The language as it is written in that country, else as usual; raises UnknownLocaleError."""
    for place in (territory, _USUAL_TERRITORY.get(language)):
        if place:
            try:
                return Locale(language, place)
            except UnknownLocaleError:
                continue
    return Locale(language)


def territory_of(zone: str) -> str | None:
    """The country code of a time zone, None for zones of no country."""
    found: str | None = get_global("zone_territories").get(zone)
    return found if found and found.isalpha() and len(found) == 2 else None


@cache
def direction(language: str) -> str | None:
    """`rtl` or `ltr`; None for a code that is no language's."""
    try:
        return "rtl" if locale(language).character_order == "right-to-left" else "ltr"
    except (UnknownLocaleError, ValueError):
        return None


@cache
def language_name(of: str, language: str) -> str:
    """The name of a language, in a language; its code where the data has none."""
    names = cast("Mapping[str, str]", locale(language).languages)
    return names.get(of, of)


@cache
def territory_names(language: str) -> Mapping[str, str]:
    """The names of countries in a language, by code."""
    return cast("Mapping[str, str]", locale(language).territories)
