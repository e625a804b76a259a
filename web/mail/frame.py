"""What all pages that mails lead to look like: a few sentences, and one button at most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from dialogue.words import Text
from web.rendering import templates
from web.security import from_here


@dataclass(frozen=True, slots=True)
class Button:
    """The one thing to press: it posts these fields to this path."""

    label: Text
    action: str
    fields: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page."""

    language: str
    paragraphs: Sequence[Text]
    button: Button | None = None
    to_chat: bool = False
    """Whether there is a way into the web chat below."""


class Frame:
    """Makes the pages, in the community's languages."""

    def __init__(
        self,
        say: Callable[[str, Text], str],
        languages: Sequence[str],
        assets: Mapping[str, str],
        public_url: str | None,
        folder: Path,
    ) -> None:
        self._say = say
        self._languages = tuple(languages)
        self._public_url = public_url
        self._page = templates(folder, assets, own=self._own_name)("mail.html")

    def page(self, sheet: Sheet, status: int = 200) -> Response:
        """The page as an answer."""
        language = sheet.language
        shown = self._page.render(
            page=sheet,
            title=self._say(language, Text("mail-page-title")),
            paragraphs=[self._say(language, each) for each in sheet.paragraphs],
            button=self._say(language, sheet.button.label) if sheet.button else "",
            chat=self._say(language, Text("mail-to-chat")),
            others=[code for code in self._languages if code != language],
        )
        return HTMLResponse(shown, status)

    def language(self, request: Request) -> str:
        """As the link says, else as the browser wishes, else the community's first."""
        accepted = request.headers.get("accept-language", "")[:2].lower()
        wishes = (request.query_params.get("lang"), accepted)
        known = (wish for wish in wishes if wish in self._languages)
        return next(known, None) or self._languages[0]

    def from_here(self, request: Request) -> None:
        """403 if a browser says that this comes from a page of another site."""
        from_here(request, self._public_url)

    def _own_name(self, language: str) -> str:
        return self._say(language, Text(f"language-own-{language}"))
