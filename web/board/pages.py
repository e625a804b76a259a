"""The board's pages: the door, the desk, the stage, and what is added to them later."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dialogue.words import Localised, Text
from web.board.cards import Card, Column
from web.board.stand import Stand
from web.page import direction

_EMPTY: Mapping[Column, str] = {column: f"board-{column}-empty" for column in Column}
_NAMES: Mapping[Column, str] = {column: f"board-{column}" for column in Column}


@dataclass(frozen=True, slots=True)
class Look:
    """In which language and colours a page is shown."""

    language: str
    theme: str
    """`light`, `dark`, or "" for what the machine prefers."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What one rendering of the desk shows."""

    webinar: str
    columns: Mapping[Column, Sequence[str]]
    """The cards, as HTML."""
    version: int
    form_token: str
    said: str


class Pages:
    """Everything that the board shows, in the community's languages."""

    def __init__(
        self,
        say: Callable[[str, Text], str],
        languages: Sequence[str],
        assets: Mapping[str, str],
        reasons: Sequence[tuple[str, Text]],
        folder: Path,
    ) -> None:
        """`reasons` are those for which a question is declined, as stored and as said."""
        self._say = say
        self.languages = tuple(languages)
        self._reasons = reasons
        self._said: dict[str, dict[str, str]] = {}
        environment = Environment(
            loader=FileSystemLoader(folder / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        names: dict[str, Any] = {"assets": assets, "direction": direction, "own": self._own_name}
        self._door = environment.get_template("board_door.html", globals=names)
        self._desk = environment.get_template("board_desk.html", globals=names)
        self._card = environment.get_template("board_card.html", globals=names)
        self._stage = environment.get_template("board_stage.html", globals=names)
        self._put = environment.get_template("board_put.html", globals=names)

    def known(self, language: str | None, otherwise: str | None = None) -> str:
        """This language if it is one of ours, else the other, else the community's first."""
        known = (code for code in (language, otherwise) if code in self.languages)
        return next(known, None) or self.languages[0]

    def say(self, language: str, said: Text) -> str:
        """What is said."""
        return self._say(language, said)

    def door(self, look: Look, token: str | None) -> str:
        """The page with the one button that opens the board; without a token, why it does not."""
        others = [code for code in self.languages if code != look.language]
        return self._door.render(
            look=look, token=token, words=self._words, order=[look.language, *others]
        )

    def desk(self, look: Look, title: Localised, desk: Desk) -> str:
        """The whole page for moderators."""
        return self._desk.render(
            look=look,
            words=self._words(look.language),
            title=self._title(look, title),
            desk=desk,
            names=_NAMES,
            empty=_EMPTY,
            reasons=[(stored, self._say(look.language, said)) for stored, said in self._reasons],
        )

    def card(self, card: Card, language: str) -> str:
        """One question on the desk."""
        why = dict(self._reasons).get(card.reason or "")
        supports = Text("board-supports", {"count": card.supports})
        return self._card.render(
            card=card,
            words=self._words(language),
            reason=self._say(language, why) if why else card.reason,
            supports=self._say(language, supports) if card.supports else "",
        ).strip()

    def stage(
        self, look: Look, title: Localised, webinar: str, stand: str, version: int, bare: bool
    ) -> str:
        """The whole page for the experts; `bare` has nothing to press, for a projector."""
        return self._stage.render(
            look=look,
            words=self._words(look.language),
            title=self._title(look, title),
            webinar=webinar,
            stand=stand,
            version=version,
            bare=bare,
        )

    def stand(self, stand: Stand, language: str, bare: bool) -> str:
        """What is on stage now."""

        def supports(count: int) -> str:
            return self._say(language, Text("board-supports", {"count": count}))

        return self._put.render(
            stand=stand,
            words=self._words(language),
            bare=bare,
            supports=supports,
            waiting=self._say(language, Text("board-waiting", {"count": stand.waiting})),
        ).strip()

    def _words(self, language: str) -> Callable[[str], str]:
        said = self._said.setdefault(language, {})

        def word(key: str) -> str:
            # A thousand questions bring the same few words.
            if key not in said:
                said[key] = self._say(language, Text(key))
            return said[key]

        return word

    def _own_name(self, language: str) -> str:
        return self._say(language, Text(f"language-own-{language}"))

    def _title(self, look: Look, title: Localised) -> tuple[str, str]:
        """The webinar's title, and the language in which it is given."""
        said = title.by_language
        language = look.language if look.language in said else next(iter(said), look.language)
        return said.get(language, ""), language
