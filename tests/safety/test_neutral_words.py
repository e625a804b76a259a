"""A stranger who looks at the phone learns as little as can be: words that betray are nowhere."""

from __future__ import annotations

import re

import pytest

from dialogue.fold import fold
from tests.safety.seen import LANGUAGES, catalogue

BETRAYING = {
    "en": (
        *("protest", "activis", "demonstrat", "revolution", "uprising", "dissent", "opposition"),
        *("regime", "militia", "police", "arrest", "torture", "asylum", "refugee", "union leader"),
        *("human rights", "feminis", "lgbt", "queer", "strike", "boycott", "resist", "solidarity"),
        *("secret service", "underground", "corrupt", "occupation", "parliament", "minister"),
    ),
    "ar": (
        *("احتجاج", "متظاهر", "مظاهرة", "تظاهر", "ناشط", "نشطاء", "ثورة", "انتفاضة", "معارض"),
        *("النظام", "ميليشيا", "فصائل", "شرطة", "اعتقال", "تعذيب", "لجوء", "لاجئ", "نقابة"),
        *("حقوق الإنسان", "نسوي", "إضراب", "مقاطعة", "مقاومة", "فساد", "احتلال", "برلمان"),
        *("وزير", "مخابرات", "اعتصام", "ساحة التحرير"),
    ),
}
"""Beginnings of words; what a community calls itself is its own affair."""

HONEST = {
    "en": {
        "notice-reads-telegram": ("not secret", "phone number", "SIM"),
        "notice-reads-web": ("not secret", "server"),
        "notice-keeps": ("encrypted", "account", "{count}"),
        "notice-cannot": ("cannot",),
        "notice-delete": ("{count}", "backup"),
        "notice-adults": ("18",),
        "forget": ("{count}", "experts"),
    },
    "ar": {
        "notice-reads-telegram": ("سرّية", "رقم هاتف", "الشريحة"),
        "notice-reads-web": ("سرّية", "خوادم"),
        "notice-keeps": ("مشفّر", "الحساب", "{count}"),
        "notice-cannot": ("لا يمكننا",),
        "notice-delete": ("{count}", "الاحتياطية"),
        "notice-adults": ("18",),
        "forget": ("{count}", "الخبراء"),
    },
}


def wording(language: str, key: str) -> str:
    """All forms of a text, with their placeholders."""
    templates = {catalogue(language).template(key, count) for count in (None, 0, 1, 2, 3, 11, 100)}
    said = (
        "".join(f"{{{piece}}}" if at % 2 else piece for at, piece in enumerate(template))
        for template in templates
        if template != (key,)
    )
    return "\n".join(said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_betrays_whom_this_is_for(language: str) -> None:
    found = {
        (key, word)
        for key in catalogue(language).keys
        for word in BETRAYING[language]
        if re.search(rf"\b(?:ال|و|ب|ل)*{re.escape(fold(word))}", fold(wording(language, key)))
    }
    assert found == set()


def test_the_lint_finds_what_it_looks_for() -> None:
    for words in ("Join the protest!", "An activist speaks"):
        assert any(re.search(rf"\b{fold(word)}", fold(words)) for word in BETRAYING["en"])
    for words in ("دعوة إلى الاحتجاجات", "للناشطين والناشطات"):
        found = [
            re.search(rf"\b(?:ال|و|ب|ل)*{re.escape(fold(w))}", fold(words)) for w in BETRAYING["ar"]
        ]
        assert any(found), words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_says_who_reads_along_what_is_kept_and_what_cannot_be(language: str) -> None:
    missing = {
        (key, word)
        for key, words in HONEST[language].items()
        for word in words
        if word not in wording(language, key)
    }
    assert missing == set()
