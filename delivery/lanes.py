"""The letters in the postman's hands: who goes next, and who waits behind whom."""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush
from math import inf

from delivery.letters import Letter
from delivery.pace import Pace
from dialogue.words import Lane


class Lanes:
    """Holds letters by lane; gives them out one at a time to an account, in order.

    An account is *taken* from the moment its first letter comes in until its last one is done.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._ready: dict[Lane, deque[Letter]] = {lane: deque() for lane in Lane}
        self._behind: dict[str, deque[Letter]] = {}
        self._resting: list[tuple[float, int, Letter]] = []
        self._order = 0
        self.waiting = 0
        """Letters that have not started."""
        self.replies = 0
        """Those of them that are replies."""

    def put(self, letter: Letter) -> None:
        """Takes a letter in, behind those for the same account."""
        self._count(letter, 1)
        behind = self._behind.get(letter.account)
        if behind is None:
            self._behind[letter.account] = deque()
            self._ready[letter.lane].append(letter)
        else:
            behind.append(letter)

    def put_back(self, letter: Letter) -> None:
        """Takes back the letter in flight: it goes again, before all others of its account."""
        self._count(letter, 1)
        self._behind.setdefault(letter.account, deque())
        self._ready[letter.lane].appendleft(letter)

    def next(self, now: float, *, broadcasts: bool = True) -> tuple[Letter | None, float]:
        """The letter that may start now, else None and the moment to ask again (`inf`: news).

        Without `broadcasts` only a reply may.
        """
        while self._resting and self._resting[0][0] <= now:
            letter = heappop(self._resting)[2]
            self._ready[letter.lane].appendleft(letter)
        for ready in self._ready.values():
            self._rest_the_hasty(ready, now)
            if ready and ready[0].broadcast and not broadcasts:
                break
            if ready:
                at = self._pace.broadcast_at() if ready[0].broadcast else self._pace.reply_at()
                if at > now:
                    return None, min(at, self._rested_at())
                letter = ready.popleft()
                self._count(letter, -1)
                return letter, now
        return None, self._rested_at()

    def done(self, account: str) -> None:
        """The letter in flight to this account is over: the one behind it may go."""
        behind = self._behind[account]
        if behind:
            letter = behind.popleft()
            self._ready[letter.lane].append(letter)
        else:
            del self._behind[account]

    def drop(self, account: str) -> list[Letter]:
        """Takes out all that waits behind the letter in flight to this account."""
        behind = self._behind.get(account)
        if not behind:
            return []
        letters = list(behind)
        behind.clear()
        for letter in letters:
            self._count(letter, -1)
        return letters

    def drop_all(self) -> list[Letter]:
        """Takes out everything that has not started, each account's in order."""
        first = [letter for _, _, letter in sorted(self._resting, key=lambda entry: entry[:2])]
        first += [letter for ready in self._ready.values() for letter in ready]
        letters = [*first, *(letter for behind in self._behind.values() for letter in behind)]
        self._resting.clear()
        for ready in self._ready.values():
            ready.clear()
        for behind in self._behind.values():
            behind.clear()
        # An account whose first letter had not started has nothing in flight.
        for letter in first:
            self._behind.pop(letter.account, None)
        self.waiting = self.replies = 0
        return letters

    def drop_broadcasts(self) -> list[Letter]:
        """Takes out all but replies that has not started, each account's in order."""
        resting, self._resting = sorted(self._resting, key=lambda entry: entry[:2]), []
        first: list[Letter] = []
        for entry in resting:
            if entry[2].broadcast:
                first.append(entry[2])
            else:
                self._resting.append(entry)  # in order, and so still a heap
        for lane, ready in self._ready.items():
            if lane is not Lane.REPLY:
                first += ready
                ready.clear()
        letters = [*first]
        for behind in self._behind.values():
            letters += [letter for letter in behind if letter.broadcast]
            replies = [letter for letter in behind if not letter.broadcast]
            behind.clear()
            behind.extend(replies)
        for letter in letters:
            self._count(letter, -1)
        for letter in first:
            self.done(letter.account)
        return letters

    def _rest_the_hasty(self, ready: deque[Letter], now: float) -> None:
        while ready and (at := self._pace.account_at(ready[0].account)) > now:
            self._order += 1
            heappush(self._resting, (at, self._order, ready.popleft()))

    def _rested_at(self) -> float:
        return self._resting[0][0] if self._resting else inf

    def _count(self, letter: Letter, by: int) -> None:
        self.waiting += by
        if letter.lane is Lane.REPLY:
            self.replies += by
