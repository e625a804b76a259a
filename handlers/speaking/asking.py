"""What a talk shows: its open question with the choices, the summary, or what to edit."""

from __future__ import annotations

from dataclasses import replace

from dialogue import talk as talks
from dialogue.fold import fold
from dialogue.form import Answers, Choice, Form, Question, applying, walk
from dialogue.talk import Talk
from dialogue.words import Button, Label, Reply, Text, text
from handlers.speaking import lists
from handlers.turn import Conversation, Turn


def prompt(turn: Turn, conversation: Conversation, *before: Text, asked: bool = False) -> Reply:
    """What the talk in front asks now: its question, or the summary of all answers.

    `asked` is whether `before` asks already.
    """
    form = turn.form(conversation)
    talk = talks.today(form, turn.desk.talks[conversation.code])
    turn.desk = turn.desk.with_talk(conversation.code, talk)
    question = talks.asked_question(form, talk)
    if question is None:
        return _summary(turn, conversation, form, talk, before)
    if turn.desk.menu:
        turn.desk = replace(turn.desk, menu=())
    rows = (*_choice_rows(conversation, question, talk), *_control_rows(conversation, form, talk))
    ask = question.again if talk.offers and question.again else question.ask
    texts = (*before, *(() if asked else (ask,)), *_answer_so_far(question, talk))
    return Reply(texts, rows, wants_photo=question.takes_photo)


def offers(turn: Turn, conversation: Conversation, words: str) -> bool:
    """Whether these words name one of the choices on the screen."""
    form, talk = turn.form(conversation), turn.desk.talks[conversation.code]
    question = talks.asked_question(form, talk)
    shown = talks.shown_choices(question, talk) if question else ()
    return any(fold(words) in choice.names for choice in shown)


def way_on(turn: Turn, conversation: Conversation, words: str) -> str | None:
    """What the button below the open question does whose label these words are, if any."""
    if not conversation.rest_later or turn.desk.menu:
        return None  # All other ways on are commands that work everywhere.
    form, talk = turn.form(conversation), turn.desk.talks[conversation.code]
    ways = lists.entries(turn.house.languages, _control_rows(conversation, form, talk))
    folded = fold(words)
    return next((way.value for way in ways if folded and folded in way.names), None)


def _summary(
    turn: Turn, conversation: Conversation, form: Form, talk: Talk, before: tuple[Text, ...]
) -> Reply:
    lines = tuple(
        text("summary-line", title=question.title, answer=_shown(question, talk.answers))
        for question in applying(form, talk.answers)
        if talk.answers.get(question.key) or not conversation.rest_later
    )
    mark, code = talks.stamp(form, talk), f"{conversation.code}{talk.number}"
    rows = (
        (Button(text("btn-confirm"), f"{code}:!ok:{mark}"),),
        (
            Button(text("btn-edit"), f"{code}:!edit:"),
            Button(text("btn-cancel"), "go:cancel"),
        ),
    )
    heading = text(conversation.summary or "summary")
    return lists.menu(turn, (*before, heading, text("lines", lines=lines)), rows)


def edit_menu(turn: Turn, conversation: Conversation, talk: Talk) -> Reply:
    """All questions that were asked, to choose one that is answered anew."""
    code = f"{conversation.code}{talk.number}"
    asked = applying(turn.form(conversation), talk.answers)
    buttons = tuple(Button(question.title, f"{code}:!to:{question.key}") for question in asked)
    return lists.menu(
        turn,
        (text("edit-which"),),
        (*lists.in_rows(buttons, 2), (Button(text("btn-to-summary"), f"{code}:!sum:"),)),
    )


def _shown(question: Question, answers: Answers) -> Label:
    answer = answers.get(question.key)
    if not answer:
        return text("answer-skipped")
    if isinstance(answer, str):
        return question.label(answer)
    return _enumerated(tuple(question.label(value) for value in answer))


def _enumerated(labels: tuple[Label, ...]) -> Label:
    first, *rest = labels
    return text("enumerated", first=first, rest=_enumerated(tuple(rest))) if rest else first


def _answer_so_far(question: Question, talk: Talk) -> tuple[Text, ...]:
    if not talk.answers.get(question.key) or question.several:
        return ()
    return (text("answer-so-far", answer=_shown(question, talk.answers)),)


def _choice_rows(conversation: Conversation, question: Question, talk: Talk) -> lists.Rows:
    """The choices, numbered as `Question.chosen` counts them."""
    code = f"{conversation.code}{talk.number}:{question.key}"

    def button(number: int, choice: Choice) -> Button:
        picked = choice.value in talk.picked
        tick = "" if not question.several else "-" if picked else "+"
        return Button(choice.label, f"{code}:{tick}{choice.value}", picked=picked, number=number)

    shown = enumerate(talks.shown_choices(question, talk), start=1)
    return lists.in_rows(tuple(button(*each) for each in shown), question.columns)


def _control_rows(conversation: Conversation, form: Form, talk: Talk) -> lists.Rows:
    code = f"{conversation.code}{talk.number}"
    question = talks.asked_question(form, talk)
    first: list[Button] = []
    if question and question.several:
        first.append(Button(text("btn-done"), f"{code}:!done:{talk.asked}"))
    if question and question.optional:
        first.append(Button(text("btn-skip"), f"{code}:!skip:{talk.asked}"))
    if conversation.rest_later and talks.may_skip_rest(form, talk):
        first.append(Button(text("btn-rest-later"), f"{code}:!rest:{talk.asked}"))
    second = [Button(text("btn-cancel"), "go:cancel")]
    first_question, _ = next(walk(form, talk.answers))
    if first_question.key != talk.asked:
        second.insert(0, Button(text("btn-back"), f"{code}:!back:{talk.asked}"))
    return tuple(tuple(row) for row in (first, second) if row)
