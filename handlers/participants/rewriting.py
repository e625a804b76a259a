"""Asking a question in other words, while it has not been put to the experts."""

from __future__ import annotations

from dataclasses import replace

from dialogue.form import Answers, Form
from dialogue.stages import STILL_THEIRS, Stage
from dialogue.words import Reply, text
from handlers.participants import own_questions
from handlers.receipts import waiting_questions
from handlers.speaking import choices, talking
from handlers.turn import Conversation, Turn
from locales import written


async def rewrite(turn: Turn, question_id: int) -> list[Reply]:
    """Ask for the new words of a question."""
    kept = await own_questions.own(turn, question_id)
    if kept is None or kept.state not in STILL_THEIRS:
        return await own_questions.one(turn, question_id, text("question-too-late"))
    return talking.begin(turn, CONVERSATION, answers={"@id": str(question_id)})


async def edited(turn: Turn) -> list[Reply]:
    """A message was edited on the platform: so is the question that it became, while it may be."""
    incoming = turn.incoming
    words = incoming.text
    if not words or incoming.message is None:
        return []
    for code, talk in turn.desk.talks.items():
        if talk.answers.get("@q") == incoming.message:
            return await _edited_answer(turn, code, words)
    kept = await turn.storage.questions.by_message(turn.person.id, incoming.message)
    if kept is None:
        return []
    if kept.state not in STILL_THEIRS:
        return await own_questions.one(turn, kept.id, text("question-too-late"))
    talking.begin(turn, CONVERSATION, answers={"@id": str(kept.id)})
    return await talking.typed(turn, CONVERSATION, words)


async def _edited_answer(turn: Turn, code: str, words: str) -> list[Reply]:
    conversation = turn.house.conversations[code]
    talk = turn.desk.talks[code]
    turn.desk = turn.desk.with_talk(code, replace(talk, asked="q", offers=(), draft=""))
    return await talking.typed(turn, conversation, words)


async def _rewritten(turn: Turn, answers: Answers) -> list[Reply]:
    question_id = int(str(answers["@id"]))
    source = answers.get("@q")
    words = str(answers["q"])
    before = await own_questions.own(turn, question_id)
    done = await turn.storage.questions.rewrite(
        turn.person.id,
        question_id,
        words,
        source if isinstance(source, str) else None,
        turn.house.words.flags(words),
        written.language_of(words, turn.house.languages.codes, turn.person.language),
    )
    if done and before is not None and before.state not in (Stage.RECEIVED, Stage.IN_REVIEW):
        # It is new once more, and whoever moderates had done with it already.
        await waiting_questions.came(turn, before.webinar)
    note = text("question-rewritten") if done else text("question-too-late")
    return await own_questions.one(turn, question_id, note)


def _form(turn: Turn) -> Form:
    house = turn.house
    ask = text("ask-rewrite")
    return (house.once("rewrite", lambda: choices.long_text(house, "q", ask, parts=1)),)


CONVERSATION = Conversation("e", _form, _rewritten)
