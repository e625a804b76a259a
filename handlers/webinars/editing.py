"""One thing of a webinar changed by itself, and then back to its screen."""

from __future__ import annotations

from dialogue import moves
from dialogue.form import Answer, Answers, Form, applying
from dialogue.talk import Talk
from dialogue.words import Button, Reply, text
from handlers.content import warnings
from handlers.roles import ORGANISERS
from handlers.series import programme
from handlers.speaking import asking, lists
from handlers.turn import Conversation, Turn
from handlers.webinars import answers as reading
from handlers.webinars import joining, moving, questions
from handlers.webinars.screen import back_button, screen
from storage.series.webinars import Webinar

CODE = "f"


async def menu(turn: Turn, webinar_id: str) -> list[Reply]:
    """Everything that can be changed."""
    webinar = await _changeable(turn, webinar_id)
    if webinar is None:
        return await screen(turn, webinar_id)
    told = reading.told(webinar, turn.house.languages.codes)
    asked = applying(questions.form(turn, told), told)
    buttons = tuple(
        Button(question.title, f"go:wf:{question.key}:{webinar_id}") for question in asked
    )
    rows = (*lists.in_rows(buttons, 2), (back_button(webinar_id),))
    return [lists.menu(turn, (text("edit-which"),), rows)]


async def field(turn: Turn, value: str) -> list[Reply]:
    """Ask for one thing anew, `<key>:<webinar>`; what is told to people has a way of its own."""
    key, _, webinar_id = value.partition(":")
    webinar = await _changeable(turn, webinar_id)
    if webinar is None:
        return await screen(turn, webinar_id)
    if key == "at" and webinar.state == "published":
        return await moving.move(turn, webinar_id)
    if key in joining.KEYS:
        return await joining.change(turn, webinar_id)
    told = reading.told(webinar, turn.house.languages.codes)
    if key not in {each.key for each in applying(questions.form(turn, told), told)}:
        return await menu(turn, webinar_id)
    return [_asked(turn, webinar_id, key, told[key])]


def _asked(turn: Turn, webinar_id: str, key: str, answer: Answer) -> Reply:
    kept: dict[str, Answer] = {"@webinar": webinar_id, "@field": key, key: answer}
    # The form is that of the talk on the desk; so the talk is there before the form is made.
    turn.desk = turn.desk.with_talk(CODE, Talk(turn.desk.numbers + 1, kept))
    form = CONVERSATION.build(turn)
    turn.desk = turn.desk.with_talk(CODE, moves.edit(form, turn.desk.talks[CODE], key))
    return asking.prompt(turn, CONVERSATION)


def _form(turn: Turn) -> Form:
    talk = turn.desk.talks.get(CODE)
    webinar_id, key = (str(talk.answers.get(k)) if talk else "" for k in ("@webinar", "@field"))
    webinar = programme.find(turn.programme, webinar_id)
    if webinar is None:
        return ()
    return (questions.editing(turn, key, reading.told(webinar, turn.house.languages.codes)),)


async def _keep(turn: Turn, answers: Answers) -> list[Reply]:
    webinar_id, key = str(answers["@webinar"]), str(answers["@field"])
    webinar = await _changeable(turn, webinar_id)
    if webinar is None or key not in answers:
        return await screen(turn, webinar_id)
    codes = turn.house.languages.codes
    changed = reading.applied(webinar, {key: answers[key]}, codes)
    if changed == webinar:
        return await screen(turn, webinar_id, text("webinar-kept"))
    if key == "at" and webinar.state == "published":
        # Somebody published it while this was asked: now there are people to tell.
        return await moving.move_sure(turn, webinar, changed.starts_at)
    await turn.storage.webinars.put(changed)
    await turn.storage.reminders.replan(changed, turn.house.rules.reminders, turn.now)
    return await screen(turn, webinar_id, text("setting-changed"))


async def _left(turn: Turn, answers: Answers) -> list[Reply]:
    return await screen(turn, str(answers["@webinar"]), text("webinar-kept"))


async def _changeable(turn: Turn, webinar_id: str) -> Webinar | None:
    webinar = await turn.storage.webinars.get(webinar_id)
    return webinar if webinar and webinar.state in {"draft", "published"} else None


CONVERSATION = Conversation(CODE, _form, _keep, may=ORGANISERS, left=_left, beside=warnings.beside)
