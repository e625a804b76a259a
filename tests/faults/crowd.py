"""People who write without waiting for answers, and what must become of all that they write."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import groupby

from storage import Storage
from tests.platforms.telegram import TelegramServer

FIRST = 70_170_000
WEBINAR = "Coronavirus: how it spreads and how to contain it"

MANY = 300
"""Updates that nobody has fetched: whoever would write then waits, as long as the bot needs."""

END_OF_TEST = 600
"""Seconds after which nobody waits any more, whatever comes."""

Line = tuple[str, str]
"""What somebody writes, and words of the answer."""

AGREEING: tuple[Line, ...] = (
    ("/start", "choose a language"),
    ("English", "cannot hide that you use this chat"),
    ("I agree", "Thank you."),
)
REGISTERING: tuple[Line, ...] = (
    ("/register", "nickname"),
    ("Nick {n}", "Where are you?"),
    ("Baghdad", "Which webinars?"),
    (WEBINAR, "question or an idea"),
    ("Why {n}?", "For which webinar"),
    ("The series as a whole", "a question to be answered"),
    ("Question", "anonymously"),
    ("With my nickname", "Why {n}?"),
    ("Confirm", "Saved"),
)
ASKING: tuple[Line, ...] = (
    ("/ask", "What would you like to ask"),
    ("How {n}?", "For which webinar"),
    ("The series as a whole", "a question to be answered"),
    ("Idea", "How {n}?"),
    ("Confirm", "Received"),
    ("/questions", "How {n}?"),
)
ASKING_BY_NAME = (*ASKING[:3], ("Idea", "anonymously"), ("Anonymously", "How {n}?"), *ASKING[4:])


async def meets(telegram: TelegramServer, user: int) -> None:
    """This person writes for the first time, and agrees to the notice."""
    for number, (line, _) in enumerate(AGREEING, start=1):
        telegram.people.says(user, line)
        await telegram.wait_for_texts(user, number)


@dataclass
class Person:
    """Somebody, and all that they have written so far with the answers it must get."""

    id: int
    registers: bool
    expected: list[str] = field(default_factory=list[str])
    asked: list[str] = field(default_factory=list[str])
    nickname: str | None = None
    rounds: int = 0
    _part: list[Line] = field(default_factory=list[Line])
    _words: str = ""

    def next_line(self) -> str:
        """What they write now; they know their part, and do not wait to be asked."""
        if not self._part:
            self._part = self._next_part()
        line, answer = self._part.pop(0)
        self.expected.append(answer)
        if line.startswith(("Why", "How")):
            self._words = line
        if line == "Confirm":
            self.asked.append(self._words)
            self.nickname = f"Nick {self.id}.1" if self.registers else None
        return line

    def _next_part(self) -> list[Line]:
        self.rounds += 1
        part = ASKING_BY_NAME if self.registers and self.rounds > 1 else ASKING
        if self.registers and self.rounds == 1:
            part = REGISTERING
        n = f"{self.id}.{self.rounds}"
        return [(line.format(n=n), answer.format(n=n)) for line, answer in part]


class Crowd:
    """So many people on Telegram, half of whom register while the others ask."""

    def __init__(self, telegram: TelegramServer, size: int) -> None:
        self.telegram = telegram
        self.people = [Person(FIRST + n, registers=n % 2 == 0) for n in range(size)]

    async def agree(self) -> None:
        """All of them agree to the notice, while nothing disturbs."""
        for line, answer in AGREEING:
            for person in self.people:
                self.telegram.people.says(person.id, line)
                person.expected.append(answer)
            await self.is_answered()

    @asynccontextmanager
    async def writing(self, per_second: float) -> AsyncGenerator[None]:
        """They write, so many messages a second in all, until the block ends.

        Nobody writes while the bot, which a slow machine slows down, has too much to fetch.
        """
        task = asyncio.create_task(self._write(1 / per_second))
        try:
            yield
        finally:
            task.cancel()

    async def _write(self, step: float) -> None:
        clock = asyncio.get_running_loop().time
        due = clock()
        while True:
            for person in self.people:
                await asyncio.sleep(max(0.0, due - clock()))
                await self.telegram.wait_for(self._may_write, END_OF_TEST)
                self.telegram.people.says(person.id, person.next_line())
                due = max(due, clock() - 1) + step

    def _may_write(self) -> bool:
        return len(self.telegram.updates.waiting) < MANY

    def seen(self, person: Person) -> list[str]:
        """What the bot told this person, copies and all."""
        return self.telegram.chat(person.id).texts

    async def is_answered(self, unknown: int = 0, seconds: float = 90) -> None:
        """Returns when as many different answers as expected, less the unknown, have come."""

        def missing() -> int:
            return sum(
                len(person.expected) - len(list(groupby(self.seen(person))))
                for person in self.people
            )

        await self.telegram.wait_for(lambda: missing() <= unknown, seconds)

    def check_answers(self, unknown: Mapping[int, int], most: int = 2) -> None:
        """Fails if an answer came out of turn, more often than that, or not at all.

        `unknown` says how many answers to a person are listed as perhaps lost.
        """
        for person in self.people:
            runs = [(text, len(list(run))) for text, run in groupby(self.seen(person))]
            lost: list[str] = []
            for answer in person.expected:
                if runs and answer in runs[0][0]:
                    assert runs.pop(0)[1] <= most, answer
                else:
                    lost.append(answer)
            assert not runs, f"{runs[:3]} came out of turn, or of nothing"
            assert len(lost) <= unknown.get(person.id, 0), lost

    async def is_kept(self, storage: Storage) -> None:
        """Fails unless everything that they wrote is kept exactly once, in order."""
        async with storage.reading() as tx:
            for person in self.people:
                address = await tx.people.find("telegram", str(person.id))
                assert address is not None
                kept = await tx.people.get(address.person)
                assert kept is not None
                assert kept.profile.nickname == person.nickname
                mine = await tx.registrations.of(address.person)
                assert len(mine) == (1 if person.nickname else 0)
                asked = await tx.questions.of(address.person)
                assert [question.text for question in reversed(asked)] == person.asked
