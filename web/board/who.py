"""The page on which an organiser looks up who asked: what it means, its form, and what is held.

It needs no script. What is found out is in the answer to the form alone; no other page, and nothing
that open boards share, holds any of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogue.words import Text
from storage.asking.moderation import Handled
from storage.asking.reveals import Asker, Behind
from storage.persons import VISITED
from web.board.shell import Look
from web.board.words import shown
from web.rendering import templates

LEAST, MOST = 10, 300
"""UTF-16 units that a reason has."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known before anybody is looked up."""

    question: Handled
    """As boards have it: without whoever asked."""
    parts: Sequence[Handled]
    """What was merged into it; each has an asker of its own."""
    behind: Behind
    left: int
    """So many more may be looked up now."""
    has_code: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form held, and what came of it."""

    reason: str = ""
    problem: Text | None = None
    asker: Asker | None = None


EMPTY = Filled()


def asked_by(webinar: str) -> str:
    """Where the pages of a webinar's questions are, each under the question's id."""
    return f"/board/{webinar}/who"


class WhoPage:
    """The page, in the community's languages."""

    def __init__(
        self,
        say: Callable[[str, Text], str],
        assets: Mapping[str, str],
        folder: Path,
        most: int,
    ) -> None:
        """`most` askers may be looked up in a day."""
        self._say = say
        self._most = most
        self._page = templates(folder, assets, shown=shown)("board_who.html")

    def page(
        self, look: Look, webinar: str, form_token: str, standing: Standing, filled: Filled = EMPTY
    ) -> str:
        """The form, or why there is none; and with an asker, what is held of them."""

        def say(key: str, **values: Any) -> str:
            return self._say(look.language, Text(key, values))

        behind = standing.behind
        return self._page.render(
            look=look,
            say=say,
            why_not="" if behind is Behind.SOMEBODY else say(f"who-{behind}"),
            desk=f"/board/{webinar}",
            who=asked_by(webinar),
            query=f"?lang={look.language}&theme={look.theme}",
            form_token=form_token,
            standing=standing,
            filled=filled,
            problem=self._say(look.language, filled.problem) if filled.problem else "",
            known=self._known(look.language, filled.asker) if filled.asker else (),
            least=LEAST,
            longest=MOST,
            most=self._most,
        )

    def _known(self, language: str, asker: Asker) -> list[tuple[str, str, bool]]:
        """What is held of them: what it is called, its words, and whether these are a sentence."""

        def said(key: str) -> str:
            return self._say(language, Text(key))

        place = asker.profile.governorate
        return [
            (said("title-nick"), asker.profile.nickname or said("answer-skipped"), True),
            (said("title-gov"), said(f"governorate-{place}" if place else "answer-skipped"), True),
            *(
                # A browser is known by a hash that tells nobody anything.
                (said(f"channel-{channel}"), said("who-web"), True)
                if channel == VISITED
                else (said(f"channel-{channel}"), account.removeprefix(f"{channel}:"), False)
                for channel, account in asker.accounts
            ),
        ]
