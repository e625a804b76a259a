"""The catalogues hold every key in every language, fit for the people who read them.

First the catalogues are read; then each rule is shown to find what it is for.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.locales import proofreading
from tests.locales.proofreading import Catalogues

ROOT = Path(__file__).parents[2]
LANGUAGES = sorted(path.parts[-3] for path in (ROOT / "locales").glob("*/LC_MESSAGES/*.po"))


def source(language: str) -> str:
    return (ROOT / "locales" / language / "LC_MESSAGES" / "tadamun.po").read_text("utf-8")


@pytest.fixture(scope="module")
def catalogues() -> Catalogues:
    return {language: proofreading.read(source(language)) for language in LANGUAGES}


@pytest.fixture(scope="module")
def code() -> proofreading.Code:
    return proofreading.read_code(
        proofreading.sources(ROOT, (".py",)), proofreading.sources(ROOT, (".html", ".js"))
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_twice(language: str) -> None:
    assert proofreading.twice(source(language)) == []


def test_every_language_holds_every_key(catalogues: Catalogues) -> None:
    assert proofreading.missing_in_a_language(catalogues) == []


def test_every_text_is_translated_in_all_its_forms(catalogues: Catalogues) -> None:
    assert proofreading.untranslated(catalogues) == []


def test_translations_insert_the_same_values(catalogues: Catalogues) -> None:
    assert proofreading.wrong_placeholders(catalogues) == []


def test_labels_fit_on_their_buttons(catalogues: Catalogues) -> None:
    assert proofreading.long_labels(catalogues) == []


def test_texts_fit_into_one_message(catalogues: Catalogues) -> None:
    assert proofreading.long_texts(catalogues) == []


def test_direction_is_left_to_the_code(catalogues: Catalogues) -> None:
    assert proofreading.hidden_characters(catalogues) == []


def test_the_arabic_speaks_to_everybody(catalogues: Catalogues) -> None:
    assert proofreading.unfit_arabic(catalogues["ar"]) == []


def test_every_key_that_the_program_says_is_written(
    catalogues: Catalogues, code: proofreading.Code
) -> None:
    assert proofreading.not_written(catalogues, code) == []


def test_every_key_is_used(catalogues: Catalogues, code: proofreading.Code) -> None:
    assert proofreading.unused(catalogues, code) == []


def test_the_arabic_header_has_the_six_forms_in_order() -> None:
    assert (
        "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
        "n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
    ) in source("ar")


def both(arabic: str, english: str) -> Catalogues:
    return {"ar": proofreading.read(arabic), "en": proofreading.read(english)}


def one(words: str, key: str = "k") -> str:
    return f'msgid "{key}"\nmsgstr "{words}"\n'


COUNTED = 'msgid "k"\nmsgid_plural "k"\nmsgstr[0] "one"\nmsgstr[1] "{count} of them"\n'


def test_a_key_that_stands_twice_is_found() -> None:
    assert proofreading.twice(one("a") + "\n" + one("b"))


@pytest.mark.parametrize("english", ["", one("b", "other"), COUNTED])
def test_a_key_that_a_language_lacks_is_found(english: str) -> None:
    assert proofreading.missing_in_a_language(both(one("أ"), english))


@pytest.mark.parametrize("english", ["#, fuzzy\n" + one("b"), one(""), one(" ")])
def test_a_text_that_is_not_translated_is_found(english: str) -> None:
    assert proofreading.untranslated(both(one("أ"), english))


def test_a_missing_plural_form_is_found() -> None:
    header = re.sub("(?s)\n\n.*", "\n\n", source("ar"))
    assert proofreading.untranslated({"ar": proofreading.read(header + COUNTED)})
    assert not proofreading.untranslated({"en": proofreading.read(COUNTED)})


@pytest.mark.parametrize(
    ("arabic", "english"),
    [
        (one("أ"), one("{name}")),
        (one("{name}"), one("b")),
        (one("{Name}"), one("b")),
        (one("{"), one("b")),
        (one("{0}}"), one("{0}")),
        (COUNTED.replace("{count}", "two"), COUNTED.replace("{count}", "two")),
        (COUNTED, COUNTED.replace("of them", "{name}")),
    ],
)
def test_a_wrong_placeholder_is_found(arabic: str, english: str) -> None:
    assert proofreading.wrong_placeholders(both(arabic, english))


def test_a_label_that_is_too_long_is_found() -> None:
    assert proofreading.long_labels(both(one("أ" * 25, "btn-k"), one("b", "btn-k")))
    assert not proofreading.long_labels(both(one("أ" * 24, "btn-k"), one("b" * 25, "other")))


def test_a_text_that_is_too_long_is_found() -> None:
    assert proofreading.long_texts(both(one("أ"), one("b" * 1601)))
    assert proofreading.long_texts(both(one("أ" * 401, "template-k"), one("b", "template-k")))
    assert not proofreading.long_texts(both(one("أ" * 1600), one("b" * 2000, "words-k")))


def test_a_hidden_character_is_found() -> None:
    assert proofreading.hidden_characters(both(one("\u200fأ"), one("b")))


@pytest.mark.parametrize(
    "words",
    ["اكتب السؤال", "يرجى ٣ مرات", "send السؤال", "أرسِل", "(اختر)", "حاولي من جديد", "غيّري"],
)
def test_unfit_arabic_is_found(words: str) -> None:
    assert proofreading.unfit_arabic(proofreading.read(one(words)))


@pytest.mark.parametrize(
    "words",
    [
        "يرجى كتابة السؤال",
        "/stop",
        "https://example.org/Anna",
        "{name}",
        "غير متاح",
        "سُجّل السؤال",
        "STOP",
    ],
)
def test_fit_arabic_is_let_be(words: str) -> None:
    assert proofreading.unfit_arabic(proofreading.read(one(words))) == []


def test_keys_are_found_in_code() -> None:
    code = proofreading.read_code(
        [
            'text("asked", name=1); notice("handed-on"); names = ["reminders", "on", "BG"]',
            'text(f"gov-{code}"); Text(f"setting-{name}-{state}"); say(f"{name}-x")',
        ],
        ["{{ words['in-a-page'] }}"],
    )
    used = ("asked", "handed-on", "gov-BG", "setting-reminders-on", "in-a-page")
    entries = {
        "en": proofreading.read("\n".join(one("x", key) for key in (*used, "idle", "gov-XX")))
    }
    assert proofreading.unused(entries, code) == ["gov-XX is not used", "idle is not used"]
    assert proofreading.not_written({"en": {}}, code) == ["en has no asked, which the program says"]
