"""The board's pages: the door, the desk, the stage, and what is added to them later."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from dialogue.words import Localised, Text
from web.board.cards import Card, Column
from web.board.sheets import SheetShown
from web.board.shell import Desk, Look, Shell
from web.board.stand import Stand
from web.board.voice import Voice
from web.board.wanted import Wanted
from web.board.words import titled
from web.rendering import templates

_EMPTY: Mapping[Column, str] = {column: f"board-{column}-empty" for column in Column}
_NAMES: Mapping[Column, str] = {column: f"board-{column}" for column in Column}


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
        self._voice = Voice(say)
        self.languages = tuple(languages)
        self._reasons = reasons
        template = templates(folder, assets, own=self._voice.own_name)
        self._door = template("board_door.html")
        self._desk = template("board_desk.html")
        self._card = template("board_card.html")
        self._stage = template("board_stage.html")
        self._put = template("board_put.html")
        self._interpret = template("board_interpret.html")
        self._wanted = template("board_wanted.html")
        self._sheet = template("board_sheet.html")
        self._sheet_page = template("board_sheet_page.html")

    def known(self, language: str | None, otherwise: str | None = None) -> str:
        """This language if it is one of ours, else the other, else the community's first."""
        known = (code for code in (language, otherwise) if code in self.languages)
        return next(known, None) or self.languages[0]

    def say(self, language: str, said: Text) -> str:
        """What is said."""
        return self._voice.say(language, said)

    def door(self, look: Look, token: str | None) -> str:
        """The page with the one button that opens the board; without a token, why it does not."""
        others = [code for code in self.languages if code != look.language]
        return self._door.render(
            look=look, token=token, words=self._voice.words, order=[look.language, *others]
        )

    def desk(self, look: Look, title: Localised, shell: Shell, desk: Desk) -> str:
        """The whole page for moderators."""
        return self._desk.render(
            look=look,
            words=self._voice.words(look.language),
            title=titled(title, look.language),
            shell=shell,
            desk=desk,
            by_mail=self.by_mail(look.language, desk.by_mail),
            languages=self.languages,
            names=_NAMES,
            empty=_EMPTY,
            reasons=[
                (stored, self._voice.say(look.language, said)) for stored, said in self._reasons
            ],
        )

    def by_mail(self, language: str, count: int) -> str:
        """That so many answers came by mail; nothing while none waits."""
        return self._voice.counted(language, "board-proposals", count) if count else ""

    def card(self, card: Card, language: str, who: str = "") -> str:
        """One question on the desk; `who` leads to where whoever asked it is looked up."""
        why = dict(self._reasons).get(card.reason or "")
        words = self._voice.words(language)

        def counted(key: str, count: int) -> str:
            return self._voice.counted(language, key, count) if count else ""

        return self._card.render(
            card=card,
            words=words,
            who=f"{who}/{card.id}?lang={language}" if who else "",
            reason=self._voice.say(language, why) if why else card.reason,
            supports=counted("board-supports", card.supports),
            alike=counted("board-alike", card.alike),
            parts=counted("board-parts", len(card.parts)),
            hand=self._voice.in_hand(language, card.holder) if card.taken_until else "",
        ).strip()

    def stage(self, look: Look, title: Localised, shell: Shell, stand: str) -> str:
        """The whole page for the experts, or for a projector."""
        return self._stage.render(
            look=look,
            words=self._voice.words(look.language),
            title=titled(title, look.language),
            shell=shell,
            stand=stand,
            bare=shell.view == "projector",
        )

    def stand(self, stand: Stand, language: str, bare: bool, answers: bool) -> str:
        """What is on stage now."""

        def supports(count: int) -> str:
            return self._voice.counted(language, "board-supports", count)

        return self._put.render(
            stand=stand,
            words=self._voice.words(language),
            bare=bare,
            answers=answers,
            supports=supports,
            waiting=self._voice.counted(language, "board-waiting", stand.waiting),
        ).strip()

    def interpret(self, look: Look, title: Localised, shell: Shell, shown: str) -> str:
        """The whole page for interpreters."""
        return self._interpret.render(
            look=look,
            words=self._voice.words(look.language),
            title=titled(title, look.language),
            shell=shell,
            shown=shown,
            languages=self.languages,
        )

    def wanted(self, shown: Sequence[Wanted], language: str) -> str:
        """What is to be translated now."""
        into = {each.into for each in shown} | {each.said.language for each in shown}

        def hand(one: Wanted) -> str:
            return self._voice.in_hand(language, one.holder)

        return self._wanted.render(
            shown=shown,
            words=self._voice.words(language),
            names=_NAMES,
            into={code: self._voice.into(language, code) for code in sorted(into)},
            hand=hand,
        ).strip()

    def sheet(self, language: str, shell: Shell, sheet: SheetShown, action: str) -> str:
        """What is opened to write or to choose something."""
        return self._sheet.render(
            **self._on_sheet(language, shell, sheet, action),
        ).strip()

    def sheet_page(self, look: Look, shell: Shell, sheet: SheetShown, action: str) -> str:
        """The same as a page of its own."""
        return self._sheet_page.render(
            look=look, **self._on_sheet(look.language, shell, sheet, action)
        )

    def _on_sheet(
        self, language: str, shell: Shell, sheet: SheetShown, action: str
    ) -> dict[str, object]:
        def supports(count: int) -> str:
            return self._voice.counted(language, "board-supports", count)

        return {
            "words": self._voice.words(language),
            "shell": shell,
            "sheet": sheet,
            "action": action,
            "supports": supports,
            "into": self._voice.into(language, sheet.language) if sheet.language else "",
        }
