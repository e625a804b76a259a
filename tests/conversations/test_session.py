"""A whole session, as each of its people lives it: thirty questions from four sources in two
languages reach the guest expert, and the answers come back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from dialogue.words import Text
from storage.roles import Role
from tests.conversations.people import plain
from tests.conversations.scripts import tap
from tests.conversations.session import (
    ADDRESSES,
    ANNA,
    HUDA,
    PATIENCE,
    WEBINAR,
    Member,
    Session,
    session,
)
from tests.conversations.session_board import Board, InBrowser, OnForms
from tests.conversations.session_words import (
    FLAGGED,
    FOOTBALL,
    LIZARDS,
    MASKS,
    MASKS_ABROAD,
    MASKS_AGAIN,
    MASKS_BY_MAIL,
    NOT_ASKED,
    ON_MASKS,
    ON_RIGHTS,
    ON_SCHOOLS,
    ON_WAGES,
    QUESTIONS,
    RIGHTS,
    SCHOOLS,
    TITLE,
    VACCINES,
    WAGES,
    Asked,
    asked,
    translations,
)
from tests.conversations.steps import Greet, Say, See, Start, Tap
from tests.conversations.test_invitations import follows
from tests.conversations.test_mail import link_in, pressed
from tests.conversations.test_mailed import presses
from tests.platforms.smtp import Received
from tests.safety.seen import says, word
from tests.web.test_browser import SWITCHES

STARTS_IN = timedelta(hours=3)
BEGINS_IN = timedelta(seconds=10)
"""Once all is prepared, so that all came before it on a slow machine, too."""
DUPLICATES = (MASKS_AGAIN, MASKS_ABROAD, MASKS_BY_MAIL)
DECLINED = {FOOTBALL: "btn-reason-topic", LIZARDS: NOT_ASKED}
REGISTERED = ("nour", "zainab", "ali", "anna", "marco", "sara")
BOTH = ("ar", "en")
LANGUAGE = {"anna": "en", "marco": "en", "omar": "en"}
"""Everybody else reads Arabic."""


def language_of(name: str) -> str:
    return LANGUAGE.get(name, "ar")


# --- before the session -----------------------------------------------------------------------


async def the_staff_come(here: Session) -> None:
    """A moderator on Telegram; an interpreter, an owner and a guest expert in the web chat."""
    roles = {
        Role.OWNER: here.on_the_web("amal", "en"),
        Role.MODERATOR: here.on_telegram("rima", "ar"),
        Role.INTERPRETER: here.on_the_web("karim", "ar"),
        Role.SPEAKER: here.on_the_web("huda", "en"),
    }
    links = await asyncio.gather(*(here.bot.invites(role) for role in roles))
    for (role, member), link in zip(roles.items(), links, strict=True):
        await follows(member.person, link[member.person.channel])
        await member.follows([Greet(), tap("agree"), tap("accept")])
        if role is not Role.OWNER:
            await member.follows([See("invitation-taken")])
            await here.people["amal"].follows([tap("that-is-them"), See("team-confirmed")])
        await member.follows([See("role-begins")])


async def the_expert_proves_an_address(here: Session) -> None:
    """Hers alone, so that mail may go there."""
    huda = here.people["huda"]
    await huda.follows([Say("/settings"), tap("mail"), Say(HUDA), See("mail-asked")])
    await proves(here, HUDA)


async def proves(here: Session, address: str) -> None:
    """Press the button behind the link that came by mail."""
    await here.out.wait_for(lambda: here.out.to(address), PATIENCE)
    (proof,) = here.out.to(address)
    await pressed(link_in(proof, "/mail/"))


async def they_register_and_ask(here: Session) -> None:
    """Six people by the link to the webinar, on three channels; one gives an address, too."""
    people = (
        here.on_telegram("nour", "ar"),
        *(here.on_the_web(name, language_of(name)) for name in ("zainab", "ali", "anna", "marco")),
        here.on_whatsapp("sara", "ar"),
    )
    await asyncio.gather(
        *(
            registers_and_asks(here, name, each)
            for name, each in zip(REGISTERED, people, strict=True)
        )
    )
    await proves(here, ANNA)


async def registers_and_asks(here: Session, name: str, member: Member) -> None:
    """With a question in the registration, and more of them in the chat later."""
    await registers(here, name, member)
    await asks(member, asked("before", name))


async def registers(here: Session, name: str, member: Member) -> None:
    (question,) = asked("registering", name)
    await member.follows([Start(WEBINAR), Greet(), tap("agree"), See(TITLE), tap("register")])
    await member.follows([Say(name.title()), Tap(Text("governorate-BA")), See("ask-mail")])
    await member.follows([Say(ANNA) if name == "anna" else tap("skip"), See("ask-question-too")])
    await member.follows([Say(question.words), Tap(TITLE), tap("question"), tap("anon")])
    await member.follows([tap("confirm"), See("question-received")])


async def asks(member: Member, questions: list[Asked]) -> None:
    for each in questions:
        await member.follows([Say("/ask"), See("ask-question"), Say(each.words), Tap(TITLE)])
        await member.follows([tap("question"), tap("anon"), tap("confirm")])
        await member.follows([See("question-received")])


async def they_write_mails(here: Session) -> None:
    """Two whom nobody knows write to the series' address, and agree by the link."""
    for name in ("layla", "omar"):
        first, *others = asked("mail", name)
        here.writes(name, first.words)
        asking = await mailed(here, name, "mail-question-asks", 1)
        link = link_in(asking, "/mail/question/").partition("?")[0]
        await presses(f"{link}?lang={language_of(name)}")
        for number, each in enumerate(others, start=1):
            await mailed(here, name, "mail-question-received", number)
            here.writes(name, each.words)
        await mailed(here, name, "mail-question-received", len(others) + 1)


