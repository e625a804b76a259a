"""What the web chat keeps in memory: letters to people of whom nothing may be stored, and echoes.

Bounded in accounts, in letters each, in size and in time; a restart forgets it all.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dialogue.words import Act, Message


@dataclass(frozen=True, slots=True)
class HeldLetter:
    """A letter that is in memory alone."""

    number: int
    act: Act
    target: int | None
    message: Message


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What the person wrote, for the page to show again; never stored."""

    id: str
    """The id that the person's page made for it."""
    after: int
    """The number of the last letter that they had seen when they wrote it."""
    text: str


@dataclass(slots=True)
class Box:
    """What is remembered of one account."""

    touched: datetime
    last: int
    """The highest number that a letter of this account is known to have had."""
    erased_until: int = 0
    """Letters up to this number were erased at the person's wish: pages drop them, too."""
    stored: bool = False
    """The account's latest letter went to its stored mailbox."""
    letters: deque[HeldLetter] = field(default_factory=deque[HeldLetter])
    own: deque[OwnWords] = field(default_factory=deque[OwnWords])
    taken: deque[str] = field(default_factory=deque[str])
    size: int = 0

    def hold(self, letter: HeldLetter, most: int) -> None:
        """Keep this letter; what it replaces or deletes is dropped for good."""
        if letter.act in (Act.EDIT, Act.DELETE):
            kept = (old for old in self.letters if letter.target not in (old.number, old.target))
            self.letters = deque(kept)
        self.letters.append(letter)
        while len(self.letters) > most:
            self.letters.popleft()

    def erase(self) -> None:
        """Forget what was said, and remember that it is to be forgotten on open pages, too."""
        self.erased_until = self.last
        self.letters.clear()
        self.own.clear()
        self.stored = False


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much the memory holds at most."""

    accounts: int = 2_000
    letters: int = 20
    own: int = 20
    taken: int = 50
    size: int = 8_000_000
    """In characters of text and bytes of files, over all accounts."""
    age: timedelta = timedelta(hours=1)


class Memory:
    """The boxes of all accounts, the least recently used first."""

    def __init__(self, now: Callable[[], datetime], bounds: Bounds) -> None:
        self._now = now
        self._bounds = bounds
        self._boxes: OrderedDict[str, Box] = OrderedDict()
        self._size = 0

    def find(self, account: str) -> Box | None:
        """What is remembered of this account, if anything still is."""
        self._expire()
        return self._boxes.get(account)

    def open(self, account: str) -> Box:
        """The box of this account, made at need, now the most recently used."""
        self._expire()
        now = self._now()
        box = self._boxes.get(account)
        if box is None:
            box = self._boxes[account] = Box(touched=now, last=_hour_in_milliseconds(now))
        box.touched = now
        self._boxes.move_to_end(account)
        return box

    def hold(self, account: str, letter: HeldLetter) -> None:
        """Keep a letter for this account."""
        box = self.open(account)
        box.last = max(box.last, letter.number)
        box.hold(letter, self._bounds.letters)
        self._weigh(box)

    def echo(self, account: str, words: OwnWords) -> None:
        """Keep what the person wrote."""
        box = self.open(account)
        box.own.append(words)
        while len(box.own) > self._bounds.own:
            box.own.popleft()
        self._weigh(box)

    def take(self, account: str, identifier: str) -> None:
        """Remember that what carries this id was taken."""
        box = self.open(account)
        box.taken.append(identifier)
        while len(box.taken) > self._bounds.taken:
            box.taken.popleft()

    def _weigh(self, box: Box) -> None:
        before, box.size = box.size, _size(box)
        self._size += box.size - before
        while len(self._boxes) > 1 and self._size > self._bounds.size:
            self._drop_oldest()

    def _expire(self) -> None:
        oldest_kept = self._now() - self._bounds.age
        while self._boxes and (
            next(iter(self._boxes.values())).touched < oldest_kept
            or len(self._boxes) > self._bounds.accounts
        ):
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        _, box = self._boxes.popitem(last=False)
        self._size -= box.size


def _size(box: Box) -> int:
    letters = sum(
        len(letter.message.text) + (len(letter.message.file.content) if letter.message.file else 0)
        for letter in box.letters
    )
    return letters + sum(len(words.text) for words in box.own)


def _hour_in_milliseconds(moment: datetime) -> int:
    # Numbers start from the clock, so that they rise across restarts and after an erasure; only
    # from its hour, since nobody needs to read from them when a person was here.
    return int(moment.timestamp()) // 3600 * 3_600_000
