"""A form in three versions, as three releases might ask it, and the person who talks through it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from dialogue import talk as talks
from dialogue.fold import clean, fold, split_text, utf16_length
from dialogue.form import Answer, Answers, Choice, Form, Question, Rejected, result
from dialogue.talk import Talk
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
ZONE = ask("zone", choice("Europe/Berlin", "Berlin", "برلين"), read=read_zone, when=is_outside)
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


class Chat:
    """Somebody at a form. The talk goes through JSON before every move, as between two processes.

    Every move returns the chat, so that they read as a sentence. A refusal is kept in `refused`,
    and what it offers is shown, as the handlers do it.
    """

    def __init__(self, form: Form, answers: Answers | None = None) -> None:
        self.form = form
        self.talk = talks.begin(form, 7, answers)
        self.refused: str | None = None

    @property
    def asked(self) -> str | None:
        """The key of the question in front."""
        return self.talk.asked

    @property
    def answers(self) -> Answers:
        """Everything that was ever answered and not replaced."""
        return self.talk.answers

    @property
    def result(self) -> dict[str, Answer]:
        """What would be kept if they confirmed now."""
        return result(self.form, self.talk.answers)

    @property
    def shown(self) -> tuple[str, ...]:
        """The values of the choices in front, as they are numbered."""
        question = talks.asked_question(self.form, self.talk)
        shown = talks.shown_choices(question, self.talk) if question else ()
        return tuple(one.value for one in shown)

    @property
    def finished(self) -> bool:
        """Whether the summary is in front."""
        return talks.finished(self.form, self.talk)

    def says(self, *texts: str) -> Chat:
        """Type these texts, one message each."""
        for raw in texts:
            self._try(lambda talk, raw=raw: talks.say(self.form, talk, raw), raw)
        return self

    def presses(self, key: str, *values: str) -> Chat:
        """Press these buttons of one question."""
        for value in values:
            self._try(lambda talk, value=value: talks.press(self.form, talk, key, value))
        return self

    def is_done(self) -> Chat:
        """Press "done"."""
        return self._try(lambda talk: talks.done(self.form, talk))

    def skips(self, key: str | None = None) -> Chat:
        """Skip what is asked, or press the "skip" of another question."""
        return self._try(lambda talk: talks.skip(self.form, talk, key))

    def goes_back(self) -> Chat:
        """Press "back"."""
        return self._try(lambda talk: talks.back(self.form, talk))

    def edits(self, key: str) -> Chat:
        """Choose one answer of the summary to change."""
        return self._try(lambda talk: talks.edit(self.form, talk, key))

    def meets(self, form: Form) -> Chat:
        """Go on after a release that asks another form; nothing is shown before they write."""
        self.form = form
        return self

    def is_prompted(self) -> Chat:
        """See what is asked now once more."""
        return self._try(lambda talk: talks.today(self.form, talk))

    def _try(self, move: Callable[[Talk], Talk], raw: str | None = None) -> Chat:
        talk = Talk.from_json(json.loads(json.dumps(self.talk.to_json())))
        assert talk == self.talk
        self.refused = None
        try:
            self.talk = move(talk)
        except Rejected as rejected:
            self.refused = rejected.reason.key
            # A button that is refused leaves what was offered for a text as it was.
            self.talk = talk if raw is None else talks.offering(talk, rejected, raw)
        return self
