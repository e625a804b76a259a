"""What is written on the board: other words, an answer, what was heard; and which are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogue.fold import clean, utf16_length
from dialogue.stages import Stage
from dialogue.words import Text
from handlers.deed import Outcome
from locales.written import language_of
from storage import Transaction
from storage.asking.moderation import Handled
from storage.community.boards import Place
from web.board.acting import Result, Told, Wish, in_hand, read_wish, too_late
from web.board.cards import seen
from web.board.ways import MERGEABLE, Sheet


@dataclass(frozen=True, slots=True)
class Written:
    """What a sheet was filled in with."""

    words: str = ""
    for_all: bool = False
    """An answer is for all who have registered."""
    into: str = ""
    """With which question it is to be one, as `question.seen`."""
    approved: bool = False
    """Other words are approved at once."""


@dataclass(frozen=True, slots=True)
class Scribe:
    """Whatever is written goes through here: how long it may be, and who hears of it."""

    languages: Sequence[str]
    most: int
    """UTF-16 units of a question, and of an answer: each is to be one message anywhere."""
    told: Told
    answered: Told

    async def write(
        self, tx: Transaction, place: Place, wish: Wish, written: Written, now: datetime
    ) -> Result:
        """Have a sheet count, if its question still is as it was when the sheet was opened."""
        words = clean(written.words)
        if wish.to is not Sheet.MERGE:
            unfit = self._unfit(words)
            if unfit is not None:
                return unfit
        found = await in_hand(tx, place, wish, now, keep=True)
        if isinstance(found, Result):
            return found
        match wish.to:
            case Sheet.EDIT:
                done = await self._edit(tx, place, found, words, written.approved, now)
            case Sheet.MERGE:
                done = await self._merge(tx, place, found, written.into, now)
            case _:
                done = await self._answer(tx, place, found, words, written.for_all, now)
        return done or await too_late(tx, place, wish, now)

    async def heard(self, tx: Transaction, place: Place, words: str, now: datetime) -> Result:
        """Take down what was asked in the session: approved, and nobody's."""
        words = clean(words)
        unfit = self._unfit(words)
        if unfit is not None:
            return unfit
        language = language_of(words, self.languages, place.language)
        typed = await tx.moderation.type_in(place.webinar, words, language, place.person, now)
        await self.told(tx, place, [typed.id])
        return Result(Outcome.DONE, Text("moderated-heard"))

    async def _edit(
        self,
        tx: Transaction,
        place: Place,
        question: Handled,
        words: str,
        approved: bool,
        now: datetime,
    ) -> Result | None:
        language = language_of(words, self.languages, question.language)
        edited = await tx.moderation.edit(question.id, place.person, words, now, language)
        if edited is None:
            return None
        said = "moderated-edited"
        if approved and edited.stage is Stage.IN_REVIEW:
            await tx.moderation.move(edited.id, place.person, Stage.APPROVED, now)
            said = "moderated-approved"
        await tx.moderation.release(edited.id, place.person)
        await self.told(tx, place, [edited.id])
        return Result(Outcome.DONE, Text(said))

    async def _merge(
        self, tx: Transaction, place: Place, question: Handled, into: str, now: datetime
    ) -> Result | None:
        chosen = read_wish(f"{Sheet.MERGE}.{into}")
        other = await tx.moderation.get(chosen.question) if chosen else None
        if chosen is None or other is None or other.stage not in MERGEABLE:
            return None
        if seen(other) != chosen.seen or other.kind != question.kind:
            return None
        kept = await tx.moderation.merge(question.id, other.id, place.person, now)
        if kept is None:
            return None
        await self.told(tx, place, [kept.id])
        return Result(Outcome.DONE, Text("moderated-merged"))

    async def _answer(
        self,
        tx: Transaction,
        place: Place,
        question: Handled,
        words: str,
        for_all: bool,
        now: datetime,
    ) -> Result | None:
        language = language_of(words, self.languages, place.language)
        answered = await tx.moderation.answer(
            question.id, place.person, words, language, for_all, now
        )
        if answered is None:
            return None
        await self.answered(tx, place, [answered.id])
        return Result(Outcome.DONE, Text("moderated-public" if for_all else "moderated-private"))

    def _unfit(self, words: str) -> Result | None:
        if not words:
            return Result(Outcome.UNFIT, Text("reject-empty"))
        if (length := utf16_length(words)) > self.most:
            return Result(
                Outcome.UNFIT, Text("board-too-long", {"length": length, "most": self.most})
            )
        return None
