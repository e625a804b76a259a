"""The bot's menu of commands and its descriptions, as Telegram shows them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from channels.telegram.api import BotApi

FALLBACK = "en"
"""The language shown to those whose language has no texts of its own."""


@dataclass(frozen=True, slots=True)
class ProfileTexts:
    """What the profile shows, by two-letter language code."""

    commands: Mapping[str, Sequence[tuple[str, str]]]
    """Names without the slash, and their descriptions."""
    descriptions: Mapping[str, str]
    """Shown in the empty chat; at most 512 characters."""
    short_descriptions: Mapping[str, str]
    """Shown in the profile and beside links; at most 120 characters."""

    def digest(self) -> str:
        """Changes when any of the texts changes."""
        texts = [dict(self.commands), dict(self.descriptions), dict(self.short_descriptions)]
        return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()


async def set_profile(api: BotApi, texts: ProfileTexts, known_digest: str | None) -> str:
    """Sets the profile unless `known_digest` says that it is set already; returns its digest.

    The caller keeps the digest. Raises the errors of `channels`.
    """
    digest = texts.digest()
    if digest == known_digest:
        return digest
    for language in ("", *texts.commands):
        commands = [
            {"command": name, "description": description}
            for name, description in texts.commands[language or FALLBACK]
        ]
        await api.call("setMyCommands", {"commands": commands, **_in(language)})
    for language in ("", *texts.descriptions):
        description = texts.descriptions[language or FALLBACK]
        await api.call("setMyDescription", {"description": description, **_in(language)})
    for language in ("", *texts.short_descriptions):
        short = texts.short_descriptions[language or FALLBACK]
        await api.call("setMyShortDescription", {"short_description": short, **_in(language)})
    return digest


def _in(language: str) -> dict[str, str]:
    return {"language_code": language} if language else {}
