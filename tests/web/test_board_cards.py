"""What the board makes of questions: where they lie, what may be done, and how words are shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dialogue.stages import ANSWERABLE, FOLLOWS, Stage
from storage.asking.deciding import EDITABLE
from storage.asking.moderation import Handled
from web.board.acting import Wish, read_wish
from web.board.cards import COLUMNS, Beside, Part, card, seen
from web.board.stand import AHEAD, stand
from web.board.ways import IDEAS, WAYS, Sheet
from web.board.words import Said, shown

QUESTION = Handled(
    id=7,
    webinar="corona-iraq",
    kind="question",
    text="Why?",
    original=None,
    language="en",
    stage=Stage.RECEIVED,
    asker="#K7M2P4",
    nickname="Noor",
    supports=0,
    strikes=3,
    order=1,
    hour=datetime(2026, 4, 3, 16, tzinfo=UTC),
    merged=None,
    reason=None,
    answer=None,
    version=5,
    source="chat",
    answer_public=False,
    answered_language=None,
    claimed_until=None,
)


def test_every_stage_has_a_column_but_those_that_are_nobodys_to_handle() -> None:
    assert set(Stage) - set(COLUMNS) == {Stage.MERGED, Stage.WITHDRAWN}
    # What was merged is reached by the one that it follows.
    assert set(WAYS) == set(COLUMNS) | {Stage.MERGED}
    for stage in (Stage.MERGED, Stage.WITHDRAWN):
        assert card(replace(QUESTION, stage=stage), {}) is None


@pytest.mark.parametrize("stage", WAYS)
def test_each_button_leads_where_a_question_may_go(stage: Stage) -> None:
    # What is new is taken into review by the press itself.
    before = Stage.IN_REVIEW if stage is Stage.RECEIVED else stage
    moves = [way.to for way in WAYS[stage] if isinstance(way.to, Stage)]
    assert moves
    assert FOLLOWS[before].issuperset(moves)
    keys = [way.key for way in WAYS[stage]]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("stage", WAYS)
def test_each_sheet_is_offered_where_it_may_count(stage: Stage) -> None:
    before = Stage.IN_REVIEW if stage is Stage.RECEIVED else stage
    sheets = {way.to for way in WAYS[stage] if way.quiet}
    assert (Sheet.ANSWER in sheets) == (before in ANSWERABLE)
    assert (Sheet.MERGE in sheets) == (Stage.MERGED in FOLLOWS[before])
    assert (Sheet.EDIT in sheets) == (before in EDITABLE)


@pytest.mark.parametrize("stage", IDEAS)
def test_an_idea_is_read_and_put_to_nobody(stage: Stage) -> None:
    before = Stage.IN_REVIEW if stage is Stage.RECEIVED else stage
    leads = {way.to for way in IDEAS[stage]}
    assert leads
    assert not leads & {Sheet.ANSWER, Stage.LIVE, Stage.FOLLOW_UP}
    assert FOLLOWS[before].issuperset(to for to in leads if isinstance(to, Stage))
    assert all(way.label == "board-do-read" for way in IDEAS[stage] if way.to is Stage.ANSWERED)
    made = card(replace(QUESTION, kind="idea", stage=stage), {})
    assert made is None or made.ways == IDEAS[stage]


def test_a_card_says_who_has_it_what_is_in_it_and_what_is_like_it() -> None:
    part = replace(QUESTION, id=8, text="Why, though?", stage=Stage.MERGED, merged=7)
    beside = Beside(holder="moderator", parts=(part,), alike=2)
    made = card(QUESTION, {}, beside)
    assert made is not None
    assert (made.holder, made.alike) == ("moderator", 2)
    assert made.parts == (Part(8, seen(part), "Why, though?", "en"),)
    # Where it can be merged no more, nobody needs to know what is like it.
    settled = card(replace(QUESTION, stage=Stage.LIVE), {}, beside)
    assert settled is not None
    assert settled.alike == 0


@pytest.mark.parametrize(
    ("stage", "folded"), [(Stage.RECEIVED, True), (Stage.APPROVED, False), (Stage.DECLINED, True)]
)
def test_words_of_the_list_are_folded_away_until_a_question_is_approved(
    stage: Stage, folded: bool
) -> None:
    made = card(replace(QUESTION, stage=stage, flagged=True), {})
    assert made is not None
    assert made.flagged is folded


def test_a_card_holds_nothing_of_its_asker() -> None:
    made = repr(card(QUESTION, {}))
    assert "Why?" in made
    assert "Noor" not in made
    assert "K7M2P4" not in made


def test_a_press_is_for_these_words_in_this_column_whoever_has_it_in_hand() -> None:
    same = replace(QUESTION, stage=Stage.IN_REVIEW, supports=9, version=8)
    assert seen(same) == seen(QUESTION)
    assert seen(replace(QUESTION, text="Why not?")) != seen(QUESTION)
    assert seen(replace(QUESTION, stage=Stage.APPROVED)) != seen(QUESTION)
    assert seen(replace(QUESTION, answer="So.")) != seen(QUESTION)


def test_what_a_button_carries_is_read_back() -> None:
    carried = f"declined.7.{seen(QUESTION)}"
    assert read_wish(carried, "!time") == Wish(Stage.DECLINED, 7, seen(QUESTION), "!time")
    assert read_wish(f"merge.7.{seen(QUESTION)}") == Wish(Sheet.MERGE, 7, seen(QUESTION))


def test_the_stage_has_what_is_put_then_what_is_next_then_what_most_want() -> None:
    ideas = [replace(QUESTION, kind="idea", stage=Stage.APPROVED, text="idea")]
    queued = [
        replace(QUESTION, stage=Stage.QUEUED, order=order, text=f"next {order}")
        for order in range(AHEAD + 3, 0, -1)
    ]
    wanted = [
        replace(QUESTION, stage=Stage.APPROVED, order=order, supports=supports, text=f"{supports}")
        for order, supports in enumerate((2, 30, 11), start=1)
    ]
    live = [replace(QUESTION, stage=Stage.LIVE, text="now")]
    shown_now = stand([*ideas, *queued, *wanted, *live], {}, "en")
    assert [put.said[0].text for put in shown_now.now] == ["now"]
    assert [put.said[0].text for put in shown_now.next] == [
        f"next {n}" for n in range(1, AHEAD + 1)
    ]
    assert shown_now.waiting == 3
    assert [put.said[0].text for put in shown_now.top] == ["30", "11", "2"]


def test_what_was_queued_first_is_put_first_however_old_it_is() -> None:
    queued = [
        replace(QUESTION, stage=Stage.QUEUED, order=order, queued=place, text=f"{place}")
        for order, place in ((1, 30), (2, 10), (3, 20))
    ]
    assert [put.said[0].text for put in stand(queued, {}, "en").next] == ["10", "20", "30"]
    cards = [made for each in queued if (made := card(each, {})) is not None]
    assert [made.order for made in cards] == [30, 10, 20]
    approved = card(replace(queued[0], stage=Stage.APPROVED), {})
    assert approved is not None
    assert approved.order == 1


def test_the_longer_a_question_the_smaller_its_letters() -> None:
    sizes = [
        stand([replace(QUESTION, stage=Stage.LIVE, text="x" * length)], {}, "en").now[0].length
        for length in (10, 91, 221, 451, 1000)
    ]
    assert sizes == ["s", "m", "l", "xl", "xl"]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_translation_stands_beside_the_words_the_readers_language_first(language: str) -> None:
    translations = {QUESTION.id: {"ar": "لماذا؟"}, 8: {"ar": "غيره"}}
    (put,) = stand([replace(QUESTION, stage=Stage.LIVE)], translations, language).now
    both = {"en": Said("Why?", "en"), "ar": Said("لماذا؟", "ar", translated=True)}
    assert put.said == (both.pop(language), *both.values())
    made = card(QUESTION, translations)
    assert made is not None
    assert made.translations == (Said("لماذا؟", "ar", translated=True),)


@pytest.mark.parametrize(
    ("said", "seen_as"),
    [
        ("https://аdmin.example/x?y", "https://xn--dmin-43d.example/x?y"),
        ("www.bücher.example", "www.xn--bcher-kva.example"),
        ("https://t.me@evil.example", "https://t.me@evil.example"),
        ("https://t.me@ëvil.example", "https://t.me@xn--vil-ima.example"),
        ("http://" + "ü" * 70, "http://" + "\\xfc" * 70),
        ("\u202etxt.exe \u2067open", "txt.exe open"),
        ("/for\u200bget", "/forget"),
        ("می‌خواهم", "می‌خواهم"),
        ("a\u0000b\ud83d", "ab"),
        ("س" + "\u064b" * 20, "س" + "\u064b" * 4),
        ("x" * 3200, "x" * 3000),
        ("WHO تقول إنه آمن\nIs it?", "\u200fWHO تقول إنه آمن\nIs it?"),
        ("كمامات is the word?", "\u200eكمامات is the word?"),
        ("2020?", "2020?"),
    ],
)
def test_words_are_shown_as_a_page_may_show_them(said: str, seen_as: str) -> None:
    assert shown(said) == seen_as


def test_no_question_fills_a_screen_with_its_lines() -> None:
    verse = "\n".join("abcdefghij")
    assert shown(verse) == verse
    assert shown("\n".join("abcdefghij" * 40)) == " ".join("abcdefghij" * 40)
