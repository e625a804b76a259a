"""Any sequence of moves, by anybody, through any releases: held against a simple model."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from dialogue import talk as talks
from dialogue.form import Answer, Form, Question
from dialogue.talk import Talk
from tests.dialogue.chat import Chat
from tests.dialogue.forms import (
    BERLIN,
    FIRST,
    QUESTION_LENGTH,
    SECOND,
    THIRD,
    ZONES,
    resolve_question,
)
from tests.dialogue.model import who_is_asked
from tests.hostile import HOSTILE

FORMS: dict[str, Form] = {"first": FIRST, "second": SECOND, "third": THIRD}
EVERY_QUESTION = (*FIRST, *SECOND, *THIRD)
KEYS = [*sorted({question.key for question in EVERY_QUESTION}), "gone", "", "!"]
VALUES = sorted(
    {c.value for q in EVERY_QUESTION for c in (*q.choices, *q.offers)}
    | {f"{mark}{c.value}" for q in EVERY_QUESTION if q.several for c in q.choices for mark in "+-"}
    | {*ZONES, "", "+", "+gone"}
)
NAMES = sorted({name for q in EVERY_QUESTION for c in (*q.choices, *q.offers) for name in c.names})
LONG = "How do I wear a mask? And for how many hours?"
DIGITS = st.sampled_from(("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"))
LISTS = st.builds(
    "".join,
    st.lists(st.sampled_from((*"123١٢", ",", " ", "،", " و", " and ", "\n", *NAMES)), max_size=6),
)
ANYTHING = st.one_of(
    st.sampled_from(("b", "America", "Europe/Rome", LONG)),
    st.sampled_from(HOSTILE),
    st.text(max_size=2 * QUESTION_LENGTH + 10),
    LISTS,
)


class Talking(RuleBasedStateMachine):
    """Somebody types, presses, skips, goes back, edits and waits for releases, in any order."""

    @initialize(version=st.sampled_from(sorted(FORMS)))
    def starts(self, version: str) -> None:
        self.version = version
        self.chat = Chat(FORMS[version])
        self.given: dict[str, Answer] = {}
        self.shown_today = True
        """Whether what is in front was shown by the form of today."""

    @rule(version=st.sampled_from(sorted(FORMS)))
    def another_version_is_released(self, version: str) -> None:
        self.version = version
        self.chat.meets(FORMS[version])
        self.shown_today = False

    @rule(raw=ANYTHING)
    def says(self, raw: str) -> None:
        before, asked = self.chat.talk, self.question
        self.chat.says(raw)
        if self.answered(asked, before):
            assert asked is not None
            assert self.due[asked.key]

    @rule(number=st.integers(0, 5), digits=DIGITS)
    def says_a_number(self, number: int, digits: str) -> None:
        before, asked = self.chat.talk, self.question
        seen = dict(enumerate(before.offers or before.seen, start=1))
        self.chat.says(digits[number])
        if self.answered(asked, before):
            assert asked is not None
            value = named(asked, str(number)) or seen.get(number)
            assert self.given[asked.key] == meant(asked, before, value or digits[number])

    @precondition(lambda self: self.chat.shown)
    @rule(data=st.data())
    def says_a_name(self, data: st.DataObject) -> None:
        before, asked = self.chat.talk, self.question
        assert asked is not None
        choices = talks.shown_choices(asked, before)
        choice = data.draw(st.sampled_from([one for one in choices if one.names] or [BERLIN]))
        self.chat.says(data.draw(st.sampled_from(sorted(choice.names))))
        self.answered(asked, before)
        assert self.given[asked.key] == meant(asked, before, choice.value)

    @rule(key=st.sampled_from(KEYS), value=st.sampled_from(VALUES))
    def presses(self, key: str, value: str) -> None:
        before = self.chat.talk
        question = self.asks(key)
        self.chat.presses(key, value)
        if self.answered(question, before):
            assert question is not None
            assert self.given[key] == meant(question, before, value)

    @precondition(lambda self: self.chat.shown)
    @rule(data=st.data())
    def presses_what_is_shown(self, data: st.DataObject) -> None:
        question = self.question
        assert question is not None
        value = data.draw(st.sampled_from(self.chat.shown))
        self.presses(question.key, f"+{value}" if question.several else value)
        assert self.chat.refused is None

    @rule()
    def is_done(self) -> None:
        before, asked = self.chat.talk, self.question
        self.chat.is_done()
        if self.answered(asked, before):
            assert asked is not None
            assert asked.several
            assert self.given[asked.key] == (before.picked or None)

    @rule(key=st.one_of(st.none(), st.sampled_from(KEYS)))
    def skips(self, key: str | None) -> None:
        before, asked = self.chat.talk, self.question if key is None else self.asks(key)
        self.chat.skips(key)
        if self.answered(asked, before):
            assert asked is not None
            assert asked.optional
            assert self.given[asked.key] is None

    @rule()
    def goes_back(self) -> None:
        before, keys = self.chat.talk, list(self.due)
        self.chat.goes_back()
        assert not self.answered(None, before)
        if before.asked in keys:
            assert self.chat.asked == keys[max(0, keys.index(before.asked) - 1)]

    @rule(key=st.sampled_from(KEYS))
    def edits(self, key: str) -> None:
        before = self.chat.talk
        self.chat.edits(key)
        assert not self.answered(None, before)
        assert key not in self.due or self.chat.asked == key

    @rule()
    def is_prompted(self) -> None:
        before = self.chat.talk
        self.chat.is_prompted()
        assert not self.answered(None, before)

    @invariant()
    def no_answer_is_ever_lost(self) -> None:
        assert dict(self.chat.answers) == self.given

    @invariant()
    def the_result_is_what_the_model_says(self) -> None:
        kept = {key: self.given[key] for key, counts in self.due.items() if counts}
        assert self.chat.result == kept
        assert list(self.chat.result) == list(kept)

    @invariant()
    def what_is_asked_applies(self) -> None:
        if self.shown_today and self.chat.refused is None:
            assert self.chat.asked in self.due or self.chat.finished

    @invariant()
    def it_is_finished_when_nothing_is_asked_and_nothing_is_open(self) -> None:
        assert self.chat.finished == (self.chat.asked is None and all(self.due.values()))

    @property
    def due(self) -> dict[str, bool]:
        """What the model says is asked today, and what of it counts."""
        return who_is_asked(self.version, self.given)

    @property
    def question(self) -> Question | None:
        """What is in front, if it is still asked today."""
        return self.asks(self.chat.asked)

    def asks(self, key: str | None) -> Question | None:
        """Today's question of this key, if it is asked."""
        asked = {q.key: q for q in FORMS[self.version] if q.key in self.due}
        return asked.get(key) if key is not None else None

    def answered(self, question: Question | None, before: Talk) -> bool:
        """Whether this move gave an answer; if so, to this question alone, and then led on."""
        self.shown_today = self.shown_today or self.chat.refused is None
        now = dict(self.chat.answers)
        # An answer that is given once more leaves no trace but the way that it led.
        if now == self.given:
            return False
        assert self.chat.refused is None
        assert question is not None
        assert {**self.given, question.key: now[question.key]} == now
        self.given = now
        assert self.chat.asked == self.led_to(question.key, before.asked)
        return True

    def led_to(self, key: str, asked: str | None) -> str | None:
        """What is asked after an answer: where they were, if all before it counts."""
        due = self.due
        still_open = next((one for one in due if not due[one]), None)
        if asked == key or asked not in due:
            return still_open
        ahead = list(due).index(asked)
        return asked if all(list(due.values())[:ahead]) else still_open


def named(question: Question, name: str) -> str | None:
    """The value of the choice of this name, which may be a number itself."""
    return next((one.value for one in question.choices if name in one.names), None)


def meant(question: Question, before: Talk, value: str) -> Answer:
    """The answer that choosing this value gave, or typing it where nothing was chosen."""
    if question.key == "question" and before.asked == "question" and value in before.offers:
        return resolve_question(value, before.draft)
    return (value,) if question.several else value


TestTalking = Talking.TestCase
TestTalking.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
