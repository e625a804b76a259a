"""How well and how fast questions that ask the same are found, beside what one would pick instead.

    .venv/bin/python -m benchmarks.similar [--across] [--write]

--across measures pairs of two languages, with the model that `make across` installs and without.
Whatever can be tuned is tuned on training.toml, for everybody the same way; what is told is of
held_out.toml, and of later.toml, from which the lists of words have learnt once it was measured.
"""

from __future__ import annotations

import random
import sys
import time
import tomllib
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path
from statistics import quantiles

from rapidfuzz import fuzz

from benchmarks import report
from dialogue.fold import fold
from locales.likeness.index import LIKE, Likeness
from locales.likeness.words import Words

HERE = Path(__file__).parent / "questions"
TRAINING, HELD_OUT, LATER = HERE / "training.toml", HERE / "held_out.toml", HERE / "later.toml"
MANY = 2000

Pairs = dict[tuple[int, int], float]
"""How alike two questions are, by their places in the list."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a set."""

    group: str
    """Whoever is in the same one asks the same."""
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """How many of the pairs that were named are pairs, and how many of the pairs were named."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def asked(path: Path) -> list[Question]:
    """The questions of this set."""
    topics = tomllib.loads(path.read_text("utf-8"))
    return [
        Question(f"{topic}.{name}", "en" if variety == "en" else "ar", text)
        for topic, groups in topics.items()
        for name, varieties in groups.items()
        for variety, texts in varieties.items()
        for text in texts
    ]


def found(questions: Sequence[Question], words: Words) -> Pairs:
    """How alike our index says they are, with all of a set in one webinar."""
    index = Likeness(words)
    for at, question in enumerate(questions):
        index.add(at, question.text)
    return {
        (at, other): score
        for at, question in enumerate(questions)
        for other, score in index.scores(question.text)
        if at < other
    }


def compared(questions: Sequence[Question], ratio: Callable[[str, str], float]) -> Pairs:
    """How alike a function of two texts says they are, once they are folded."""
    texts = [fold(question.text) for question in questions]
    return {
        (at, other): ratio(texts[at], texts[other])
        for at, other in combinations(range(len(texts)), 2)
        if questions[at].language == questions[other].language
    }


def judged(
    questions: Sequence[Question], pairs: Pairs, least: float = LIKE, language: str | None = None
) -> Judged:
    """What comes of naming the pairs within a language (of one of them) that are so alike."""
    right = named = there = 0
    for at, other in combinations(range(len(questions)), 2):
        one, two = questions[at], questions[other]
        if one.language != two.language or language not in (None, one.language):
            continue
        same, alike = one.group == two.group, pairs.get((at, other), 0.0) >= least
        there += same
        named += alike
        right += same and alike
    return Judged(right / named if named else 0.0, right / there)


def tuned(questions: Sequence[Question], pairs: Pairs) -> float:
    """From which likeness on F1 is best on this set."""
    steps = sorted({round(score, 2) for score in pairs.values() if score > 0.1})
    return max(steps, key=lambda least: judged(questions, pairs, least).f1)


def difflib_ratio(one: str, other: str) -> float:
    """What the standard library says."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def rapidfuzz_ratio(one: str, other: str) -> float:
    """What is picked most for this: the words that both have, in any order."""
    return fuzz.token_set_ratio(one, other) / 100


def rapidfuzz_weighted(one: str, other: str) -> float:
    """What rapidfuzz itself recommends where nothing is known of the texts."""
    return fuzz.WRatio(one, other) / 100


def rows() -> list[str]:
    """A line of the table for each of those compared."""
    ours, bare = Words(), Words(())
    parties: list[tuple[str, Callable[[Sequence[Question]], Pairs], float | None]] = [
        ("difflib", lambda texts: compared(texts, difflib_ratio), None),
        ("rapidfuzz, token_set_ratio", lambda texts: compared(texts, rapidfuzz_ratio), None),
        ("rapidfuzz, WRatio", lambda texts: compared(texts, rapidfuzz_weighted), None),
        ("Tadamun, without its lists of words", lambda texts: found(texts, bare), None),
        ("Tadamun", lambda texts: found(texts, ours), LIKE),
    ]
    lines: list[str] = []
    training = asked(TRAINING)
    for name, pairs_of, least in parties:
        least = least or tuned(training, pairs_of(training))
        cells = [f"{judged(training, pairs_of(training), least).f1:.2f}"]
        for path in (HELD_OUT, LATER):
            questions = asked(path)
            pairs = pairs_of(questions)
            whole = judged(questions, pairs, least)
            cells += [f"{whole.precision:.2f}", f"{whole.recall:.2f}", f"**{whole.f1:.3f}**"]
            cells += [f"{judged(questions, pairs, least, each).f1:.3f}" for each in ("ar", "en")]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def mixed(number: int, chance: random.Random) -> list[str]:
    """So many texts made of halves of the questions, no two halves of one."""
    texts = [each.text.split() for path in (TRAINING, HELD_OUT) for each in asked(path)]
    halves = [chance.sample(texts, 2) for _ in range(number)]
    return [
        " ".join((*one[: len(one) // 2 + 1], *other[len(other) // 2 :])) for one, other in halves
    ]


def speed() -> str:
    """What it takes to find those like a new question among many."""
    chance, words = random.Random(2), Words()
    texts = mixed(MANY, chance)
    tracemalloc.start()
    index = Likeness(words)
    for id, text in enumerate(texts):
        index.add(id, text)
    kept = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    times: list[float] = []
    for text in mixed(MANY, chance):
        began = time.thread_time()
        index.near(text)
        times.append((time.thread_time() - began) * 1000)
    cuts = quantiles(times, n=100)
    return (
        f"A new question among {MANY:,} takes of a core {cuts[49]:.1f} ms at p50, "
        f"{cuts[98]:.1f} ms at p99, {max(times):.1f} ms at most; "
        f"the index of these takes {kept:.1f} MB."
    )


HEAD = (
    "| | training F1 | held out: P | R | F1 | Arabic F1 | English F1 "
    "| later: P | R | F1 | Arabic F1 | English F1 |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
)


def main() -> None:
    """Measures, prints, and writes it down if asked to."""
    told = report.conditions(1, 0, datetime.now(UTC), ("rapidfuzz", "pystemmer"))
    counts = [len(asked(path)) for path in (TRAINING, HELD_OUT, LATER)]
    said = told.replace(
        "; medians of 1, 0 people", f"; {counts[0]}, {counts[1]} and {counts[2]} questions"
    )
    measured = "\n".join([said, "", HEAD, *rows(), "", speed()])
    print(measured)
    if "--write" in sys.argv[1:]:
        report.write("similar", measured)


if __name__ == "__main__":
    if "--across" in sys.argv[1:]:
        from benchmarks import similar_across

        similar_across.main()
    else:
        main()
