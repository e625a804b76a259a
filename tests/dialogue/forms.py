"""A form in three versions, as three releases might ask it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dialogue.fold import clean, fold, split_text, utf16_length
from dialogue.form import Answers, Choice, Form, Question, Rejected
from dialogue.words import text

NAME_LENGTH = 20
QUESTION_LENGTH = 30
AMERICAN = ("America/Chicago", "America/New_York")
ZONES = (*AMERICAN, "Europe/Berlin", "Europe/Rome")


def choice(value: str, *names: str) -> Choice:
    """A choice that may be typed by any of these names, the first of which is its label."""
    return Choice(value, names[0], frozenset(fold(name) for name in names))


BASRA = choice("BA", "Basra", "البصرة", "Bassora")
BAGHDAD = choice("BG", "Baghdad", "بغداد")
NINEVEH = choice("NI", "Nineveh", "نينوى", "Mosul", "الموصل")
OUTSIDE = choice("out", "Outside Iraq", "خارج العراق")
BERLIN = choice("Europe/Berlin", "Berlin", "برلين")
HEALTH = choice("a", "Public health", "الصحة العامة")
WORK = choice("b", "Work, business and democracy", "العمل والأعمال والديمقراطية")
WATER = choice("c", "Water", "المياه")
EVERY = choice("all", "All future ones", "كل الندوات المقبلة")
CUT = choice("cut", "Cut it", "اختصار")
TWO = choice("two", "Send in two", "إرسال في جزأين")


def written(raw: str) -> str:
    """Somebody's words, cleaned; Rejected when nothing is left."""
    words = clean(raw)
    if not words:
        raise Rejected(text("reject-empty"))
    return words


def read_name(raw: str) -> str:
    """A name, if it is not too long."""
    name = " ".join(written(raw).split())
    if utf16_length(name) > NAME_LENGTH:
        raise Rejected(text("reject-nickname", most=NAME_LENGTH))
    return name


def read_place(raw: str) -> str:
    """Never a place by itself, but "B" may be one of two."""
    offers = (BASRA, BAGHDAD) if fold(raw) == "b" else ()
    raise Rejected(text("reject-gov"), offers)


def read_zone(raw: str) -> str:
    """A zone's own name; a continent is not enough, but it offers its zones."""
    if raw in ZONES:
        return raw
    if fold(raw) == "america":
        raise Rejected(text("reject-zone-which"), tuple(Choice(zone, zone) for zone in AMERICAN))
    raise Rejected(text("reject-zone"))


def read_question(raw: str) -> str:
    """A text for the experts; one that is too long is offered to be cut or sent in two."""
    words = written(raw)
    if utf16_length(words) > QUESTION_LENGTH:
        raise Rejected(text("reject-too-long"), (CUT, TWO))
    return words


def keeps_question(value: str) -> bool:
    """What a resolved question may be: up to two texts."""
    return 0 < utf16_length(value) <= 2 * QUESTION_LENGTH + 2


def resolve_question(offer: str, draft: str) -> str:
    """The draft, cut to one text or to two."""
    parts = split_text(clean(draft), QUESTION_LENGTH)
    return "\n\n".join(parts[:2]) if offer == "two" else parts[0]


def ask(
    key: str,
    *choices: Choice,
    read: Callable[[str], str] | None = None,
    when: Callable[[Answers], bool] | None = None,
    several: bool = False,
    optional: bool = False,
) -> Question:
    """A question with words made from its key."""
    question = Question(key, text(f"ask-{key}"), text(f"title-{key}"), choices)
    question = replace(question, several=several, optional=optional)
    question = replace(question, read=read) if read else question
    return replace(question, when=when) if when else question


def is_outside(answers: Answers) -> bool:
    """Whether they are not in Iraq."""
    return answers.get("place") == "out"


def chose_health(answers: Answers) -> bool:
    """Whether they come to the webinar on health."""
    return "a" in (answers.get("webinars") or ())


def has_level(answers: Answers) -> bool:
    """Whether they said what they work as."""
    return answers.get("level") is not None


def has_asked(answers: Answers) -> bool:
    """Whether they have a question for the experts."""
    return bool(answers.get("question"))


NAME = ask("name", read=read_name, optional=True)
PLACE = ask("place", BASRA, BAGHDAD, OUTSIDE, read=read_place)
ZONE = ask("zone", BERLIN, read=read_zone, when=is_outside)
WEBINARS = ask("webinars", HEALTH, WORK, EVERY, several=True)
LEVEL = ask("level", choice("doctor", "Doctor"), choice("none", "None of it"), when=chose_health)
YEARS = ask("years", choice("1", "0"), choice("2", "1"), when=has_level, optional=True)
TOPICS = ask("topics", choice("x", "Masks"), choice("y", "Tests"), several=True, optional=True)
QUESTION = replace(
    ask("question", read=read_question, optional=True),
    offers=(CUT, TWO),
    keeps=keeps_question,
    resolve=resolve_question,
)
KIND = ask("kind", choice("question", "Question"), choice("idea", "Idea"), when=has_asked)

FIRST: Form = (NAME, PLACE, ZONE, WEBINARS, LEVEL, YEARS, TOPICS, QUESTION, KIND)
"""As it was first released."""

SECOND: Form = (
    ask("language", choice("ar", "العربية", "Arabic"), choice("en", "English")),
    replace(PLACE, choices=(NINEVEH, BASRA, OUTSIDE)),
    ZONE,
    replace(WEBINARS, choices=(WATER, HEALTH, EVERY)),
    replace(LEVEL, optional=True),
    YEARS,
    replace(TOPICS, optional=False),
    QUESTION,
    KIND,
)
"""A question is new, a name is no longer asked, choices came and went, some rules changed."""

THIRD: Form = (KIND, QUESTION, replace(WEBINARS, several=False), replace(PLACE, several=True), NAME)
"""The order is another, what took several takes one, and what took one takes several."""

ANSWERED: Answers = {
    "name": "Anna",
    "place": "BA",
    "webinars": ("b",),
    "topics": None,
    "question": None,
}
"""What brings somebody to the summary of the first."""
