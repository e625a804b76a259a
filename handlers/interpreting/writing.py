"""The translation that an interpreter writes: shown once more before anybody reads it."""

from __future__ import annotations

from dataclasses import replace

from dialogue.fold import LONGEST_TEXT, utf16_length
from dialogue.form import Answers, Form, Question, Rejected
from dialogue.talk import Talk
from dialogue.words import Reply, Text, text
from handlers.interpreting import desk
from handlers.interpreting.texts import Wanted
from handlers.roles import INTERPRETERS
from handlers.speaking import choices, talking
from handlers.turn import Conversation, Turn

CODE = "t"


async def own(turn: Turn, value: str) -> list[Reply]:
    """Ask for the translation of the text on this button."""
    wanted = await desk.in_hand(turn, value)
    if not isinstance(wanted, Wanted):
        return wanted
    about = {"@id": desk.name(wanted), "@into": wanted.language}
    # The form is that of the talk on the desk; so the talk is there before the form is made.
    turn.desk = turn.desk.with_talk(CODE, Talk(turn.desk.numbers + 1, about))
    return talking.begin(turn, CONVERSATION, text("words", words=wanted.original))


def _form(turn: Turn) -> Form:
    talk = turn.desk.talks.get(CODE)
    into = str(talk.answers.get("@into")) if talk else ""
    return turn.house.once(("interpreting", into), lambda: (_question(into),))


def _question(into: str) -> Question:
    asked = Text("ask-interpret", {"language": Text(f"language-{into}")}) if into else text("words")
    return Question("t", asked, text("title-interpret"), read=_written)


def _written(raw: str) -> str:
    words = choices.written(raw)
    if (length := utf16_length(words)) > LONGEST_TEXT:
        raise Rejected(text("interpret-too-long", length=length, most=LONGEST_TEXT))
    return words


async def _keep(turn: Turn, answers: Answers) -> list[Reply]:
    words = str(answers["t"])
    wanted = await desk.in_hand(turn, str(answers["@id"]))
    if not isinstance(wanted, Wanted):
        return _with(wanted, text("interpret-yours", words=words))
    return await desk.approve(turn, wanted, words)


async def _left(turn: Turn, answers: Answers) -> list[Reply]:
    wanted = await desk.in_hand(turn, str(answers.get("@id")))
    if not isinstance(wanted, Wanted):
        return wanted
    return [await desk.show(turn, wanted, text("cancelled"))]


def _with(replies: list[Reply], said: Text) -> list[Reply]:
    """The replies, and above the last of them what was written for nothing."""
    *others, last = replies
    return [*others, replace(last, texts=(said, *last.texts))]


CONVERSATION = Conversation(CODE, _form, _keep, "summary-interpret", may=INTERPRETERS, left=_left)
