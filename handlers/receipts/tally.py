"""One message for each of the staff at work: how much waits for them, edited as it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dialogue.words import Act, Reply
from handlers.duty import EVERY, QUIET, Duty, Watch
from handlers.roles import Roles
from handlers.teller import Teller


@dataclass(frozen=True, slots=True)
class Tally:
    """The messages that count one kind of work, for those at work."""

    duty: Duty
    name: str
    """Of its slots of the outbox: an edit takes the place of another one, never of the message."""
    may: Roles
    """Whoever has none of these roles any more is not at work."""

    async def shows(
        self, to: Teller, people: Sequence[tuple[int, Watch]], reply: Reply, *, news: bool
    ) -> None:
        """Show them this count; `news` has it come with a sound after a quiet minute."""
        for person, watch in people:
            if not await self._is_theirs(to, person):
                self.duty.end(person)
            elif news and _is_quiet(to, watch):
                self._say_anew(to, person, replace(watch, news=to.now), reply)
            elif watch.shown is not None:
                self._edit(to, person, replace(watch, news=to.now) if news else watch, reply)

    def _say_anew(self, to: Teller, person: int, watch: Watch, reply: Reply) -> None:
        if watch.shown is not None:
            to.tell(person, Reply(act=Act.DELETE), target=watch.shown)
        # Until it has an id, whatever comes with it is a message in its place, and no edit.
        self.duty.note(person, replace(watch, shown=None, due=to.now))
        slot = f"{self.name}-new"
        to.tell(person, reply, slot=slot, sent=lambda id: self.duty.shown(person, id))

    def _edit(self, to: Teller, person: int, watch: Watch, reply: Reply) -> None:
        due = max(to.now, watch.due + EVERY) if watch.due and watch.due <= to.now else watch.due
        self.duty.note(person, replace(watch, due=due))
        edit = replace(reply, act=Act.EDIT)
        to.tell(person, edit, slot=self.name, due=due, target=watch.shown)

    async def _is_theirs(self, to: Teller, person: int) -> bool:
        member = await to.storage.staff.get(person)
        return member is not None and member.active and member.role in self.may


def _is_quiet(to: Teller, watch: Watch) -> bool:
    return watch.shown is None or watch.news is None or to.now - watch.news >= QUIET
