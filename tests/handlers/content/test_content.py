"""A file of webinars: what it may say, on which line it is wrong, and what loading it does."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dialogue.words import Localised
from handlers.content import Content, ContentError, Report, load, read
from handlers.content.lines import Lines
from handlers.telling import changes
from storage import Storage
from storage.broadcasting.broadcasts import Broadcast, Kind, Phase
from storage.community.people import Arrival, Consent
from storage.engines.times import epoch_ms
from storage.series.webinars import ExtraQuestion, Programme, Speaker, WayIn, Webinar
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

MASTER = "a master key that is only for tests"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

SERIES = """\
[series]
id = "talks"
title = { ar = "أحاديث", en = "Talks" }
description.en = "What we talk about."
partners = [
    { en = "Friends" },
    { ar = "جيران", en = "Neighbours" },
]
"""
WEBINAR = """
[[webinars]]
id = "bread"
title.en = "Bread"
description.en = "How bread is baked."
starts = 2026-12-04T19:00:00
languages = ["ar", "en"]
"""
RELATIVE = WEBINAR.replace("starts = 2026-12-04T19:00:00", 'starts_in_days = 9\nat = "19:00"')
WAY_IN = """
link = "https://meet.example/bread?pwd=a"
dial_in = "+964 1, then 42 #"
passcode = "salt 7"
"""
CHOICE = """
[[webinars.questions]]
key = "flour"
prompt.en = "Which flour?"
choices = [
    { value = "rye", label.en = "Rye" },
    { value = "wheat", label.en = "Wheat" },
]
"""


def content(source: str, *, now: datetime = NOW, zone: str = "Asia/Baghdad") -> Content:
    return read(source, now, zone, ("ar", "en"))


def only_webinar(source: str, *, now: datetime = NOW, zone: str = "Asia/Baghdad") -> Webinar:
    (webinar,) = content(SERIES + source, now=now, zone=zone).webinars
    return webinar


def refusal(source: str, *, zone: str = "Asia/Baghdad") -> str:
    with pytest.raises(ContentError) as caught:
        content(source, zone=zone)
    return str(caught.value)


def line_of(words: str, source: str) -> int:
    """The line of the only place where these words stand."""
    assert source.count(words) == 1
    return source[: source.index(words)].count("\n") + 1


# --- what a file says ---------------------------------------------------------------------------


def test_a_series_is_read_with_its_partners() -> None:
    series = content(SERIES).series
    assert series.id == "talks"
    assert series.title == Localised({"ar": "أحاديث", "en": "Talks"})
    assert series.partners == (
        Localised({"en": "Friends"}),
        Localised({"ar": "جيران", "en": "Neighbours"}),
    )


def test_a_webinar_has_the_usual_length_and_is_published_unless_it_says_otherwise() -> None:
    webinar = only_webinar(WEBINAR)
    assert (webinar.series, webinar.minutes, webinar.state) == ("talks", 90, "published")
    assert (webinar.capacity, webinar.interpreted) == (None, ())


def test_a_webinar_says_all_it_can_say() -> None:
    source = f"""{WEBINAR}
