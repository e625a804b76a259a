"""People's words made comparable, fit to keep, and cut to size."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dialogue.fold import clean, fold, number, split_text, utf16_length

CHAT = st.text(
    st.one_of(
        st.sampled_from(
            "aZ é1٣۳/.؟!\n\t\r\u200b\u200c\u200d\u202e\u2067\0\ud83d\x85\u2028"
            "اأإآبةىيکكی\u064b\u0651\u0654\u0301\u20e3\ufe0f👩🏽🇮🇶각ـ"
        ),
        st.characters(),
    ),
    max_size=80,
)
FAMILY = "👩🏽\u200d👩🏾\u200d👧\u200d👦"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("إِلْغَاء", "الغاء"),
        ("الغاء", "إلغاء"),
        ("تـوقـف", "توقف"),
        ("البصره", "البصرة"),
        ("مثني", "مثنى"),
        ("کرکوک", "كركوك"),
        ("مسؤول", "مسوول"),
        ("سائل", "سايل"),
        ("می\u200cخواهم", "ميخواهم"),
        ("۱۲٣", "123"),
        ("/Help", "help"),
        ("  STOP!! ", "stop"),
        ("✓ Baghdad", "baghdad"),
        ("d\u2011i", "D I"),
        ("/for\u200bget", "forget"),
        ("Strasse", "STRAẞE"),
        ("cafe\u0301", "CAFÉ"),
        ("هەولێر", "ههولير"),
        ("a\nb\tc", "a b c"),
        ("a\u0000b", "ab"),
        ("ＳＴＯＰ", "stop"),
        ("𝗦𝗧𝗢𝗣", "stop"),
        ("ﺇﻳﻘﺎﻑ", "إيقاف"),
        ("ﷺ", "ﷺ"),
    ],
)
def test_what_people_type_for_one_another_is_one(typed: str, meant: str) -> None:
    assert fold(typed) == fold(meant)


def test_different_words_stay_different() -> None:
    words = ["نعم", "لا", "توقف", "إلغاء", "yes", "no", "1", "2", "²", "résumé"]
    assert len({fold(word) for word in words}) == len(words)


@given(CHAT)
@example("ᄀ\u0301ᅡ")
@example("\u0345")
@example("İı")
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert once == once.strip()
    assert "  " not in once


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3", 3),
        ("٣٢١", 321),
        ("۳", 3),
        (" 7. ", 7),
        ("٢)", 2),
        ("\u200f5\u200e", 5),
        ("007", 7),
        ("4\ufe0f\u20e3", 4),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        ("9" * 5000, None),
        ("1 " + " " * 80, None),
        ("²", None),
        ("½", None),
        ("-3", None),
        ("1.5", None),
        ("1_000", None),
        ("", None),
        ("three", None),
    ],
)
def test_a_number_is_read_in_any_digits(typed: str, meant: int | None) -> None:
    assert number(typed) == meant


@given(st.text(max_size=80))
def test_any_text_is_a_number_or_none(text: str) -> None:
    found = number(text)
    assert found is None or 0 <= found < 10**18


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\u0000b", "ab"),
        ("\ud83d", ""),
        ("\u202etxt.exe", "txt.exe"),
        ("\u2067open", "open"),
        ("/for\u200bget", "/forget"),
        ("علي\r\nBcc: x@y", "علي\nBcc: x@y"),
        ("a\u2028b\x85c\vd\re", "a\nb\nc\nd\ne"),
        ("a\tb", "a b"),
        ("\x9b31m", "31m"),
        ("ا" + "\u064b" * 500, "ا" + "\u064b" * 4),
        ("ا" + "\u064b\u200d" * 3 + "\u064b" * 9, "ا" + "\u064b\u200d" * 3 + "\u064b"),
        ("e\u0301", "é"),
        ("\ufdfa", "\ufdfa"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        (FAMILY, FAMILY),
        ("السَّلامُ عَلَيْكُم", "السَّلامُ عَلَيْكُم"),
        (" \n ", ""),
        ("one\n\ntwo\nthree", "one\n\ntwo\nthree"),
        ("a" + "\n" * 900 + "b", "a\n\nb"),
        ("a\n \n\u00a0\n\nb\n\n\nc", "a\n\nb\n\nc"),
        ("", ""),
        ("_*[`~>#|{}.!", "_*[`~>#|{}.!"),
    ],
)
def test_what_may_do_harm_is_stripped_and_all_else_survives(typed: str, kept: str) -> None:
    assert clean(typed, 1000) == unicodedata.normalize("NFC", kept)


def test_too_long_a_text_ends_after_a_whole_character() -> None:
    assert clean("abc" + FAMILY, 6) == "abc"
    assert clean("ab cd", 3) == "ab"
    assert clean("abcdef", 6) == "abcdef"


def test_a_character_longer_than_the_limit_is_cut_rather_than_lost() -> None:
    assert clean("\u200d".join("👩" * 50), 10) == "\u200d".join("👩" * 5) + "\u200d"


@given(CHAT, st.integers(1, 100))
def test_cleaning_twice_changes_nothing(text: str, limit: int) -> None:
    once = clean(text, limit)
    assert clean(once, limit) == once
    assert len(once) <= limit
    assert unicodedata.is_normalized("NFC", once)
    once.encode()
    assert not re.search("[\0-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]", once)


@given(CHAT)
def test_a_text_is_as_long_as_platforms_count_it(text: str) -> None:
    assert utf16_length(text) == sum(2 if char > "\uffff" else 1 for char in text)


@pytest.mark.parametrize(
    ("text", "units", "parts"),
    [
        ("short", 10, ["short"]),
        ("", 10, [""]),
        (" " * 30, 10, [""]),
        ("one two\n\nthree four", 12, ["one two", "three four"]),
        ("one two\nthree four", 12, ["one two", "three four"]),
        ("One two. Three four", 12, ["One two.", "Three four"]),
        ("سؤال أول؟ وسؤال ثان", 12, ["سؤال أول؟", "وسؤال ثان"]),
        ("one two three", 7, ["one two", "three"]),
        ("a verylongword", 13, ["a", "verylongword"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("👍👍👍", 3, ["👍", "👍", "👍"]),
        ("abc" + FAMILY, 16, ["abc", FAMILY]),
        ("🇮🇶🇮🇹🇩🇪", 10, ["🇮🇶🇮🇹", "🇩🇪"]),
        ("ab🇮🇶", 4, ["ab", "🇮🇶"]),
        ("بَتَثَ", 3, ["بَ", "تَ", "ثَ"]),
        ("\u1100\u1161\u11a8" * 2, 4, ["\u1100\u1161\u11a8"] * 2),
        ("a🏴\U000e0067\U000e007f", 6, ["a", "🏴\U000e0067\U000e007f"]),
    ],
)
def test_a_long_text_is_cut_where_it_reads_best(text: str, units: int, parts: list[str]) -> None:
    assert split_text(text, units) == parts


@given(CHAT, st.integers(2, 30))
def test_no_part_is_too_long_and_nothing_but_space_is_lost(text: str, units: int) -> None:
    parts = split_text(text, units)
    assert all(utf16_length(part) <= units for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert parts == [text] or all(parts) or parts == [""]


@given(st.lists(st.sampled_from([FAMILY, "🇮🇶", "بَّ", "e\u0301\u0323", "👍🏽", "x"]), max_size=30))
def test_no_character_as_the_reader_sees_it_is_taken_apart(characters: list[str]) -> None:
    ends: set[int] = set()
    for character in characters:
        ends.add(max(ends, default=0) + len(character))
    at = 0
    for part in split_text("".join(characters), 24)[:-1]:
        at += len(part)
        assert at in ends


@pytest.mark.parametrize("hostile", ["\ufdfa" * 4096, "🇮🇶" * 1024, FAMILY * 350, "ا\u064b" * 4096])
def test_hostile_texts_are_worked_through_in_no_time(hostile: str) -> None:
    before = time.process_time()
    fold(hostile)
    clean(hostile, 1000)
    split_text(hostile, 1600)
    assert time.process_time() - before < 0.2
