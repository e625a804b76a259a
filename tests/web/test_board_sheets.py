"""Sheets of the board over real HTTP, without scripts: edit, merge, answer, take down, and drop."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import httpx
import pytest

from dialogue.stages import Stage
from storage.asking.alike import Alike
from storage.asking.claims import LASTING
from storage.asking.moderation import Handled
from storage.community.boards import Seat
from storage.roles import Role
from tests.web.community import OTHER, WEBINAR, Community, Member
from tests.web.standin import Site
from web.board.cards import seen
from web.board.ways import Sheet

BOARD = f"/board/{WEBINAR}"


@pytest.fixture
def site(community: Community) -> Site:
    return community.site


async def get(community: Community, question: int) -> Handled:
    async with community.storage.reading() as tx:
        found = await tx.moderation.get(question)
    assert found is not None
    return found


def named(question: Handled) -> str:
    return f"{question.id}.{seen(question)}"


# --- in other words -----------------------------------------------------------------------------


@pytest.mark.parametrize(("then", "stage"), [("", Stage.RECEIVED), ("approved", Stage.APPROVED)])
async def test_a_question_is_put_in_other_words_and_approved_with_it_or_not(
    community: Community, moderator: Member, then: str, stage: Stage
) -> None:
    question = await community.ask("Y?")
    await moderator.open()
    do = moderator.button(question.id, Sheet.EDIT)
    sheet = await moderator.opens(question.id, Sheet.EDIT)
    assert "Y?</textarea>" in sheet
    answer = await moderator.post("act", do=do, words=" Why? ", then=then)
    assert answer.status_code == 200, answer.text
    found = await get(community, question.id)
    assert (found.text, found.original, found.stage) == ("Why?", "Y?", stage)
    # Nobody has it in hand any more.
    assert found.claimed_until is None
    assert community.told == [question.id]
    page = (await moderator.open()).text
    assert "Edited – the original" in page
    assert "Y?</bdi>" in page


async def test_what_is_being_put_can_be_mended_as_well(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Whi?", stage=Stage.LIVE)
    await moderator.open()
    do = moderator.button(question.id, Sheet.EDIT)
    # What is live was approved before: there is nothing to approve.
    assert 'value="approved"' not in await moderator.opens(question.id, Sheet.EDIT)
    await moderator.post("act", do=do, words="Why?", then="approved")
    found = await get(community, question.id)
    assert (found.text, found.stage) == ("Why?", Stage.LIVE)


@pytest.mark.parametrize("words", ["", "  \u200b ", "x" * 1001])
async def test_what_is_empty_or_too_long_is_said_and_nothing_changes(
    community: Community, moderator: Member, words: str
) -> None:
    question = await community.ask("Why?", stage=Stage.APPROVED)
    await moderator.open()
    for sheet in (Sheet.EDIT, Sheet.ANSWER):
        do = moderator.button(question.id, sheet)
        answer = await moderator.post("act", do=do, words=words)
        assert answer.status_code == 422
        assert answer.json()["said"]
    assert (await moderator.post("act", do="heard", words=words)).status_code == 422
    assert (await get(community, question.id)).text == "Why?"
    assert community.told == []


async def test_whoever_opens_a_sheet_has_the_question_in_hand_until_it_is_dropped(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Why?")
    async with httpx.AsyncClient(base_url=community.site.url, timeout=30) as http:
        second = Member(http, community)
        await second.enter(await community.link(await community.staff(Role.ORGANISER, "second")))
        await second.open()
        await moderator.open()
        do = moderator.button(question.id, Sheet.EDIT)
        await moderator.opens(question.id, Sheet.EDIT)
        for to in (Sheet.EDIT, Sheet.MERGE, Stage.APPROVED):
            refused = await second.press(question.id, to)
            assert refused.status_code == 409
            assert "moderator" in refused.json()["said"]
        assert "In hand – moderator" in (await second.open()).text
        assert (await moderator.post("act", do=do, drop="1")).status_code == 200
        assert "In hand" not in (await second.open()).text
        assert (await second.press(question.id, Stage.APPROVED)).status_code == 200


async def test_a_sheet_that_is_worked_at_holds_its_question(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Why?")
    await moderator.open()
    do = moderator.button(question.id, Sheet.EDIT)
    await moderator.opens(question.id, Sheet.EDIT)
    first = (await get(community, question.id)).claimed_until
    community.clock.forward(timedelta(minutes=4))
    assert (await moderator.post("here", hold=do)).status_code == 204
    later = (await get(community, question.id)).claimed_until
    assert first is not None
    assert later is not None
    assert later - first == timedelta(minutes=4)


async def test_words_written_for_an_older_version_do_not_count(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Why?", stage=Stage.APPROVED)
    await moderator.open()
    do = {sheet: moderator.button(question.id, sheet) for sheet in Sheet}
    asker = await community.person("asker")
    async with community.storage.transaction() as tx:
        assert await tx.questions.rewrite(asker, question.id, "An insult", None)
    for sheet in Sheet:
        answer = await moderator.post("act", do=do[sheet], words="Fine.", into="1.x")
        assert answer.status_code == 409, sheet
    assert (await get(community, question.id)).text == "An insult"
    assert community.answers == []


# --- one question out of two --------------------------------------------------------------------


async def test_a_question_is_merged_into_the_one_that_is_suggested_and_parted_again(
    community: Community, moderator: Member
) -> None:
    first = await community.ask("Do masks help?", stage=Stage.APPROVED, by="one")
    again = await community.ask("Do face masks help?", by="two")
    await community.ask("Who pays?", by="three")
    async with community.storage.transaction() as tx:
        await tx.alike.put({again.id: [Alike(first.id, 900)]})
    page = (await moderator.open()).text
    assert page.count("1 similar one<") == 2
    do = moderator.button(again.id, Sheet.MERGE)
    sheet = await moderator.opens(again.id, Sheet.MERGE)
    likely, others = sheet.index("May ask the same"), sheet.index("Other questions")
    assert likely < sheet.index("Do masks help?") < others < sheet.index("Who pays?")
    answer = await moderator.post("act", do=do, into=named(first))
    assert answer.status_code == 200, answer.text
    assert await community.stage_of(again.id) is Stage.MERGED
    assert (await get(community, first.id)).supports == 1
    page = (await moderator.open()).text
    assert "1 merged into it" in page
    assert "Do face masks help?" in page
    assert (await moderator.press(again.id, Stage.IN_REVIEW)).status_code == 200
    assert await community.stage_of(again.id) is Stage.IN_REVIEW
    assert "merged into it" not in (await moderator.open()).text


async def test_with_any_other_question_it_may_be_merged_but_not_with_these(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Why?", by="one")
    fresh = await community.ask("Why, though?", by="two")
    declined = await community.ask("No.", stage=Stage.DECLINED, by="three")
    elsewhere = await community.ask("Why there?", webinar=OTHER, by="four")
    person = await community.person("five")
    async with community.storage.transaction() as tx:
        asked = await tx.questions.add(
            person, WEBINAR, "idea", "Trees", True, "en", None, community.clock()
        )
    idea = await get(community, asked.id)
    await moderator.open()
    do = moderator.button(question.id, Sheet.MERGE)
    stale = f"{fresh.id}.{'0' * 16}"
    others = (declined, elsewhere, question, idea)
    for into in (*map(named, others), stale, "x", "1." + "0" * 16):
        answer = await moderator.post("act", do=do, into=into)
        assert answer.status_code == 409, into
    assert (await moderator.post("act", do=do, into=named(fresh))).status_code == 200
    assert (await get(community, question.id)).merged == fresh.id


async def test_a_merged_question_that_is_erased_is_shown_no_more(
    community: Community, moderator: Member
) -> None:
    kept = await community.ask("Do masks help?", stage=Stage.APPROVED, by="one")
    gone = await community.ask("Do face masks help?", by="two")
    await moderator.open()
    do = moderator.button(gone.id, Sheet.MERGE)
    await moderator.post("act", do=do, into=named(kept))
    assert "face masks" in (await moderator.open()).text
    async with community.storage.transaction() as tx:
        await tx.people.forget(await community.person("two"))
    # What is gone without a trace is looked for every few seconds.
    async with asyncio.timeout(30):
        while "face masks" in (await moderator.open()).text:
            pass


# --- answers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "public"), [("private", False), ("public", True), ("", False)])
async def test_an_answer_is_written_for_those_who_asked_or_for_all(
    community: Community, moderator: Member, who: str, public: bool
) -> None:
    question = await community.ask("Why?", stage=Stage.LIVE)
    await moderator.open()
    do = moderator.button(question.id, Sheet.ANSWER)
    assert "Why?" in await moderator.opens(question.id, Sheet.ANSWER)
    answer = await moderator.post("act", do=do, words="لأن الهواء ينقله.", who=who)
    assert answer.status_code == 200, answer.text
    found = await get(community, question.id)
    assert (found.stage, found.answer) == (Stage.ANSWERED, "لأن الهواء ينقله.")
    assert (found.answer_public, found.answered_language) == (public, "ar")
    assert community.answers == [question.id]
    await moderator.open()
    assert "لأن الهواء ينقله." in moderator.page
    # Another answer takes its place, and begins with the one that there is.
    assert "لأن الهواء ينقله.</textarea>" in await moderator.opens(question.id, Sheet.ANSWER)


async def test_the_same_answer_sent_twice_is_given_once(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Why?", stage=Stage.LIVE)
    await moderator.open()
    do = moderator.button(question.id, Sheet.ANSWER)
    codes = [(await moderator.post("act", do=do, words="So.")).status_code for _ in range(2)]
    assert codes == [200, 409]
    assert community.answers == [question.id]


async def test_a_question_heard_in_the_session_is_taken_down(
    community: Community, moderator: Member
) -> None:
    await moderator.open()
    sheet = (await moderator.post("act", do="heard")).json()["sheet"]
    assert "leave out names" in sheet
    answer = await moderator.post("act", do="heard", words="ومن يدفع؟")
    assert answer.status_code == 200
    async with community.storage.reading() as tx:
        (typed,) = await tx.moderation.changed_since(WEBINAR, -1)
    assert (typed.text, typed.stage, typed.source) == ("ومن يدفع؟", Stage.APPROVED, "session")
    assert typed.language == "ar"
    assert community.told == [typed.id]
    assert "Heard in the session</span>" in (await moderator.open()).text


# --- guest experts ------------------------------------------------------------------------------


async def seated(community: Community, client: httpx.AsyncClient, role: Role) -> Member:
    member = Member(client, community)
    await member.enter(await community.link(await community.staff(role), Seat.STAGE))
    await member.open(f"{BOARD}/stage")
    return member


async def test_a_guest_expert_answers_what_is_put_and_what_was_promised(
    community: Community, client: httpx.AsyncClient
) -> None:
    asked = [await community.ask(f"{each}?", stage=each) for each in (Stage.LIVE, Stage.FOLLOW_UP)]
    queued = await community.ask("queued?", stage=Stage.QUEUED)
    sara = await seated(community, client, Role.SPEAKER)
    assert f"answer.{queued.id}." not in sara.page
    for question in asked:
        do = sara.button(question.id, Sheet.ANSWER)
        opened = await sara.post("answer", do=do)
        assert question.text in opened.json()["sheet"]
        answer = await sara.post("answer", do=do, words="Because.", who="public")
        assert answer.status_code == 200, answer.text
        assert await community.stage_of(question.id) is Stage.ANSWERED
    assert community.answers == [each.id for each in asked]


async def test_a_guest_expert_can_do_nothing_else(
    community: Community, client: httpx.AsyncClient
) -> None:
    stages = (Stage.RECEIVED, Stage.APPROVED, Stage.QUEUED, Stage.ANSWERED, Stage.DECLINED)
    others = [await community.ask(f"{each}?", stage=each) for each in stages]
    live = await community.ask("live?", stage=Stage.LIVE)
    sara = await seated(community, client, Role.SPEAKER)
    for question in others:
        do = f"answer.{named(question)}"
        for fields in ({}, {"words": "Because."}):
            assert (await sara.post("answer", do=do, **fields)).status_code == 409
    for way in ("edit", "merge", "answered", "queued", "declined"):
        do = f"{way}.{named(live)}"
        assert (await sara.post("answer", do=do, words="x", into="x")).status_code == 403
        assert (await sara.post("act", do=do, words="x", into="x")).status_code == 401
    assert (await sara.post("answer", do="heard", words="Mine?")).status_code == 403
    assert [await community.stage_of(each.id) for each in others] == [*stages]


async def test_a_guest_expert_holds_nothing_that_is_not_theirs_to_answer(
    community: Community, client: httpx.AsyncClient
) -> None:
    live = await community.ask("live?", stage=Stage.LIVE)
    stages = (Stage.RECEIVED, Stage.APPROVED, Stage.QUEUED, Stage.DECLINED)
    others = [await community.ask(f"{each}?", stage=each) for each in stages]
    sara = await seated(community, client, Role.SPEAKER)
    not_theirs = [(Sheet.ANSWER, each) for each in others] + [(Sheet.EDIT, live)]
    for sheet, question in not_theirs:
        held = f"{sheet}.{named(await get(community, question.id))}"
        assert (await sara.post("here", hold=held)).status_code == 204
        assert (await get(community, question.id)).claimed_until is None
    assert [await community.stage_of(each.id) for each in others] == [*stages]
    held = f"answer.{named(await get(community, live.id))}"
    await sara.post("here", hold=held)
    assert (await get(community, live.id)).claimed_until is None, "the sheet is not open"
    await sara.post("answer", do=held)
    community.clock.forward(timedelta(minutes=4))
    await sara.post("here", hold=held)
    assert (await get(community, live.id)).claimed_until == community.clock() + LASTING


async def test_a_screen_that_was_opened_by_a_moderator_answers_nothing(
    community: Community, client: httpx.AsyncClient
) -> None:
    live = await community.ask("live?", stage=Stage.LIVE)
    screen = await seated(community, client, Role.MODERATOR)
    assert "<button" not in screen.page
    assert "<form" not in screen.page
    data = {"token": "0" * 64, "do": f"answer.{named(live)}", "words": "Because."}
    assert (await client.post(f"{BOARD}/answer", data=data)).status_code == 403
    assert await community.stage_of(live.id) is Stage.LIVE


async def test_the_projector_of_a_guest_expert_has_nothing_to_press(
    community: Community, client: httpx.AsyncClient
) -> None:
    await community.ask("live?", stage=Stage.LIVE)
    sara = await seated(community, client, Role.SPEAKER)
    assert "<button" in sara.page
    await sara.open(f"{BOARD}/projector")
    assert not re.search("<(button|form|input|a)[ >]", sara.page)


# --- without scripts ----------------------------------------------------------------------------


async def test_without_scripts_a_sheet_is_a_page_that_leads_back(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Y?")
    await moderator.open(f"{BOARD}?lang=ar")
    do = moderator.button(question.id, Sheet.EDIT)
    data = {"token": moderator.token, "do": do}
    page = await moderator.client.post(f"{BOARD}/act?lang=ar&theme=dark", data=data)
    assert '<html lang="ar" dir="rtl" data-theme="dark">' in page.text
    assert "<textarea" in page.text
    data = {**data, "words": "Why?"}
    answer = await moderator.client.post(f"{BOARD}/act?lang=ar&theme=dark", data=data)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{BOARD}?lang=ar&theme=dark")
    assert (await get(community, question.id)).text == "Why?"
