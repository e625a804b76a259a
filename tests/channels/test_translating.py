"""What a machine is asked to translate, and every way in which it may not answer."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator

import pytest

from channels import Barred, Busy, Faltering, Refused, Unreachable
from channels.translating import LONGEST_PAUSE, PAUSE, Translator
from dialogue.fold import LONGEST_TEXT
from tests.platforms.translate import TranslateServer, answer

WHY = "Why?\nثم ماذا؟"
DRAFT = "لماذا؟"


@pytest.fixture
async def server() -> AsyncGenerator[TranslateServer]:
    """A machine that knows one text."""
    async with TranslateServer({WHY: DRAFT}, "a-key") as server:
        yield server
        assert server.violations == []


@pytest.fixture
async def translator(server: TranslateServer) -> AsyncGenerator[Translator]:
    """Ours, which asks it."""
    translator = Translator(server.url, "a-key")
    yield translator
    await translator.close()


async def test_it_is_sent_the_text_and_its_languages_and_nothing_else(
    server: TranslateServer, translator: Translator
) -> None:
    assert await translator.translate(WHY, "en", "ar") == DRAFT
    asked = {"q": WHY, "source": "en", "target": "ar", "format": "text", "api_key": "a-key"}
    assert server.asked == [asked]


async def test_without_a_key_none_is_sent(server: TranslateServer) -> None:
    translator = Translator(server.url)
    with pytest.raises(Barred):
        await translator.translate(WHY, "en", "ar")
    await translator.close()
    assert "api_key" not in server.asked[0]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        *((status, Refused) for status in (400, 404, 413, 302)),
        *((status, Barred) for status in (401, 403)),
        *((status, Unreachable) for status in (408, 502, 503, 504)),
        (500, Faltering),
    ],
)
async def test_each_refusal_is_told_apart_and_says_no_word_of_the_text(
    server: TranslateServer, translator: Translator, status: int, error: type[Exception]
) -> None:
    server.falls.append(answer(status, WHY, {"Location": "http://127.0.0.1:1/"}))
    with pytest.raises(error) as raised:
        await translator.translate(WHY, "en", "ar")
    assert "Why" not in str(raised.value)
    assert "a-key" not in str(raised.value)
    # The next one is as good as the first.
    assert await translator.translate(WHY, "en", "ar") == DRAFT


@pytest.mark.parametrize(
    ("said", "seconds"), [("7", 7.0), ("", PAUSE), ("soon", PAUSE), ("999999", LONGEST_PAUSE)]
)
async def test_a_busy_one_is_left_alone_for_as_long_as_it_asks(
    server: TranslateServer, translator: Translator, said: str, seconds: float
) -> None:
    server.falls.append(answer(429, "{}", {"Retry-After": said}))
    with pytest.raises(Busy) as busy:
        await translator.translate(WHY, "en", "ar")
    assert busy.value.seconds == seconds


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("<html>", Faltering),
        ("[" * 60_000, Faltering),
        ("[]", Refused),
        ('{"translatedText": 7}', Refused),
        ('{"translatedText": " \\u200b "}', Refused),
        (json.dumps({"translatedText": "x" * (LONGEST_TEXT + 1)}), Refused),
        (json.dumps({"translatedText": "x" * 200_000}), Refused),
    ],
)
async def test_what_is_no_draft_is_not_taken_for_one(
    server: TranslateServer, translator: Translator, body: str, error: type[Exception]
) -> None:
    server.falls.append(answer(200, body))
    with pytest.raises(error):
        await translator.translate(WHY, "en", "ar")


async def test_a_draft_holds_no_signs_that_nobody_sees(
    server: TranslateServer, translator: Translator
) -> None:
    server.falls.append(answer(200, json.dumps({"translatedText": "a\u202eb\x00c"})))
    drafted = await translator.translate(WHY, "en", "ar")
    assert not set(drafted) & set("\u202e\x00")


async def test_one_that_thinks_for_too_long_or_is_not_there_is_tried_later(
    server: TranslateServer,
) -> None:
    server.hangs = True
    hasty = Translator(server.url, "a-key", seconds=0.05)
    with pytest.raises(Faltering):
        await hasty.translate(WHY, "en", "ar")
    await hasty.close()
    nowhere = Translator("http://127.0.0.1:1")
    with pytest.raises(Unreachable):
        await nowhere.translate(WHY, "en", "ar")
    await nowhere.close()


async def test_it_says_which_languages_it_knows(
    server: TranslateServer, translator: Translator
) -> None:
    assert {("ar", "en"), ("en", "ar")} <= await translator.pairs()
    server.languages = [{"code": "ar", "targets": ["en"]}, {"code": "en", "targets": []}]
    assert await translator.pairs() == {("ar", "en")}
    # Machines of some years ago name no targets.
    server.languages = [{"code": "ar"}, {"code": "en"}]
    assert {("ar", "en"), ("en", "ar")} <= await translator.pairs()
    server.languages = {"error": "who are you"}
    assert await translator.pairs() == frozenset()
    assert server.asked == []
