"""All languages that the bot speaks, loaded once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from dialogue.fold import fold
from dialogue.words import Label, Localised, Text
from locales import zones
from locales.catalogue import Catalogue
from locales.voice import Voice


class Languages:
    """The catalogues, and a voice for each reader."""

    def __init__(self, catalogues: Mapping[str, Catalogue], community_zone: str) -> None:
        self.codes = tuple(catalogues)
        self._catalogues = catalogues
        self._community_zone = community_zone
        self._voices: dict[tuple[str, str | None], Voice] = {}
        self._names: dict[str, frozenset[str]] = {}
        self._titles = lru_cache(maxsize=512)(_folded)

    @classmethod
    def load(
        cls, codes: Sequence[str], community_zone: str, directory: Path | None = None
    ) -> Languages:
        """These languages, the first one for readers of any other.

        Reads the catalogues below `directory`, those of this package if it is None, and makes the
        index of places, so that no turn has to. Raises OSError for a language that has no
        catalogue, ValueError for a zone that does not exist.
        """
        if not zones.valid(community_zone):
            raise ValueError(f"There is no time zone {community_zone!r}.")
        directory = directory or Path(__file__).parent
        languages = cls({code: Catalogue.read(code, directory) for code in codes}, community_zone)
        zones.prepare()
        return languages

    def voice(self, language: str, zone: str | None = None) -> Voice:
        """How to speak to a reader; an unknown language is the first one, an unknown zone none."""
        voice = self._voices.get((language, zone))
        if voice is None:
            known = language if language in self._catalogues else self.codes[0]
            real = zone if zone and zones.valid(zone) else None
            voice = Voice(self._catalogues[known], self._community_zone, real, self.voice)
            # Only what exists is kept, so that nobody can make this grow.
            voice = self._voices.setdefault((known, real), voice)
        return voice

    def names(self, label: Label) -> frozenset[str]:
        """The label in every language, folded: what may be typed instead of pressing it."""
        if isinstance(label, Localised):
            return self._titles(tuple(label.by_language.values()))
        if not isinstance(label, Text) or label.values:
            return self._said(label)
        names = self._names.get(label.key)
        if names is None:
            names = self._names[label.key] = self._said(label)
        return names

    def _said(self, label: Text | str) -> frozenset[str]:
        return _folded([self.voice(code).label(label) for code in self.codes])


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset({fold(name) for name in names} - {""})
