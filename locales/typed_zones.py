"""By which clock a time was typed: `Rome time`, «بتوقيت روما», UTC, CET, UTC+3."""

from __future__ import annotations

import re
from dataclasses import dataclass

from locales import zones
from locales.calendar_words import ABBREVIATIONS
from locales.wording import Wording, rule

_OFFSET = rule(r"utc([+-]\d{1,2})(?::?00)?")
_NAMED = rule("|".join(["utc", *ABBREVIATIONS]))
_PLACE = rule(r"(?:in )?\?\S+(?: \?\S+)*")


@dataclass(frozen=True, slots=True)
class TypedZone:
    """A zone of the IANA database, and what the words say that its clocks then show."""

    name: str
    hours: int | None = None
    """Ahead of UTC; None if the words do not say."""


def read_zones(wording: Wording, own: str) -> tuple[TypedZone, ...]:
    """The zones that may be meant, their own if none is named; none if it is no place, or two."""
    found = wording.take_all(_OFFSET, _NAMED, _PLACE)
    if not found:
        return (TypedZone(own),)
    return _zones(found[0]) if len(found) == 1 else ()


def _zones(found: re.Match[str]) -> tuple[TypedZone, ...]:
    told = found[0].removeprefix("in ")
    if found.re is _OFFSET:
        hours = int(found[1])
        # The database turns the sign round: https://data.iana.org/time-zones/tzdb/etcetera
        name = f"Etc/GMT{-hours:+d}" if hours else "UTC"
        return (TypedZone(name, hours),) if zones.valid(name) else ()
    if told in ABBREVIATIONS:
        return (TypedZone(*ABBREVIATIONS[told]),)
    if told == "utc":
        return (TypedZone("UTC"),)
    place = told.replace("?", "")
    # A beginning will not do: `live` would be Liverpool.
    if names := zones.find(place, whole=True):
        return tuple(map(TypedZone, names))
    code = zones.country(place) if len(place) > 2 or place == "uk" else None
    return tuple(map(TypedZone, zones.zones_of(code))) if code else ()
