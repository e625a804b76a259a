"""What people hear of their questions: each change of what they see, and the answers.

The words go to whoever asked, or wants to know, and are shown to nobody on the staff. They do not
repeat somebody's own question: a phone may be seen by others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dialogue.stages import SEEN_AS, Seen, Stage, seen_by_asker
from dialogue.words import Button, Label, Localised, Reply, Text, text
from handlers.bursts import Burst
from handlers.lasting import lasting
from handlers.receipts import awaiting, reasons, waiting_questions, wanting
from handlers.receipts import waiting_texts as texts
from handlers.receipts.states import state
from handlers.receipts.translated import in_languages
from handlers.series import programme
from handlers.teller import Teller
from storage.asking.awaited import Wait
from storage.asking.moderation import Handled, WayBack
from storage.community.people import Person

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
    """What is said to it; None while nothing is, or when they read it elsewhere, or later."""
    wait: Wait = Wait.NO
    """Whether they wait for the answer in their language."""


async def tell(to: Teller, question_ids: Sequence[int], *, anew: bool = False) -> None:
    """Have those who wait for these, and for what was merged into them, hear what is new to them.

    One message per question and stage, and per person while more of it comes; none about anything
    but answers for whoever does not wish for it. `anew` is when another answer was given. Whoever
    reads another language gets that once it is put into theirs, or when they waited long enough.
    What is to be put into other languages is wanted from now on, and the staff at work see what
    waits for them.
    """
    ways = await to.storage.moderation.askers(question_ids)
    roots = await _roots(to, ways)
    if anew:
        for root in roots.values():
            await to.storage.awaited.clear(root.id)
    wanted = await wanting.want(to.storage, to.house, [*roots.values()])
    await texts.show(to, news=wanted > 0)
    for webinar in dict.fromkeys(way.webinar for way in ways):
        await waiting_questions.changed(to, webinar)
    news: dict[int, list[int]] = {}
    for way in ways:
        root = roots.get(way.root)
        if root is None:
            continue
        if way.person is not None and (anew or _is_new(way, root)):
            await to.storage.moderation.note_told([way.question], seen_by_asker(root.stage))
            news.setdefault(way.person, []).append(way.question)
        for person in way.supporters if anew else ():
            news.setdefault(person, []).append(way.question)
    await _add_those_who_waited(to, ways, roots, news)
    for person, questions in news.items():
        await _tell_one(to, person, questions)


async def _roots(to: Teller, ways: Sequence[WayBack]) -> Mapping[int, Handled]:
    found = [await to.storage.moderation.get(id) for id in dict.fromkeys(way.root for way in ways)]
    return {root.id: root for root in found if root is not None}


async def _add_those_who_waited(
    to: Teller,
    ways: Sequence[WayBack],
    roots: Mapping[int, Handled],
    news: dict[int, list[int]],
) -> None:
    """Whom the answer may reach now, since it is in their language, or their time is over."""
    for root in roots.values():
        if root.stage is not Stage.ANSWERED:
            continue
        if await to.storage.awaited.anybody(root.id):
            words = await in_languages(to.storage, root)
            for way in ways:
                for id in _people(way) if way.root == root.id else ():
                    person = await to.storage.people.get(id)
                    if person is not None and await awaiting.is_due(to, root, words, person):
                        news.setdefault(id, []).append(way.question)
        await awaiting.go_on(to, root)


def _people(way: WayBack) -> tuple[int, ...]:
    return way.supporters if way.person is None else (way.person, *way.supporters)


def _is_new(way: WayBack, root: Handled) -> bool:
    seen = seen_by_asker(root.stage)
    return seen not in (way.told, Seen.RECEIVED, Seen.WITHDRAWN)


async def _tell_one(to: Teller, person_id: int, questions: Sequence[int]) -> None:
    person = await to.storage.people.get(person_id)
    if person is None:
        return
    found = await _news(to, person, questions)
    wished = tuple(n.question for n in found if n.answer or (person.receipts and not n.supported))
    if not wished:
        return
    burst = to.house.bursts.join(person_id, wished, to.now)
    every = await _news(to, person, burst.questions)
    _send(to, person_id, burst, every)


def _send(to: Teller, person_id: int, burst: Burst, news: Sequence[_News]) -> None:
    blocks = _counted([_told(to, each) for each in news])
    own = [each.question for each in news if each.supported is None]
    if len(own) == 1:
        way = Button(text("btn-receipt"), lasting(f"go:q:{own[0]}"))
    else:
        way = Button(text("btn-questions"), lasting("go:questions"))
    if len(blocks) > 1:
        blocks.insert(0, [text("receipts")])
    texts = tuple(line for block in blocks for line in block)
    answered = tuple(
        each.question for each in news if each.root.stage in _ANSWERED and each.wait is not Wait.YES
    )
    reply = Reply(texts, ((way,), (OFF,)) if own else ())
    to.tell(person_id, reply, slot=burst.slot, due=burst.due, answers=answered)


def _counted(blocks: Sequence[list[Text]]) -> list[list[Text]]:
    """What is the same of several questions once, with how many they are."""
    counted: list[list[Text]] = []
    for first, *rest in blocks:
        number = blocks.count([first, *rest])
        if number > 1 and first.key == "receipt":
            first = Text("receipt-several", {**first.values, "count": number})
        if first.key != "receipt-several" or [first, *rest] not in counted:
            counted.append([first, *rest])
    return counted


async def _news(to: Teller, person: Person, questions: Sequence[int]) -> list[_News]:
    """What there is to tell this person of these, as they are now."""
    found: list[_News] = []
    for way in await to.storage.moderation.askers(questions):
        own = way.person == person.id
        if way.question not in questions or not (own or person.id in way.supporters):
            continue
        root = await to.storage.moderation.get(way.root)
        if root is not None:
            words = await in_languages(to.storage, root)
            supported = None if own else words.question
            if words.answer is None or not await _hears(to, person.id, root):
                found.append(_News(way.question, root, supported, None))
                continue
            wait = await awaiting.waits(to, root, words, person)
            answer = None if wait is Wait.YES else words.answer
            found.append(_News(way.question, root, supported, answer, wait))
    return found


async def _hears(to: Teller, person_id: int, root: Handled) -> bool:
    """Whether the answer is told to them here: not where it reaches them with all registered."""
    if seen_by_asker(root.stage) is not Seen.ANSWERED:
        return False
    if not root.answer_public or root.webinar is None:
        return True
    kept = await to.storage.registrations.get(person_id, root.webinar)
    return kept is None or not kept.approved


def _told(to: Teller, news: _News) -> list[Text]:
    root, about = news.root, _about(to, news.root)
    if news.supported is not None:
        lines = [text("receipt-supported", about=about, question=news.supported)]
    else:
        key = "receipt-idea" if root.kind == "idea" else "receipt"
        lines = [Text(key, {"about": about, "state": state(root.kind, root.stage)})]
    if root.reason and seen_by_asker(root.stage) is Seen.DECLINED:
        lines.append(text("question-reason", reason=reasons.told(root.reason)))
    if news.wait is not Wait.NO:
        lines.append(Text(_WAITING[news.wait]))
    if news.answer is not None:
        lines.append(text("question-answer", answer=news.answer))
    return lines


def _about(to: Teller, root: Handled) -> Label:
    webinar = programme.find(to.programme, root.webinar) if root.webinar else None
    return webinar.title if webinar else text("btn-series")


_ANSWERED = frozenset(stage for stage in SEEN_AS if seen_by_asker(stage) is Seen.ANSWERED)
_WAITING = {Wait.YES: "receipt-translating", Wait.IN_VAIN: "receipt-untranslated"}
