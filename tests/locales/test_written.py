"""In which language somebody wrote, as far as the letters tell."""

from __future__ import annotations

import pytest

from locales.written import language_of


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("هل تفيد الكمامات؟", "ar"),
        ("Do masks help?", "en"),
        ("WHO تقول إن الكمامات تفيد، هل هذا صحيح؟", "ar"),
        ("هل هذا صحيح؟ https://example.org/the/whole/of/the/story", "ar"),
        ("Is كمامات the right word?", "en"),
        ("كمامات masks", "ar"),
        ("شاهدوا https://example.org/a https://example.org/b", "ar"),
        ("شكرًا @somebody @somebody_else", "ar"),
    ],
)
def test_most_words_tell_in_which_language_it_is(words: str, language: str) -> None:
    assert language_of(words, ("ar", "en"), "ar") == language
    assert language_of(words, ("ar", "en"), "en") == language


@pytest.mark.parametrize("own", ["ar", "en"])
def test_where_no_letter_tells_it_is_the_writers_own(own: str) -> None:
    assert language_of("2020?", ("ar", "en"), own) == own
    assert language_of("https://example.org WWW.example.org", ("ar", "en"), own) == own


def test_of_two_languages_with_the_same_letters_it_is_the_writers_own() -> None:
    assert language_of("بۆچی؟", ("ar", "en", "ckb"), "ckb") == "ckb"
    assert language_of("بۆچی؟", ("ar", "en", "ckb"), "en") == "ar"
