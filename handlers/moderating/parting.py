"""What was merged into a question: read in its own words, and parted from it again."""

from __future__ import annotations

from dialogue.words import Button, Label, Reply, text
from handlers.moderating import overview, screen
from handlers.participants.own_questions import beginning
from handlers.speaking import lists
from handlers.telling import notices
from handlers.turn import Turn
from storage.asking.moderation import Handled

SHOWN = 8


async def ask(turn: Turn, value: str) -> list[Reply]:
    """Which of them is to be on its own again."""
    question = await screen.in_hand(turn, value)
    if not isinstance(question, Handled):
        return question
    parts = (await turn.storage.moderation.parts(question.id))[:SHOWN]
    lines = tuple(
        text("moderate-merge-line", number=number, question=_beginning(each))
        for number, each in enumerate(parts, start=1)
    )
    ways = tuple(
        (
            Button(
                text("btn-mo-open") if each.flagged else beginning(each.text),
                f"go:mo-open:{screen.name(each)}",
            ),
        )
        for each in parts
    )
    said = (screen.words(question), text("moderate-parts"), *lines)
    return [lists.menu(turn, said, (*ways, (screen.to_one(question), overview.back())))]


def _beginning(question: Handled) -> Label:
    """Its first words, unless they are folded away."""
    return screen.words(question) if question.flagged else notices.beginning(question.text)
