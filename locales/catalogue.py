"""One language's translations, read from its `.po` file."""

from __future__ import annotations

import re
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from locales.direction import commands_isolated

DOMAIN = "tadamun"
_PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)\}")


class UnknownKey(LookupError):
    """A message key that this language's catalogue does not hold."""


Template = tuple[str, ...]
"""Words at the even places, the names of inserted values at the odd ones."""


def parse(words: str) -> Template:
    """The words around each `{name}`, and the names."""
    return tuple(_PLACEHOLDER.split(words))


class Catalogue:
    """The translations of one language, in the form that its plural rules ask for."""

    def __init__(self, language: str, translations: GNUTranslations, keys: frozenset[str]) -> None:
        self.language = language
        self.keys = keys
        self._translations = translations
        self._templates: dict[str, Template] = {}
        """By the translated words; as many as the catalogue has forms."""
        self._to_the_left = Locale.parse(language).text_direction == "rtl"

    @classmethod
    def read(cls, language: str, directory: Path) -> Catalogue:
        """The catalogue below this directory; raises OSError or Babel's PoFileError."""
        path = directory / language / "LC_MESSAGES" / f"{DOMAIN}.po"
        with path.open("rb") as file:
            # Without a locale, Babel takes the plural rule from the file's header; its own rule
            # for Arabic has the last two forms the other way round
            # (https://github.com/python-babel/babel/issues/816).
            entries = read_po(file, domain=DOMAIN, abort_invalid=True)
        compiled = BytesIO()
        write_mo(compiled, entries)
        compiled.seek(0)
        ids = (entry.id if isinstance(entry.id, str) else entry.id[0] for entry in entries)
        return cls(language, GNUTranslations(compiled), frozenset(key for key in ids if key))

    def template(self, key: str, count: int | None = None) -> Template:
        """The translation of a key, for that many; raises UnknownKey."""
        if key not in self.keys:
            raise UnknownKey(key)
        if count is None:
            words = self._translations.gettext(key)
        else:
            words = self._translations.ngettext(key, key, count)
        template = self._templates.get(words)
        if template is None:
            shown = commands_isolated(words) if self._to_the_left else words
            template = self._templates[words] = parse(shown)
        return template
