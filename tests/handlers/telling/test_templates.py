"""What may be said to whoever has not written for a day: approved sentences, filled in."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dialogue.words import Button, Reply, text
from handlers.announcing.content import Announcement
from handlers.announcing.received import received
from handlers.telling import notices, reminding, templates
from handlers.telling.templates import Category, Wording
from locales import Languages
from storage.broadcasting.broadcasts import Rule
from storage.series.webinars import WayIn
from tests.handlers.chatting import NOW, plain, webinar
from tests.safety.seen import LANGUAGES, word

PLACE = re.compile(r"\{\{\d+\}\}")
SOON = webinar("soon", starts_at=NOW + timedelta(hours=2), way_in=WayIn("https://m.example/a"))
LATER = webinar("later", starts_at=NOW + timedelta(hours=3), way_in=WayIn("https://m.example/b"))


@pytest.fixture(scope="module")
def languages() -> Languages:
    """Both languages."""
    return Languages.load(LANGUAGES, "Asia/Baghdad", Path("locales"))


@pytest.fixture(scope="module")
def wordings(languages: Languages) -> list[Wording]:
    """Every template in every language."""
    return list(templates.wordings(languages))


def filled(languages: Languages, reply: Reply, language: str = "en") -> tuple[str, ...]:
    """What a template inserts for a reader of this language."""
    message = languages.voice(language).render(reply)
    assert message.template is not None
    return tuple(map(plain, message.template.values))


def test_each_is_there_in_every_language(wordings: list[Wording]) -> None:
    names = {each.name for each in wordings}
    assert names == {"announcement", "reminder", "notice"}
    assert {(each.name, each.language) for each in wordings} == {
        (name, code) for name in names for code in LANGUAGES
    }


def test_only_announcements_are_marketing(wordings: list[Wording]) -> None:
    marketing = {each.name for each in wordings if each.category is Category.MARKETING}
    assert marketing == {"announcement"}


def test_values_are_numbered_from_one_in_the_order_of_the_sentence(wordings: list[Wording]) -> None:
    for each in wordings:
        expected = [f"{{{{{number}}}}}" for number in range(1, len(each.samples) + 1)]
        assert PLACE.findall(each.body) == expected, each


def test_no_value_stands_first_or_last_or_beside_another(wordings: list[Wording]) -> None:
    for each in wordings:
        between = PLACE.split(plain(each.body))
        assert all(re.search(r"\w", words) for words in between), each


def test_a_template_with_its_examples_is_short_enough(wordings: list[Wording]) -> None:
    for each in wordings:
        # Half is left for what is really inserted.
        assert len(each.body) + sum(map(len, each.samples)) <= 512, each
        assert all(sample.strip() and "\n" not in sample for sample in each.samples)


def test_its_buttons_fit_and_last(wordings: list[Wording]) -> None:
    for each in wordings:
        assert 1 <= len(each.buttons) <= 3
        for button in each.buttons:
            assert len(button.label) <= 20
            assert button.value.startswith("+go:")
            assert button.url is None


def test_each_tells_how_to_read_on(wordings: list[Wording]) -> None:
    for each in wordings:
        assert {"ar": "بأي رسالة", "en": "with any message"}[each.language] in each.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_announcement_is_sayable_by_template(languages: Languages, language: str) -> None:
    announcement = Announcement({"en": "News.\nMore.", "ar": "خبر."})
    reply = received(announcement, Rule("all"), language)
    assert filled(languages, reply, language) == ({"ar": "خبر.", "en": "News.\nMore."}[language],)


def test_a_reminder_names_the_webinar_and_its_time_and_the_way_in_when_it_is_near(
    languages: Languages,
) -> None:
    far, near = (reminding.reminder([(SOON, m)], NOW, 15) for m in (60, 10))
    assert filled(languages, far)[0] == "Webinar soon"
    assert "Baghdad time" in filled(languages, far)[1]
    assert "https" not in filled(languages, far)[1]
    assert filled(languages, near)[1].endswith(", Link: https://m.example/a")


def test_a_reminder_of_several_names_them_all(languages: Languages) -> None:
    webinars, when = filled(languages, reminding.reminder([(SOON, 10), (LATER, 10)], NOW, 15))
    assert webinars == "Webinar soon, Webinar later"
    for part in ("Webinar soon: ", "https://m.example/a", "Webinar later: ", "https://m.example/b"):
        assert part in when
    assert "\n" not in when


@pytest.mark.parametrize(
    ("kind", "said"),
    [("moved", "The time before"), ("cancelled", "it was cancelled"), ("way-in", "m.example/a")],
)
def test_a_notice_says_what_is_new(languages: Languages, kind: notices.Notice, said: str) -> None:
    subject, news = filled(
        languages, notices.notice(kind, SOON, datetime(2026, 11, 20, 16, tzinfo=UTC))
    )
    assert subject == "Webinar soon"
    assert said in news
    assert "\n" not in news


def test_a_way_in_that_was_taken_away_is_told_too(languages: Languages) -> None:
    _, news = filled(languages, notices.notice("way-in", replace(SOON, way_in=None)))
    assert news.startswith("the way in has changed.")


def test_what_one_person_is_told_is_sayable_too(languages: Languages) -> None:
    reply = Reply((text("role-not-given"), text("revoked")))
    subject, news = filled(languages, templates.told(reply), "ar")
    assert subject == word("template-about-you", "ar")
    assert news == f"{word('role-not-given', 'ar')} {word('revoked', 'ar')}"


@pytest.mark.parametrize(
    ("value", "command"),
    [
        ("go:an:7", "/announce"),
        ("+go:an-undo:7", "/announce"),
        ("go:them:7:1-2-3", "/team"),
        ("go:team", "/team"),
        ("+go:mo:one", "/moderate"),
        ("+go:w:one", "/webinars"),
    ],
)
def test_what_would_lose_its_button_says_what_to_type_instead(
    languages: Languages, value: str, command: str
) -> None:
    reply = Reply((text("revoked"),), ((Button(text("btn-announce-look"), value),),))
    for language in ("ar", "en"):
        _, news = filled(languages, templates.told(reply), language)
        assert news.endswith(command)


def test_without_a_button_nothing_is_to_be_typed(languages: Languages) -> None:
    _, news = filled(languages, templates.told(Reply((text("revoked"),))), "en")
    assert "/" not in news


def test_what_has_a_template_of_its_own_keeps_it() -> None:
    own = notices.notice("moved", SOON)
    assert templates.told(own) is own
    assert templates.told(Reply()).template is None


def test_a_text_in_another_language_is_inserted_as_it_is(languages: Languages) -> None:
    announcement = Announcement({"en": "News."})
    assert filled(languages, received(announcement, Rule("all"), "ar"), "ar") == ("News.",)
