"""What askers hear of their questions: each change of what they see, and what was answered.

The words go to whoever asked and are shown to nobody on the staff. They do not repeat the
question: a phone may be seen by others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.stages import Seen, seen_by_asker
from dialogue.words import Button, Label, Reply, Text, text
from handlers import programme, reasons
from handlers.bursts import Burst
from handlers.lasting import lasting
from handlers.turn import Turn
from storage.moderation import Handled, WayBack

OFF = Button(text("btn-receipts-off"), lasting("go:set:receipts:off"))


@dataclass(frozen=True, slots=True)
class _News:
    """How far one question of somebody has come by now."""

    question: int
    root: Handled

    @property
    def seen(self) -> Seen:
        return seen_by_asker(self.root.stage)


async def tell(turn: Turn, question_ids: Sequence[int]) -> None:
    """Have the askers of these, and of what was merged into them, hear what is new to them.

    One message per question and stage, and per person while more of it comes; none about anything
    but answers for whoever does not wish for it.
    """
    news: dict[int, list[_News]] = {}
    for way in await turn.storage.moderation.askers(question_ids):
        root = await turn.storage.moderation.get(way.root)
        if root is not None and way.person is not None and _is_new(way, root):
            news.setdefault(way.person, []).append(_News(way.question, root))
    for person, each in news.items():
        await _tell_one(turn, person, each)


def _is_new(way: WayBack, root: Handled) -> bool:
    seen = seen_by_asker(root.stage)
    return seen not in (way.told, Seen.RECEIVED, Seen.WITHDRAWN)


async def _tell_one(turn: Turn, person_id: int, news: Sequence[_News]) -> None:
    person = await turn.storage.people.get(person_id)
    if person is None:
        return
    for each in news:
        await turn.storage.moderation.note_told([each.question], each.seen)
    wished = [each for each in news if person.receipts or each.root.answer]
    if not wished:
        return
    ids = tuple(each.question for each in wished)
    burst = turn.house.bursts.join(person_id, ids, turn.now)
    every = await _all_of(turn, person_id, burst)
    answered = tuple(each.question for each in every if _answer(each.root))
    turn.tell(person_id, _message(turn, every), slot=burst.slot, due=burst.due, answers=answered)


async def _all_of(turn: Turn, person_id: int, burst: Burst) -> list[_News]:
    """All that the message of this burst tells, as it is now."""
    found: list[_News] = []
    for way in await turn.storage.moderation.askers(burst.questions):
        if way.person == person_id and way.question in burst.questions:
            root = await turn.storage.moderation.get(way.root)
            if root is not None:
                found.append(_News(way.question, root))
    return found


def _message(turn: Turn, news: Sequence[_News]) -> Reply:
    blocks = [_told(turn, each.root) for each in news]
    if len(news) == 1:
        way = Button(text("btn-receipt"), lasting(f"go:q:{news[0].question}"))
    else:
        way = Button(text("btn-questions"), lasting("go:questions"))
        blocks.insert(0, [text("receipts")])
    return Reply(tuple(line for block in blocks for line in block), ((way,), (OFF,)))


def _told(turn: Turn, root: Handled) -> list[Text]:
    key = "receipt-idea" if root.kind == "idea" else "receipt"
    lines = [Text(key, {"about": _about(turn, root), "state": Text(f"state-{root.stage}")})]
    if root.reason:
        lines.append(text("question-reason", reason=reasons.told(root.reason)))
    if answer := _answer(root):
        lines.append(text("question-answer", answer=answer))
    return lines


def _answer(root: Handled) -> str | None:
    return root.answer if seen_by_asker(root.stage) is Seen.ANSWERED else None


def _about(turn: Turn, root: Handled) -> Label:
    webinar = programme.find(turn.programme, root.webinar) if root.webinar else None
    return webinar.title if webinar else text("btn-series")
