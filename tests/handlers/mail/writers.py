"""People who write mails, in tests: what they send, and what lies in their mailboxes afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, unquote

from channels import Limits
from dialogue.incoming import Incoming, Mailed
from dialogue.words import Message
from handlers.house import Rules
from handlers.mail.tickets import Ticket, ticket_in
from storage.asking.asked import AskedQuestion
from storage.community.people import Address
from storage.persons import MAILED
from tests.handlers.chatting import STEP, Bot, Phones, bot_at_work, plain

QUESTION = "How do you protect nurses?"


class Mailboxes(Phones):
    """Where mails of ours arrive."""

    name = MAILED
    limits = Limits(
        text_units=100_000, per_second=1000, chat_burst=2000, chat_seconds=0.0, edits=False
    )


@asynccontextmanager
async def bot_with_mail(
    folder: Path, rules: Rules | None = None, *others: Phones
) -> AsyncGenerator[Bot]:
    """The bot, which writes and reads mails."""
    rules = rules or Rules(mail_is_set_up=True, mailbox_days=7)
    async with bot_at_work(folder, None, rules, Mailboxes(), *others) as bot:
        bot.receiver.house = replace(bot.receiver.house, mail_link=_link)
        yield bot


def _link(page: str, words: str) -> str:
    return f"https://tadamun.example.org/mail/{page}/{quote(words)}"


@dataclass
class Writer:
    """Somebody with an address."""

    bot: Bot
    account: str = "layla@example.net"
    count: int = 0
    last: str = ""
    """The id of their last mail."""

    async def writes(
        self,
        text: str = QUESTION,
        *,
        id: str | None = None,
        later: timedelta = STEP,
        subject: str = "",
    ) -> str:
        """Send a mail; the last that came back."""
        return await self.sends(text, Mailed("7.1", subject), id, later)

    async def sends(
        self, text: str, mailed: Mailed, id: str | None = None, later: timedelta = STEP
    ) -> str:
        """The same with whatever a mail may hold."""
        self.bot.calendar.passes(later)
        self.count += 1
        self.last = id or f"{self.account}-{self.count}"
        at = self.bot.calendar.now
        await self.bot.reception.take(
            Incoming(MAILED, self.account, self.last, at, text=text, mailed=mailed)
        )
        await self.bot.quiet(self.account)
        return self.text

    async def agrees(self, text: str = QUESTION, language: str = "en") -> str:
        """Press the button on the page behind the link that answered their last mail."""
        return await self.sends(text, Mailed("7.1", agreed=language), self.last)

    async def vouches(self, text: str) -> str:
        """The same behind the link of a mail that asked whether answers are theirs."""
        return await self.sends(text, Mailed("7.1", vouched=True), self.last)

    @property
    def mails(self) -> list[Message]:
        """All that came, the oldest first."""
        screen = self.bot.phones.screens[self.account]
        return [screen[number] for number in sorted(screen)]

    @property
    def text(self) -> str:
        """The last mail."""
        return plain(self.mails[-1].text) if self.mails else ""

    @property
    def links(self) -> list[str]:
        """Where the buttons of the last mail lead."""
        buttons = (button for row in self.mails[-1].rows for button in row)
        return [button.url or "" for button in buttons]

    def ticket(self) -> Ticket:
        """What the first of these links holds."""
        sealed = self.links[0].rpartition("/")[2].partition("?")[0]
        found = ticket_in(unquote(sealed), self.bot.calendar.now)
        assert found is not None
        return found

    async def address(self) -> Address | None:
        """What is kept of the address."""
        async with self.bot.storage.reading() as tx:
            return await tx.people.find(MAILED, self.account)

    async def questions(self) -> list[AskedQuestion]:
        """What they asked, the newest first."""
        address = await self.address()
        async with self.bot.storage.reading() as tx:
            return [] if address is None else await tx.questions.of(address.person)


async def floods(writer: Writer, count: int, mailed: Mailed | None = None) -> None:
    """So many mails come at once, as fast as they can be handed in."""
    bot = writer.bot
    mails = [
        Incoming(
            MAILED,
            writer.account,
            f"flood-{number}",
            bot.calendar.now,
            text=f"{QUESTION} {number}",
            mailed=mailed or Mailed("7.1"),
        )
        for number in range(count)
    ]
    await asyncio.gather(*(bot.reception.take(mail) for mail in mails))
    await bot.quiet(writer.account)