async def mailed(here: Session, name: str, key: str, times: int) -> Received:
    """The last mail to them that says this, once there are so many."""

    def found() -> list[Received]:
        mails = here.out.to(ADDRESSES[name])
        return [each for each in mails if any(says(plain(each.text), key, code) for code in BOTH)]

    await here.out.wait_for(lambda: len(found()) >= times, PATIENCE)
    return found()[-1]


async def the_moderator_begins_on_the_phone(here: Session) -> set[str]:
    """A few are decided about, one after the other; what was heard before the start is noted."""
    rima, decided = here.people["rima"], set[str]()
    await asks_for(rima, "/moderate", "moderate-of")
    await rima.presses_what_begins(Text("btn-mo-view", {"what": Text("moderate-new"), "number": 0}))
    for _ in range(4):
        question = await on_the_screen(rima)
        if question in (*DUPLICATES, *FLAGGED):
            await rima.follows([tap("next-one")])
            continue
        decided.add(question.words)
        if question == FOOTBALL:
            await rima.follows([tap("mo-no"), tap("reason-topic")])
        else:
            await rima.follows([tap("mo-ok")])
        await gone(rima, question)
    await rima.follows([tap("mo-count"), tap("mo-heard"), See("ask-moderate-heard")])
    await rima.follows([Say(asked("heard")[0].words), See("moderated-heard"), tap("mo-count")])
    return decided


async def asks_for(member: Member, command: str, key: str) -> None:
    """Give a command; while the webinar runs, it is not asked which one is meant."""
    person, before = member.person, how_many(member, key)

    def is_answered() -> bool:
        return how_many(member, key) > before or member.offered(member.label(TITLE))

    await member.follows([Say(command)])
    # What was shown may have been something else: how much there is to do, counted anew.
    await person.rest.until(person, is_answered)
    if how_many(member, key) == before:
        await member.follows([Tap(TITLE), See(key)])


def how_many(member: Member, key: str) -> int:
    """How many of the messages that they see say this."""
    return sum(says(each, key, member.language) for each in member.person.texts)


async def on_the_screen(member: Member) -> Asked:
    """The question that is shown, once one is."""

    def found() -> list[Asked]:
        return [each for each in QUESTIONS if each.words in member.person.text.split("\n")]

    await member.person.rest.until(member.person, lambda: bool(found()))
    return found()[0]


async def gone(member: Member, question: Asked) -> None:
    """It has made room for the next one."""
    person = member.person
    await person.rest.until(person, lambda: question.words not in person.text)


