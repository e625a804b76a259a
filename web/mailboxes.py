"""The stored mailboxes of the web chat, as its channel knows them: by account."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import datetime

from channels import Unreachable
from channels.webbells import shelf_of
from channels.webchat import WebChat
from dialogue.words import Act, Message
from storage import Storage, Unavailable
from storage.news import LETTERS
from storage.post.mailbox import Letter


class StoredMailboxes:
    """Finds the address behind an account; nothing is stored of an account without one."""

    def __init__(self, storage: Storage, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._now = now

    async def append(
        self, account: str, act: Act, target: int | None, message: Message, above: int
    ) -> int | None:
        """As `channels.webchat.Mailbox.append`."""
        with reachable():
            async with self._storage.transaction() as tx:
                address = await tx.people.find(WebChat.name, account)
                if address is None:
                    return None
                await tx.tell(f"{LETTERS} {shelf_of(account)}")
                return await tx.mailbox.append(
                    address.id, act, target, message, self._now(), above=above
                )

    async def after(self, account: str, number: int) -> Sequence[Letter]:
        """As `channels.webchat.Mailbox.after`."""
        with reachable():
            async with self._storage.reading() as tx:
                address = await tx.people.find(WebChat.name, account)
                return await tx.mailbox.after(address.id, number) if address else ()

    async def acknowledge(self, account: str, number: int) -> None:
        """As `channels.webchat.Mailbox.acknowledge`."""
        if number <= 0:
            return
        with reachable():
            async with self._storage.transaction() as tx:
                address = await tx.people.find(WebChat.name, account)
                if address is not None:
                    await tx.mailbox.acknowledge(address.id, number, self._now())


@contextmanager
def reachable() -> Generator[None]:
    """A storage that cannot be used now is `channels.Unreachable` to those who ask the web's."""
    try:
        yield
    except Unavailable as error:
        raise Unreachable("The storage cannot be used now.") from error
