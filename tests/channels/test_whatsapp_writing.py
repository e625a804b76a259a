"""What is posted at Twilio: buttons or numbers, free words or a template."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import NO_SLIP, Closed, Refused, Slip
from channels.whatsapp import (
    TEXT_UNITS,
    VALUES_UNITS,
    Contents,
    Post,
    numbered,
    posts,
    prompt_draft,
    variables,
)
from dialogue.fold import utf16_length
from dialogue.words import File, Filled, Message, MessageButton
from tests.hostile import FAMILY, HOSTILE

NOW = datetime(2026, 4, 3, 18, tzinfo=UTC)
TO, SENDER = "whatsapp:+9647701234567", "whatsapp:+14155238886"
OPEN = Slip(open_until=NOW + timedelta(hours=3))
SHUT = Slip(open_until=NOW - timedelta(hours=3))


@dataclass(frozen=True)
class Known:
    """A Content as it is stored."""

    key: str
    name: str
    sid: str
    language: str = "en"
    category: str | None = None
    state: str = "session"


def button(label: str, value: str = "", number: int | None = None) -> MessageButton:
    return MessageButton(label, value or f"go:{label}", number=number)


def said(
    message: Message, slip: Slip = NO_SLIP, contents: Contents | None = None, now: datetime = NOW
) -> list[Post]:
    held = contents or Contents()
    return posts(message, slip, now, held, lambda hash: f"https://x.org/media/{hash}", TO, SENDER)


def bodies(message: Message, slip: Slip = NO_SLIP) -> list[str | None]:
    return [post.body for post in said(message, slip)]


# --- numbered text --------------------------------------------------------------------------------


def test_a_text_goes_as_it_is() -> None:
    assert said(Message("*Hi* _you_")) == [Post(TO, SENDER, body="*Hi* _you_")]


def test_buttons_are_numbered_lines_and_the_others_are_words_to_type() -> None:
    message = Message(
        "Where do you live?",
        rows=(
            (button("Baghdad", number=1), button("Basra", number=2)),
            (MessageButton("Map", url="https://x.org/map"),),
            (button("Back"), button("Skip")),
            (button("Cancel"),),
        ),
    )
    assert bodies(message) == [
        "Where do you live?\n\n"
        "1. Baghdad\n2. Basra\n\n"
        "Map: https://x.org/map\n\n"
        "Back · Skip · Cancel"
    ]


def test_choices_that_the_text_lists_already_are_not_listed_again() -> None:
    text = "Which?\n\n\u200f1. \u2068Water\u2069\non Friday\n\n2. Work\non Monday"
    labels = ("Water", "✓ Work", "All of them")
    rows = tuple((button(label, number=at),) for at, label in enumerate(labels, 1))
    (body,) = bodies(Message(text, rows=(*rows, (button("Back"),))))
    assert body == f"{text}\n\n2. ✓ Work\n3. All of them\n\nBack"


def test_words_to_type_that_do_not_fit_a_line_go_on_below() -> None:
    words = ["Take me back to the menu", "Stop all messages", "Delete all of my data", "Help"]
    (body,) = bodies(Message("?", rows=tuple((button(word),) for word in words)))
    assert body == (
        "?\n\nTake me back to the menu · Stop all messages\nDelete all of my data · Help"
    )


def test_buttons_without_a_text_stand_alone() -> None:
    assert bodies(Message("", rows=((button("Yes", number=1),),))) == ["1. Yes"]


GOVERNORATES = "الأنبار البصرة المثنى القادسية النجف أربيل السليمانية بابل بغداد دهوك ديالى " * 2


def test_the_list_of_all_governorates_fits_below_a_long_text() -> None:
    names = GOVERNORATES.split()[:21]
    rows = tuple((button(name, number=at),) for at, name in enumerate(names, 1))
    message = Message("س" * 1000, rows=(*rows, (button("رجوع"), button("تخطّي"), button("إلغاء"))))
    (body,) = bodies(message)
    assert body is not None
    assert utf16_length(body) <= TEXT_UNITS
    assert body.endswith("21. " + names[20] + "\n\nرجوع · تخطّي · إلغاء")


def test_numbers_that_do_not_fit_below_a_text_go_in_a_message_of_their_own() -> None:
    rows = tuple((button(f"Choice {at}", number=at),) for at in range(1, 22))
    text = "It is so. " * 159
    parts = bodies(Message(text.strip(), rows=rows))
    assert parts == [text.strip(), "\n".join(f"{at}. Choice {at}" for at in range(1, 22))]


def test_what_is_longer_than_one_message_is_cut_and_nothing_is_lost() -> None:
    rows = tuple((button("Choice " * 10 + str(at), number=at),) for at in range(1, 40))
    parts = bodies(Message("It is so. " * 300, rows=rows))
    assert all(part and utf16_length(part) <= TEXT_UNITS for part in parts)
    whole = "\n".join(part for part in parts if part)
    assert whole.count("It is so.") == 300
    assert whole.count("Choice 39") == 1


@given(st.text(max_size=3_000), st.lists(st.text(min_size=1, max_size=64), max_size=30))
def test_no_part_is_longer_than_a_message_may_be(text: str, labels: list[str]) -> None:
    rows = tuple((button(label, number=at),) for at, label in enumerate(labels, 1))
    parts = numbered(Message(text, rows=rows), TEXT_UNITS)
    assert all(part and utf16_length(part) <= TEXT_UNITS for part in parts)


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_written_or_refused(words: str) -> None:
    message = Message(words, rows=((button(words or "x", "v", 1),),))
    try:
        parts = bodies(message)
    except Refused:
        assert len(words) > 10 * TEXT_UNITS
    else:
        assert all(part and utf16_length(part) <= TEXT_UNITS for part in parts)


def test_families_are_not_torn_apart() -> None:
    parts = bodies(Message((FAMILY * 400)[: len(FAMILY) * 300]))
    assert all(part is not None and part.count(FAMILY) * len(FAMILY) == len(part) for part in parts)


def test_nothing_is_refused() -> None:
    with pytest.raises(Refused):
        said(Message(""))


# --- pictures and files ---------------------------------------------------------------------------


def test_a_poster_goes_by_its_address_with_the_words_below_it() -> None:
    message = Message("Come!", photo="abc", rows=((button("Register"),),))
    assert said(message) == [
        Post(TO, SENDER, body="Come!\n\nRegister", media="https://x.org/media/abc")
    ]


def test_words_too_long_for_a_caption_do_not_hang_on_the_picture() -> None:
    picture, *words = said(Message("It is so. " * 150, photo="abc"))
    assert (picture.body, picture.media) == (None, "https://x.org/media/abc")
    assert words == said(Message("It is so. " * 150))


def test_a_picture_needs_no_words() -> None:
    assert said(Message("", photo="abc"))[0].body is None


def test_a_picture_that_was_refused_before_stays_away() -> None:
    slip = Slip(plain=True)
    assert said(Message("Come!", photo="abc"), slip) == [Post(TO, SENDER, body="Come!")]


def test_a_file_becomes_words_and_lies_nowhere() -> None:
    file = File("mydata.json", '{"nickname": "آنا"}'.encode())
    assert bodies(Message("Your data:", file=file)) == ['Your data:\n\n{"nickname": "آنا"}']


def test_a_file_that_would_take_more_than_ten_messages_is_refused() -> None:
    with pytest.raises(Refused):
        said(Message("", file=File("mydata.json", b"a " * 9_000)))


# --- Contents -------------------------------------------------------------------------------------

YES_NO = Message("Is that right?", rows=((button("Yes", "r1:!ok:7"), button("No", "r1:!edit")),))


def holding(message: Message, opener: str = "Choose") -> Contents:
    draft = prompt_draft(message, "prompt", opener)
    assert draft is not None
    return Contents([Known(draft.key, "prompt", "HX1", message.language)])


def test_a_prompt_that_twilio_holds_goes_with_its_buttons() -> None:
    (post,) = said(YES_NO, OPEN, holding(YES_NO))
    assert post.body is None
    assert post.content == "HX1"
    assert json.loads(post.variables or "") == {"1": "r1:!ok:7", "2": "r1:!edit"}


def test_what_its_buttons_carry_does_not_matter_for_finding_it() -> None:
    other = Message("Is that right?", rows=((button("Yes", "x"), button("No", "y")),))
    (post,) = said(other, OPEN, holding(YES_NO))
    assert json.loads(post.variables or "") == {"1": "x", "2": "y"}


@pytest.mark.parametrize(
    "other",
    [
        Message("Is this right?", rows=YES_NO.rows),
        Message("Is that right?", rows=((button("Yes"), button("Never")),)),
        Message("Is that right?", rows=YES_NO.rows, language="ar"),
        Message("Is that right?", rows=YES_NO.rows, photo="abc"),
        Message("Is that right?", rows=((button("Yes", "x"), button("No", "x")),)),
        Message("Is that right?", rows=((button("Yes", "x" * 65), button("No", "y")),)),
        Message("Is that right?"),
    ],
    ids=range(7),
)
def test_one_that_differs_in_a_word_is_written_out(other: Message) -> None:
    assert all(post.content is None and post.body for post in said(other, OPEN, holding(YES_NO)))


# --- windows and templates ------------------------------------------------------------------------

TOLD = Message("Come on Friday!", template=Filled("announcement", ("Tadamun", "Come\non Friday!")))
APPROVED = Contents([Known("k", "announcement", "HX2", "en", "MARKETING", "approved")])


@pytest.mark.parametrize("slip", [NO_SLIP, OPEN])
def test_in_an_open_window_it_is_said_freely(slip: Slip) -> None:
    (post,) = said(TOLD, slip, APPROVED)
    assert (post.body, post.content) == ("Come on Friday!", None)


def test_in_a_closed_window_it_is_said_by_the_template() -> None:
    (post,) = said(TOLD, SHUT, APPROVED)
    assert (post.body, post.media, post.content) == (None, None, "HX2")
    assert json.loads(post.variables or "") == {"1": "Tadamun", "2": "Come · on Friday!"}


def test_a_window_that_is_about_to_close_counts_as_closed_where_there_is_a_template() -> None:
    closing = Slip(open_until=NOW + timedelta(seconds=20))
    assert said(TOLD, closing, APPROVED)[0].content == "HX2"
    assert said(TOLD, closing)[0].body == "Come on Friday!"


@pytest.mark.parametrize(
    "known",
    [
        [],
        [Known("k", "announcement", "HX2", "ar", "MARKETING", "approved")],
        [Known("k", "reminder", "HX2", "en", "UTILITY", "approved")],
        *(
            [Known("k", "announcement", "HX2", "en", "MARKETING", state)]
            for state in ("unsubmitted", "received", "pending", "rejected", "paused", "disabled")
        ),
    ],
    ids=repr,
)
def test_without_an_approved_template_of_the_language_a_closed_window_stays_closed(
    known: list[Known],
) -> None:
    with pytest.raises(Closed):
        said(TOLD, SHUT, Contents(known))


def test_what_has_no_template_does_not_get_through_a_closed_window() -> None:
    with pytest.raises(Closed):
        said(Message("Hi"), SHUT, APPROVED)


def test_of_two_approved_templates_of_a_name_the_later_one_speaks() -> None:
    later = Known("l", "announcement", "HX3", "en", "MARKETING", "approved")
    first = Known("k", "announcement", "HX2", "en", "MARKETING", "approved")
    assert said(TOLD, SHUT, Contents([first, later]))[0].content == "HX3"


# --- how long it may take -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "seconds"),
    [
        (timedelta(minutes=5), 300),
        (timedelta(seconds=5.9), 5),
        (timedelta(seconds=0.2), 1),
        (-timedelta(hours=1), 1),
        (timedelta(days=3), 36_000),
    ],
)
def test_what_is_not_to_come_late_dies_in_time(left: timedelta, seconds: int) -> None:
    (post,) = said(Message("Hi"), Slip(not_after=NOW + left))
    assert post.validity == seconds


def test_what_may_come_late_has_all_the_time() -> None:
    assert said(Message("Hi"))[0].validity is None


# --- values ---------------------------------------------------------------------------------------


def values(*given: str, units: int = VALUES_UNITS) -> Mapping[str, str]:
    return json.loads(variables(given, units))


@pytest.mark.parametrize(
    ("value", "cleaned"),
    [
        ("plain", "plain"),
        ("two\nlines", "two · lines"),
        ("A sentence.\n\nAnother.", "A sentence. Another."),
        ("جملة.\nجملة أخرى؟\nنهاية", "جملة. جملة أخرى؟ نهاية"),
        ("a\tb     c", "a b c"),
        ("\n\n a \r\n\r\n", "a"),
        ("", "–"),
        (" \t\n", "–"),
        ("people's {{{1}} }}", "people’s { { {1} } } }"),
        ("\u2068Anna\u2069", "\u2068Anna\u2069"),
    ],
)
def test_a_value_becomes_one_line_and_is_never_empty(value: str, cleaned: str) -> None:
    assert values(value) == {"1": cleaned}


def test_the_longest_value_is_cut_at_the_end_of_a_sentence() -> None:
    told = values("Tadamun", "It is on Friday. " * 60, units=200)
    assert told["1"] == "Tadamun"
    assert told["2"].endswith("It is on Friday. …")
    assert utf16_length(told["1"] + told["2"]) <= 200


@given(st.lists(st.text(max_size=2_000), min_size=1, max_size=6))
def test_whatever_the_values_they_keep_whatsapps_rules(given: list[str]) -> None:
    told = values(*given)
    assert list(told) == [str(number) for number in range(1, len(given) + 1)]
    for value in told.values():
        assert value.strip()
        assert not {"\n", "\t", "\r"} & set(value)
        assert "    " not in value
    assert sum(utf16_length(value) for value in told.values()) <= VALUES_UNITS
