"""What a browser makes of the page of the web chat, as far as a conversation needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.conversations.people import Key, plain


@dataclass(slots=True)
class Bubble:
    """One message of the bot."""

    id: int
    text: str = ""
    keys: list[Key] = field(default_factory=list[Key])
    photo: str | None = None
    """Where its picture is."""
    file: str | None = None
    """Where the document that came with it is."""


class Page(HTMLParser):
    """Reads a page, or the piece of one that a script gets."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.bubbles: list[Bubble] = []
        self.fields: dict[str, str] = {}
        self._into: Bubble | None = None
        self._words: list[str] | None = None
        self._value: str | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "input" and told.get("type") == "hidden":
            self.fields[told["name"]] = told["value"]
        elif tag == "div" and told.get("class") == "row" and told.get("id", "").startswith("m"):
            self._into = Bubble(int(told["id"][1:]))
            self.bubbles.append(self._into)
        elif told.get("class", "").startswith("row") or tag in ("footer", "template"):
            self._into = None
        elif self._into is None:
            return
        elif tag == "img":
            self._into.photo = told["src"]
        elif tag == "p" or (tag in ("button", "a") and told.get("class") == "key"):
            self._words = []
            self._value = told.get("value")
            if "download" in told:
                self._into.file = told["href"]

    def handle_endtag(self, tag: str) -> None:
        if self._into is None or self._words is None or tag not in ("p", "button", "a"):
            return
        words = plain("".join(self._words))
        if tag == "p":
            self._into.text = words
        else:
            self._into.keys.append(Key(words.strip(), self._value))
        self._words = None

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)
