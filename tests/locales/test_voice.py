"""What a reader sees: inserted values, plurals, times in two zones, and lines in one direction."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import locales
from dialogue.fold import clean
from dialogue.words import Button, File, Localised, Message, MessageButton, Reply, Text, text
from locales import Languages, Voice
from locales.catalogue import UnknownKey
from locales.direction import isolated, led

SHOWN = {
    "ar": """
msgid "t-plain"
msgstr "أهلًا وسهلًا"

msgid "t-hello"
msgstr "أهلًا {name}"

msgid "t-latin"
msgstr "ICSSI ترحّب بكم\\nسطر ثانٍ"

msgid "t-command"
msgstr "للمساعدة: /help أو (/menu)، وليس https://x.org/y ولا 1/2"

msgid "t-name"
msgstr "{name}"

msgid "t-count"
msgid_plural "t-count"
msgstr[0] "لا أسئلة"
msgstr[1] "سؤال واحد"
msgstr[2] "سؤالان"
msgstr[3] "{count} أسئلة"
msgstr[4] "{count} سؤالًا"
msgstr[5] "{count} سؤال"

msgid "t-list"
msgstr "البرنامج:\\n{lines}"
""",
    "en": """
msgid "t-plain"
msgstr "Welcome"

msgid "t-hello"
msgstr "Welcome, {name}"

msgid "t-latin"
msgstr "ICSSI welcomes you\\nSecond line"

msgid "t-command"
msgstr "For help: /help"

msgid "t-name"
msgstr "{name}"

msgid "t-count"
msgid_plural "t-count"
msgstr[0] "one question"
msgstr[1] "{count} questions"

