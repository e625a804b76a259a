"""An announcement as people get it, and whether it fits into one message."""

from __future__ import annotations

from dialogue.fold import utf16_length
from dialogue.words import Button, Localised, Reply, Text, text
from handlers.announcing.content import Announcement
from handlers.lasting import lasting
from handlers.telling import templates
from locales import Languages
from storage.broadcasting.broadcasts import Rule

MOST = 4096
MOST_BESIDE_A_PICTURE = 1024
"""UTF-16 units that one message holds on every platform."""


def received(
    announcement: Announcement, rule: Rule, language: str, *, text_only: bool = False
) -> Reply:
    """What a reader of this language gets; who wants text only gets a button to the picture."""
    written = announcement.written_in(language)
    words = Localised({written: announcement.texts[written]})
    photo, poster = announcement.photos.get(written), announcement.posters.get(written)
    rows: list[tuple[Button, ...]] = []
    if announcement.webinar is not None:
        rows.append((Button(_way_to(rule), lasting(f"go:w:{announcement.webinar}")),))
    if text_only and poster is not None:
        rows.append((Button(text("btn-poster"), lasting(f"go:poster:{poster}")),))
    rows.append((Button(text("btn-announcements-none"), lasting("go:set:announcements:off")),))
    return Reply(
        (text("words", words=words),),
        tuple(rows),
        photo=None if text_only else photo,
        language=language,
        template=templates.announcement(words),
    )


def too_long(languages: Languages, announcement: Announcement, rule: Rule) -> dict[str, int]:
    """By how many UTF-16 units the text of a language is too long, where it is."""
    over: dict[str, int] = {}
    for language in languages.codes:
        written = announcement.written_in(language)
        message = languages.voice(language).render(received(announcement, rule, language))
        excess = utf16_length(message.text) - most(pictured=written in announcement.posters)
        if excess > 0:
            over[written] = max(excess, over.get(written, 0))
    return over


def excess(languages: Languages, language: str, words: str, *, pictured: bool) -> int:
    """By how many UTF-16 units this text is too long for its own readers; 0 when it fits."""
    said = languages.voice(language).say(text("words", words=Localised({language: words})))
    return max(0, utf16_length(said) - most(pictured=pictured))


def most(*, pictured: bool) -> int:
    """How many UTF-16 units there is room for."""
    return MOST_BESIDE_A_PICTURE if pictured else MOST


def _way_to(rule: Rule) -> Text:
    """Whoever is registered need not be told that they can be."""
    return text("btn-details" if rule.who == "registered" else "btn-announce-register")
