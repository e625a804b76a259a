"""What is remembered of people who have not agreed yet: in memory alone, and not for long."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Sequence

from dialogue.incoming import Incoming
from handlers.desk import Entry

REMEMBERED = 5_000
"""Accounts; what was silent for longest is forgotten first."""
ANSWERED = 50
"""Updates of each account."""


class Newcomers:
    """The last list shown to each account that nothing is stored of, and what was answered."""

    def __init__(self) -> None:
        self._shown: OrderedDict[tuple[str, str], Sequence[Entry]] = OrderedDict()
        self._answered: OrderedDict[tuple[str, str], deque[str]] = OrderedDict()

    def shown(self, channel: str, account: str) -> Sequence[Entry]:
        """The list that this account saw last; empty when that is forgotten."""
        return self._shown.get((channel, account), ())

    def show(self, channel: str, account: str, entries: Sequence[Entry]) -> None:
        """Remember what this account sees now."""
        self._shown[channel, account] = entries
        self._shown.move_to_end((channel, account))
        if len(self._shown) > REMEMBERED:
            self._shown.popitem(last=False)

    def forget(self, channel: str, account: str) -> None:
        """This account is known now."""
        self._shown.pop((channel, account), None)

    def was_answered(self, incoming: Incoming) -> bool:
        """Whether the platform brings something once more that it took the answer to."""
        return incoming.id in self.answered(incoming)

    def note_answered(self, incoming: Incoming) -> None:
        """The platform has taken the answer to this."""
        who = incoming.origin
        self._answered.setdefault(who, deque(maxlen=ANSWERED)).append(incoming.id)
        self._answered.move_to_end(who)
        if len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)

    def answered(self, incoming: Incoming) -> Sequence[str]:
        """The ids of what the same account had answers to."""
        return self._answered.get(incoming.origin, ())