msgid "t-list"
msgstr "Programme:\\n{lines}"
""",
}
EVENING = datetime(2026, 4, 3, 15, 0, tzinfo=UTC)
RLM, LRM = "\u200f", "\u200e"
AR_TITLE = "حماية الصحة"
TITLE = Localised({"ar": AR_TITLE, "en": "Protecting health"})
ENGLISH_ONLY = Localised({"en": "Protecting health"})


@pytest.fixture(scope="module")
def languages(tmp_path_factory: pytest.TempPathFactory) -> Languages:
    """The real catalogues, and some texts to try things on."""
    directory = tmp_path_factory.mktemp("catalogues")
    room = Path(locales.__file__).parent
    for code, shown in SHOWN.items():
        path = Path(code, "LC_MESSAGES", "tadamun.po")
        (directory / path).parent.mkdir(parents=True)
        (directory / path).write_text((room / path).read_text("utf-8") + shown, "utf-8")
    return Languages.load(("ar", "en"), "Asia/Baghdad", directory)


@pytest.fixture
def arabic(languages: Languages) -> Voice:
    return languages.voice("ar", "Europe/Rome")


@pytest.fixture
def english(languages: Languages) -> Voice:
    return languages.voice("en", "Europe/Rome")


def test_a_key_is_said_in_the_reader_s_language(arabic: Voice, english: Voice) -> None:
    assert [voice.say(text("t-plain")) for voice in (arabic, english, arabic)] == [
        "أهلًا وسهلًا",
        "Welcome",
        "أهلًا وسهلًا",
    ]


def test_an_arabic_line_that_begins_in_latin_letters_stays_right_to_left(arabic: Voice) -> None:
    assert arabic.say(text("t-latin")) == f"{RLM}ICSSI ترحّب بكم\nسطر ثانٍ"


def test_a_command_in_an_arabic_line_keeps_its_slash_in_front(arabic: Voice) -> None:
    """Alone, it would be shown as "help/": the slash has no direction of its own."""
    help_, menu = isolated("/help", "ltr"), isolated("/menu", "ltr")
    said = arabic.say(text("t-command"))
    assert said == f"للمساعدة: {help_} أو ({menu})، وليس https://x.org/y ولا 1/2"


def test_an_unknown_key_and_a_missing_value_are_errors(english: Voice) -> None:
    with pytest.raises(UnknownKey):
        english.say(text("no-such-key"))
    with pytest.raises(UnknownKey):
        english.say(text("no-such-key", name="Anna"))
    with pytest.raises(KeyError):
        english.say(text("t-hello", nickname="Anna"))


def test_what_a_person_wrote_is_isolated_and_never_interpreted(english: Voice) -> None:
    for words in ("علي", "{name}", "{{7*7}}", "{0.__class__}", "%s", "{count}", "\\1"):
        assert english.say(text("t-hello", name=words)) == f"Welcome, \u2068{words}\u2069"


@given(words=st.text(max_size=60).map(clean), language=st.sampled_from(["ar", "en"]))
def test_what_a_person_wrote_is_found_again_as_it_was(
    languages: Languages, words: str, language: str
) -> None:
    said = languages.voice(language).say(text("t-name", name=words))
    assert re.sub("[\u200e\u200f\u2068\u2069]", "", said) == re.sub("[\u200e\u200f]", "", words)


def test_each_line_that_a_person_wrote_is_isolated_by_itself(english: Voice) -> None:
    said = english.say(text("t-hello", name="a\n\nعلي"))
    assert said == f"Welcome, \u2068a\u2069\n\n{LRM}\u2068علي\u2069"


@pytest.mark.parametrize(
    ("count", "arabic_form"),
    [
        (0, "لا أسئلة"),
        (1, "سؤال واحد"),
        (2, "سؤالان"),
        (3, "3 أسئلة"),
        (10, "10 أسئلة"),
        (11, "11 سؤالًا"),
        (99, "99 سؤالًا"),
        (100, "100 سؤال"),
        (101, "101 سؤال"),
        (102, "102 سؤال"),
        (103, "103 أسئلة"),
        (111, "111 سؤالًا"),
        (1000, "1000 سؤال"),
    ],
)
def test_arabic_counts_in_six_forms(arabic: Voice, count: int, arabic_form: str) -> None:
    assert arabic.say(text("t-count", count=count)).lstrip(RLM) == arabic_form


def test_english_counts_in_two_forms(english: Voice) -> None:
    said = [english.say(text("t-count", count=count)) for count in (0, 1, 2, 21)]
    assert said == ["0 questions", "one question", "2 questions", "21 questions"]


def test_a_number_that_is_no_count_is_plain(english: Voice) -> None:
    assert english.say(text("t-hello", name=1234)) == "Welcome, 1234"


def test_a_text_in_a_text_is_translated_in_place(arabic: Voice) -> None:
    assert arabic.say(text("t-hello", name=text("t-plain"))) == "أهلًا أهلًا وسهلًا"


def test_lines_stand_under_each_other(english: Voice) -> None:
    said = english.say(text("t-list", lines=(text("t-plain"), text("t-hello", name="Ali"))))
    assert said == "Programme:\n• Welcome\n• Welcome, \u2068Ali\u2069"
    assert english.say(text("t-list", lines=())) == "Programme:\n"


def test_a_title_keeps_its_own_direction(arabic: Voice, english: Voice) -> None:
    assert english.say(text("t-hello", name=TITLE)) == "Welcome, \u2066Protecting health\u2069"
    assert arabic.say(text("t-hello", name=TITLE)) == f"أهلًا \u2067{AR_TITLE}\u2069"


def test_a_title_alone_is_not_isolated(arabic: Voice, english: Voice) -> None:
    assert english.say(TITLE) == "Protecting health"
    assert arabic.say(TITLE) == AR_TITLE


def test_a_text_that_is_missing_in_a_language_is_shown_in_another_with_a_note(
    arabic: Voice, english: Voice
) -> None:
    assert arabic.say(ENGLISH_ONLY) == f"{RLM}\u2066Protecting health\u2069 (باللغة الإنجليزية)"
    only_arabic = Localised({"ar": AR_TITLE})
    assert english.say(text("t-hello", name=only_arabic)) == (
        f"Welcome, \u2067{AR_TITLE}\u2069 (Arabic)"
    )
    assert english.say(only_arabic) == f"{LRM}\u2067{AR_TITLE}\u2069 (Arabic)"


def test_the_note_to_a_long_text_stands_below_it(arabic: Voice) -> None:
    said = arabic.say(Localised({"en": "One.\nTwo."}))
    assert said.split("\n") == [
        f"{RLM}\u2066One.\u2069",
        f"{RLM}\u2066Two.\u2069",
        "(باللغة الإنجليزية)",
    ]


def test_a_text_in_no_language_is_nothing(english: Voice) -> None:
    assert english.say(Localised({})) == ""
    assert english.say(Localised({"ar": ""})) == ""
    assert english.say(text("t-name", name="")) == ""


def test_a_text_under_a_code_that_is_no_language_is_shown_all_the_same(english: Voice) -> None:
    assert english.say(Localised({"x-1": "Saluton"})) == "\u2068Saluton\u2069 (x-1)"


def test_somebody_s_words_alone_stay_as_they_are(arabic: Voice) -> None:
    assert arabic.say("Anna {name}") == "Anna {name}"


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        (None, "الجمعة، 3 نيسان 2026، الساعة 6:00 مساءً بتوقيت بغداد"),
        ("Asia/Baghdad", "الجمعة، 3 نيسان 2026، الساعة 6:00 مساءً بتوقيت بغداد"),
        ("Asia/Riyadh", "الجمعة، 3 نيسان 2026، الساعة 6:00 مساءً بتوقيت بغداد"),
        (
            "Europe/Rome",
            "الجمعة، 3 نيسان 2026، الساعة 6:00 مساءً بتوقيت بغداد (5:00 عصرًا بتوقيت روما)",
        ),
        (
            "Australia/Sydney",
            "الجمعة، 3 نيسان 2026، الساعة 6:00 مساءً بتوقيت بغداد"
            " (السبت، 4 نيسان 2026، 2:00 بعد منتصف الليل بتوقيت سيدني)",
        ),
    ],
)
def test_arabic_readers_see_both_clocks(languages: Languages, zone: str | None, said: str) -> None:
    assert languages.voice("ar", zone).moment(EVENING) == said


@pytest.mark.parametrize(
    ("zone", "at", "said"),
    [
        (None, EVENING, "Friday, 3 April 2026, 18:00 Baghdad time"),
        ("Europe/London", EVENING, "Friday, 3 April 2026, 18:00 Baghdad time (16:00 London time)"),
        (
            "Europe/Istanbul",
            EVENING,
            "Friday, 3 April 2026, 18:00 Baghdad time",
        ),
        (
            "America/Los_Angeles",
            datetime(2026, 1, 1, 5, 30, tzinfo=UTC),
            "Thursday, 1 January 2026, 08:30 Baghdad time"
            " (Wednesday, 31 December 2025, 21:30 Los Angeles time)",
        ),
    ],
)
def test_english_readers_see_both_clocks(
    languages: Languages, zone: str | None, at: datetime, said: str
) -> None:
    assert languages.voice("en", zone).moment(at) == said


def test_summer_time_abroad_is_looked_up_for_that_day(languages: Languages) -> None:
    rome = languages.voice("en", "Europe/Rome")
    assert "(16:00 Rome time)" in rome.moment(datetime(2026, 2, 3, 15, tzinfo=UTC))
    assert "(17:00 Rome time)" in rome.moment(datetime(2026, 7, 3, 15, tzinfo=UTC))


def test_a_time_in_a_text_is_said_like_any_other(english: Voice) -> None:
    assert english.say(text("t-hello", name=EVENING)) == f"Welcome, {english.moment(EVENING)}"


def test_months_have_their_iraqi_names(languages: Languages) -> None:
    voice = languages.voice("ar", None)
    days = [voice.day(datetime(2026, month, 15, tzinfo=UTC)) for month in range(1, 13)]
    assert [day.split(" ", 2)[2].removesuffix(" 2026") for day in days] == [
        "كانون الثاني",
        "شباط",
        "آذار",
        "نيسان",
        "أيار",
        "حزيران",
        "تموز",
        "آب",
        "أيلول",
        "تشرين الأول",
        "تشرين الثاني",
        "كانون الأول",
    ]


def test_the_clock_names_the_part_of_the_day(languages: Languages) -> None:
    voice = languages.voice("ar", None)
    said = [voice.clock(datetime(2026, 1, 1, (hour - 3) % 24, 5, tzinfo=UTC)) for hour in range(24)]
    assert said[0] == "12:05 بعد منتصف الليل"
    assert said[4] == "4:05 صباحًا"
    assert said[12] == "12:05 ظهرًا"
    assert said[15] == "3:05 عصرًا"
    assert said[23] == "11:05 مساءً"
    assert len(set(said)) == 24


def test_another_community_has_its_own_months_and_clock(languages: Languages) -> None:
    cairo = Languages.load(("ar",), "Africa/Cairo").voice("ar", None)
    assert cairo.moment(datetime(2026, 1, 3, 15, tzinfo=UTC)) == (
        "السبت، 3 يناير 2026، الساعة 5:00 عصرًا بتوقيت القاهرة"
    )


def test_a_reply_becomes_one_message(arabic: Voice) -> None:
    file = File("mine.json", b"{}")
    reply = Reply(
        texts=(text("t-plain"), text("t-hello", name="Anna")),
        rows=(
            (Button(text("t-plain"), "r:1"), Button("Anna", "r:2", picked=True)),
            (Button(ENGLISH_ONLY, url="https://example.org"),),
        ),
        file=file,
    )
    assert arabic.render(reply) == Message(
        text="أهلًا وسهلًا\n\nأهلًا \u2068Anna\u2069",
        rows=(
            (MessageButton("أهلًا وسهلًا", "r:1"), MessageButton("✓ Anna", "r:2")),
            (MessageButton(f"{RLM}Protecting health", url="https://example.org"),),
        ),
        language="ar",
        file=file,
    )


def test_a_label_is_known_by_its_name_in_every_language(languages: Languages) -> None:
    assert languages.names(text("governorate-BA")) == {"البصره", "al basrah"}
    assert languages.names(text("governorate-BA")) is languages.names(text("governorate-BA"))
    assert languages.names(TITLE) == {"حمايه الصحه", "protecting health"}
    assert languages.names("✓ Ánna") == {"ánna"}
    assert languages.names(text("t-hello", name="Anna")) == {"اهلا anna", "welcome anna"}
    assert languages.names("👍") == frozenset()


def test_readers_of_unknown_languages_and_zones_are_served(languages: Languages) -> None:
    assert languages.voice("fr", "Mars/Olympus") is languages.voice("ar", None)
    assert languages.voice("en", "../etc/passwd") is languages.voice("en", None)


def test_a_community_in_no_zone_or_without_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match="Asia/Bagdad"):
        Languages.load(("ar",), "Asia/Bagdad")
    with pytest.raises(FileNotFoundError):
        Languages.load(("xx",), "Asia/Baghdad")


@pytest.mark.parametrize(
    ("line", "direction", "shown"),
    [
        ("مرحبًا", "rtl", "مرحبًا"),
        ("Anna كتبت", "rtl", f"{RLM}Anna كتبت"),
        ("\u2068Anna\u2069 كتبت", "rtl", f"{RLM}\u2068Anna\u2069 كتبت"),
        ("\u2068علي\u2069 كتب", "rtl", "\u2068علي\u2069 كتب"),
        ("\u2068علي\u2069", "rtl", f"{RLM}\u2068علي\u2069"),
        ("3 / 5", "rtl", f"{RLM}3 / 5"),
        ("", "rtl", ""),
        (f"{RLM}Anna", "rtl", f"{RLM}Anna"),
        ("1. مرحبًا", "rtl", "1. مرحبًا"),
        ("\u2069مرحبًا", "rtl", "\u2069مرحبًا"),
        ("Hello", "ltr", "Hello"),
        ("é", "ltr", "é"),
        ("\u2068علي\u2069 wrote", "ltr", f"{LRM}\u2068علي\u2069 wrote"),
        ("• علي", "ltr", f"{LRM}• علي"),
        ("👍", "ltr", "👍"),
    ],
)
def test_a_line_that_could_be_mistaken_is_led_by_a_mark(
    line: str, direction: str, shown: str
) -> None:
    assert led(line, direction) == shown


@given(st.text(max_size=60), st.sampled_from(["rtl", "ltr"]))
def test_leading_lines_twice_changes_nothing(words: str, direction: str) -> None:
    once = led(words, direction)
    assert led(once, direction) == once
    assert once.replace(RLM, "").replace(LRM, "") == words.replace(RLM, "").replace(LRM, "")


@given(st.text(max_size=60))
def test_isolating_opens_and_closes_in_every_line(words: str) -> None:
    lines = isolated(words).split("\n")
    assert [line[1:-1] for line in lines] == words.split("\n")
    assert all(not line or line[0] + line[-1] == "\u2068\u2069" for line in lines)


def test_the_same_text_has_one_hash() -> None:
    assert hash(Text("t-plain")) == hash(text("t-plain"))
