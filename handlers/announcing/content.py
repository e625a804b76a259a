"""What an announcement holds, as it is kept with its broadcast."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dialogue.fold import split_text
from storage.broadcasting.broadcasts import Broadcast, Kind, Rule

BEGINNING = 60
STOPS = " .…,،;؛:-–—"
"""What is left out before the sign that there is more."""

KINDS = frozenset({Kind.ANNOUNCEMENT, Kind.CORRECTION, Kind.RETRY})
"""What an organiser writes; the others are made of the programme."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Texts and pictures by language, the webinar that its button leads to, and when it leaves."""

    texts: Mapping[str, str]
    webinar: str | None = None
    posters: Mapping[str, int] = field(default_factory=dict[str, int])
    photos: Mapping[str, str] = field(default_factory=dict[str, str])
    """The hashes of the posters, by the same languages, once they were tested."""
    at: datetime | None = None
    """None leaves as soon as it is confirmed."""
    spread: bool = False
    """It may be on its way for days, where a platform lets us write to few people first."""

    @staticmethod
    def of(broadcast: Broadcast) -> Announcement:
        """What this broadcast says; nothing once it was erased."""
        told: Mapping[str, Any] = broadcast.content
        at: int | None = told.get("at")
        return Announcement(
            texts=dict(told.get("texts", {})),
            webinar=told.get("webinar"),
            posters=dict(told.get("posters", {})),
            photos=dict(told.get("photos", {})),
            at=None if at is None else datetime.fromtimestamp(at / 1000, UTC),
            spread=told.get("spread", False),
        )

    def to_content(self) -> dict[str, Any]:
        """The JSON object that `of` reads back."""
        return {
            "texts": dict(self.texts),
            "webinar": self.webinar,
            "posters": dict(self.posters),
            "photos": dict(self.photos),
            "at": None if self.at is None else int(self.at.timestamp() * 1000),
            "spread": self.spread,
        }

    def written_in(self, language: str) -> str:
        """The language of the text, and of the picture, that readers of this one get."""
        return language if language in self.texts else next(iter(self.texts), language)

    def photos_of(self, posters: Mapping[str, int]) -> dict[str, str]:
        """What is known of these pictures: those that are the same are as tested as before."""
        same = [code for code, id in posters.items() if self.posters.get(code) == id]
        return {code: self.photos[code] for code in same if code in self.photos}

    def beginning(self, language: str) -> str:
        """Its first words, as it is called in a list; "" once it was erased."""
        words = self.texts.get(self.written_in(language), "")
        parts = split_text(" ".join(words.split()), BEGINNING)
        return parts[0] if len(parts) == 1 else f"{parts[0].rstrip(STOPS)}…"

    def mark(self, rule: Rule) -> str:
        """A short mark of exactly what is said to exactly whom: a confirmation carries it."""
        at = self.at and self.at.timestamp()
        said = [dict(self.texts), self.webinar, dict(self.posters), at, rule.to_json(), self.spread]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
