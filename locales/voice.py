"""How the bot speaks to one reader: in their language, with times in their zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

from dialogue.words import (
    Button,
    Filled,
    Label,
    Localised,
    Meeting,
    Message,
    MessageButton,
    MessageMeeting,
    Reply,
    Template,
    Text,
    Value,
)
from locales import cldr, zones
from locales.catalogue import Catalogue
from locales.direction import first_direction, isolated, led

PICKED = "✓ "
BULLET = "• "


class Voice:
    """One reader: a language, and the zone that their clocks show beside the community's."""

    def __init__(
        self,
        catalogue: Catalogue,
        community_zone: str,
        zone: str | None,
        speaker: Callable[[str], Voice],
    ) -> None:
        self._speaker = speaker
        """The voice of another language, for the words that are said in it whoever reads them."""
        self.language = catalogue.language
        self._catalogue = catalogue
        self._direction = cldr.direction(self.language) or "ltr"
        self._locale = cldr.locale(self.language, cldr.territory_of(community_zone))
        self._community = ZoneInfo(community_zone)
        self._here = ZoneInfo(zone) if zone and zone != community_zone else None
        self._moment = lru_cache(maxsize=256)(self._say_moment)
        self._said: dict[str, str] = {}
        """The texts that insert nothing, by key; as many as the catalogue holds."""

    def say(self, words: Text | Localised | str) -> str:
        """The words in this language, lines led in its direction; a `str` stays as it is.

        Raises UnknownKey for a key that is in no catalogue, KeyError for a value left out.
        """
        if isinstance(words, str):
            return words
        if isinstance(words, Localised):
            return led(self._localised(words, inserted=False), self._direction)
        if words.language not in (None, self.language):
            return self._speaker(words.language).say(replace(words, language=None))
        if words.values:
            return led(self._text(words), self._direction)
        said = self._said.get(words.key)
        if said is None:
            said = self._said[words.key] = led(self._text(words), self._direction)
        return said

    def render(self, reply: Reply) -> Message:
        """The reply in this language or its own, its texts joined by blank lines."""
        if reply.language not in (None, self.language):
            return self._speaker(reply.language).render(replace(reply, language=None))
        return Message(
            text="\n\n".join([self.say(words) for words in reply.texts]),
            rows=tuple([tuple([self._button(button) for button in row]) for row in reply.rows]),
            language=self.language,
            file=reply.file,
            photo=reply.photo,
            wants_photo=reply.wants_photo,
            template=None if reply.template is None else self._filled(reply.template),
            meetings=tuple([self._meeting(meeting) for meeting in reply.meetings]),
        )

    def label(self, label: Label) -> str:
        """What stands on a button; without the note that organisers' texts may get elsewhere."""
        if isinstance(label, Localised):
            return led(self._chosen(label)[1], self._direction)
        return self.say(label)

    def moment(self, at: datetime) -> str:
        """The day and time in the community's zone, and in the reader's where clocks differ."""
        return self._moment(at.astimezone(UTC))

    def _say_moment(self, at: datetime) -> str:
        home = at.astimezone(self._community)
        said = self._insert("moment", self._face(home, self._community))
        here = at.astimezone(self._here) if self._here else home
        if self._here is None or here.utcoffset() == home.utcoffset():
            return said
        key = "moment-here" if here.date() == home.date() else "moment-here-other-day"
        return self._insert(key, {"moment": said, **self._face(here, self._here)})

    def day(self, at: datetime) -> str:
        """The weekday and date in the community's zone."""
        return _day(self._locale, at.astimezone(self._community).toordinal())

    def clock(self, at: datetime) -> str:
        """The time of day in the community's zone, without saying so."""
        return self._clock(at.astimezone(self._community))

    def city(self, zone: str) -> str:
        """The city that stands for a time zone."""
        return self._apart(zones.city_name(zone, self.language))

    def _face(self, local: datetime, zone: ZoneInfo) -> dict[str, str]:
        """The parts of a moment that its sentence puts in order."""
        return {
            "day": _day(self._locale, local.toordinal()),
            "clock": self._clock(local),
            "city": self.city(zone.key),
        }

    def _apart(self, name: str) -> str:
        """A name out of the locale data, isolated where it is not in this language's letters."""
        return name if first_direction(name) == self._direction else isolated(name)

    def _clock(self, local: datetime) -> str:
        parts = {
            "hour24": f"{local.hour:02}",
            "hour12": str(local.hour % 12 or 12),
            "minute": f"{local.minute:02}",
        }
        return self._insert(f"clock-{_part_of_day(local.hour)}", parts)

    def _meeting(self, meeting: Meeting) -> MessageMeeting:
        return MessageMeeting(
            meeting.id,
            self.label(meeting.title),
            meeting.starts_at,
            meeting.minutes,
            meeting.version,
            meeting.cancelled,
        )

    def _button(self, button: Button) -> MessageButton:
        label = self.label(button.label)
        shown = PICKED + label if button.picked else label
        return MessageButton(shown, button.value, button.url, button.number)

    def _filled(self, template: Template) -> Filled:
        return Filled(template.name, tuple(self.label(value) for value in template.values))

    def _text(self, words: Text) -> str:
        count = words.values.get("count")
        template = self._catalogue.template(words.key, count if isinstance(count, int) else None)
        if len(template) == 1:
            return template[0]
        values = words.values
        return "".join(
            [self._value(values[piece]) if at % 2 else piece for at, piece in enumerate(template)]
        )

    def _insert(self, key: str, parts: Mapping[str, str]) -> str:
        """A text of this room's own, from parts that are in this language already."""
        template = self._catalogue.template(key)
        return "".join([parts[piece] if at % 2 else piece for at, piece in enumerate(template)])

    def _value(self, value: Value) -> str:
        match value:
            case str():
                return isolated(value)
            case int():
                return str(value)
            case datetime():
                return self.moment(value)
            case Text():
                return self._text(value)
            case Localised():
                return self._localised(value, inserted=True)
            case _:
                return "\n".join([BULLET + self._value(line) for line in value])

    def _localised(self, words: Localised, *, inserted: bool) -> str:
        language, chosen = self._chosen(words)
        if language == self.language:
            return isolated(chosen, self._direction) if inserted else chosen
        if not chosen:
            return ""
        parts = {
            "text": isolated(chosen, cldr.direction(language)),
            "language": self._apart(cldr.language_name(language, self.language)),
        }
        long = "\n" in chosen
        return self._insert("note-other-language-below" if long else "note-other-language", parts)

    def _chosen(self, words: Localised) -> tuple[str, str]:
        """The language that the words are there in, the reader's first, and the words."""
        by_language = words.by_language
        if self.language in by_language:
            return self.language, by_language[self.language]
        return next(iter(by_language.items()), (self.language, ""))


@lru_cache(maxsize=2048)
def _day(locale: Locale, ordinal: int) -> str:
    return format_date(datetime.fromordinal(ordinal), "full", locale=locale)


def _part_of_day(hour: int) -> str:
    """How the hours are told apart where clocks show twelve."""
    ends = ((4, "night"), (12, "morning"), (15, "noon"), (18, "afternoon"), (24, "evening"))
    return next(part for end, part in ends if hour < end)
