"""Answers that moderators write down: for whoever asked, or for all who have registered."""

from __future__ import annotations

from dataclasses import replace

from dialogue.form import Answers, Form, Question
from dialogue.talk import Talk
from dialogue.words import Reply, Text, text
from handlers.moderating import acting, screen
from handlers.moderating.writing import language_of
from handlers.receipts import awaiting, receipts
from handlers.roles import MODERATORS
from handlers.series import programme
from handlers.speaking import choices, talking
from handlers.turn import Conversation, Turn
from storage.asking.moderation import Handled

CODE = "j"
PRIVATE, PUBLIC = "private", "public"


async def answer(turn: Turn, value: str) -> list[Reply]:
    """Ask for the answer, and who is to have it."""
    question = await screen.in_hand(turn, value)
    if not isinstance(question, Handled):
        return question
    webinar = programme.find(turn.programme, question.webinar or "")
    about = {"@id": screen.name(question), "@public": "yes" if webinar else "no"}
    # The form is that of the talk on the desk; so the talk is there before the form is made.
    turn.desk = turn.desk.with_talk(CODE, Talk(turn.desk.numbers + 1, about))
    return talking.begin(turn, CONVERSATION, text("words", words=question.text))


def _form(turn: Turn) -> Form:
    talk = turn.desk.talks.get(CODE)
    for_all = talk is not None and talk.answers.get("@public") == "yes"
    return turn.house.once(("answering", for_all), lambda: _asked(turn, for_all=for_all))


def _asked(turn: Turn, *, for_all: bool) -> Form:
    words = choices.long_text(turn.house, "q", text("ask-answer"), parts=1)
    languages = turn.house.languages
    offered = tuple(
        choices.choice(languages, who, Text(f"btn-answer-{who}")) for who in (PRIVATE, PUBLIC)
    )
    whom = Question("who", text("ask-answer-who"), text("title-answer-who"), offered)
    return (replace(words, title=text("title-answer")), *((whom,) if for_all else ()))


async def _keep(turn: Turn, answers: Answers) -> list[Reply]:
    question = await screen.in_hand(turn, str(answers["@id"]))
    if not isinstance(question, Handled):
        return question
    words, public = str(answers["q"]), answers.get("who") == PUBLIC
    store, language = turn.storage.moderation, language_of(turn, str(answers["q"]))
    answered = await store.answer(question.id, turn.person.id, words, language, public, turn.now)
    if answered is None:
        return await acting.again(turn, question.id)
    await tell(turn, answered)
    done = text("moderated-public") if public else text("moderated-private")
    return await screen.after(turn, answered, done)


async def tell(turn: Turn, answered: Handled) -> None:
    """Have whoever waits for this answer hear it, and all who registered if it is for them."""
    await receipts.tell(turn, [answered.id], anew=True)
    if answered.answer_public:
        await awaiting.tell_registered(turn, answered)


async def _left(turn: Turn, answers: Answers) -> list[Reply]:
    question = await screen.in_hand(turn, str(answers.get("@id")))
    if not isinstance(question, Handled):
        return question
    return [await screen.show(turn, question, text("cancelled"))]


CONVERSATION = Conversation(CODE, _form, _keep, "summary-answer", may=MODERATORS, left=_left)
