"""What is to be put into another language, as interpreters find it in their list; pure."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.interpreting.texts import mark
from storage.asking.moderation import Handled
from storage.asking.texts import Text
from web.board.cards import COLUMNS, Column
from web.board.words import Said, shown


@dataclass(frozen=True, slots=True)
class Wanted:
    """One text of the list."""

    id: int
    do: str
    """What its button carries."""
    said: Said
    into: str
    part: str
    column: Column | None
    """Where its question lies on the desk: what is put now is needed first."""
    taken_until: int | None
    """Epoch milliseconds."""
    holder: str | None
    """The role of whoever has it in hand."""
    drafted: bool


def wanted(text: Text, question: Handled, holder: str | None = None) -> Wanted:
    """This text of this question, which somebody of that role may have in hand."""
    until = text.claimed_until
    return Wanted(
        id=text.id,
        do=f"translate.{text.id}.{mark(text)}",
        said=Said(shown(text.original), text.original_language),
        into=text.language,
        part=text.part,
        column=COLUMNS.get(question.stage),
        taken_until=None if until is None else int(until.timestamp() * 1000),
        holder=holder,
        drafted=text.draft is not None,
    )
