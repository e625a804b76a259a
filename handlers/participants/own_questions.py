"""One's own questions: listed, read with what became of them, and withdrawn."""

from __future__ import annotations

from dialogue.fold import split_text
from dialogue.stages import STILL_THEIRS
from dialogue.words import Button, Label, Reply, Text, text
from handlers.receipts import reasons, waiting_questions
from handlers.receipts.states import state
from handlers.receipts.translated import answer_in_languages
from handlers.series import programme
from handlers.speaking import lists, menus
from handlers.turn import Turn
from storage.asking.asked import AskedQuestion

SHOWN = 10


async def mine(turn: Turn) -> list[Reply]:
    """/questions: one's own, newest first, with where each of them stands."""
    return await _listed(turn, 0)


async def earlier(turn: Turn, page: int) -> list[Reply]:
    """Those before: nothing that somebody asked is out of their sight."""
    return await _listed(turn, page)


async def _listed(turn: Turn, page: int) -> list[Reply]:
    every = await turn.storage.questions.of(turn.person.id)
    asked = every[page * SHOWN : (page + 1) * SHOWN]
    if not asked:
        return await _listed(turn, 0) if page else [menus.after(turn, (text("questions-none"),))]
    lines = tuple(
        text("question-line", number=number, question=beginning(kept.text), state=_state(kept))
        for number, kept in enumerate(asked, start=1)
    )
    rows = tuple((Button(beginning(kept.text), f"go:q:{kept.id}"),) for kept in asked)
    if len(every) > (page + 1) * SHOWN:
        rows = (*rows, (Button(text("btn-earlier"), f"go:qs:{page + 1}"),))
    ways = (menus.command_button("ask"), menus.command_button("menu"))
    return [lists.menu(turn, (text("questions"), *lines), (*rows, ways))]


async def one(turn: Turn, question_id: int, *before: Text) -> list[Reply]:
    """One of one's own questions in full, with what can still be done with it."""
    kept = await own(turn, question_id)
    if kept is None:
        return await mine(turn)
    texts = [*before, text("words", words=kept.text)]
    texts.append(text("question-about", about=_about(turn, kept), state=_state(kept)))
    if kept.reason:
        texts.append(text("question-reason", reason=reasons.told(kept.reason)))
    if kept.answer:
        answer = await answer_in_languages(turn.storage, kept.id)
        texts.append(text("question-answer", answer=answer or kept.answer))
    ways: list[Button] = []
    if kept.state in STILL_THEIRS:
        ways.append(Button(text("btn-rewrite"), f"go:rewrite:{kept.id}"))
        ways.append(Button(text("btn-withdraw"), f"go:withdraw:{kept.id}"))
    ways += [menus.command_button("questions"), menus.command_button("menu")]
    return [lists.menu(turn, tuple(texts), lists.in_rows(tuple(ways), 2))]


async def withdraw(turn: Turn, question_id: int) -> list[Reply]:
    """Take a question back while that is possible."""
    done = await turn.storage.questions.withdraw(turn.person.id, question_id)
    kept = await own(turn, question_id) if done else None
    if kept is not None:
        await waiting_questions.changed(turn, kept.webinar)
    note = text("question-withdrawn") if done else text("question-too-late")
    return await one(turn, question_id, note)


async def own(turn: Turn, question_id: int) -> AskedQuestion | None:
    """This question, if it is one of this person's own."""
    asked = await turn.storage.questions.of(turn.person.id)
    return next((kept for kept in asked if kept.id == question_id), None)


def _about(turn: Turn, kept: AskedQuestion) -> Label:
    webinar = programme.find(turn.programme, kept.webinar) if kept.webinar else None
    return webinar.title if webinar else text("btn-series")


def _state(kept: AskedQuestion) -> Text:
    return state(kept.kind, kept.state)


def beginning(words: str) -> str:
    """The first words, for a list."""
    parts = split_text(" ".join(words.split()), 60)
    return parts[0] if len(parts) == 1 else f"{parts[0]}…"