async def the_rest_is_done_at_the_board(here: Session, desk: Board, decided: set[str]) -> None:
    """What is alike is shown to be, and made one; what is flagged is unfolded first."""
    await desk.enters(await link_to_board(here, "rima", "board-way-desk"))
    await desk.sees_likeness(MASKS_AGAIN.words)
    await desk.sees_likeness(MASKS_BY_MAIL.words)
    for each in FLAGGED:
        await desk.unfolds(each.words)
    for each in QUESTIONS:
        if each.way in ("live", "heard") or each.words in decided or each in DUPLICATES:
            continue
        if each in DECLINED:
            await desk.declines(each.words, DECLINED[each])
        else:
            await desk.presses(each.words, "approved")
    await desk.merges(MASKS_AGAIN.words, MASKS.words, suggested=True)
    await desk.merges(MASKS_BY_MAIL.words, MASKS_ABROAD.words, suggested=True)
    # In another language it is people who see that it is the same.
    await desk.merges(MASKS_ABROAD.words, MASKS.words, suggested=False)


async def link_to_board(here: Session, name: str, way: str) -> str:
    """What the bot gives them to open."""
    member = here.people[name]
    await asks_for(member, "/board", "board-unapproved")
    named = member.label(Text(way, {"link": ""}))
    found = re.search(re.escape(named) + r"(http://\S+)", member.person.text)
    assert found, member.person.text
    return found[1]


async def the_interpreter_begins_on_the_phone(here: Session) -> None:
    karim = here.people["karim"]
    told = translations()
    await karim.follows([Say("/interpret"), See("interpret-question")])
    for _ in range(2):
        question = await on_the_screen(karim)
        await karim.follows([tap("in-own"), See("ask-interpret"), Say(told[question.words])])
        await karim.follows([See("summary-interpret"), tap("confirm"), See("interpreted")])
        await gone(karim, question)
    await karim.follows([tap("in-stop")])


async def all_is_translated(bench: Board) -> None:
    """Whatever waits is put into the other language, until nothing waits."""
    told = translations()
    while waiting := await bench.waiting():
        await bench.translates(waiting[0], told[waiting[0]])


async def others_want_to_know_too(here: Session) -> None:
    """Across languages and channels, by one press each."""
    await asyncio.gather(
        supports(here.people["marco"], WAGES),
        supports(here.people["ali"], WAGES),
        supports(here.people["nour"], SCHOOLS),
        supports(here.people["anna"], RIGHTS),
    )


async def supports(member: Member, question: Asked) -> None:
    """Look through what others ask, and press the number of this one."""
    person, words = member.person, question.said_in(member.language)

    def shown() -> str:
        # News of their own questions may have come below it.
        screens = [each for each in person.texts if says(each, "others-questions", member.language)]
        return screens[-1] if screens else ""

    await member.follows([Say("/webinars"), Tap(TITLE), tap("others")])
    await person.rest.until(person, lambda: bool(shown()))
    while words not in (before := shown()):
        await member.follows([tap("others-more")])
        await person.rest.until(person, lambda before=before: shown() != before)
    found = re.search(rf"(\d+)\. {re.escape(words)}", shown())
    assert found, shown()
    await member.follows([Tap(Text("btn-me-too", {"number": int(found[1])}))])
    await person.rest.until(person, lambda: says(shown(), "others-supported", member.language))


async def the_expert_gets_the_digest(here: Session) -> None:
    """By mail, in English: what is asked, by how many, and nothing of who did."""
    await sends_digest(here)
    (_, digest) = await mails_to_huda(here, 2)
    text = plain(digest.text)
    known = [each for each in QUESTIONS if each.way != "live" and each not in asked("heard")[1:]]
    approved = [each for each in known if each not in (*DUPLICATES, *DECLINED)]
    assert {each for each in QUESTIONS if each.said_in("en") in text} == {*approved}
    assert says(text, "digest-voices")
    source = digest.raw.decode("ascii") + digest.text + digest.html
    assert named_in(source) == []
    for address in (ANNA, *ADDRESSES.values()):
        assert address not in source


