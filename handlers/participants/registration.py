"""Registering: who somebody wants to be here, where they are, and which webinars they want."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from dialogue.fold import utf16_length
from dialogue.form import Answer, Answers, Form, Question, Rejected
from dialogue.words import Button, Reply, Text, text
from handlers.house import House
from handlers.participants import extras, mail_address, questions
from handlers.series import programme, way_in
from handlers.series.screen import is_full, screen
from handlers.speaking import choices, menus, talking
from handlers.telling import dates
from handlers.turn import OUTSIDE, Conversation, Turn
from storage.series.webinars import Webinar


def form(turn: Turn) -> Form:
    """All that registration may ask; what applies follows from the answers."""
    house, language, upcoming = turn.house, turn.person.language, programme.coming(turn)
    name = ("registration", language, *(webinar.id for webinar in upcoming))
    first = house.once(name, lambda: _form(house, language, upcoming))
    return (*first, *questions.about_question(turn))


def _form(house: House, language: str, upcoming: list[Webinar]) -> Form:
    return (
        nickname(house),
        choices.where(house, language),
        replace(choices.zone(house, language), when=_outside),
        _webinars(house, upcoming),
        *(
            extras.question(house, webinar, asked)
            for webinar in upcoming
            for asked in webinar.questions
        ),
        mail_address.question(house),
        choices.long_text(house, "q", text("ask-question-too"), optional=True),
    )


def nickname(house: House) -> Question:
    """A name of their own choosing, if they want one."""

    def read(raw: str) -> str:
        name = " ".join(choices.written(raw).split())
        if utf16_length(name) > house.rules.nickname_length:
            raise Rejected(text("reject-nickname", most=house.rules.nickname_length))
        if not any(_may_name(sign) for sign in name):
            raise Rejected(text("reject-nickname-signs"))
        return name

    def keeps(name: str) -> bool:
        return 0 < utf16_length(name) <= house.rules.nickname_length

    return Question(
        "nick", text("ask-nick"), text("title-nick"), read=read, keeps=keeps, optional=True
    )


def _may_name(sign: str) -> bool:
    # Who answers with a question mark has not understood; a picture is a name to some.
    return sign.isalnum() or unicodedata.category(sign) == "So"


async def start(turn: Turn, webinar: str | None = None) -> list[Reply]:
    """Begin or take up registration; who is registered edits what is there."""
    kept = turn.desk.talks.get(CONVERSATION.code)
    if kept is None:
        answers = _with_webinar(await _known_answers(turn), webinar)
        return talking.begin(turn, CONVERSATION, answers=answers)
    if webinar is not None:
        answers = _with_webinar(dict(kept.answers), webinar)
        kept = replace(kept, answers=answers, asked=None)
        turn.desk = turn.desk.with_talk(CONVERSATION.code, kept)
    return talking.begin(turn, CONVERSATION)


async def add(turn: Turn, webinar: Webinar) -> list[Reply]:
    """Register for one more webinar: at once when everything it asks for is known."""
    mine = {kept.webinar for kept in await turn.storage.registrations.of(turn.person.id)}
    if webinar.id in mine:
        return await screen(turn, webinar.id, text("already-registered"))
    if await is_full(turn, webinar):
        return await screen(turn, webinar.id, text("webinar-full"))
    if (
        webinar.questions
        or not (mine or turn.person.all_future)
        or CONVERSATION.code in turn.desk.talks
    ):
        return await start(turn, webinar.id)
    await turn.storage.registrations.put(
        turn.person.id, webinar.id, {}, turn.now, approved=not webinar.approval
    )
    await _confirm_by_mail(turn, [webinar])
    notes = () if webinar.approval else (text("registered-now"),)
    return await screen(turn, webinar.id, *notes)


async def drop(turn: Turn, webinar: Webinar) -> list[Reply]:
    """Take one registration back."""
    removed = await turn.storage.registrations.remove(turn.person.id, webinar.id)
    note = text("unregistered-now") if removed else text("not-registered")
    return await screen(turn, webinar.id, note)


async def save(turn: Turn, answers: Answers) -> list[Reply]:
    """Keep what was confirmed: the profile, the registrations, and the question if there is one."""
    chosen = answers["webinars"] or ()
    all_future = choices.ALL_FUTURE in chosen
    wanted = [w for w in programme.coming(turn) if all_future or w.id in chosen]
    turn.person = replace(
        turn.person,
        all_future=all_future,
        profile=replace(
            turn.person.profile,
            nickname=_words(answers.get("nick")),
            governorate=_words(answers["gov"]),
            zone=_words(answers.get("zone")) if answers["gov"] == OUTSIDE else None,
            email=_words(answers.get("mail", turn.person.profile.email)),
        ),
    )
    new, full = await _register(turn, wanted, answers)
    notes = [text("saved")]
    if "mail" in answers:
        notes += await mail_address.keep(turn, _words(answers["mail"]))
    # Only now it is known which address is theirs.
    await _confirm_by_mail(turn, new)
    if full:
        notes.append(text("saved-but-full", webinars=tuple(webinar.title for webinar in full)))
    notes += await way_in.given_with_answer(turn, wanted)
    asked = _words(answers.get("q"))
    if asked:
        notes += questions.told(turn, await questions.keep(turn, {**answers, "q": asked}))
    ways = _carry_on(turn)
    if asked and turn.desk.draft:
        ways = (*questions.again(turn), *ways)
    if turn.incoming.channel == "web" and not turn.address.linked:
        notes.append(text("web-only-while-open"))
        notes += [text("web-join-too")] if ways else []
    return [menus.after(turn, tuple(notes), ways)]


async def _confirm_by_mail(turn: Turn, webinars: list[Webinar]) -> None:
    """What they have just got a place in stands in their mail, too, with its date."""
    sure = [webinar for webinar in webinars if not webinar.approval]
    turn.elsewhere += await dates.confirmed(
        turn.storage, turn.person.id, sure, turn.now, besides=turn.address.id
    )


async def _register(
    turn: Turn, wanted: list[Webinar], answers: Answers
) -> tuple[list[Webinar], list[Webinar]]:
    """Register for the wanted webinars, take back the others; those that are new, and those that
    were full."""
    kept = turn.storage.registrations
    mine = {registration.webinar for registration in await kept.of(turn.person.id)}
    full: list[Webinar] = []
    for webinar in wanted:
        if webinar.id not in mine and await is_full(turn, webinar):
            full.append(webinar)
            continue
        extra = extras.taken(webinar, answers)
        await kept.put(turn.person.id, webinar.id, extra, turn.now, approved=not webinar.approval)
    offered = {webinar.id for webinar in programme.coming(turn)}
    for webinar_id in sorted(mine & offered - {webinar.id for webinar in wanted}):
        await kept.remove(turn.person.id, webinar_id)
    return [w for w in wanted if w.id not in mine and w not in full], full


async def _known_answers(turn: Turn) -> dict[str, Answer]:
    """What registering again starts from."""
    mine = await turn.storage.registrations.of(turn.person.id)
    if not mine and not turn.person.all_future:
        return {}
    profile = turn.person.profile
    known: dict[str, Answer] = {"nick": profile.nickname, "q": None, "mail": profile.email}
    known["gov"] = profile.governorate or choices.RATHER_NOT
    if known["gov"] == OUTSIDE:
        known["zone"] = profile.zone
    upcoming = {webinar.id: webinar for webinar in programme.coming(turn)}
    chosen = [kept.webinar for kept in mine if kept.webinar in upcoming]
    known["webinars"] = (*chosen, *((choices.ALL_FUTURE,) if turn.person.all_future else ()))
    for kept in mine:
        if kept.webinar in upcoming:
            known |= extras.known(upcoming[kept.webinar], kept)
    return known


def _with_webinar(answers: dict[str, Answer], webinar: str | None) -> dict[str, Answer]:
    if webinar is None:
        return answers
    before = answers.get("webinars")
    chosen = before if isinstance(before, tuple) else ()
    return {**answers, "webinars": tuple(dict.fromkeys((*chosen, webinar)))}


def _webinars(house: House, upcoming: list[Webinar]) -> Question:
    languages = house.languages
    listed = programme.lines(upcoming)
    offered = tuple(choices.choice(languages, w.id, w.title) for w in upcoming)
    every = choices.choice(languages, choices.ALL_FUTURE, text("btn-all-future"))
    ask = (
        text("ask-webinars", webinars=_paragraphs(listed)) if listed else text("ask-webinars-none")
    )
    return Question("webinars", ask, text("title-webinars"), (*offered, every), several=True)


def _paragraphs(texts: tuple[Text, ...]) -> Text:
    """The texts as one, a blank line between them."""
    first, *rest = texts
    return text("paragraphs", first=first, rest=_paragraphs(tuple(rest))) if rest else first


def _outside(answers: Answers) -> bool:
    return answers.get("gov") == OUTSIDE


def _words(answer: Answer) -> str | None:
    return answer if isinstance(answer, str) else None


def _carry_on(turn: Turn) -> tuple[Button, ...]:
    """The ways from the web chat to where reminders reach people."""
    name, number = turn.house.telegram_name(), turn.house.whatsapp_number
    if turn.incoming.channel != "web" or turn.address.linked or not (name or number):
        return ()
    there = (Button(text("btn-telegram"), url=f"https://t.me/{name}"),) if name else ()
    return (*there, menus.command_button("link"))


CONVERSATION = Conversation("r", form, save, "summary-registration")
