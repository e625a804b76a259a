"""What is on stage: questions as the experts and the audience see them; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dialogue.stages import Stage
from storage.asking.moderation import Handled
from web.board.acting import AT_THE_STAGE
from web.board.cards import seen
from web.board.ways import Sheet
from web.board.words import Said, Translations, said


@dataclass(frozen=True, slots=True)
class Put:
    """A question as the experts see it, in the reader's language first where it can be."""

    said: tuple[Said, ...]
    supports: int
    answer: str = ""
    """What the button carries by which it is answered in writing; empty where none is."""

    @property
    def length(self) -> str:
        """How large its letters may be."""
        longest = sum(len(each.text) for each in self.said)
        return next((size for size, most in SIZES if longest <= most), "xl")


SIZES = (("s", 90), ("m", 220), ("l", 450))


@dataclass(frozen=True, slots=True)
class Stand:
    """What is on stage: being put, to be put next, most wanted, and to be answered later."""

    now: tuple[Put, ...]
    next: tuple[Put, ...]
    top: tuple[Put, ...]
    later: tuple[Put, ...]
    """To which an answer was promised."""
    waiting: int
    """How many come after those that are shown as next."""


AHEAD = 5


def stand(questions: Iterable[Handled], translations: Translations, language: str) -> Stand:
    """What is on stage of these for a reader of this language.

    Ideas are read by the organisers and put to nobody.
    """

    def put(some: Sequence[Handled]) -> tuple[Put, ...]:
        return tuple(
            Put(
                tuple(
                    sorted(said(each, translations), key=lambda words: words.language != language)
                ),
                each.supports,
                f"{Sheet.ANSWER}.{each.id}.{seen(each)}" if each.stage in AT_THE_STAGE else "",
            )
            for each in some
        )

    by_stage: dict[Stage, list[Handled]] = {}
    for question in questions:
        if question.kind == "question":
            by_stage.setdefault(question.stage, []).append(question)
    queued = sorted(by_stage.get(Stage.QUEUED, ()), key=lambda q: (q.queued, q.order))
    wanted = sorted(by_stage.get(Stage.APPROVED, ()), key=lambda q: (-q.supports, q.order))
    return Stand(
        now=put(sorted(by_stage.get(Stage.LIVE, ()), key=lambda q: (q.queued, q.order))),
        next=put(queued[:AHEAD]),
        top=put(wanted[:AHEAD]),
        later=put(sorted(by_stage.get(Stage.FOLLOW_UP, ()), key=lambda q: q.order)),
        waiting=max(0, len(queued) - AHEAD),
    )