def named_in(text: str) -> list[str]:
    """Who is named there, by a word: three letters of a name may stand in the middle of a link."""
    names = (name.title() for name in (*REGISTERED, *ADDRESSES))
    return [name for name in names if re.search(rf"\b{name}\b", text)]


async def sends_digest(here: Session) -> None:
    amal = here.people["amal"]
    await asks_for(amal, "/moderate", "moderate-of")
    await amal.follows([tap("digest"), tap("digest-send"), See("digest-leaves")])


async def mails_to_huda(here: Session, number: int) -> list[Received]:
    await here.out.wait_for(lambda: len(here.out.to(HUDA)) >= number, PATIENCE)
    return here.out.to(HUDA)


async def the_expert_replies_to_the_digest(here: Session) -> None:
    """With an answer behind its question's mark; a moderator hears of it, reads and takes it."""
    (_, digest) = here.out.to(HUDA)
    found = re.search(re.escape(RIGHTS.other) + r"\s*(\[#\d+\])", plain(digest.text))
    assert found, digest.text
    here.replies(HUDA, digest, f"Dear all,\n\n{found[1]} {ON_RIGHTS['en']}\n\nBest regards,\nHuda")
    *_, receipt = await mails_to_huda(here, 3)
    assert says(plain(receipt.text), "proposals-kept")
    rima = here.people["rima"]
    await rima.follows([Tap(Text("btn-proposals", {"number": 1})), See("proposal-answer")])
    assert ON_RIGHTS["en"] in rima.person.text
    await rima.follows([tap("answer-private"), See("moderated-private"), Say("/menu")])


# --- the session --------------------------------------------------------------------------------


async def it_begins(here: Session) -> None:
    """It is to be sooner; all who registered are told, and when it begins, how to come in."""
    await here.moves(BEGINS_IN)
    nour = here.people["nour"].person
    await here.wait_for(nour, lambda: any(says(each, "remind-now", "ar") for each in nour.texts))


async def they_ask_by_writing(here: Session, desk: Board) -> None:
    """Whatever they write is a question with one tap, and at the board within a moment."""
    await asyncio.gather(*(writes(here.people[each.by], each) for each in asked("live")))
    for each in asked("heard")[1:]:
        await desk.hears(each.words)
    await desk.sees(*(each.words for each in (*asked("live"), *asked("heard"))))
    for each in asked("live"):
        await desk.presses(each.words, "approved")


async def writes(member: Member, question: Asked) -> None:
    await member.follows([Say(question.words), See("live-offer"), tap("send-as-question")])
    await member.follows([See("question-received")])


async def the_expert_answers_at_the_stage(here: Session, desk: Board, stage: Board) -> None:
    """It is put, she reads it in her language, and writes; then all who registered have it."""
    await desk.presses(MASKS.words, "queued")
    await desk.presses(MASKS.words, "live")
    await stage.enters(await link_to_board(here, "huda", "board-way-stage"))
    await stage.sees(MASKS.words, MASKS.other)
    await stage.answers(MASKS.other, ON_MASKS["en"], for_all=True)


async def the_moderator_answers_on_the_phone(here: Session, desk: Board) -> None:
    """What was said aloud, written down for whoever asked and wants to know."""
    await desk.presses(WAGES.words, "queued")
    await desk.presses(WAGES.words, "live")
    rima = here.people["rima"]
    await asks_for(rima, "/moderate", "moderate-of")
    experts = Text("btn-mo-view", {"what": Text("moderate-experts"), "number": 0})
    await rima.presses_what_begins(experts)
    assert await on_the_screen(rima) == WAGES
    await rima.follows([tap("mo-answer"), See("ask-answer"), Say(ON_WAGES["ar"])])
    await rima.follows([tap("answer-private"), See("summary-answer"), tap("confirm")])
    await rima.follows([See("moderated-private"), Say("/menu")])


async def the_rest_is_answered_promised_or_left(desk: Board) -> None:
    for each in (SCHOOLS, VACCINES):
        await desk.presses(each.words, "queued")
        await desk.presses(each.words, "live")
    await desk.answers(SCHOOLS.words, ON_SCHOOLS["en"], for_all=True)
    await desk.presses(VACCINES.words, "follow_up")


