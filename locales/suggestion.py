"""What a text may mean that the rules do not understand: to be asked, never to be taken."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime

_CONTRASTS = (
    ("DMY", "future", datetime(2024, 2, 29, 12)),  # noqa: DTZ001 - it wants the base without zone
    ("MDY", "past", datetime(2001, 7, 5, 3)),  # noqa: DTZ001
)


def suggestions(words: str, zone: str) -> tuple[datetime, ...]:
    """The moments that it may mean, in UTC and soonest first: dates with a year, as programs write.

    By the clocks of this zone unless the words name an offset. For texts of a line, without names
    of places: these are read over.
    """
    digits = "".join(str(unicodedata.decimal(char, char)) for char in words)
    return tuple(sorted(set(_read(digits, zone))))


def _read(words: str, zone: str) -> Iterator[datetime]:
    # Loaded when the first text is not understood: 0.2 s and 15 MB, which few processes need.
    import dateparser

    for order, prefer, base in _CONTRASTS:
        # It guesses in silence, so it does it twice in contrary ways, and what differs is asked.
        settings = {
            "DATE_ORDER": order,
            "PREFER_DATES_FROM": prefer,
            "RELATIVE_BASE": base,
            "PARSERS": ["absolute-time"],
            "REQUIRE_PARTS": ["day", "month", "year"],
            "TIMEZONE": zone,
            "RETURN_AS_TIMEZONE_AWARE": True,
        }
        found = dateparser.parse(words, languages=["ar", "en"], settings=settings)
        if found is not None:
            yield found.astimezone(UTC)
