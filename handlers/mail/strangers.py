"""Who wrote a mail without having agreed to anything, and has been answered: in memory alone."""

from __future__ import annotations

import logging
from collections import OrderedDict, deque
from datetime import UTC, datetime, timedelta

log = logging.getLogger("tadamun")

A_DAY = 3
"""Mails that ask one address to confirm, within a day."""
AN_HOUR = 200
"""Such mails to all addresses together: whoever forges senders has us write to others."""
REMEMBERED = 5_000
"""Addresses; who was silent for longest is forgotten first."""


class Strangers:
    """How often somebody may be asked to confirm."""

    def __init__(self) -> None:
        self._asked: OrderedDict[str, deque[tuple[str, datetime]]] = OrderedDict()
        self._lately: deque[datetime] = deque(maxlen=AN_HOUR)
        self._warned = datetime.min.replace(tzinfo=UTC)

    def may_be_asked(self, account: str, mail: str, now: datetime) -> bool:
        """Whether this mail is answered; one that is tried again counts once."""
        asked = self._asked.setdefault(account, deque(maxlen=A_DAY))
        self._asked.move_to_end(account)
        if len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)
        if any(each == mail for each, _ in asked):
            return True
        if len(asked) == A_DAY and now - asked[0][1] < timedelta(days=1):
            return False
        if len(self._lately) == AN_HOUR and now - self._lately[0] < timedelta(hours=1):
            self._warn(now)
            return False
        asked.append((mail, now))
        self._lately.append(now)
        return True

    def _warn(self, now: datetime) -> None:
        if now - self._warned >= timedelta(hours=1):
            self._warned = now
            log.warning("ALERT: so many strangers write mails that some are not answered")
