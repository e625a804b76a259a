"""Who of the staff is at work, and the one message that counts what waits for each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

LASTING = timedelta(hours=2)
"""So long after they looked last, somebody is told of new questions."""
QUIET = timedelta(minutes=1)
"""After so long without one, a new question is a new message, with its sound."""
EVERY = timedelta(seconds=5)
"""Between two edits of it."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Somebody who moderates the questions to one webinar (None is the series), or interprets."""

    webinar: str | None
    until: datetime
    shown: int | None = None
    """The delivery that counts for them."""
    news: datetime | None = None
    """When a question came last."""
    due: datetime | None = None
    """When the count was shown last, or will be."""
    languages: tuple[str, ...] = ()
    """Between which they interpret."""


@dataclass(slots=True)
class Duty:
    """Who is at work; in memory alone, so after a restart one looks again to be told."""

    _watches: dict[int, Watch] = field(default_factory=dict[int, Watch])

    def begin(
        self,
        person_id: int,
        webinar: str | None,
        now: datetime,
        languages: tuple[str, ...] = (),
    ) -> None:
        """They look at what there is to do for this webinar."""
        until, before = now + LASTING, self._watches.get(person_id)
        if before is not None and before.webinar == webinar:
            self._watches[person_id] = replace(before, until=until, languages=languages)
        else:
            self._watches[person_id] = Watch(webinar, until, languages=languages)

    def watching(self, webinar: str | None, now: datetime) -> Mapping[int, Watch]:
        """Who is told of questions to this webinar."""
        self._watches = {who: each for who, each in self._watches.items() if now < each.until}
        return {who: each for who, each in self._watches.items() if each.webinar == webinar}

    def note(self, person_id: int, watch: Watch) -> None:
        """What they were shown."""
        self._watches[person_id] = watch

    def shown(self, person_id: int, delivery_id: int) -> None:
        """This is the message that counts for them from now on."""
        watch = self._watches.get(person_id)
        if watch is not None:
            self._watches[person_id] = replace(watch, shown=delivery_id)

    def end(self, person_id: int) -> None:
        """They are told no more."""
        self._watches.pop(person_id, None)
