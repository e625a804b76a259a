"""Forms as a conversation: every move of `dialogue.talk` by button, number or word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dialogue import talk as talks
from dialogue.fold import fold
from dialogue.form import Answer, Answers, Choice, Form, Question, Rejected, applying, result, walk
from dialogue.talk import Talk
from dialogue.words import Button, Label, Reply, Text, text
from handlers.desk import Entry
from handlers.turn import Conversation, Turn
from locales import Languages

Rows = tuple[tuple[Button, ...], ...]


def menu(turn: Turn, texts: tuple[Text, ...], rows: Rows) -> Reply:
    """A list to choose from: from now on numbers and labels mean its buttons."""
    turn.desk = replace(turn.desk, menu=entries(turn.house.languages, rows))
    return Reply(texts, rows)


def entries(languages: Languages, rows: Rows) -> tuple[Entry, ...]:
    """The lines of a list, with the names by which they may be typed."""
    buttons = [button for row in rows for button in row if not button.url]
    return tuple(
        Entry(button.value, tuple(sorted(languages.names(button.label)))) for button in buttons
    )


def begin(
    turn: Turn, conversation: Conversation, *before: Text, answers: Answers | None = None
) -> list[Reply]:
    """Start this form, from answers known already, or take it up where it was left."""
    form = turn.form(conversation)
    kept = turn.desk.talks.get(conversation.code)
    if kept is None or answers is not None:
        kept = talks.begin(form, turn.desk.numbers + 1, answers)
    turn.desk = turn.desk.with_talk(conversation.code, kept)
    return [prompt(turn, conversation, *before)]


def prompt(turn: Turn, conversation: Conversation, *before: Text) -> Reply:
    """What the talk in front asks now: its question, or the summary of all answers."""
    form = turn.form(conversation)
    talk = talks.today(form, turn.desk.talks[conversation.code])
    turn.desk = turn.desk.with_talk(conversation.code, talk)
    question = talks.asked_question(form, talk)
    if question is None:
        return _summary(turn, conversation, form, talk, before)
    if turn.desk.menu:
        turn.desk = replace(turn.desk, menu=())
    rows = (*_choice_rows(conversation, question, talk), *_control_rows(conversation, form, talk))
    return Reply((*before, question.ask, *_answer_so_far(question, talk)), rows)


def offers(turn: Turn, conversation: Conversation, words: str) -> bool:
    """Whether these words name one of the choices on the screen."""
    form, talk = turn.form(conversation), turn.desk.talks[conversation.code]
    question = talks.asked_question(form, talk)
    shown = talks.shown_choices(question, talk) if question else ()
    return any(fold(words) in choice.names for choice in shown)


async def typed(turn: Turn, conversation: Conversation, raw: str) -> list[Reply]:
    """Take typed text for the answer to the question in front."""
    form = turn.form(conversation)
    talk = turn.desk.talks[conversation.code]
    before = talk.answers
    try:
        talk = talks.say(form, talk, raw)
    except Rejected as rejected:
        turn.desk = turn.desk.with_talk(conversation.code, talks.offering(talk, rejected, raw))
        return [prompt(turn, conversation, rejected.reason)]
    turn.desk = turn.desk.with_talk(conversation.code, _with_source(turn, talk, before))
    return await _go_on(turn, conversation, talk)


async def pressed(
    turn: Turn, conversation: Conversation, number: int, key: str, value: str
) -> list[Reply] | None:
    """Take a button of this form; None when it belongs to a talk that is over."""
    talk = turn.desk.talks.get(conversation.code)
    if talk is None or talk.number != number:
        return None
    turn.desk = turn.desk.with_talk(conversation.code, talk)
    if key == "!ok":
        return await _confirm(turn, conversation, talk, value)
    if key == "!edit":
        return [_edit_menu(turn, conversation, talk)]
    form = turn.form(conversation)
    if key not in _MOVES and talk.asked != key and talk.answers.get(key) == value:
        return []
    try:
        moved = _MOVES.get(key, _press)(form, talk, key, value)
    except Rejected as rejected:
        return [prompt(turn, conversation, rejected.reason)]
    turn.desk = turn.desk.with_talk(conversation.code, moved)
    return await _go_on(turn, conversation, moved)


async def step(turn: Turn, conversation: Conversation, move: str) -> list[Reply]:
    """Take a typed "back", "skip" or "done" for the question in front."""
    talk = turn.desk.talks[conversation.code]
    key = f"!{move}"
    if talk.asked is None and move == "done":
        return [prompt(turn, conversation)]
    replies = await pressed(turn, conversation, talk.number, key, talk.asked or "")
    return replies or []


def _press(form: Form, talk: Talk, key: str, value: str) -> Talk:
    return talks.press(form, talk, key, value)


def _skip(form: Form, talk: Talk, _key: str, value: str) -> Talk:
    return talks.skip(form, talk, value)


def _back(form: Form, talk: Talk, _key: str, value: str) -> Talk:
    # A second tap on the same "back" has been obeyed already.
    return talks.back(form, talk) if (talk.asked or "") == value else talk


def _done(form: Form, talk: Talk, _key: str, value: str) -> Talk:
    return talks.done(form, talk) if talk.asked == value else talk


def _edit(form: Form, talk: Talk, _key: str, value: str) -> Talk:
    return talks.edit(form, talk, value)


def _to_summary(form: Form, talk: Talk, _key: str, _value: str) -> Talk:
    return talks.move_on(form, talk)


_MOVES: dict[str, Callable[[Form, Talk, str, str], Talk]] = {
    "!skip": _skip,
    "!back": _back,
    "!done": _done,
    "!to": _edit,
    "!sum": _to_summary,
}


async def _go_on(turn: Turn, conversation: Conversation, talk: Talk) -> list[Reply]:
    if conversation.summary is None and talks.finished(turn.form(conversation), talk):
        return await _finish(turn, conversation, talk)
    return [prompt(turn, conversation)]


async def _confirm(turn: Turn, conversation: Conversation, talk: Talk, shown: str) -> list[Reply]:
    form = turn.form(conversation)
    if not talks.finished(form, talk) or talks.stamp(form, talk) != shown:
        return [prompt(turn, conversation, text("confirm-changed"))]
    return await _finish(turn, conversation, talk)


async def _finish(turn: Turn, conversation: Conversation, talk: Talk) -> list[Reply]:
    kept = result(turn.form(conversation), talk.answers)
    sources = {key: value for key, value in talk.answers.items() if key.startswith("@")}
    turn.desk = turn.desk.without_talk(conversation.code)
    return await conversation.finish(turn, {**kept, **sources})


def _with_source(turn: Turn, talk: Talk, before: Answers) -> Talk:
    """Remember which message an answer came from, so that editing it edits the answer."""
    changed = [key for key, value in talk.answers.items() if before.get(key) != value]
    if turn.incoming.message is None or len(changed) != 1:
        return talk
    answers: dict[str, Answer] = {**talk.answers, f"@{changed[0]}": turn.incoming.message}
    return replace(talk, answers=answers)


def _summary(
    turn: Turn, conversation: Conversation, form: Form, talk: Talk, before: tuple[Text, ...]
) -> Reply:
    lines = tuple(
        text("summary-line", title=question.title, answer=_shown(question, talk.answers))
        for question in applying(form, talk.answers)
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
    return menu(turn, (*before, heading, text("lines", lines=lines)), rows)


def _edit_menu(turn: Turn, conversation: Conversation, talk: Talk) -> Reply:
    code = f"{conversation.code}{talk.number}"
    asked = applying(turn.form(conversation), talk.answers)
    buttons = tuple(Button(question.title, f"{code}:!to:{question.key}") for question in asked)
    return menu(
        turn,
        (text("edit-which"),),
        (*in_rows(buttons, 2), (Button(text("btn-to-summary"), f"{code}:!sum:"),)),
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


def _choice_rows(conversation: Conversation, question: Question, talk: Talk) -> Rows:
    code = f"{conversation.code}{talk.number}:{question.key}"

    def button(choice: Choice) -> Button:
        picked = choice.value in talk.picked
        tick = "" if not question.several else "-" if picked else "+"
        return Button(choice.label, f"{code}:{tick}{choice.value}", picked=picked)

    shown = talks.shown_choices(question, talk)
    return in_rows(tuple(button(choice) for choice in shown), question.columns)


def _control_rows(conversation: Conversation, form: Form, talk: Talk) -> Rows:
    code = f"{conversation.code}{talk.number}"
    question = talks.asked_question(form, talk)
    first: list[Button] = []
    if question and question.several:
        first.append(Button(text("btn-done"), f"{code}:!done:{talk.asked}"))
    if question and question.optional:
        first.append(Button(text("btn-skip"), f"{code}:!skip:{talk.asked}"))
    second = [Button(text("btn-cancel"), "go:cancel")]
    first_question, _ = next(walk(form, talk.answers))
    if first_question.key != talk.asked:
        second.insert(0, Button(text("btn-back"), f"{code}:!back:{talk.asked}"))
    return tuple(tuple(row) for row in (first, second) if row)


def in_rows(buttons: tuple[Button, ...], columns: int) -> Rows:
    """The buttons, so many to a row."""
    return tuple(buttons[i : i + columns] for i in range(0, len(buttons), columns))
