"""Messages that leave in parts: how far each has come, and which ids are no whole message's."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from channels.whatsapp.log import Left
from channels.whatsapp.writing import Post

REMEMBERED = 2_000
"""So many messages are remembered that come in parts, and so many ids that are no delivery's."""


class Parts:
    """What is known of those that one sender sent lately."""

    def __init__(self) -> None:
        self._begun: OrderedDict[int, int] = OrderedDict()
        """By delivery, how many parts have not left."""
        self._aside: OrderedDict[str, None] = OrderedDict()
        self._early: OrderedDict[str, None] = OrderedDict()

    def has_begun(self, delivery: int) -> bool:
        """Whether some parts of it have left, and the last of them not yet."""
        return delivery in self._begun

    def begin(self, delivery: int, to_go: int) -> None:
        """All of its parts have left but so many."""
        self._begun[delivery] = to_go
        if len(self._begun) > REMEMBERED:
            self._begun.popitem(last=False)

    def end(self, delivery: int) -> None:
        """All of it has left."""
        self._begun.pop(delivery, None)

    def to_go(self, said: Sequence[Post], delivery: int | None) -> int:
        """How many of these parts are still to leave: what had left before a failure is not."""
        if delivery is None:
            return len(said)
        # Counted from the end: in the meantime a picture before the words may have dropped out.
        return min(max(self._begun.pop(delivery, len(said)), 1), len(said))

    def set_aside(self, sid: str) -> None:
        """This is the id of an answer that is not stored."""
        _remember(self._aside, sid)

    def set_early(self, sid: str) -> None:
        """This is the id of a part, and not of the last."""
        _remember(self._early, sid)

    def arrived(
        self, left: Sequence[Left], said: Sequence[Post], delivery: int | None
    ) -> Sequence[Left]:
        """What of all that left may be this message: its last part, if all of them are there.

        Where some of them are, it has begun, and goes on behind these.
        """
        left = [each for each in left if each.id not in self._aside]
        there = _there(left, said)
        if not there:
            return [each for each in left if each.id not in self._early]
        if len(there) == len(said):
            return there[-1:]
        if delivery is not None:
            self.begin(delivery, len(said) - len(there))
        return []


def _there(left: Sequence[Left], said: Sequence[Post]) -> list[Left]:
    """Those of its first parts that have left, by their words; none where it has no parts."""
    there: list[Left] = []
    for post in said if len(said) > 1 else ():
        free = (each for each in left if each.state != "failed" and each not in there)
        found = next((each for each in free if each.says(post)), None)
        if found is None:
            break
        there.append(found)
    return there


def _remember(ids: OrderedDict[str, None], sid: str) -> None:
    ids[sid] = None
    if len(ids) > REMEMBERED:
        ids.popitem(last=False)
