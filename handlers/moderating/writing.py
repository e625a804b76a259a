"""What moderators write: a question in other words, a reason, what was asked in the session."""

from __future__ import annotations

from dataclasses import replace

from dialogue.form import Answers, Form, Question
from dialogue.stages import Stage
from dialogue.talk import Talk
from dialogue.words import Reply, Text, text
from handlers.moderating import acting, overview, screen
from handlers.receipts import receipts, views
from handlers.receipts.waiting_questions import SERIES
from handlers.roles import MODERATORS
from handlers.rounds import Round
from handlers.series import programme
from handlers.speaking import choices, talking
from handlers.turn import Conversation, Turn
from locales import written
from storage.asking.moderation import Handled

CODE = "i"
EDIT, REASON, HEARD = "edit", "reason", "heard"


async def edit(turn: Turn, value: str) -> list[Reply]:
    """Ask for the question in other words."""
    return await _about(turn, value, EDIT)


async def own_reason(turn: Turn, value: str) -> list[Reply]:
    """Ask for the reason in the moderator's own words."""
    return await _about(turn, value, REASON)


async def heard(turn: Turn, _value: str) -> list[Reply]:
    """Ask for a question that was heard in the session of the webinar that they are at."""
    if turn.desk.round is None:
        return await overview.here(turn)
    await overview.put_down(turn)
    webinar = turn.desk.round.webinar or SERIES
    return _begin(turn, HEARD, webinar)


async def _about(turn: Turn, value: str, what: str) -> list[Reply]:
    question = await screen.in_hand(turn, value)
    if not isinstance(question, Handled):
        return question
    words = text("words", words=question.text)
    return _begin(turn, what, screen.name(question), words)


def _begin(turn: Turn, what: str, about: str, *before: Text) -> list[Reply]:
    # The form is that of the talk on the desk; so the talk is there before the form is made.
    talk = Talk(turn.desk.numbers + 1, {"@what": what, "@id": about})
    turn.desk = turn.desk.with_talk(CODE, talk)
    return talking.begin(turn, CONVERSATION, *before)


def _form(turn: Turn) -> Form:
    talk = turn.desk.talks.get(CODE)
    what = str(talk.answers.get("@what")) if talk else EDIT
    return turn.house.once(("moderating", what), lambda: (_question(turn, what),))


def _question(turn: Turn, what: str) -> Question:
    asked = choices.long_text(turn.house, "q", Text(f"ask-moderate-{what}"), parts=1)
    return replace(asked, title=text("title-moderate"))


async def _keep(turn: Turn, answers: Answers) -> list[Reply]:
    what, words, about = answers["@what"], str(answers["q"]), str(answers["@id"])
    if what == HEARD:
        return await _keep_heard(turn, about, words)
    question = await screen.in_hand(turn, about)
    if not isinstance(question, Handled):
        return question
    if what == REASON:
        return await acting.move(turn, question, Stage.DECLINED, reason=words)
    store = turn.storage.moderation
    language = written.language_of(words, turn.house.languages.codes, question.language)
    edited = await store.edit(question.id, turn.person.id, words, turn.now, language)
    if edited is None:
        return await acting.again(turn, question.id)
    await receipts.tell(turn, [edited.id])
    return [await screen.show(turn, edited, text("moderated-edited"))]


async def _keep_heard(turn: Turn, about: str, words: str) -> list[Reply]:
    webinar = programme.find(turn.programme, about)
    if webinar is None and about != SERIES:
        return await overview.here(turn)
    store, scope = turn.storage.moderation, webinar.id if webinar else None
    typed = await store.type_in(scope, words, language_of(turn, words), turn.person.id, turn.now)
    await receipts.tell(turn, [typed.id])
    at = turn.desk.round or Round()
    view = views.view_of(typed.stage) or at.view
    turn.desk = replace(turn.desk, round=replace(at, webinar=scope, view=view, skipped=()))
    question = await screen.take(turn, typed.id)
    if not isinstance(question, Handled):
        return question
    return [await screen.show(turn, question, text("moderated-heard"))]


def language_of(turn: Turn, words: str) -> str:
    """The language that words are in, as far as their letters tell; else that of the writer."""
    return written.language_of(words, turn.house.languages.codes, turn.person.language)


async def _left(turn: Turn, answers: Answers) -> list[Reply]:
    question = None
    if answers.get("@what") != HEARD:
        question = await screen.in_hand(turn, str(answers.get("@id")))
    if isinstance(question, Handled):
        return [await screen.show(turn, question, text("cancelled"))]
    return question or await overview.here(turn, text("cancelled"))


CONVERSATION = Conversation(CODE, _form, _keep, may=MODERATORS, left=_left)
