"""The three forms known by heart, as plain conditions, to hold the engine against.

Knows nothing of questions, walking or asking: only what is asked of whom, and which answers count.
"""

from __future__ import annotations

from collections.abc import Mapping

from dialogue.fold import clean
from dialogue.form import Answer
from tests.dialogue.forms import NAME_LENGTH, ZONES, keeps_question

Given = Mapping[str, Answer]

PLACES = {"first": {"BA", "BG", "out"}, "second": {"NI", "BA", "out"}, "third": {"BA", "BG", "out"}}
WEBINARS = {"first": {"a", "b", "all"}, "second": {"c", "a", "all"}, "third": {"a", "b", "all"}}


def some_of(answer: Answer, choices: set[str]) -> bool:
    """Whether this is a choice of several, of these."""
    return isinstance(answer, tuple) and answer != () and set(answer) <= choices


def one_of(answer: Answer, choices: set[str]) -> bool:
    """Whether this is one of these."""
    return isinstance(answer, str) and answer in choices


def fits(answer: str, units: int) -> bool:
    """Whether there is a text, and not too long a one."""
    return 0 < len(answer.encode("utf-16-le")) <= 2 * units


def is_name(answer: Answer) -> bool:
    """Whether this is a name, or none."""
    if not isinstance(answer, str):
        return answer is None
    return " ".join(clean(answer).split()) == answer and fits(answer, NAME_LENGTH)


def is_question(answer: Answer) -> bool:
    """Whether this is a question for the experts, or none."""
    return answer is None or (isinstance(answer, str) and keeps_question(answer))


def who_is_asked(version: str, given: Given) -> dict[str, bool]:
    """The keys that are asked in this version, in order, and whether what was given counts."""
    asked: dict[str, bool] = {}

    def ask(key: str, good: bool) -> bool:
        asked[key] = key in given and good
        return asked[key]

    place, webinars, level = given.get("place"), given.get("webinars"), given.get("level")
    topics, question = given.get("topics"), given.get("question")
    kind = one_of(given.get("kind"), {"question", "idea"})
    if version == "third":
        # What the kind is asked about comes after it here, so it is never asked.
        ask("question", is_question(question))
        ask("webinars", one_of(webinars, WEBINARS["third"]))
        ask("place", some_of(place, PLACES["third"]))
        ask("name", is_name(given.get("name")))
        return asked
    second = version == "second"
    if second:
        ask("language", one_of(given.get("language"), {"ar", "en"}))
    else:
        ask("name", is_name(given.get("name")))
    if ask("place", one_of(place, PLACES[version])) and place == "out":
        ask("zone", one_of(given.get("zone"), set(ZONES)))
    health = ask("webinars", some_of(webinars, WEBINARS[version])) and "a" in (webinars or ())
    known = one_of(level, {"doctor", "none"})
    if health and ask("level", known or (second and level is None)) and level is not None:
        ask("years", given.get("years") is None or one_of(given.get("years"), {"1", "2"}))
    ask("topics", some_of(topics, {"x", "y"}) or (not second and topics in {None, ()}))
    if ask("question", is_question(question)) and question:
        ask("kind", kind)
    return asked
