"""Questions that more than one form asks, and how a choice comes to its typed names."""

from __future__ import annotations

from dialogue.fold import clean, fold, split_text, utf16_length
from dialogue.form import Choice, Question, Rejected
from dialogue.words import Label, Text, text
from handlers.house import House
from handlers.turn import OUTSIDE
from locales import Languages, governorates, zones

RATHER_NOT = "none"
ALL_FUTURE = "all"
SERIES = "series"

MOST_ZONES = 20
"""So many zones are offered of a large country, the most populous first."""


def choice(languages: Languages, value: str, label: Label, *aliases: str) -> Choice:
    """A choice that may be typed by its label in any language, or by an alias."""
    return Choice(value, label, languages.names(label) | {fold(alias) for alias in aliases})


def where(house: House, language: str) -> Question:
    """Which governorate, outside Iraq, or rather not say."""
    return house.once(("where", language), lambda: _where(house.languages, language))


def _where(languages: Languages, language: str) -> Question:
    places = tuple(
        choice(languages, code, Text(f"governorate-{code}"), *governorates.aliases(code))
        for code in governorates.sorted_codes(language)
    )
    others = (
        choice(languages, OUTSIDE, text("governorate-out")),
        choice(languages, RATHER_NOT, text("governorate-none")),
    )
    return Question(
        "gov", text("ask-gov"), text("title-gov"), (*places, *others), read=_governorate, columns=2
    )


def zone(house: House, language: str) -> Question:
    """In which zone somebody reads the clock: a common city, a typed one, or a country."""
    return house.once(("zone", language), lambda: _zone(house.languages, language))


def _zone(languages: Languages, language: str) -> Question:
    def city(name: str) -> str:
        return zones.city_name(name, language)

    cities = tuple(choice(languages, name, city(name)) for name in zones.common_cities())
    return Question(
        "zone",
        text("ask-zone"),
        text("title-zone"),
        cities,
        read=_zone_of,
        show=city,
        optional=True,
        columns=2,
    )


def long_text(
    house: House, key: str, ask: Text, *, optional: bool = False, parts: int = 2
) -> Question:
    """A text for the experts; one too long is offered to be cut, or sent in two if it may be."""
    most, languages = house.rules.question_length, house.languages
    offers = tuple(choice(languages, name, Text(f"btn-{name}")) for name in ("cut", "two")[:parts])

    def read(raw: str) -> str:
        words = written(raw)
        if utf16_length(words) <= most:
            return words
        in_two = parts == 2 and len(split_text(words, most)) == 2
        why = "reject-too-long-for-one" if in_two else "reject-too-long"
        reason = text(why, length=utf16_length(words), most=most)
        raise Rejected(reason, offers if in_two else offers[:1])

    def resolve(offer: str, draft: str) -> str:
        return "\n\n".join(split_text(clean(draft), most)[: 2 if offer == "two" else 1])

    def keeps(value: str) -> bool:
        return 0 < utf16_length(value) <= parts * (most + 2)

    return Question(
        key,
        ask,
        text("title-question"),
        read=read,
        keeps=keeps,
        resolve=resolve,
        offers=offers,
        optional=optional,
    )


def written(raw: str) -> str:
    """Somebody's words without what could disturb others; Rejected when nothing is left."""
    words = clean(raw)
    if not words:
        raise Rejected(text("reject-empty"))
    return words


def _governorate(raw: str) -> str:
    found = governorates.find(raw)
    if found is None:
        raise Rejected(text("reject-gov"))
    return found


def _zone_of(raw: str) -> str:
    if zones.valid(raw):
        return raw
    found = zones.find(raw)
    if not found:
        territory = zones.country(raw)
        found = zones.zones_of(territory) if territory else ()
    if not found:
        raise Rejected(text("reject-zone"))
    first, *others = found
    if others:
        offers = tuple(Choice(name, name) for name in found[:MOST_ZONES])
        raise Rejected(text("reject-zone-which"), offers)
    return first
