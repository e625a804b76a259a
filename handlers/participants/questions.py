"""Questions and ideas for the guest experts: asked, and taken within the limits."""

from __future__ import annotations

from dataclasses import replace

from dialogue.fold import split_text
from dialogue.form import Answer, Answers, Choice, Form, Question
from dialogue.words import Button, Label, Reply, Text, text
from handlers.house import House
from handlers.participants import taking
from handlers.receipts import waiting_questions
from handlers.series import programme
from handlers.series.standing import Standing, standing
from handlers.speaking import choices, menus, talking
from handlers.turn import Conversation, Turn
from locales import written
from storage.asking.questions import Source
from storage.series.webinars import Webinar


def form(turn: Turn) -> Form:
    """What /ask asks."""
    house = turn.house
    words = house.once("ask", lambda: choices.long_text(house, "q", text("ask-question")))
    return (words, *about_question(turn))


def about_question(turn: Turn) -> Form:
    """For which webinar, a question or an idea, and under which name."""
    house, webinars, named = turn.house, _open_for(turn), bool(turn.person.profile.nickname)
    name = ("about", named, *(webinar.id for webinar in webinars))
    return house.once(name, lambda: _about_question(house, webinars, named))


def _about_question(house: House, webinars: list[Webinar], named: bool) -> Form:
    def choice(value: str, label: Label) -> Choice:
        return choices.choice(house.languages, value, label)

    titles = tuple(choice(webinar.id, webinar.title) for webinar in webinars)
    series = choice(choices.SERIES, text("btn-series"))
    kinds = tuple(choice(kind, Text(f"btn-{kind}")) for kind in _KINDS)
    names = tuple(choice(name, Text(f"btn-{name}")) for name in ("anon", "nick"))

    def asked(answers: Answers) -> bool:
        return bool(answers.get("q"))

    def wants_webinar(answers: Answers) -> bool:
        return asked(answers) and bool(webinars)

    def wants_name(answers: Answers) -> bool:
        return asked(answers) and bool(answers.get("nick", named))

    return (
        Question("for", text("ask-for"), text("title-for"), (*titles, series), when=wants_webinar),
        Question("kind", text("ask-kind"), text("title-kind"), kinds, when=asked),
        Question(_named_by(house), _ask_as(house), text("title-as"), names, when=wants_name),
    )


def _named_by(house: House) -> str:
    """Under which key it is kept: what was chosen before somebody was told counts for nothing."""
    return "by" if house.rules.reveals_per_day else "as"


def _ask_as(house: House) -> Text:
    """What either means is said where it is chosen: nobody is ever looked up who was not told."""
    return text("ask-as" if house.rules.reveals_per_day else "ask-as-unseen")


async def ask(turn: Turn, webinar: str | None = None, draft: str | None = None) -> list[Reply]:
    """Begin a question, perhaps about a webinar, perhaps from a text that is there already."""
    if taking.room_left(turn) < 1:
        note = taking.too_many(turn)
        if not draft:
            return [menus.after(turn, (note,))]
        return [menus.after(turn, told(turn, note), again(turn))]
    known: dict[str, Answer] = {}
    if webinar is not None and programme.find(turn.programme, webinar):
        # What was typed already is for this webinar now; it is not to be typed again.
        kept = turn.desk.talks.get(CONVERSATION.code) if draft is None else None
        known = {**(kept.answers if kept else {}), "for": webinar}
    if draft is None:
        return talking.begin(turn, CONVERSATION, answers=known or None)
    talking.begin(turn, CONVERSATION, answers=known)
    replies = await talking.typed(turn, CONVERSATION, draft)
    _note_source_of_draft(turn)
    return replies


async def send(turn: Turn, answers: Answers) -> list[Reply]:
    """Take the confirmed question; the receipt says what happens to it."""
    note = await keep(turn, answers)
    return [menus.after(turn, told(turn, note), again(turn))]


def told(turn: Turn, note: Text) -> tuple[Text, ...]:
    """What `keep` said, and where the words are if they were not taken."""
    return (note, text("ask-kept")) if turn.desk.draft else (note,)


def again(turn: Turn, way: str = "go:draft") -> tuple[Button, ...]:
    """The way to send once more what was not taken just now; else the one to one's questions."""
    if turn.desk.draft:
        return (Button(text("btn-send-kept"), way),)
    return (menus.command_button("questions"),)


async def keep(turn: Turn, answers: Answers, came_by: Source = "chat") -> Text:
    """Store what was asked, within the limit; the text that tells of it.

    What may be taken later is the desk's draft from then on (`again`).
    """
    parts = split_text(str(answers["q"]), turn.house.rules.question_length)
    if taking.room_left(turn) < len(parts):
        turn.keep_draft(str(answers["q"]))
        return taking.too_many(turn)
    webinar = _webinar(answers)
    if await taking.is_blocked(turn):
        turn.desk = replace(turn.desk, draft="")
        return taking.not_taken(turn)
    if (refusal := await taking.refused(turn, webinar)) is not None:
        turn.keep_draft(str(answers["q"]))
        return refusal
    kind = "idea" if answers.get("kind") == "idea" else "question"
    source = answers.get("@q")
    for part in parts:
        await turn.storage.questions.add(
            turn.person.id,
            webinar,
            kind,
            part,
            answers.get(_named_by(turn.house)) != "nick",
            written.language_of(part, turn.house.languages.codes, turn.person.language),
            source if isinstance(source, str) and len(parts) == 1 else None,
            turn.now,
            came_by,
            turn.house.words.flags(part),
            revealable=turn.house.rules.reveals_per_day > 0,
        )
    await waiting_questions.came(turn, webinar)
    sent = (turn.now,) * len(parts)
    turn.desk = replace(turn.desk, asked_at=(*taking.lately(turn), *sent), draft="")
    return text("idea-received") if kind == "idea" else text("question-received", count=len(parts))


def _webinar(answers: Answers) -> str | None:
    webinar = answers.get("for")
    return webinar if isinstance(webinar, str) and webinar != choices.SERIES else None


def _note_source_of_draft(turn: Turn) -> None:
    """A draft came from an earlier message: editing that one edits the question."""
    talk = turn.desk.talks.get(CONVERSATION.code)
    if talk is not None and turn.desk.draft_message is not None and talk.answers.get("q"):
        answers: dict[str, Answer] = {**talk.answers, "@q": turn.desk.draft_message}
        turn.desk = turn.desk.with_talk(CONVERSATION.code, replace(talk, answers=answers))
    turn.desk = replace(turn.desk, draft="", draft_message=None)


def _open_for(turn: Turn) -> list[Webinar]:
    """The webinars that one may ask about: those to come, and those whose answers are due."""
    ahead, over = programme.coming(turn), Standing.OVER
    behind = [w for w in turn.programme.webinars if standing(w, turn.now) is over]
    room = programme.SHOWN - len(ahead)
    return [*behind[max(0, len(behind) - room) :], *ahead]


_KINDS = ("question", "idea")

CONVERSATION = Conversation("a", form, send, "summary-question")
