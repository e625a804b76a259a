"""The form of an announcement: whom it is for, what it says, and what may be added to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from dialogue.form import Answer, Answers, Form, Question, Rejected, poster_of
from dialogue.words import Label, Localised, Text, text
from handlers.announcing.received import excess, most
from handlers.house import House
from handlers.speaking import choices, moments
from handlers.turn import Turn
from storage.persons import MAILED
from storage.series.webinars import Webinar

CODE = "b"

NO_WEBINAR = "_"
"""The answer that an announcement is about no webinar; no id looks so."""
AT_ONCE = "now"
SAME, OF_WEBINAR = "same", "webinar"
"""Pictures: the one of the other language, the one of the webinar."""

OF_ONE = ("registered", "not_registered")
"""Audiences that one webinar defines."""

SHOWN = 12
LONG_OVER = timedelta(days=30)


def form(turn: Turn) -> Form:
    """What is asked; of a correction only what it says, since whom it is for is settled."""
    talk = turn.desk.talks.get(CODE)
    told: Answers = talk.answers if talk else {}
    said = (*_texts(turn, told), *_pictures(turn, told))
    if "@about" in told:
        return (*said, _when(turn))
    webinars = webinars_offered(turn)
    return (
        _audience(turn.house, webinars),
        *_about(turn.house, webinars),
        *said,
        _button(turn.house),
        *_narrowing(turn, webinars),
        _when(turn),
    )


def unchanged(turn: Turn) -> dict[str, Answer]:
    """What is not asked of everybody: the answers with which an announcement begins."""
    pictures = dict.fromkeys(poster_key(code) for code in turn.house.languages.codes)
    narrowing = dict.fromkeys(("langs", "chans", "govs", "minus"))
    return {**pictures, **narrowing, "button": "with", "when": AT_ONCE}


def text_key(language: str) -> str:
    """Under which key the text in this language is answered."""
    return f"t-{language}"


def poster_key(language: str) -> str:
    """Under which key the picture beside the text in this language is answered."""
    return f"p-{language}"


def webinars_offered(turn: Turn) -> list[Webinar]:
    """What can be written about: what is coming, cancelled or not, and what was a while ago."""
    since = turn.now - LONG_OVER
    known = [w for w in turn.programme.webinars if w.state != "draft" and w.starts_at > since]
    return sorted(known, key=lambda w: (w.starts_at <= turn.now, abs(w.starts_at - turn.now)))[
        :SHOWN
    ]


def _audience(house: House, webinars: Sequence[Webinar]) -> Question:
    names = ("all", *OF_ONE) if webinars else ("all",)
    offered = tuple(
        choices.choice(house.languages, name, Text(f"btn-announce-{name}")) for name in names
    )
    return Question("who", text("ask-announce-who"), text("title-announce-who"), offered)


def _about(house: House, webinars: Sequence[Webinar]) -> Form:
    titles = tuple(choices.choice(house.languages, w.id, w.title) for w in webinars)
    none = choices.choice(house.languages, NO_WEBINAR, text("btn-announce-no-webinar"))
    title = text("title-announce-webinar")

    def of_one(answers: Answers) -> bool:
        return answers.get("who") in OF_ONE

    def of_all(answers: Answers) -> bool:
        return answers.get("who") == "all" and bool(webinars)

    return (
        Question("w", text("ask-announce-which"), title, titles, when=of_one),
        Question("w", text("ask-announce-about"), title, (*titles, none), when=of_all),
    )


def _texts(turn: Turn, told: Answers) -> Form:
    """A text for each language; all but one may be left out."""
    *others, last = turn.house.languages.codes

    def none_yet(answers: Answers) -> bool:
        return not any(answers.get(text_key(code)) for code in others)

    def some(answers: Answers) -> bool:
        return not none_yet(answers)

    questions = [_text(turn, told, code, optional=True) for code in others]
    needed = _text(turn, told, last, optional=False)
    return (
        *questions,
        replace(needed, when=none_yet),
        replace(_text(turn, told, last, optional=True), when=some),
    )


def _text(turn: Turn, told: Answers, code: str, *, optional: bool) -> Question:
    languages, pictured = turn.house.languages, bool(told.get(poster_key(code)))

    def read(raw: str) -> str:
        words = choices.written(raw)
        over = excess(languages, code, words, pictured=pictured)
        if over:
            why = "reject-announce-beside" if pictured else "reject-announce-long"
            raise Rejected(text(why, over=over, most=most(pictured=pictured)))
        return words

    language = Text(f"language-{code}")
    ask = "ask-announce-text" if optional else "ask-announce-text-needed"
    return Question(
        text_key(code),
        text(ask, language=language),
        text("title-announce-text", language=language),
        read=read,
        keeps=bool,
        optional=optional,
    )


def _pictures(turn: Turn, told: Answers) -> Form:
    codes = turn.house.languages.codes
    own = any(w.posters for w in turn.programme.webinars)
    there = {code for code in codes if _is_there(told.get(poster_key(code)))}
    # The form is made before the answer to a first one is known: those after it may be the same.
    others = {code for code in codes if code != codes[0] or there - {code}}
    return tuple(_picture(turn.house, code, others=code in others, own=own) for code in codes)


def _is_there(picture: Answer) -> bool:
    return poster_of(picture) is not None or picture == OF_WEBINAR


def _picture(house: House, code: str, *, others: bool, own: bool) -> Question:
    def has_text(answers: Answers) -> bool:
        return bool(answers.get(text_key(code)))

    names = [*([SAME] if others else []), *([OF_WEBINAR] if own else [])]
    offered = tuple(
        choices.choice(house.languages, name, Text(f"btn-announce-poster-{name}")) for name in names
    )
    language = Text(f"language-{code}")
    return Question(
        poster_key(code),
        text("ask-announce-poster", language=language),
        text("title-announce-poster", language=language),
        offered,
        optional=True,
        takes_photo=True,
        when=has_text,
        show=_a_picture,
    )


def _a_picture(_answer: str) -> Label:
    return text("announce-poster")


def _button(house: House) -> Question:
    def has_webinar(answers: Answers) -> bool:
        return answers.get("w") not in (None, NO_WEBINAR)

    offered = tuple(
        choices.choice(house.languages, name, Text(f"btn-announce-button-{name}"))
        for name in ("with", "without")
    )
    return Question(
        "button",
        text("ask-announce-button"),
        text("title-announce-button"),
        offered,
        when=has_webinar,
    )


def _when(turn: Turn) -> Question:
    at_once = choices.choice(turn.house.languages, AT_ONCE, text("btn-announce-now"))
    ask, title = text("ask-announce-when"), text("title-announce-when")
    return moments.question(turn, "when", ask, title, choices=(at_once,))


def _narrowing(turn: Turn, webinars: Sequence[Webinar]) -> Form:
    house, reader = turn.house, turn.person.language

    def several(key: str, offered: Sequence[tuple[str, Label]], columns: int = 1) -> Question:
        listed = tuple(choices.choice(house.languages, value, label) for value, label in offered)
        ask, title = Text(f"ask-announce-{key}"), Text(f"title-announce-{key}")
        return Question(key, ask, title, listed, several=True, optional=True, columns=columns)

    codes = [(code, Text(f"language-{code}")) for code in house.languages.codes]
    known = ["telegram", "web"]
    known += ["whatsapp"] if house.whatsapp_number else []
    known += [MAILED] if house.rules.mail_is_set_up else []
    channels = [(name, Text(f"channel-{name}")) for name in known]
    places = [(c.value, c.label) for c in choices.where(house, reader).choices]
    titles: list[tuple[str, Localised]] = [(w.id, w.title) for w in webinars]
    return (
        several("langs", codes),
        several("chans", channels),
        several("govs", [place for place in places if place[0] != choices.RATHER_NOT], 2),
        *([several("minus", titles)] if titles else []),
    )