interpreted = ["en"]
minutes = 45
capacity = 12
state = "draft"
[[webinars.speakers]]
name.en = "Noor"
about.en = "a baker"
{CHOICE}
[[webinars.questions]]
key = "more"
prompt.ar = "شيء آخر؟"
optional = false
"""
    webinar = only_webinar(source)
    assert (webinar.languages, webinar.interpreted) == (("ar", "en"), ("en",))
    assert (webinar.minutes, webinar.capacity, webinar.state) == (45, 12, "draft")
    assert webinar.speakers == (Speaker(Localised({"en": "Noor"}), Localised({"en": "a baker"})),)
    flour = (("rye", Localised({"en": "Rye"})), ("wheat", Localised({"en": "Wheat"})))
    assert webinar.questions == (
        ExtraQuestion("flour", Localised({"en": "Which flour?"}), flour, optional=True),
        ExtraQuestion("more", Localised({"ar": "شيء آخر؟"}), (), optional=False),
    )


def test_a_webinar_says_how_to_get_in_who_decides_and_when_to_remind() -> None:
    webinar = only_webinar(f"{WEBINAR}{WAY_IN}approval = true\nreminders = [0, 60, 1440, 60]\n")
    assert webinar.way_in == WayIn(
        "https://meet.example/bread?pwd=a", "+964 1, then 42 #", "salt 7"
    )
    assert webinar.approval
    assert webinar.reminders == (1440, 60, 0)


def test_a_webinar_need_not_say_how_to_get_in_nor_when_to_remind() -> None:
    webinar = only_webinar(WEBINAR)
    assert (webinar.way_in, webinar.approval, webinar.reminders) == (None, False, None)
    assert only_webinar(WEBINAR + "reminders = []\n").reminders == ()
    assert only_webinar(WEBINAR + 'link = ""\n').way_in is None


def test_a_series_says_when_to_remind() -> None:
    assert content(SERIES).series.reminders is None
    assert content(f"{SERIES}reminders = [30]\n").series.reminders == (30,)


@pytest.mark.parametrize(
    "link",
    [
        "meet.example/bread",
        "javascript:alert(1)",
        "ftp://meet.example",
        "https://",
        "https://t.me@evil.example",
        "https://[::1",
        "https://meet.example/a b",
        "https://meet.example:99999/",
        "https://meet.example:room/",
        "https://meet.example\\\\.evil.example/",
        "//meet.example",
    ],
)
def test_a_link_that_is_no_whole_address_of_a_page_is_refused(link: str) -> None:
    source = f'{SERIES}{WEBINAR}link = "{link}"\n'
    said = refusal(source)
    assert 'link must begin with "https://" or "http://", not' in said
    assert said.startswith(f"line {line_of('link =', source)}: ")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("link = 3", "link must be a text, not 3."),
        (f'link = "https://{"m" * 500}"', "link has 508 characters; it may have 500."),
        ("passcode = 1234", "passcode must be a text, not 1234."),
        (f'passcode = "{"1" * 61}"', "passcode has 61 characters; it may have 60."),
        (f'dial_in = "{"1" * 301}"', "dial_in has 301 characters; it may have 300."),
        ("approval = 1", "approval must be true or false, not 1."),
        ("reminders = 60", "reminders must be a list in square brackets."),
        ("reminders = [60, -1]", "reminders must be a whole number from 0 to 40320, not -1."),
        ("reminders = [40321]", "not 40321."),
        ("reminders = [true]", "not True."),
        ('reminders = ["60"]', 'not "60".'),
        (f"reminders = {list(range(9))}", "there may be 8 reminders at most, not 9."),
    ],
)
def test_a_way_in_or_a_reminder_that_cannot_be_is_refused(wrong: str, reason: str) -> None:
    source = f"{SERIES}{WEBINAR}{wrong}\n"
    said = refusal(source)
    assert said.endswith(reason)
    assert said.startswith(f"line {source.count(chr(10))}: ")


def test_texts_come_in_the_order_of_the_communitys_languages() -> None:
    webinar = only_webinar(WEBINAR + 'title.ar = "خبز"\n')
    assert list(webinar.title.by_language) == ["ar", "en"]


def test_an_empty_text_counts_as_missing_in_that_language() -> None:
    assert only_webinar(WEBINAR + 'title.ar = " "\n').title == Localised({"en": "Bread"})


def test_a_title_is_one_line_and_a_description_keeps_its_paragraphs() -> None:
    source = WEBINAR.replace('"Bread"', '"""Bread\nand  salt"""')
    source = source.replace('"How bread is baked."', '"""\nOne.\r\n\r\nTwo.\n"""')
    webinar = only_webinar(source)
    assert webinar.title.by_language["en"] == "Bread and salt"
    assert webinar.description.by_language["en"] == "One.\n\nTwo."


def test_hostile_characters_are_cleaned_away_and_joiners_stay() -> None:
    source = WEBINAR.replace('"Bread"', r'"\u202EBread\u0000\u200B نان\u200Cوایی"')
    assert only_webinar(source).title.by_language["en"] == "Bread نان\u200cوایی"


def test_a_mark_of_the_byte_order_and_windows_line_ends_are_let_pass() -> None:
    assert content("\ufeff" + (SERIES + WEBINAR).replace("\n", "\r\n")) == content(SERIES + WEBINAR)


# --- when a webinar begins ----------------------------------------------------------------------


def test_a_time_is_meant_in_the_zone_of_the_community() -> None:
    assert only_webinar(WEBINAR).starts_at == datetime(2026, 12, 4, 16, tzinfo=UTC)
    berlin = only_webinar(WEBINAR, zone="Europe/Berlin")
    assert berlin.starts_at == datetime(2026, 12, 4, 18, tzinfo=UTC)


def test_a_time_with_its_own_offset_is_meant_as_it_says() -> None:
    source = WEBINAR.replace("19:00:00", "19:00:00-05:00")
    assert only_webinar(source).starts_at == datetime(2026, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize("at", ['"19:00"', "19:00:00"])
def test_a_relative_time_counts_from_the_day_of_the_import_where_the_community_is(at: str) -> None:
    late = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)  # In Baghdad the next day has begun.
    webinar = only_webinar(RELATIVE.replace('"19:00"', at), now=late)
    assert webinar.starts_at == datetime(2026, 12, 2, 16, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    source = SERIES + WEBINAR.replace("2026-12-04T19", "2027-03-28T02")
    line = line_of("starts =", source)
    assert refusal(source, zone="Europe/Berlin") == (
        f"line {line}: 2027-03-28 02:00 does not exist in Europe/Berlin: clocks skip it."
    )


def test_a_time_that_the_clocks_show_twice_is_refused_and_both_are_offered() -> None:
    source = SERIES + WEBINAR.replace("2026-12-04T19", "2027-10-31T02")
    said = refusal(source, zone="Europe/Berlin")
    first, second = "2027-10-31T02:00:00+02:00", "2027-10-31T02:00:00+01:00"
    assert said.endswith(
        f"2027-10-31 02:00 comes twice in Europe/Berlin: write starts = {first} or {second}."
    )
    taken = only_webinar(WEBINAR.replace("2026-12-04T19:00:00", second), zone="Europe/Berlin")
    assert taken.starts_at == datetime(2027, 10, 31, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("starts = 2026-12-04", "starts must be a day and time as in 2027-02-05T19:00:00, not"),
        ('starts = "4 December"', 'without quotation marks, not "4 December".'),
        ("starts = 19:00:00", "not 19:00:00."),
        ("starts = 0001-01-01T00:00:00", "starts must not lie in the year 1."),
        ("starts_in_days = 9", 'starts_in_days needs at = "19:00" with it.'),
        ('starts_in_days = 0\nat = "19:00"', "a whole number from 1 to 3650, not 0."),
        ('starts_in_days = true\nat = "19:00"', "not True."),
        ('starts_in_days = 9\nat = "24:00"', 'hours and minutes as in "19:00", not "24:00".'),
        ("starts_in_days = 9\nat = 19", 'hours and minutes as in "19:00", not 19.'),
        ('at = "19:00"', "this webinar needs starts = 2027-02-05T19:00:00, or starts_in_days"),
        ('starts = 2026-12-04T19:00:00\nat = "19:00"', "write either starts or at, not both."),
        ("# No time at all.", "this webinar needs starts = 2027-02-05T19:00:00, or starts_in_days"),
    ],
)
def test_what_is_no_time_is_refused(wrong: str, reason: str) -> None:
    assert reason in refusal(SERIES + WEBINAR.replace("starts = 2026-12-04T19:00:00", wrong))


# --- what is wrong, and where -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "wrong", "reason"),
    [
        ('title.en = "Bread"', "", "this webinar has no title in any language."),
        ('"How bread is baked."', '" "', "this webinar has no description in any language."),
        ('title.en = "Bread"', 'title = "Bread"', "title must name its language, as in { ar = "),
        ('title.en = "Bread"', "title.en = 3", "title in en must be a text, not 3."),
        (
            'title.en = "Bread"',
            'title.fr = "Pain"',
            '"fr" is not one of the community\'s languages (ar or en).',
        ),
        (
            'languages = ["ar", "en"]',
            'languages = ["ar", "tlh"]',
            '"tlh" is not one of the community\'s languages (ar or en).',
        ),
        ('languages = ["ar", "en"]', "", "say in which languages this webinar is held: languages."),
        ('["ar", "en"]', '"ar"', "languages must be a list in square brackets."),
        (
            'id = "bread"',
            'id = "Brot!"',
            'id must be 1 to 40 small Latin letters, digits and hyphens, not "Brot!".',
        ),
        ('id = "bread"', f'id = "{"b" * 41}"', "id must be 1 to 40 small Latin letters"),
        ('id = "bread"', "", "this webinar has no id."),
        ('id = "bread"', 'id = "all"', 'the id "all" means something else; choose another.'),
        (
            'id = "bread"',
            'id = "bread"\nlangages = ["ar"]',
            'this webinar knows no key "langages"; the nearest is languages.',
        ),
        ('id = "bread"', 'id = "bread"\nminutes = 0', "minutes must be a whole number from 1 to"),
        ('id = "bread"', 'id = "bread"\ncapacity = "12"', 'to 1000000, not "12".'),
        ('id = "bread"', f'id = "bread"\ncapacity = 0x{"f" * 5000}', "not an endless number."),
        (
            'id = "bread"',
            'id = "bread"\nstate = "done"',
            'state must be published, draft or cancelled, not "done".',
        ),
        ('"Bread"', f'"{"b" * 81}"', "title in en has 81 characters; it may have 80."),
        (
            '"How bread is baked."',
            f'"{"b" * 3001}"',
            "description in en has 3001 characters; it may have 3000.",
        ),
        ('"rye", label.en = "Rye"', '"rye"', "this choice has no label in any language."),
        ('value = "rye", ', "", "this choice has no value."),
        ('"wheat"', '"rye"', 'the value "rye" stands here for the second time.'),
        ('"Wheat"', '"RYE!"', 'the label "rye" stands here for the second time.'),
        ('"Rye"', f'"{"r" * 25}"', "label in en has 25 characters; it may have 24."),
        ('"rye"', f'"{"r" * 25}"', "value must be 1 to 24 small Latin letters"),
        ('"flour"', '"Flour"', "key must be 1 to 24 small Latin letters"),
        ('"flour"', '"flour"\noptional = "no"', 'optional must be true or false, not "no".'),
        ('"flour"', '"flour"\nchoise = 1', 'this question knows no key "choise"; the nearest is'),
        ('"Neighbours" }', '"Neighbours", fr = "Voisins" }', '"fr" is not one of'),
        ('{ en = "Friends" }', '"Friends"', "partners must name its language"),
        ("[series]", "[serie]", 'the file knows no key "serie"; the nearest is series.'),
    ],
)
def test_a_mistake_is_named_with_its_line(right: str, wrong: str, reason: str) -> None:
    before = SERIES + WEBINAR + CHOICE
    assert before.count(right) == 1
    said = refusal(before.replace(right, wrong))
    assert reason in said
    assert said.startswith("line ")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('id = "bread"', 'id = "Bread"'),
        ('title.en = "Bread"', "title.en = 3"),
        ('value = "wheat"', 'value = "Wheat"'),
        ('key = "flour"', "key = 0"),
        ("starts = 2026-12-04T19:00:00", "starts = 2026-12-04"),
    ],
)
def test_the_line_is_the_one_where_the_mistake_stands(right: str, wrong: str) -> None:
    first = WEBINAR.replace("bread", "salt") + CHOICE
    source = SERIES + first + (WEBINAR + CHOICE).replace(right, wrong)
    line = source[: source.rindex(wrong)].count("\n") + 1
    assert refusal(source).startswith(f"line {line}: ")


def test_the_second_of_two_webinars_with_one_id_is_refused() -> None:
    source = SERIES + WEBINAR + WEBINAR
    line = source[: source.rindex("id =")].count("\n") + 1
    assert refusal(source) == f'line {line}: the id "bread" stands here for the second time.'


def test_the_second_of_two_questions_with_one_key_is_refused() -> None:
    source = SERIES + WEBINAR + CHOICE + CHOICE
    line = source[: source.rindex("key =")].count("\n") + 1
    assert refusal(source) == f'line {line}: the key "flour" stands here for the second time.'


def test_choices_without_any_choice_are_refused() -> None:
    question = CHOICE[: CHOICE.index("choices")] + "choices = []\n"
    said = refusal(SERIES + WEBINAR + question)
    assert said.endswith("choices are empty; leave the key out for a free answer.")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "the file has no [series]."),
        ("series = 3", "line 1: series must be written as a table."),
        (f"webinars = [1]\n{SERIES}", "line 1: webinars must be written as a table."),
        ('\n\nid = "a', "line 3: this is not TOML: "),
        ("[series]\nid = \n", "line 2: this is not TOML: Invalid value."),
        ("a = 2026-02-30T00:00:00", "line 1: this is not TOML: Invalid date or datetime."),
        ("[series]\n\nid", "line 3: this is not TOML: "),
        (f"a = {'[' * 100_000}", "the file is nested too deeply."),
        (f"a = {'9' * 5000}", "this is not TOML: "),
    ],
)
def test_what_is_no_such_file_at_all_is_refused_in_one_sentence(source: str, said: str) -> None:
    whole = refusal(source)
    assert whole.startswith(said)
    assert whole.count("\n") == 0


def test_a_strange_value_is_shown_short_and_without_its_tricks() -> None:
    source = SERIES + WEBINAR.replace('"bread"', f'"\\u202E{"a" * 5000}"')
    said = refusal(source)
    assert len(said) < 160
    assert "\u202e" not in said


# --- lines of a file ----------------------------------------------------------------------------


def test_every_value_has_its_line_however_it_is_written() -> None:
    source = """\
