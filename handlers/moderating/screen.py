"""One question, as a moderator sees it: its words, what is known of it, and every way on."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import blake2b

from dialogue.words import Button, Reply, Text, text
from handlers.moderating import buttons, overview
from handlers.receipts import reasons, views
from handlers.rounds import Round
from handlers.speaking import lists
from handlers.turn import Turn
from storage.asking.moderation import Claimed, Handled, Order
from storage.ids import id_in

_ONE = re.compile(r"(.+):([0-9a-f]{8})")


async def look(turn: Turn, value: str) -> list[Reply]:
    """Begin to go through the questions of one kind."""
    await overview.put_down(turn)
    if value not in views.VIEWS or turn.desk.round is None:
        return await overview.here(turn)
    turn.desk = replace(turn.desk, round=replace(turn.desk.round, view=value, skipped=()))
    return await next_one(turn)


async def skip(turn: Turn, _value: str) -> list[Reply]:
    """Leave the one in hand to others, or for later."""
    at = turn.desk.round
    if at is not None and at.question is not None:
        await overview.put_down(turn)
        turn.desk = replace(turn.desk, round=at.passing(at.question))
    return await next_one(turn)


async def next_one(turn: Turn, *before: Text) -> list[Reply]:
    """The next question of this round, claimed; the numbers when there is no other one."""
    at = turn.desk.round
    if at is None:
        return await overview.here(turn, *before)
    found = await turn.storage.moderation.next(
        at.webinar, turn.person.id, Order(at.order), turn.now, at.skipped, views.VIEWS[at.view]
    )
    if found is not None:
        return [await show(turn, found, *before)]
    note = text("moderate-through") if at.skipped else text("moderate-none")
    return await overview.here(turn, *before, note)


async def show(turn: Turn, question: Handled, *before: Text, unfolded: bool = False) -> Reply:
    """This question, which is in hand now; a flagged one with its words only once `unfolded`."""
    at = turn.desk.round or Round(question.webinar)
    turn.desk = replace(turn.desk, round=replace(at, question=question.id))
    folded = question.flagged and not unfolded
    ways = await buttons.under(turn, question, name(question), folded=folded)
    rest = (Button(text("btn-next-one"), "go:mo-skip:"), overview.back())
    rows = (*lists.in_rows(tuple(ways), 2), rest)
    translation = None if folded else await _translation(turn, question)
    return lists.menu(turn, (*before, *_told(turn, question, translation, folded=folded)), rows)


async def _translation(turn: Turn, question: Handled) -> str | None:
    """What interpreters made of it for whoever reads the moderator's language."""
    for each in await turn.storage.texts.approved([question.id]):
        if each.part == "question" and each.language == turn.person.language != question.language:
            return each.text
    return None


def _told(
    turn: Turn, question: Handled, translation: str | None, *, folded: bool
) -> tuple[Text, ...]:
    """The question in full: nothing of who asked but what they chose to show."""
    stage = Text(f"moderate-is-{question.stage}")
    about = overview.title(turn, question.webinar)
    said = words(question) if folded else text("words", words=question.text)
    texts = [text("moderate-head", stage=stage, webinar=about), said]
    if translation is not None:
        texts.append(text("moderate-translated", words=translation))
    if question.original is not None and not folded:
        texts.append(text("moderate-original", original=question.original))
    texts.append(text("lines", lines=_facts(question)))
    if question.reason:
        texts.append(text("question-reason", reason=reasons.told(question.reason)))
    if question.answer:
        texts.append(text("question-answer", answer=question.answer))
    return tuple(texts)


def words(question: Handled) -> Text:
    """Its words, unless they are folded away."""
    return text("moderate-flagged") if question.flagged else text("words", words=question.text)


async def unfold(turn: Turn, value: str) -> list[Reply]:
    """A flagged question with its words, and all that can be done with it."""
    question = await in_hand(turn, value)
    if not isinstance(question, Handled):
        return question
    return [await show(turn, question, unfolded=True)]


def _facts(question: Handled) -> tuple[Text, ...]:
    language = Text(f"language-{question.language}")
    by = {"language": language, "at": question.hour}
    # What was heard in the session is nobody's.
    who = {"who": question.asker} if question.asker else {}
    facts = [Text("moderate-by" if who else "moderate-by-session", {**by, **who})]
    if question.kind == "idea":
        facts.append(text("moderate-idea"))
    if question.nickname:
        facts.append(text("moderate-nickname", nickname=question.nickname))
    if question.supports:
        facts.append(text("moderate-supports", number=question.supports))
    if question.strikes:
        facts.append(text("moderate-strikes", number=question.strikes))
    return tuple(facts)


async def in_hand(turn: Turn, value: str) -> Handled | list[Reply]:
    """The question that a button names, claimed; else what is to be said instead.

    A button counts only for the question as it was shown: whatever has changed is shown anew.
    """
    found = _ONE.fullmatch(value)
    id = id_in(found[1], 16) if found else None
    if found is None or id is None:
        return await overview.here(turn)
    question = await take(turn, id)
    if isinstance(question, Handled) and mark(question) != found[2]:
        return [await show(turn, question, text("moderate-changed"))]
    return question


async def one(turn: Turn, value: str) -> list[Reply]:
    """Back to the question on this button."""
    question = await in_hand(turn, value)
    return [await show(turn, question)] if isinstance(question, Handled) else question


def to_one(question: Handled) -> Button:
    """The button back to this question."""
    return Button(text("btn-mo-one"), f"go:mo-one:{name(question)}")


async def take(turn: Turn, question_id: int) -> Handled | list[Reply]:
    """This question, claimed; else what is said of whose it is, and the next one."""
    at = turn.desk.round
    if at is not None and at.question not in (None, question_id):
        await overview.put_down(turn)
    claimed = await turn.storage.moderation.claim(question_id, turn.person.id, turn.now)
    if isinstance(claimed, Claimed):
        return await next_one(turn, text("moderate-taken", role=Text(f"role-{claimed.role}")))
    if claimed is None:
        return await next_one(turn, text("moderate-gone"))
    return claimed


async def after(turn: Turn, question: Handled, *notes: Text) -> list[Reply]:
    """Once something was done with it: itself while it belongs to the round, then the next one."""
    at = turn.desk.round
    if at is not None and question.stage in views.VIEWS[at.view]:
        kept = await take(turn, question.id)
        return [await show(turn, kept, *notes)] if isinstance(kept, Handled) else kept
    without(turn)
    return await next_one(turn, *notes)


def without(turn: Turn) -> None:
    """What was in hand has gone its way."""
    if turn.desk.round is not None:
        turn.desk = replace(turn.desk, round=replace(turn.desk.round, question=None))


def name(question: Handled) -> str:
    """How buttons name a question: its id, and what of it was shown."""
    return f"{question.id:x}:{mark(question)}"


def mark(question: Handled) -> str:
    """What was shown of a question, so that nothing else is decided about."""
    shown = f"{question.stage}|{question.text}|{question.answer or ''}"
    return blake2b(shown.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
