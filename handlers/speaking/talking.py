"""Forms as a conversation: every move of `dialogue.talk` by button, number or word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dialogue import moves
from dialogue import talk as talks
from dialogue.form import Answer, Answers, Form, Rejected, result
from dialogue.talk import Talk
from dialogue.words import Reply, Text, text
from handlers.speaking import asking
from handlers.turn import Conversation, Turn


def begin(
    turn: Turn, conversation: Conversation, *before: Text, answers: Answers | None = None
) -> list[Reply]:
    """Start this form, from answers known already, or take it up where it was left."""
    form = turn.form(conversation)
    kept = turn.desk.talks.get(conversation.code)
    if kept is None or answers is not None:
        kept = talks.begin(form, turn.desk.numbers + 1, answers)
    turn.desk = turn.desk.with_talk(conversation.code, kept)
    return [asking.prompt(turn, conversation, *before)]


async def typed(turn: Turn, conversation: Conversation, raw: str) -> list[Reply]:
    """Take typed text for the answer to the question in front."""
    form = turn.form(conversation)
    talk = turn.desk.talks[conversation.code]
    before = talk.answers
    try:
        talk = moves.say(form, talk, raw)
    except Rejected as rejected:
        talk = moves.offering(talk, rejected, raw)
        turn.desk = turn.desk.with_talk(conversation.code, talk)
        beside = await conversation.beside(turn, talk) if conversation.beside else ()
        said = (rejected.reason, *beside)
        return [asking.prompt(turn, conversation, *said, asked=rejected.asks)]
    talk = _with_source(turn, talk, before)
    turn.desk = turn.desk.with_talk(conversation.code, talk)
    return await _go_on(turn, conversation, talk)


async def pictured(turn: Turn, conversation: Conversation, photo: str) -> list[Reply] | None:
    """Take a picture for the answer to the question in front; None where that takes none."""
    form, talk = turn.form(conversation), turn.desk.talks[conversation.code]
    if turn.desk.menu or not talks.takes_photo(form, talk):
        return None
    kind, _, number = photo.partition(":")
    poster = int(number) if kind == "upload" else await turn.want_poster(photo)
    talk = moves.picture(form, talk, poster)
    turn.desk = turn.desk.with_talk(conversation.code, talk)
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
        return [asking.edit_menu(turn, conversation, talk)]
    form = turn.form(conversation)
    if key not in _MOVES and talk.asked != key and talk.answers.get(key) == value:
        return []
    try:
        moved = _MOVES.get(key, moves.press)(form, talk, key, value)
    except Rejected as rejected:
        return [asking.prompt(turn, conversation, rejected.reason)]
    if moved.answers.get(key) != talk.answers.get(key):
        # What is chosen comes from no message of theirs: editing one must not change it.
        answers = {name: told for name, told in moved.answers.items() if name != f"@{key}"}
        moved = replace(moved, answers=answers)
    turn.desk = turn.desk.with_talk(conversation.code, moved)
    return await _go_on(turn, conversation, moved)


async def step(turn: Turn, conversation: Conversation, move: str) -> list[Reply]:
    """Take a typed "back", "skip" or "done" for the question in front."""
    talk = turn.desk.talks[conversation.code]
    key = f"!{move}"
    if talk.asked is None and move == "done":
        return [asking.prompt(turn, conversation)]
    replies = await pressed(turn, conversation, talk.number, key, talk.asked or "")
    return replies or []


def _skip(form: Form, talk: Talk, _key: str, value: str) -> Talk:
    return moves.skip(form, talk, value)


def _rest(form: Form, talk: Talk, _key: str, value: str) -> Talk:
    return moves.skip_rest(form, talk) if talk.asked == value else talk


def _back(form: Form, talk: Talk, _key: str, value: str) -> Talk:
    # A second tap on the same "back" has been obeyed already.
    return moves.back(form, talk) if (talk.asked or "") == value else talk


def _done(form: Form, talk: Talk, _key: str, value: str) -> Talk:
    return moves.done(form, talk) if talk.asked == value else talk


def _edit(form: Form, talk: Talk, _key: str, value: str) -> Talk:
    return moves.edit(form, talk, value)


def _to_summary(form: Form, talk: Talk, _key: str, _value: str) -> Talk:
    return talks.move_on(form, talk)


_MOVES: dict[str, Callable[[Form, Talk, str, str], Talk]] = {
    "!skip": _skip,
    "!back": _back,
    "!rest": _rest,
    "!done": _done,
    "!to": _edit,
    "!sum": _to_summary,
}


async def _go_on(turn: Turn, conversation: Conversation, talk: Talk) -> list[Reply]:
    if conversation.summary is None and talks.finished(turn.form(conversation), talk):
        return await _finish(turn, conversation, talk)
    return [asking.prompt(turn, conversation)]


async def _confirm(turn: Turn, conversation: Conversation, talk: Talk, shown: str) -> list[Reply]:
    form = turn.form(conversation)
    if not talks.finished(form, talk) or talks.stamp(form, talk) != shown:
        return [asking.prompt(turn, conversation, text("confirm-changed"))]
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
