"""What people hear of their questions: each change of what they see, and the answers.

The words go to whoever asked, or wants to know, and are shown to nobody on the staff. They do not
repeat somebody's own question: a phone may be seen by others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.stages import SEEN_AS, Seen, seen_by_asker
from dialogue.words import Button, Label, Localised, Reply, Text, text
from handlers import programme, reasons
from handlers.bursts import Burst
from handlers.lasting import lasting
from handlers.moderating import counter
from handlers.translated import in_languages
from handlers.turn import Turn
from storage.moderation import Handled, WayBack

OFF = Button(text("btn-receipts-off"), lasting("go:set:receipts:off"))


@dataclass(frozen=True, slots=True)
class _News:
    """What one person is to hear of one question as it is by now."""

    question: int
    """The one that they asked, or supported."""
    root: Handled
    """The one whose stages it has."""
    supported: Localised | None
    """What it asks, for whoever supported it; None for its asker."""
    answer: Localised | None
    """What is said to it; None while nothing is, or when they read it elsewhere."""


async def tell(turn: Turn, question_ids: Sequence[int], *, anew: bool = False) -> None:
    """Have those who wait for these, and for what was merged into them, hear what is new to them.

    One message per question and stage, and per person while more of it comes; none about anything
    but answers for whoever does not wish for it. `anew` is when another answer was given.
    Moderators at work see how many are new by now.
    """
    news: dict[int, list[int]] = {}
    ways = await turn.storage.moderation.askers(question_ids)
    for webinar in dict.fromkeys(way.webinar for way in ways):
        await counter.changed(turn, webinar)
    for way in ways:
        root = await turn.storage.moderation.get(way.root)
        if root is None:
            continue
        if way.person is not None and (anew or _is_new(way, root)):
            await turn.storage.moderation.note_told([way.question], seen_by_asker(root.stage))
            news.setdefault(way.person, []).append(way.question)
        for person in way.supporters if anew else ():
            news.setdefault(person, []).append(way.question)
    for person, questions in news.items():
        await _tell_one(turn, person, questions)


def _is_new(way: WayBack, root: Handled) -> bool:
    seen = seen_by_asker(root.stage)
    return seen not in (way.told, Seen.RECEIVED, Seen.WITHDRAWN)


async def _tell_one(turn: Turn, person_id: int, questions: Sequence[int]) -> None:
    person = await turn.storage.people.get(person_id)
    if person is None:
        return
    found = await _news(turn, person_id, questions)
    wished = tuple(n.question for n in found if n.answer or (person.receipts and not n.supported))
    if not wished:
        return
    burst = turn.house.bursts.join(person_id, wished, turn.now)
    every = await _news(turn, person_id, burst.questions)
    _send(turn, person_id, burst, every)


def _send(turn: Turn, person_id: int, burst: Burst, news: Sequence[_News]) -> None:
    blocks = [_told(turn, each) for each in news]
    own = [each.question for each in news if each.supported is None]
    if len(own) == 1:
        way = Button(text("btn-receipt"), lasting(f"go:q:{own[0]}"))
    else:
        way = Button(text("btn-questions"), lasting("go:questions"))
    if len(news) > 1:
        blocks.insert(0, [text("receipts")])
    texts = tuple(line for block in blocks for line in block)
    answered = tuple(each.question for each in news if each.root.stage in _ANSWERED)
    reply = Reply(texts, ((way,), (OFF,)) if own else ())
    turn.tell(person_id, reply, slot=burst.slot, due=burst.due, answers=answered)


async def _news(turn: Turn, person_id: int, questions: Sequence[int]) -> list[_News]:
    """What there is to tell this person of these, as they are now."""
    found: list[_News] = []
    for way in await turn.storage.moderation.askers(questions):
        own = way.person == person_id
        if way.question not in questions or not (own or person_id in way.supporters):
            continue
        root = await turn.storage.moderation.get(way.root)
        if root is not None:
            words = await in_languages(turn.storage, root)
            answer = words.answer if await _hears(turn, person_id, root) else None
            found.append(_News(way.question, root, None if own else words.question, answer))
    return found


async def _hears(turn: Turn, person_id: int, root: Handled) -> bool:
    """Whether the answer is told to them here: not where it reaches them with all registered."""
    if seen_by_asker(root.stage) is not Seen.ANSWERED:
        return False
    if not root.answer_public or root.webinar is None:
        return True
    kept = await turn.storage.registrations.get(person_id, root.webinar)
    return kept is None or not kept.approved


def _told(turn: Turn, news: _News) -> list[Text]:
    root, about = news.root, _about(turn, news.root)
    if news.supported is not None:
        lines = [text("receipt-supported", about=about, question=news.supported)]
    else:
        key = "receipt-idea" if root.kind == "idea" else "receipt"
        lines = [Text(key, {"about": about, "state": Text(f"state-{root.stage}")})]
    if root.reason and seen_by_asker(root.stage) is Seen.DECLINED:
        lines.append(text("question-reason", reason=reasons.told(root.reason)))
    if news.answer is not None:
        lines.append(text("question-answer", answer=news.answer))
    return lines


def _about(turn: Turn, root: Handled) -> Label:
    webinar = programme.find(turn.programme, root.webinar) if root.webinar else None
    return webinar.title if webinar else text("btn-series")


_ANSWERED = frozenset(stage for stage in SEEN_AS if seen_by_asker(stage) is Seen.ANSWERED)