# --- what comes of it ---------------------------------------------------------------------------


async def the_answers_come_back(here: Session) -> None:
    """To whoever asked or supported, or to all; in their language, where they are now, once."""
    reached = {
        "masks": (ON_MASKS, (*REGISTERED, "omar")),
        "wages": (ON_WAGES, ("zainab", "marco", "ali")),
        "schools": (ON_SCHOOLS, REGISTERED),
        "rights": (ON_RIGHTS, ("zainab", "anna")),
    }
    for answer, names in reached.values():
        for name in names:
            await here.until_heard(answer[language_of(name)], [name])
    await here.until_heard(word("reason-topic", "ar"), ["ali"])
    await here.until_heard(NOT_ASKED, ["omar"])
    await here.looks()
    heard = {
        (title, name, language): here.hears(name, answer[language])
        for title, (answer, _) in reached.items()
        for name in (*REGISTERED, *ADDRESSES)
        for language in BOTH
    }
    expected = {
        key: int(key[1] in reached[key[0]][1] and key[2] == language_of(key[1])) for key in heard
    }
    assert heard == expected
    # Who has proved an address gets it there, and not in the web chat as well.
    assert any(ON_MASKS["en"] in plain(each.text) for each in here.out.to(ANNA))
    await here.people["zainab"].follows([Say("/questions"), See("state-answered")])
    # Nobody is told of each answer that it has left, as long as everybody got it.
    assert not any(says(each, "report-of-answer") for each in here.people["amal"].person.texts)


async def it_ends_and_is_summed_up(here: Session) -> None:
    """The owner finishes it, and the expert reads what became of everything."""
    amal = here.people["amal"]
    await amal.follows([Say("/new"), Tap(TITLE), tap("finish"), tap("do-finish")])
    await amal.follows([See("webinar-over")])
    await sends_digest(here)
    *_, summary = await mails_to_huda(here, 4)
    text = plain(summary.text)
    for words in (MASKS.other, ON_MASKS["en"], SCHOOLS.words, ON_SCHOOLS["en"], VACCINES.other):
        assert words in text
    assert named_in(text) == []


# --- the whole of it ----------------------------------------------------------------------------


async def is_lived_through(here: Session, board: Callable[[], Board]) -> None:
    """The story, from the first invitation to the last word."""
    desk, bench, stage = board(), board(), board()
    try:
        await asyncio.gather(
            the_staff_come(here), they_register_and_ask(here), they_write_mails(here)
        )
        await the_expert_proves_an_address(here)
        decided = await the_moderator_begins_on_the_phone(here)
        await the_rest_is_done_at_the_board(here, desk, decided)
        await the_interpreter_begins_on_the_phone(here)
        await bench.enters(await link_to_board(here, "karim", "board-way-interpret"))
        await all_is_translated(bench)
        await others_want_to_know_too(here)
        await the_expert_gets_the_digest(here)
        await the_expert_replies_to_the_digest(here)

        await it_begins(here)
        await they_ask_by_writing(here, desk)
        await the_expert_answers_at_the_stage(here, desk, stage)
        await the_moderator_answers_on_the_phone(here, desk)
        await the_rest_is_answered_promised_or_left(desk)
        await all_is_translated(bench)

        await the_answers_come_back(here)
        await it_ends_and_is_summed_up(here)
    finally:
        for each in (desk, bench, stage):
            await each.leaves()


@pytest.mark.timeout(600)
async def test_a_whole_session_from_the_first_question_to_the_last_answer(tmp_path: Path) -> None:
    async with session(tmp_path, STARTS_IN) as here:
        await is_lived_through(here, lambda: OnForms(here.address))


@pytest.mark.browser
@pytest.mark.timeout(600)
async def test_a_whole_session_with_the_board_in_a_browser(tmp_path: Path, chromium: str) -> None:
    async with async_playwright() as playwright, session(tmp_path, STARTS_IN) as here:
        browser = await playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        pages = [await (await browser.new_context(locale="ar")).new_page() for _ in range(3)]
        await is_lived_through(here, lambda: InBrowser(pages.pop()))
        await browser.close()
