"""What moderators do with answers that experts sent by mail: one at a time, taken or left."""

from __future__ import annotations

import re

from dialogue.words import Button, Localised, Reply, Text, text
from handlers.digest import sending
from handlers.moderating import answering, overview
from handlers.moderating.writing import language_of
from handlers.receipts import waiting_questions
from handlers.speaking import lists
from handlers.turn import Turn
from storage.asking.moderation import Handled
from storage.asking.proposals import Proposal
from storage.ids import id_in

PUBLIC = "public"
_GIVE = re.compile(r"(.+):(private|public)")


async def show(turn: Turn, value: str, *before: Text) -> list[Reply]:
    """The first that waits for the webinar on this button."""
    webinar = sending.announced(turn, value)
    waiting = [] if webinar is None else await turn.storage.proposals.of(webinar.id)
    back = Button(text("btn-back"), f"go:di:{value}")
    if not waiting:
        return [lists.menu(turn, (*before, text("proposals-none")), ((back,),))]
    proposal = waiting[0]
    question = await turn.storage.moderation.get(proposal.question)
    said = (*before, Text("proposal", {"count": len(waiting)}), *_words(question, proposal))
    ways = (
        *(
            Button(Text(f"btn-answer-{who}"), f"go:di-give:{proposal.id:x}:{who}")
            for who in ("private", PUBLIC)
        ),
        Button(text("btn-proposal-leave"), f"go:di-leave:{proposal.id:x}"),
        back,
    )
    return [lists.menu(turn, said, lists.in_rows(ways, 2))]


async def give(turn: Turn, value: str) -> list[Reply]:
    """Take it for the answer, for the asker or for all who registered."""
    carried = _GIVE.fullmatch(value)
    proposal = await _find(turn, carried[1] if carried else "")
    if carried is None or proposal is None:
        return await _gone(turn)
    store, public = turn.storage.moderation, carried[2] == PUBLIC
    found = await store.claim(proposal.question, turn.person.id, turn.now)
    if not isinstance(found, Handled):
        role = Text(f"role-{found.role}") if found else None
        note = text("moderate-taken", role=role) if role else text("proposals-gone")
        return await show(turn, proposal.webinar, note)
    answered = await _take(turn, proposal, found, public=public)
    if answered is None:
        await store.release(found.id, turn.person.id)
        return await show(turn, proposal.webinar, text("proposals-gone"))
    await answering.tell(turn, answered)
    await waiting_questions.changed(turn, proposal.webinar)
    done = text("moderated-public") if public else text("moderated-private")
    return await show(turn, proposal.webinar, done)


async def _take(
    turn: Turn, proposal: Proposal, question: Handled, *, public: bool
) -> Handled | None:
    # Of two who press at once the later one has waited for its question, and finds it gone.
    if not await turn.storage.proposals.drop(proposal.id):
        return None
    words, language = proposal.text, language_of(turn, proposal.text)
    store, now = turn.storage.moderation, turn.now
    return await store.answer(question.id, turn.person.id, words, language, public, now)


async def leave(turn: Turn, value: str) -> list[Reply]:
    """It is no answer; it is erased."""
    proposal = await _find(turn, value)
    if proposal is None or not await turn.storage.proposals.drop(proposal.id):
        return await _gone(turn)
    await waiting_questions.changed(turn, proposal.webinar)
    return await show(turn, proposal.webinar, text("proposal-left"))


def way(webinar: str, number: int) -> tuple[Button, ...]:
    """The button to those that wait, if any do."""
    label = text("btn-proposals", number=number)
    return (Button(label, f"go:di-take:{webinar}"),) if number else ()


def _words(question: Handled | None, proposal: Proposal) -> tuple[Text, ...]:
    asked = question.text if question else ""
    now = () if question is None or not question.answer else (_answered(question),)
    answer = text("proposal-answer", answer=proposal.text)
    return (text("words", words=asked), *now, answer)


def _answered(question: Handled) -> Text:
    said = {question.answered_language or question.language: question.answer or ""}
    return text("question-answer", answer=Localised(said))


async def _find(turn: Turn, carried: str) -> Proposal | None:
    id = id_in(carried, 16)
    return None if id is None else await turn.storage.proposals.get(id)


async def _gone(turn: Turn) -> list[Reply]:
    return await overview.here(turn, text("proposals-gone"))
