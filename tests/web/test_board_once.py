"""Every form and button of the board, sent twice: a double tap, a reload, a line that retries."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from dialogue.stages import Stage
from storage.asking.moderation import Handled
from storage.asking.texts import Translated
from storage.roles import Role
from tests.web.community import WEBINAR, Community, Member
from tests.web.standin import Site
from tests.web.test_board_interpreters import button, wanted
from tests.web.test_board_sheets import named, seated
from web.board.ways import WAYS, Sheet

BOARD = f"/board/{WEBINAR}"
NUMBER = "0123456789abcdef"


@pytest.fixture
def site(community: Community) -> Site:
    return community.site


@dataclass(frozen=True, slots=True)
class Deed:
    """A form that changes something."""

    to: Stage | Sheet
    stage: Stage
    """How far its question is."""
    fields: tuple[tuple[str, str], ...] = ()
    again: str = ""
    """An answer that was given before."""


def deed(to: Stage | Sheet, stage: Stage, again: str = "", **fields: str) -> Deed:
    return Deed(to, stage, (*fields.items(),), again)


DEEDS = {
    "approve": deed(Stage.APPROVED, Stage.RECEIVED),
    "decline": deed(Stage.DECLINED, Stage.RECEIVED, reason="!topic"),
    "decline in own words": deed(Stage.DECLINED, Stage.APPROVED, own="Not here."),
    "put next": deed(Stage.QUEUED, Stage.APPROVED),
    "take back": deed(Stage.APPROVED, Stage.QUEUED),
    "put now": deed(Stage.LIVE, Stage.QUEUED),
    "put off": deed(Stage.QUEUED, Stage.LIVE),
    "answered": deed(Stage.ANSWERED, Stage.LIVE),
    "promise an answer": deed(Stage.FOLLOW_UP, Stage.LIVE),
    "open again": deed(Stage.IN_REVIEW, Stage.DECLINED),
    "edit": deed(Sheet.EDIT, Stage.RECEIVED, words="Why now?"),
    "edit without a change": deed(Sheet.EDIT, Stage.APPROVED, words="Why?"),
    "edit and approve": deed(Sheet.EDIT, Stage.RECEIVED, words="Why now?", then="approved"),
    "answer": deed(Sheet.ANSWER, Stage.LIVE, words="So.", who="private"),
    "answer to all": deed(Sheet.ANSWER, Stage.FOLLOW_UP, words="So.", who="public"),
    "the same answer to all": deed(
        Sheet.ANSWER, Stage.ANSWERED, words="So.", who="public", again="So."
    ),
    "merge": deed(Sheet.MERGE, Stage.RECEIVED, into="other"),
    "put down": deed(Sheet.EDIT, Stage.RECEIVED, words="Wh", drop="1"),
}


def test_every_way_that_a_card_has_is_tried_here() -> None:
    tried = {each.to for each in DEEDS.values()}
    assert tried == {way.to for ways in WAYS.values() for way in ways}


@dataclass(frozen=True)
class State:
    """All that a form may have changed."""

    version: int
    questions: list[Handled]
    translated: list[Translated]
    told: list[int]
    answers: list[int]
    taken: list[Any]


async def state(community: Community) -> State:
    async with community.storage.reading() as tx:
        questions = await tx.moderation.changed_since(WEBINAR, -1)
        ids = [each.id for each in questions]
        return State(
            await tx.moderation.version(),
            questions,
            await tx.texts.approved(ids),
            [*community.told],
            [*community.answers],
            [*await tx.desk.connection.fetch("SELECT id, claimed_by, claimed_until FROM texts")],
        )


async def comes_again(
    community: Community, member: Member, way: str, fields: dict[str, str]
) -> State:
    """The form comes twice at once, and later once more: all are told the same, and one counts."""
    fields = {**fields, "once": NUMBER}
    before = await state(community)
    both = await asyncio.gather(*(member.post(way, **fields) for _ in range(2)))
    after = await state(community)
    answers = [*both, await member.post(way, **fields)]
    assert [each.status_code for each in answers] == [200] * 3, [each.text for each in answers]
    assert len({each.text for each in answers}) == 1
    assert await state(community) == after
    assert after != before
    return after


@pytest.mark.parametrize("name", DEEDS)
async def test_what_comes_twice_counts_once(
    community: Community, moderator: Member, name: str
) -> None:
    what = DEEDS[name]
    question = await community.ask("Why?", stage=what.stage, by="one")
    fields = dict(what.fields)
    if "into" in fields:
        fields["into"] = named(await community.ask("Why, though?", by="two"))
    if what.again:
        async with community.storage.transaction() as tx:
            await tx.moderation.answer(question.id, 1, what.again, "en", False, community.clock())
    await moderator.open()
    do = moderator.button(question.id, what.to)
    if isinstance(what.to, Sheet):
        await moderator.opens(question.id, what.to)
    after = await comes_again(community, moderator, "act", {"do": do, **fields})
    heard = [*after.told, *after.answers]
    assert len(heard) == (0 if "drop" in fields else 1), heard


async def test_what_was_heard_in_the_session_is_taken_down_once(
    community: Community, moderator: Member
) -> None:
    await moderator.open()
    fields = {"do": "heard", "words": "Who pays?"}
    after = await comes_again(community, moderator, "act", fields)
    assert [each.text for each in after.questions] == ["Who pays?"]
    assert len(after.told) == 1
    await moderator.post("act", **fields)
    assert len((await state(community)).questions) == 2, "somebody else asked the same"


async def test_a_question_is_parted_once(community: Community, moderator: Member) -> None:
    root = await community.ask("Why?", stage=Stage.APPROVED, by="one")
    part = await community.ask("Why, though?", stage=Stage.IN_REVIEW, by="two")
    async with community.storage.transaction() as tx:
        assert await tx.moderation.merge(part.id, root.id, 1, community.clock())
    await moderator.open()
    do = moderator.button(part.id, Stage.IN_REVIEW)
    await comes_again(community, moderator, "act", {"do": do})


@pytest.mark.parametrize("words", [{"words": "لماذا؟"}, {"words": "", "drop": "1"}])
async def test_a_translation_is_approved_or_put_down_once(
    community: Community, moderator: Member, words: dict[str, str]
) -> None:
    text = await wanted(community)
    await moderator.open(f"{BOARD}/interpret")
    do = button(moderator, text)
    await moderator.post("translate", do=do)
    after = await comes_again(community, moderator, "translate", {"do": do, **words})
    assert len(after.told) == len(after.translated) == int("drop" not in words)


async def test_a_translation_that_arrives_late_once_more_undoes_no_correction(
    community: Community, moderator: Member
) -> None:
    text = await wanted(community)
    await moderator.open(f"{BOARD}/interpret")
    first = {"do": button(moderator, text), "words": "لمذا؟", "once": NUMBER}
    await moderator.post("translate", **first)
    async with community.storage.transaction() as tx:
        assert await tx.texts.approve(text.id, 9, "لماذا؟", community.clock())
    assert (await moderator.post("translate", **first)).status_code == 200
    assert [each.text for each in (await state(community)).translated] == ["لماذا؟"]


async def test_a_guest_expert_answers_once(community: Community, client: httpx.AsyncClient) -> None:
    question = await community.ask("Why?", stage=Stage.LIVE)
    sara = await seated(community, client, Role.SPEAKER)
    do = sara.button(question.id, Sheet.ANSWER)
    await sara.post("answer", do=do)
    fields = {"do": do, "words": "So.", "who": "public"}
    after = await comes_again(community, sara, "answer", fields)
    assert after.answers == [question.id]


async def test_a_press_that_comes_once_more_when_it_was_undone_stays_undone(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Why?", stage=Stage.QUEUED)
    await moderator.open()
    live = {"do": moderator.button(question.id, Stage.LIVE), "once": NUMBER}
    assert (await moderator.post("act", **live)).status_code == 200
    await moderator.open()
    await moderator.press(question.id, Stage.QUEUED)
    # The card is to the letter as it was when «now» was pressed.
    assert (await moderator.post("act", **live)).status_code == 200
    assert await community.stage_of(question.id) is Stage.QUEUED
    await moderator.open()
    await moderator.press(question.id, Stage.LIVE)
    assert await community.stage_of(question.id) is Stage.LIVE


async def test_other_words_under_the_same_number_are_another_form(
    community: Community, moderator: Member
) -> None:
    await moderator.open()
    for words in ("Who pays?", "Who is paid?"):
        await moderator.post("act", do="heard", words=words, once=NUMBER)
    asked = {each.text for each in (await state(community)).questions}
    assert asked == {"Who pays?", "Who is paid?"}


async def test_what_was_refused_may_be_put_right_and_sent_again(
    community: Community, moderator: Member
) -> None:
    await moderator.open()
    for words, status in (("", 422), ("", 422), ("Who pays?", 200)):
        answer = await moderator.post("act", do="heard", words=words, once=NUMBER)
        assert answer.status_code == status
    assert len((await state(community)).questions) == 1


async def test_a_question_that_was_put_down_is_not_held_by_what_arrives_late(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Why?", stage=Stage.APPROVED)
    await moderator.open()
    do = moderator.button(question.id, Sheet.EDIT)
    await moderator.opens(question.id, Sheet.EDIT)
    await moderator.post("act", do=do, drop="1")
    before = (await state(community)).questions
    assert (await moderator.post("here", hold=do)).status_code == 204
    assert (await state(community)).questions == before


async def test_a_text_that_was_put_down_is_not_held_by_what_arrives_late(
    community: Community, moderator: Member
) -> None:
    text = await wanted(community)
    await moderator.open(f"{BOARD}/interpret")
    do = button(moderator, text)
    await moderator.post("translate", do=do)
    ((_, whose, until),) = (await state(community)).taken
    community.clock.forward(timedelta(minutes=4))
    assert (await moderator.post("translating", hold=do)).status_code == 204
    ((_, still, longer),) = (await state(community)).taken
    assert (still, longer - until) == (whose, 4 * 60 * 1000)
    await moderator.post("translate", do=do, drop="1")
    assert (await moderator.post("translating", hold=do)).status_code == 204
    ((_, nobody, ever),) = (await state(community)).taken
    assert (nobody, ever) == (None, None)


# --- what the pages carry -----------------------------------------------------------------------


def numbers(page: str) -> list[str]:
    """Those of all forms that change something."""
    forms = re.findall(r"<form[^>]* data-live .*?(?=<form|</html>|\Z)", page, re.DOTALL)
    found = [re.findall(r'name="once" value="([^"]+)"', form) for form in forms]
    assert all(len(each) == 1 for each in found), found
    return [each for (each,) in found]


@pytest.mark.parametrize("path", ["", "/interpret"])
async def test_each_page_has_a_number_of_its_own_for_its_forms(
    community: Community, moderator: Member, path: str
) -> None:
    seen = [
        number for _ in range(3) for number in numbers((await moderator.open(BOARD + path)).text)
    ]
    assert len(seen) == len(set(seen)) == 3


async def test_so_has_the_stage_and_every_sheet(
    community: Community, moderator: Member, client: httpx.AsyncClient
) -> None:
    live = await community.ask("Why?", stage=Stage.LIVE)
    await moderator.open()
    seen = [
        number
        for _ in range(2)
        for fields in ({"do": "heard"}, {"do": moderator.button(live.id, Sheet.EDIT)})
        for number in numbers((await moderator.post("act", **fields)).json()["sheet"])
    ]
    async with httpx.AsyncClient(base_url=community.site.url, timeout=30) as http:
        sara = await seated(community, http, Role.SPEAKER)
        seen += numbers(sara.page)
    assert len(seen) == len(set(seen)) == 5


async def test_without_scripts_a_double_tap_counts_once_and_leads_back_twice(
    community: Community, moderator: Member
) -> None:
    await moderator.open()
    (number,) = numbers(moderator.page)
    data = {"token": moderator.token, "once": number, "do": "heard", "words": "Who pays?"}
    for _ in range(2):
        answer = await moderator.client.post(f"{BOARD}/act?lang=en&theme=", data=data)
        assert answer.headers["location"] == f"{BOARD}?lang=en&theme="
    assert len((await state(community)).questions) == 1


async def test_a_page_that_was_open_before_there_were_numbers_works_on(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Why?")
    await moderator.open()
    do = moderator.button(question.id, Stage.APPROVED)
    answers = [await moderator.post("act", do=do, once="") for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 409]


async def test_a_screen_may_be_opened_twice(community: Community, moderator: Member) -> None:
    desk = moderator.page
    for _ in range(2):
        moderator.page = desk
        assert (await moderator.post("screen")).status_code == 303
    assert (await moderator.open(f"{BOARD}/stage")).status_code == 200


async def test_who_closes_the_desk_twice_reads_twice_that_it_is_closed(
    community: Community, moderator: Member
) -> None:
    both = [await moderator.post("close") for _ in range(2)]
    assert [each.status_code for each in both] == [200, 401]
    assert all("board is closed" in each.text for each in both)
