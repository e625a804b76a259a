"""The one page of the web chat, and the single messages that are added to it later."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from channels.webchat import Letter
from dialogue.pictures import Picture
from dialogue.words import Act
from web.assets import Assets
from web.bubbles import Bubble, OwnBubble, bubble
from web.rendering import direction, templates

WORDS = (
    "web-menu",
    "web-telegram",
    "web-conversation",
    "web-message",
    "web-send",
    "web-sending",
    "web-sent",
    "web-failed",
    "web-resend",
    "web-you",
    "web-skip",
    "web-reconnecting",
    "web-displaced",
    "web-try-again",
    "web-too-long",
    "web-stale",
    "web-picture-unfit",
)
"""The catalogue keys of the page's own words; the script takes the same ones."""

BUBBLE_WORDS = ("web-poster", "web-picture", "web-send-picture")
"""Those that come with single messages, in these messages' language."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What one rendering of the page shows."""

    bubbles: Sequence[Bubble | OwnBubble]
    language: str
    last: int
    """The number of the last letter that the page holds."""
    form_token: str
    form_id: str
    notice: str | None = None
    """A key of WORDS: what went wrong with what was sent before."""
    draft: str = ""


class Page:
    """Renders the page in any of the community's languages."""

    def __init__(
        self,
        say: Callable[[str, str], str],
        languages: Sequence[str],
        community: Mapping[str, str],
        telegram: Callable[[], str | None],
        folder: Path,
    ) -> None:
        self._telegram = telegram
        self._words = {
            code: {
                "name": community.get(code) or next(iter(community.values()), ""),
                "dir": direction(code),
                **{key: say(code, key) for key in WORDS},
            }
            for code in languages
        }
        # The script holds all languages' words, since it changes language without a reload.
        scripted = json.dumps(self._words, ensure_ascii=False, separators=(",", ":"))
        self.assets = Assets(folder / "static", {"chat.js": f"const words = {scripted};\n"})
        self._bubble_words = {
            code: {key: say(code, key) for key in BUBBLE_WORDS} for code in languages
        }
        template = templates(folder, self.assets.addresses, said=self._said)
        self._chat = template("chat.html")
        self._bubble = template("bubble.html")

    def _said(self, language: str, key: str) -> str:
        return self._bubble_words[self.known(language)][key]

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that the page knows, the community's first one first."""
        return tuple(self._words)

    def render(self, opened: Opened) -> str:
        """The whole page."""
        return self._chat.render(
            page=opened, words=self._words[opened.language], telegram=self._telegram()
        )

    def letter(self, letter: Letter, pictures: Mapping[str, Picture]) -> dict[str, Any]:
        """What the script needs to carry this letter out on an open page."""
        made = bubble(letter, pictures)
        shown = letter.act in (Act.SEND, Act.EDIT)
        return {
            "n": letter.number,
            "id": made.id,
            "act": letter.act.value,
            "lang": made.language,
            "html": self._bubble.render(each=made).strip() if shown else "",
        }

    def known(self, language: str | None) -> str:
        """This language if the page has words in it, else the community's first."""
        return language if language in self._words else self.languages[0]

    def preferred(self, accepted: str) -> str:
        """The best of our languages for an Accept-Language header."""
        wishes: list[tuple[float, str]] = []
        for part in accepted[:500].split(","):
            tag, _, quality = part.strip().partition(";q=")
            code = tag.split("-")[0].lower()
            if code in self._words:
                wishes.append((_quality(quality), code))
        # max keeps the first of equals, and so the order of the header.
        return max(wishes, key=lambda wish: wish[0])[1] if wishes else self.languages[0]


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