# [no] = "table"
plain = 1 # = 2
"quoted \\u00e9 [" = "a ] # }"
'literal.' = '''
[[not.a.table]]
'''
dotted . "key" = \"\"\"
x = \\"\"\" 1
\"\"\"
[one.two]
list = [ 1, [2,
  3], # ]
  { a = 1, b.c = [ ] },
]
[[many]]
x = 1979-05-27 07:32:00
[[many.inner]]
x = 1
[[many.inner]]
x = 2
[many.inner.deep]
x = 3.5
[[many]]
[[many.inner]]
x = 4
[[far.near]]
"""
    assert tomllib.loads(source)
    lines = Lines.of(source)
    assert {
        path: lines.line(path)
        for path in (
            ("plain",),
            ("quoted é [",),
            ("literal.",),
            ("dotted", "key"),
            ("one", "two", "list", 1, 1),
            ("one", "two", "list", 2, "b", "c"),
            ("many", 0, "x"),
            ("many", 0, "inner", 0, "x"),
            ("many", 0, "inner", 1, "x"),
            ("many", 0, "inner", 1, "deep", "x"),
            ("many", 1, "inner", 0, "x"),
            ("far",),
            ("far", "near", 0),
        )
    } == {
        ("plain",): 2,
        ("quoted é [",): 3,
        ("literal.",): 4,
        ("dotted", "key"): 7,
        ("one", "two", "list", 1, 1): 12,
        ("one", "two", "list", 2, "b", "c"): 13,
        ("many", 0, "x"): 16,
        ("many", 0, "inner", 0, "x"): 18,
        ("many", 0, "inner", 1, "x"): 20,
        ("many", 0, "inner", 1, "deep", "x"): 22,
        ("many", 1, "inner", 0, "x"): 25,
        ("far",): 26,
        ("far", "near", 0): 26,
    }


def test_what_is_missing_has_the_line_of_the_table_around_it() -> None:
    lines = Lines.of("\n[a]\nb = {}\n")
    assert lines.line(("a", "b", "c")) == 3
    assert lines.line(("a", "d")) == 2
    assert lines.line(("d",)) is None


WHOLE = SERIES + WEBINAR + CHOICE + RELATIVE.replace("bread", "salt")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    at=st.integers(0, len(WHOLE)),
    gone=st.integers(0, 12),
    put=st.text(st.sampled_from("[]{}=.,\"'\\#\n ab19-:u"), max_size=6) | st.text(max_size=3),
)
@example(at=0, gone=0, put="")
@example(at=0, gone=0, put="a.b.c = [{ d.e = [] }, [[1], '''x]''']]\n")
def test_a_file_with_a_slip_in_it_is_read_or_refused_and_nothing_else(
    at: int, gone: int, put: str
) -> None:
    source = WHOLE[:at] + put + WHOLE[at + gone :]
    refused = None
    try:
        content(source)
    except ContentError as error:
        refused = error
    if refused is None:
        assert_all_have_lines(tomllib.loads(source), Lines.of(source))
    else:
        assert refused.line is None or 1 <= refused.line <= source.count("\n") + 1
        assert "\n" not in str(refused)


def assert_all_have_lines(value: object, lines: Lines, path: tuple[str | int, ...] = ()) -> None:
    steps: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        steps += cast(dict[str, object], value).items()
    elif isinstance(value, list):
        steps += enumerate(cast(list[object], value))
    for step, below in steps:
        assert lines.knows((*path, step)), (*path, step)
        assert_all_have_lines(below, lines, (*path, step))


# --- loading ------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, on each engine."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/data/tadamun.db"


@pytest.fixture
async def storage(url: str, tmp_path: Path) -> AsyncGenerator[Storage]:
    """Storage in an empty database."""
    keyring = tmp_path / "keys" / "keyring.json"
    async with await Storage.open(url, keyring, MASTER, lambda: NOW) as opened:
        yield opened


async def loaded(storage: Storage, told: Content, *, replace: bool = False) -> Report:
    async with storage.transaction() as tx:
        return await load(tx, told, replace=replace)


async def programme(storage: Storage) -> Programme:
    async with storage.reading() as tx:
        return await tx.webinars.programme()


async def test_what_is_loaded_is_the_programme(storage: Storage) -> None:
    told = content(WHOLE)
    report = await loaded(storage, told)
    assert report == Report("added", ("bread", "salt"), (), (), ())
    kept = await programme(storage)
    assert kept.series == (told.series,)
    assert sorted(kept.webinars, key=lambda webinar: webinar.id) == list(told.webinars)


async def test_loading_the_same_again_changes_nothing(storage: Storage) -> None:
    await loaded(storage, content(WHOLE))
    before = await programme(storage)
    report = await loaded(storage, content(WHOLE))
    assert report == Report("same", (), (), ("bread", "salt"), ())
    assert await programme(storage) == before


async def test_what_is_different_is_changed_and_the_rest_is_left_alone(storage: Storage) -> None:
    await loaded(storage, content(WHOLE))
    tea = WEBINAR.replace("bread", "tea")
    bread = WEBINAR.replace("19:00:00", "20:00:00")
    report = await loaded(storage, content(SERIES.replace("Talks", "Chats") + bread + tea))
    assert report == Report("changed", ("tea",), ("bread",), (), ("salt",), {"bread": 0})
    assert {webinar.id for webinar in (await programme(storage)).webinars} == {
        "bread",
        "salt",
        "tea",
    }


async def test_a_relative_time_stays_while_the_webinar_is_not_over(storage: Storage) -> None:
    await loaded(storage, content(SERIES + RELATIVE))
    before = await programme(storage)
    begins = before.webinars[0].starts_at
    for now in (NOW + timedelta(days=3), begins, begins + timedelta(minutes=89)):
        report = await loaded(storage, content(SERIES + RELATIVE, now=now))
        assert report.same == ("bread",)
    assert await programme(storage) == before


async def test_a_relative_time_that_stays_lets_the_words_change(storage: Storage) -> None:
    await loaded(storage, content(SERIES + RELATIVE))
    (before,) = (await programme(storage)).webinars
    source = SERIES + RELATIVE.replace('"Bread"', '"Good bread"')
    report = await loaded(storage, content(source, now=NOW + timedelta(days=3)))
    (after,) = (await programme(storage)).webinars
    assert report.changed == ("bread",)
    assert after.title == Localised({"en": "Good bread"})
    assert after.starts_at == before.starts_at


async def test_a_relative_time_is_reckoned_anew_when_the_webinar_is_over(storage: Storage) -> None:
    await loaded(storage, content(SERIES + RELATIVE))
    (before,) = (await programme(storage)).webinars
    over = before.starts_at + timedelta(minutes=90)
    report = await loaded(storage, content(SERIES + RELATIVE, now=over))
    (after,) = (await programme(storage)).webinars
    assert report.changed == ("bread",)
    assert after.starts_at == before.starts_at + timedelta(days=9)


async def test_replacing_moves_a_webinar_with_a_relative_time(storage: Storage) -> None:
    await loaded(storage, content(SERIES + RELATIVE))
    (before,) = (await programme(storage)).webinars
    later = content(SERIES + RELATIVE, now=NOW + timedelta(days=3))
    assert (await loaded(storage, later, replace=True)).changed == ("bread",)
    (after,) = (await programme(storage)).webinars
    assert after.starts_at == before.starts_at + timedelta(days=3)


async def test_a_time_written_out_moves_a_webinar_without_asking(storage: Storage) -> None:
    await loaded(storage, content(SERIES + RELATIVE))
    assert (await loaded(storage, content(SERIES + WEBINAR))).changed == ("bread",)


# --- what is told in a chat as well -------------------------------------------------------------


async def told_in_a_chat(storage: Storage, **changes: object) -> Webinar:
    """The only webinar, after an organiser changed this of it."""
    async with storage.transaction() as tx:
        (webinar,) = (await tx.webinars.programme()).webinars
        changed = dataclasses.replace(webinar, **changes)  # type: ignore[arg-type]
        await tx.webinars.put(changed)
    return changed


async def test_what_was_told_in_a_chat_stays_where_the_file_is_silent(storage: Storage) -> None:
    await loaded(storage, content(SERIES + WEBINAR))
    told = await told_in_a_chat(
        storage,
        version=4,
        approval=True,
        way_in=WayIn("https://meet.example/1"),
        posters={"ar": 5},
        reminders=(15,),
        state="cancelled",
    )
    async with storage.transaction() as tx:
        (series,) = (await tx.webinars.programme()).series
        series = dataclasses.replace(series, posters={"ar": 6}, reminders=(45,))
        await tx.webinars.put_series(series)
    for again in (False, True):
        report = await loaded(storage, content(SERIES + WEBINAR), replace=again)
        assert report == Report("same", (), (), ("bread",), ())
    assert (await programme(storage)).webinars == (told,)
    assert (await programme(storage)).series == (series,)


async def test_what_the_file_names_comes_before_what_was_told_in_a_chat(storage: Storage) -> None:
    await loaded(storage, content(SERIES + WEBINAR))
    way_in = WayIn("https://meet.example/1", "1", "2")
    await told_in_a_chat(storage, approval=True, way_in=way_in, reminders=(15,), state="cancelled")
    named = 'link = "https://meet.example/2"\npasscode = ""\napproval = false\nreminders = [0]\n'
    source = f'{SERIES}reminders = [30]\n{WEBINAR}{named}state = "published"\n'
    await loaded(storage, content(source))
    after = await programme(storage)
    (webinar,) = after.webinars
    assert webinar.way_in == WayIn("https://meet.example/2", "1")
    assert (webinar.approval, webinar.reminders, webinar.state) == (False, (0,), "published")
    assert after.series[0].reminders == (30,)


async def test_a_file_can_take_a_way_in_away(storage: Storage) -> None:
    await loaded(storage, content(SERIES + WEBINAR + WAY_IN))
    await loaded(storage, content(f'{SERIES}{WEBINAR}link = ""\ndial_in = ""\npasscode = ""\n'))
    assert (await programme(storage)).webinars[0].way_in is None


async def test_a_webinar_that_a_file_moves_is_a_new_version_and_is_held_after_all(
    storage: Storage,
) -> None:
    await loaded(storage, content(SERIES + WEBINAR))
    await told_in_a_chat(storage, version=3, state="finished")
    await loaded(storage, content(SERIES + WEBINAR.replace("19:00:00", "20:00:00")))
    (webinar,) = (await programme(storage)).webinars
    assert (webinar.version, webinar.state) == (4, "published")


async def test_a_webinar_that_a_file_cancels_is_a_new_version_once(storage: Storage) -> None:
    await loaded(storage, content(SERIES + WEBINAR))
    await told_in_a_chat(storage, version=3)
    # Calendars take a date of the version that they have for no other.
    for _ in range(2):
        await loaded(storage, content(SERIES + CANCELLED))
        (webinar,) = (await programme(storage)).webinars
        assert (webinar.version, webinar.state) == (4, "cancelled")
    await loaded(storage, content(f'{SERIES}{WEBINAR}state = "published"\n'))
    (webinar,) = (await programme(storage)).webinars
    assert (webinar.version, webinar.state) == (5, "published")


async def test_a_webinar_of_another_series_is_refused_and_nothing_changes(
    storage: Storage,
) -> None:
    await loaded(storage, content(SERIES + WEBINAR))
    before = await programme(storage)
    others = SERIES.replace("talks", "tales") + WEBINAR.replace("bread", "tea") + WEBINAR
    with pytest.raises(ContentError, match='"bread" belongs to the series "talks" already'):
        await loaded(storage, content(others))
    assert await programme(storage) == before


async def test_another_series_is_added_beside_the_first(storage: Storage) -> None:
    await loaded(storage, content(SERIES + WEBINAR))
    others = SERIES.replace("talks", "tales") + WEBINAR.replace("bread", "tea")
    assert await loaded(storage, content(others)) == Report("added", ("tea",), (), (), ())
    assert [series.id for series in (await programme(storage)).series] == ["talks", "tales"]


# --- those registered are told ------------------------------------------------------------------

LATER = WEBINAR.replace("19:00:00", "20:30:00")
CANCELLED = f'{WEBINAR}state = "cancelled"\n'


async def registers(storage: Storage, *names: str) -> None:
    """People who come to the bread, and wish to hear of it."""
    for name in names:
        async with storage.transaction() as tx:
            arrival, consent = Arrival("telegram", name, "1"), Consent("1", "0123abcd", "ar")
            _, person = await tx.people.welcome(arrival, "ar", consent, NOW)
            await tx.registrations.put(person.id, "bread", {}, NOW)


async def about_to_leave(storage: Storage) -> list[Broadcast]:
    """What begins by itself."""
    async with storage.reading() as tx:
        return [b for b in await tx.broadcasts.of_staff(9) if b.phase is Phase.HELD]


@pytest.mark.parametrize(
    ("source", "notice", "until"),
    [
        (LATER, "moved", timedelta(hours=3)),
        (WEBINAR.replace("19:00:00", "18:00:00"), "moved", timedelta(hours=1, minutes=30)),
        (CANCELLED, "cancelled", timedelta(hours=1, minutes=30)),
        (f'{LATER}state = "cancelled"\n', "cancelled", timedelta(hours=1, minutes=30)),
    ],
)
async def test_what_a_file_moves_or_cancels_is_told_at_once(
    storage: Storage, source: str, notice: str, until: timedelta
) -> None:
    await loaded(storage, content(SERIES + WEBINAR))
    (before,) = (await programme(storage)).webinars
    await registers(storage, "a", "b")
    assert (await loaded(storage, content(SERIES + source))).told == {"bread": 2}
    (told,) = await about_to_leave(storage)
    assert (told.kind, told.webinar, told.made_by) == (Kind.NOTICE, "bread", None)
    assert told.content["notice"] == notice
    assert told.content["before"] == epoch_ms(before.starts_at)
    assert told.content["title"] == {"en": "Bread"}
    # What it tells of is done: nothing is left to be carried out, or to be undone.
    assert (told.starts_at, told.change) == (NOW, None)
    assert told.not_after == before.starts_at + until
    assert (await loaded(storage, content(SERIES + source))).told == {}
    assert len(await about_to_leave(storage)) == 1


async def test_replacing_tells_of_a_relative_time_that_moves(storage: Storage) -> None:
    await loaded(storage, content(SERIES + RELATIVE))
    await registers(storage, "a")
    later = content(SERIES + RELATIVE, now=NOW + timedelta(days=3))
    assert (await loaded(storage, later)).told == {}
    assert (await loaded(storage, later, replace=True)).told == {"bread": 1}
    (told,) = await about_to_leave(storage)
    assert told.starts_at == NOW + timedelta(days=3)


async def test_where_nobody_is_registered_nothing_is_sent(storage: Storage) -> None:
    await loaded(storage, content(SERIES + WEBINAR))
    assert (await loaded(storage, content(SERIES + LATER))).told == {"bread": 0}
    assert await about_to_leave(storage) == []


@pytest.mark.parametrize(
    ("before", "after", "now"),
    [
        (WEBINAR, WEBINAR.replace('"Bread"', '"Good bread"'), NOW),
        (f'{WEBINAR}state = "draft"\n', f'{LATER}state = "draft"\n', NOW),
        (f'{WEBINAR}state = "draft"\n', CANCELLED, NOW),
        (CANCELLED, f'{LATER}state = "cancelled"\n', NOW),
        # It has begun, or is over: nobody can be told in time.
        (WEBINAR, LATER, datetime(2026, 12, 4, 16, 0, tzinfo=UTC)),
        (WEBINAR, CANCELLED, datetime(2026, 12, 5, tzinfo=UTC)),
    ],
)
async def test_what_concerns_nobody_is_told_to_nobody(
    storage: Storage, before: str, after: str, now: datetime
) -> None:
    await loaded(storage, content(SERIES + before))
    await registers(storage, "a")
    assert (await loaded(storage, content(SERIES + after, now=now))).told == {}
    assert await about_to_leave(storage) == []


async def test_a_change_that_could_still_be_undone_gives_way_to_the_file(
    storage: Storage,
) -> None:
    await loaded(storage, content(SERIES + WEBINAR))
    await registers(storage, "a")
    async with storage.transaction() as tx:
        (bread,) = (await tx.webinars.programme()).webinars
        change, leaves = {"state": "cancelled"}, NOW + timedelta(minutes=1)
        await changes.tell(
            tx, "cancelled", bread, bread.starts_at, NOW, leaves=leaves, change=change
        )
    await loaded(storage, content(SERIES + LATER))
    (told,) = await about_to_leave(storage)
    assert told.content["notice"] == "moved"


async def test_a_file_that_is_refused_tells_nobody(storage: Storage) -> None:
    await loaded(storage, content(SERIES + WEBINAR))
    await registers(storage, "a")
    others = SERIES.replace("talks", "tales") + LATER
    with pytest.raises(ContentError):
        await loaded(storage, content(others))
    assert await about_to_leave(storage) == []
