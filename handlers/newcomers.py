"""What is remembered of people who have not agreed yet: in memory alone, and not for long."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from dialogue.incoming import Incoming
from handlers.desk import Entry

REMEMBERED = 5_000
"""Accounts, and as many updates; what was silent for longest is forgotten first."""


class Newcomers:
    """The last list shown to each account that nothing is stored of, and what was answered."""

    def __init__(self) -> None:
        self._shown: OrderedDict[tuple[str, str], Sequence[Entry]] = OrderedDict()
        self._answered: OrderedDict[tuple[str, str, str], None] = OrderedDict()

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
        return _update(incoming) in self._answered

    def note_answered(self, incoming: Incoming) -> None:
        """The platform has taken the answer to this."""
        self._answered[_update(incoming)] = None
        if len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)


def _update(incoming: Incoming) -> tuple[str, str, str]:
    """What an update is known by, however the platform brings it again."""
    return incoming.channel, incoming.alias or incoming.sender, incoming.id
