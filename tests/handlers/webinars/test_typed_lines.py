"""What organisers type line by line: guest experts, questions, reminders."""

from __future__ import annotations

import pytest

from dialogue.form import Rejected
from handlers.webinars import typed
from handlers.webinars.lined import reminders
from handlers.webinars.typed import Line
from tests.safety.seen import speech


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Dr Huda - doctor in Basra", [Line("Dr Huda", "doctor in Basra")]),
        ("د. هدى سلمان — طبيبة في البصرة", [Line("د. هدى سلمان", "طبيبة في البصرة")]),
        ("هدى– طبيبة", [Line("هدى", "طبيبة")]),
        ("Anne-Marie Al-Hassan", [Line("Anne-Marie Al-Hassan")]),
        ("Omar - a writer - and poet", [Line("Omar", "a writer - and poet")]),
        ("• Omar\n\n  * Huda - doctor ", [Line("Omar"), Line("Huda", "doctor")]),
        ("-\nHuda", [Line(""), Line("Huda")]),
    ],
)
def test_each_line_names_a_guest_expert(raw: str, expected: list[Line]) -> None:
    assert typed.speakers(raw) == expected
    assert typed.speakers(typed.written(expected, " — ")) == expected


@pytest.mark.parametrize(
    ("raw", "prompt", "choices"),
    [
        ("Which topic: work, health, schools", "Which topic", ("work", "health", "schools")),
        ("أي موضوع هو الأهم: العمل، الصحة", "أي موضوع هو الأهم", ("العمل", "الصحة")),
        ("Which: a; b | c", "Which", ("a", "b", "c")),
        ("Why do you come?", "Why do you come?", ()),
        ("One thing: only one choice", "One thing: only one choice", ()),
    ],
)
def test_choices_of_a_question_come_after_a_colon(
    raw: str, prompt: str, choices: tuple[str, ...]
) -> None:
    (line,) = typed.extras(raw)
    assert (line.first, line.choices) == (prompt, choices)
    assert typed.extras(typed.written([line], ": ")) == [line]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("  \n ", "reject-empty"),
        ("\n".join("ab" for _ in range(13)), "reject-many-lines"),
        ("Huda\n" + "a" * 101, "reject-line-long"),
        (f"Huda - {'a' * 301}", "reject-line-long"),
    ],
)
def test_what_is_too_much_is_refused(raw: str, reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        typed.speakers(raw)


def test_too_long_a_choice_and_too_many_are_refused() -> None:
    with pytest.raises(Rejected, match="reject-line-long"):
        typed.extras(f"Which: a, {'b' * 25}")
    with pytest.raises(Rejected, match="reject-many-choices"):
        typed.extras("Which: " + ", ".join("abcdefghijk"))


@pytest.mark.parametrize(
    ("raw", "minutes"),
    [
        ("a day, 2 hours, 10 minutes, at the start", (1440, 120, 10, 0)),
        ("يوم، ساعتان، ١٠ دقائق، عند البدء", (1440, 120, 10, 0)),
        ("قبل يومين، قبل ساعة", (2880, 60)),
        ("10, 0, 10", (10, 0)),
        ("a week\nhalf an hour before", (10080, 30)),
        ("الساعة", None),
        ("soon", None),
        ("5 weeks", None),
        ("1 month", None),
        (", ,", None),
    ],
)
def test_reminders_are_read_as_they_are_said(raw: str, minutes: tuple[int, ...] | None) -> None:
    if minutes is not None:
        assert reminders(speech(), raw) == minutes
        return
    with pytest.raises(Rejected):
        reminders(speech(), raw)


def test_more_reminders_than_anybody_wants_are_refused() -> None:
    with pytest.raises(Rejected, match="reject-many-lines"):
        reminders(speech(), "1, 2, 3, 4, 5, 6, 7, 8, 9")
