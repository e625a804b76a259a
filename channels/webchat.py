"""The web chat: sending is putting a numbered letter into the person's mailbox and ringing.

The account is a hash of the visitor's cookie. Whoever agreed to the notice has a stored mailbox;
whoever did not has a place in memory (`webmemory`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from channels import NO_SLIP, Limits, Slip, TargetGone
from channels.webbells import Bells
from channels.webmemory import Bounds, HeldLetter, Memory, OwnWords
from dialogue.words import Act, Message


class Letter(Protocol):
    """One numbered thing that was said to an account, or done to what was said before."""

    @property
    def number(self) -> int: ...
    @property
    def act(self) -> Act: ...
    @property
    def target(self) -> int | None: ...
    @property
    def message(self) -> Message: ...


class Mailbox(Protocol):
    """The stored mailboxes. Raises `channels.Unreachable` while the storage cannot be used."""

    async def append(
        self, account: str, act: Act, target: int | None, message: Message, above: int
    ) -> int | None:
        """Store a letter and return its number, which is greater than `above` and than all before.

        A deletion or an edit erases what its target said. None when nothing may be stored of this
        account.
        """
        ...

    async def after(self, account: str, number: int) -> Sequence[Letter]:
        """The stored letters with a greater number, in order."""
        ...

    async def acknowledge(self, account: str, number: int) -> None:
        """The page of this account holds all letters up to this number."""
        ...


class WebChat:
    """The channel `web`, and the readers' side of its mailboxes."""

    name = "web"
    limits = Limits(text_units=8_000, per_second=10_000, chat_burst=1_000, chat_seconds=0.0)

    def __init__(
        self,
        mailbox: Mailbox,
        now: Callable[[], datetime],
        bounds: Bounds | None = None,
        listeners: int = 2_000,
    ) -> None:
        self._mailbox = mailbox
        self._memory = Memory(now, bounds or Bounds())
        self.bells = Bells(listeners)

    async def send(
        self, account: str, act: Act, target: str | None, message: Message, slip: Slip = NO_SLIP
    ) -> str:
        """Put a letter into the mailbox; an edit keeps the number of what it edits."""
        goal = int(target) if target is not None and target.isdecimal() else None
        if act is Act.SEND:
            goal = None
        elif goal is None:
            raise TargetGone("The web chat has no such message.")
        box = self._memory.open(account)
        number = await self._mailbox.append(account, act, goal, message, box.last)
        box = self._memory.open(account)
        if number is None:
            if box.stored:
                # There was a stored mailbox and it is gone: the person had everything erased.
                box.erase()
            number = box.last + 1
            self._memory.hold(account, HeldLetter(number, act, goal, message))
        else:
            box.stored = True
            box.last = max(box.last, number)
        self.bells.ring(account)
        return str(number if goal is None else goal)

    async def after(self, account: str, number: int) -> list[Letter]:
        """All letters with a greater number, stored or in memory, in order."""
        box = self._memory.find(account)
        held = [letter for letter in box.letters if letter.number > number] if box else []
        stored = await self._mailbox.after(account, number)
        if stored:
            # Perhaps another process put them there: what the page knows by now, this one knows.
            box = self._memory.open(account)
            box.stored, box.last = True, max(box.last, stored[-1].number)
        return sorted([*held, *stored], key=lambda letter: letter.number)

    async def acknowledge(self, account: str, number: int) -> None:
        """The page of this account holds all letters up to this number."""
        # A page that outlived a restart knows higher numbers than we do.
        box = self._memory.open(account)
        box.last = max(box.last, number)
        await self._mailbox.acknowledge(account, number)

    def erased_until(self, account: str) -> int:
        """Letters up to this number were erased at the person's wish; 0 if none were."""
        box = self._memory.find(account)
        return box.erased_until if box else 0

    def echo(self, account: str, words: OwnWords) -> None:
        """Keep what the person wrote, in memory, for their page to show again."""
        self._memory.echo(account, words)

    def own_words(self, account: str) -> tuple[OwnWords, ...]:
        """What the person wrote within the last hour, as far as memory goes."""
        box = self._memory.find(account)
        return tuple(box.own) if box else ()

    def note_taken(self, account: str, identifier: str) -> None:
        """What the page sent under this id was taken."""
        self._memory.take(account, identifier)

    def was_taken(self, account: str, identifier: str) -> bool:
        """Whether something that the page sent under this id was taken lately."""
        box = self._memory.find(account)
        return box is not None and identifier in box.taken

    def close(self) -> None:
        """End all streams, now and from now on: the server is stopping."""
        self.bells.close()
