"""Writing an announcement: the form from its beginning to the draft that it leaves behind."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from dialogue import moves
from dialogue import talk as talks
from dialogue.form import Answer, Answers, applying
from dialogue.talk import Talk
from dialogue.words import Button, Reply, Text, text
from handlers.announcing import answering, drafting, screen
from handlers.announcing.content import Announcement
from handlers.announcing.overview import latest, overview
from handlers.roles import ORGANISERS
from handlers.speaking import lists, menus, talking
from handlers.turn import Conversation, Turn
from locales.written import language_of
from storage.broadcasting.broadcasts import Broadcast, Kind, Phase, Rule


async def announce(turn: Turn) -> list[Reply]:
    """/announce: go on with what was begun, else what there is; the first one begins at once."""
    if CONVERSATION.code in turn.desk.talks:
        return talking.begin(turn, CONVERSATION)
    return await (overview(turn) if await latest(turn) else new(turn))


async def new(turn: Turn, _value: str = "") -> list[Reply]:
    """Begin one, or go on with the one that was begun."""
    if CONVERSATION.code in turn.desk.talks:
        return talking.begin(turn, CONVERSATION)
    return begin(turn, {})


async def of_draft(turn: Turn, _value: str) -> list[Reply]:
    """Begin one from the text that was typed a moment ago; what else it may have comes later."""
    words = turn.desk.draft
    if not words:
        return await new(turn)
    codes = turn.house.languages.codes
    written = language_of(words, codes, turn.person.language)
    others: dict[str, Answer] = {drafting.text_key(code): None for code in codes}
    turn.desk = replace(turn.desk, draft="", draft_message=None)
    return begin(turn, {**others, drafting.text_key(written): words})


def begin(
    turn: Turn,
    known: Mapping[str, Answer],
    ask: str | None = None,
    *,
    open_keys: Collection[str] = (),
) -> list[Reply]:
    """The form with these answers given, at its first open question or at the one to ask.

    What is not asked of everybody is asked where its key is open.
    """
    if not drafting.webinars_offered(turn):
        known = {"who": "all", **known}
    turn.desk = turn.desk.without_talk(screen.CONFIRMATION)
    settled = {k: v for k, v in drafting.unchanged(turn).items() if k not in open_keys}
    talk = Talk(turn.desk.numbers + 1, {**settled, **known})
    # It is there before the form is made: what is asked depends on what is being written.
    turn.desk = turn.desk.with_talk(CONVERSATION.code, talk)
    form = turn.form(CONVERSATION)
    talk = moves.edit(form, talk, ask) if ask else talks.move_on(form, talk)
    turn.desk = turn.desk.with_talk(CONVERSATION.code, talk)
    return talking.begin(turn, CONVERSATION)


async def edit(turn: Turn, value: str) -> list[Reply]:
    """What of a draft can be changed."""
    broadcast = await screen.find(turn, value)
    if broadcast is None or broadcast.phase is not Phase.DRAFT:
        return await (overview(turn) if broadcast is None else screen.show(turn, broadcast))
    _, _, key = value.partition(":")
    known = answering.answers_of(turn, broadcast)
    talk = Talk(0, {**drafting.unchanged(turn), **known})
    before, turn.desk = turn.desk, turn.desk.with_talk(CONVERSATION.code, talk)
    questions = applying(CONVERSATION.build(turn), talk.answers)
    turn.desk = before
    if key in {question.key for question in questions}:
        return begin(turn, known, key)
    ways = [Button(q.title, f"go:an-edit:{broadcast.id}:{q.key}") for q in questions]
    back = Button(text("btn-announce-to-draft"), f"go:an:{broadcast.id}")
    rows = (*lists.in_rows(tuple(ways), 2), (back,))
    return [lists.menu(turn, (text("edit-which"),), rows)]


async def picture(turn: Turn, value: str) -> list[Reply]:
    """Ask for the pictures of a draft, one language after the other."""
    broadcast = await screen.find(turn, value)
    if broadcast is None or broadcast.phase is not Phase.DRAFT:
        return await (overview(turn) if broadcast is None else screen.show(turn, broadcast))
    known = answering.answers_of(turn, broadcast)
    asked = {drafting.poster_key(code) for code in turn.house.languages.codes}
    return begin(turn, {key: known[key] for key in known.keys() - asked}, open_keys=asked)


async def about(turn: Turn, webinar_id: str) -> list[Reply]:
    """Begin one about this webinar, to everybody, or go on with the one that was begun."""
    known: dict[str, Answer] = {"who": "all", "w": webinar_id}
    if CONVERSATION.code in turn.desk.talks:
        return talking.begin(turn, CONVERSATION)
    return begin(turn, known)


async def _keep(turn: Turn, answers: Answers) -> list[Reply]:
    """Keep what was written as a draft, and show it as people will get it."""
    if "@id" in answers:
        return await _changed(turn, answers)
    about = answers.get("@about")
    kind = Kind.ANNOUNCEMENT if about is None else Kind.CORRECTION
    rule = answering.rule_of(answers) if about is None else Rule("reached")
    webinar = answering.webinar_of(answers) if about is None else _webinar_before(answers)
    announcement = answering.announcement_of(turn, answers, webinar)
    broadcast = await turn.storage.broadcasts.put(
        kind,
        rule,
        announcement.to_content(),
        turn.now,
        made_by=turn.person.id,
        webinar=webinar or rule.webinar,
        about=None if about is None else int(str(about)),
    )
    return await written(turn, broadcast)


async def written(turn: Turn, broadcast: Broadcast, *before: Text) -> list[Reply]:
    """A draft as it was just written: what people will get, and then every way on."""
    shown = await screen.show(turn, broadcast, *before)
    return [*screen.previews(turn, broadcast), *shown]


async def _changed(turn: Turn, answers: Answers) -> list[Reply]:
    broadcast = await screen.find(turn, str(answers["@id"]))
    if broadcast is None or broadcast.phase is not Phase.DRAFT:
        return await (overview(turn) if broadcast is None else screen.show(turn, broadcast))
    before = Announcement.of(broadcast)
    plain = broadcast.kind is Kind.ANNOUNCEMENT
    rule = answering.rule_of(answers) if plain else broadcast.rule
    webinar = answering.webinar_of(answers) if plain else before.webinar
    announcement = answering.announcement_of(turn, answers, webinar, before)
    store = turn.storage.broadcasts
    await store.change_content(
        broadcast.id, announcement.to_content(), rule=rule, webinar=webinar or rule.webinar
    )
    now = await store.get(broadcast.id)
    return await written(turn, now or broadcast)


async def _left(turn: Turn, answers: Answers) -> list[Reply]:
    """Cancelling leaves a draft as it was, and of a new one nothing."""
    broadcast = await screen.find(turn, str(answers["@id"])) if "@id" in answers else None
    if broadcast is not None:
        return await screen.show(turn, broadcast)
    return [menus.after(turn, (text("cancelled"),), (menus.command_button("announce"),))]


def _webinar_before(answers: Answers) -> str | None:
    webinar = answers.get("@webinar")
    return str(webinar) if webinar else None


CONVERSATION = Conversation(drafting.CODE, drafting.form, _keep, may=ORGANISERS, left=_left)
