"""What a screen says, by the keys of the catalogues, whose words may change."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import locales
from dialogue.words import Text
from locales import Languages
from locales.catalogue import Catalogue
from tests.handlers.chatting import Chat, plain

LANGUAGES = ("ar", "en")


@cache
def speech() -> Languages:
    """The bot's own words."""
    return Languages.load(LANGUAGES, "Asia/Baghdad")


@cache
def catalogue(language: str) -> Catalogue:
    """All that it may say in one language."""
    return Catalogue.read(language, Path(locales.__file__).parent)


def word(key: str, language: str = "en") -> str:
    """A text that inserts nothing, such as what stands on a button."""
    return plain(speech().voice(language).say(Text(key)))


def says(text: str, key: str, language: str = "en") -> bool:
    """Whether this text says that, whatever it inserts."""
    counts = (None, 0, 1, 2, 3, 11, 100)
    templates = {catalogue(language).template(key, count) for count in counts}
    return any(_holds(text, template[::2]) for template in templates if any(template[::2]))


def shows(chat: Chat, key: str, language: str = "en") -> bool:
    """Whether the last message on the screen says that."""
    return says(chat.text, key, language)


def all_text(chat: Chat) -> str:
    """Everything on this person's screen, without the marks that keep directions apart."""
    return plain("\n".join(chat.screen[number].text for number in sorted(chat.screen)))


def file_of(chat: Chat) -> dict[str, Any]:
    """The newest file on the screen, read as JSON."""
    files = [chat.screen[number].file for number in sorted(chat.screen)]
    newest = [file for file in files if file is not None][-1]
    return json.loads(newest.content)


def _holds(text: str, pieces: tuple[str, ...]) -> bool:
    at = 0
    for piece in map(plain, pieces):
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True
