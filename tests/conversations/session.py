"""A whole session around the real process: its platforms, its mailboxes, and its people."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from dialogue.words import Label, Text
from tests.conversations.given import environment, on_whatsapp
from tests.conversations.people import Key, Person, key_in, plain
from tests.conversations.process import BotProcess
from tests.conversations.session_words import LISTED, TITLE
from tests.conversations.steps import Manner, Talker
from tests.conversations.telegram_person import TelegramPerson, keys_of
from tests.conversations.test_mail import by_mail
from tests.conversations.test_mailed import SERVER
from tests.conversations.web_person import WebPerson
from tests.conversations.whatsapp_person import WhatsAppPerson
from tests.platforms.imap import ImapServer
from tests.platforms.smtp import Received, SmtpServer
from tests.platforms.telegram import TelegramServer
from tests.platforms.twilio import TwilioServer

WEBINAR = "keeping-safe"
PATIENCE = 60.0
"""Seconds that the bot, a process of its own on a busy machine, has for anything."""
SHOWING = ("sendMessage", "editMessageText")
ADDRESSES = {"layla": "layla.of.kut@example.net", "omar": "omar@example.org"}
ANNA, HUDA = "anna@example.com", "huda.salman@hospital.example"


class OnePersonsRest:
    """An act of one person has ended when the bot has shown them something new."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._before = 0
        self.person: Person | None = None

    def begins(self) -> None:
        self._before = self._shown()

    async def ends(self, person: Person) -> None:
        # A form of the web chat is answered with the page that holds the answer.
        if person.channel != "web":
            await self._session.wait_for(person, lambda: self._shown() > self._before)

    async def until(self, person: Person, condition: Callable[[], bool]) -> None:
        await self._session.wait_for(person, condition)

    def _shown(self) -> int:
        match self.person:
            case TelegramPerson(user=user, telegram=telegram):
                calls = (call for call in telegram.calls if call.method in SHOWING)
                return sum(call.fields["chat_id"] == user for call in calls)
            case WhatsAppPerson(chat=chat):
                return len(list(chat))
            case _:
                return 0


class Member(Talker):
    """Somebody who presses a button once it is there, whatever else arrives meanwhile."""

    async def chooses(self, label: Label, *, typed: bool = False) -> None:
        words = self.label(label)
        if not isinstance(self.person, WhatsAppPerson):
            await self.person.rest.until(self.person, lambda: self.offered(words))
        await super().chooses(label, typed=typed)

    async def presses_what_begins(self, label: Text) -> None:
        """Press the button whose label begins so; what follows is a number."""
        begins = self.label(label).partition("(")[0].strip()
        await self.person.rest.until(self.person, lambda: bool(self._beginning(begins)))
        await self.person.presses(self._beginning(begins)[-1])

    def offered(self, words: str) -> bool:
        """Whether a button that says this can be pressed, under whichever message."""
        return key_in(self._keys(), words) is not None

    def _beginning(self, words: str) -> list[str]:
        return [key.label for key in self._keys() if key.label.startswith(words)]

    def _keys(self) -> list[Key]:
        """All buttons, the newest last: of what else they are told may stand below the answer."""
        if isinstance(self.person, TelegramPerson):
            shown = self.person.telegram.chat(self.person.user)
            return [key for message in shown for key in keys_of(message)]
        assert isinstance(self.person, WebPerson)
        bubbles = self.person.bubbles
        return [key for number in sorted(bubbles) for key in bubbles[number].keys]


@dataclass
class Session:
    """The running bot, and all who have to do with one webinar."""

    folder: Path
    telegram: TelegramServer
    twilio: TwilioServer
    out: SmtpServer
    inbox: ImapServer
    bot: BotProcess
    address: str = ""
    people: dict[str, Member] = field(default_factory=dict[str, Member])
    """By their name, with a lower case letter."""
    _mails: int = 0

    # --- people ---------------------------------------------------------------------------------

    def on_telegram(self, name: str, language: str) -> Member:
        """Somebody with the bot on Telegram."""
        rest = OnePersonsRest(self)
        user = 7_000_000_001 + len(self.people)
        rest.person = TelegramPerson(self.telegram, user, rest, language)
        return self._joins(name, rest.person, language)

    def on_the_web(self, name: str, language: str) -> Member:
        """Somebody with the web chat open."""
        person = WebPerson(self.address, OnePersonsRest(self), language)
        person.browser.timeout = PATIENCE
        return self._joins(name, person, language)

    def on_whatsapp(self, name: str, language: str) -> Member:
        """Somebody on WhatsApp."""
        rest = OnePersonsRest(self)
        rest.person = WhatsAppPerson(self.twilio, "+9647700000001", rest)
        # Nobody types the same number twice within seconds, but here they would.
        return self._joins(name, rest.person, language, Manner.LABELS)

    def _joins(
        self, name: str, person: Person, language: str, manner: Manner = Manner.BUTTONS
    ) -> Member:
        self.people[name] = Member(person, language, manner)
        return self.people[name]

    def writes(self, name: str, words: str) -> None:
        """Somebody sends a mail."""
        self._mails += 1
        made = EmailMessage()
        made["Authentication-Results"] = f"{SERVER}; spf=pass smtp.mailfrom={ADDRESSES[name]}"
        made["From"], made["To"] = ADDRESSES[name], "webinars@example.org"
        made["Subject"] = "سؤال"
        made["Message-ID"] = f"<{self._mails}@{name}.example>"
        made.set_content(words, cte="base64")
        self.inbox.deliver(made.as_bytes(), datetime.now(UTC))

    def replies(self, account: str, mail: Received, words: str) -> None:
        """Somebody answers a mail of the bot's: their program names it, and quotes it below."""
        self._mails += 1
        made = EmailMessage()
        made["From"], made["To"] = account, str(mail.mail["From"])
        made["Subject"] = f"Re: {mail.mail['Subject']}"
        made["Message-ID"] = f"<{self._mails}@reply.example>"
        made["In-Reply-To"] = made["References"] = str(mail.mail["Message-ID"])
        quoted = "\n".join(f"> {line}" for line in mail.text.splitlines())
        began = "On Sun, 22 Nov 2026 at 20:00, Tadamun <webinars@example.org> wrote:"
        made.set_content(f"{words}\n\n{began}\n\n{quoted}\n", cte="quoted-printable")
        self.inbox.deliver(made.as_bytes(), datetime.now(UTC))

    async def moves(self, starts_in: timedelta) -> None:
        """The webinar begins so soon, whenever it was to begin before."""
        told = programme(datetime.now(UTC) + starts_in)
        if self.address:
            # Until a command was loaded, a slow machine might have let the beginning pass.
            await self.bot.imports_at_once(told)
            return
        series = self.folder / "series.toml"
        series.write_text(told, "utf-8")
        await self.bot.imports(series)

    # --- what they see --------------------------------------------------------------------------

    async def wait_for(self, person: Person, condition: Callable[[], object]) -> None:
        """Returns once this holds of what a person sees."""
        try:
            await self._wait_for(person, condition)
        except TimeoutError as late:
            late.add_note(
                f"what they see on {person.channel}: " + "\n---\n".join(person.texts[-4:])
            )
            raise

    async def _wait_for(self, person: Person, condition: Callable[[], object]) -> None:
        if isinstance(person, TelegramPerson):
            await self.telegram.wait_for(condition, PATIENCE)
        elif isinstance(person, WhatsAppPerson):
            await self.twilio.wait_for(condition, PATIENCE)
        else:
            assert isinstance(person, WebPerson)
            async with asyncio.timeout(PATIENCE):
                while not condition():
                    await person.listens()

    def hears(self, name: str, words: str) -> int:
        """How many messages say this to somebody, wherever they are written to."""
        addresses = {**ADDRESSES, "anna": ANNA, "huda": HUDA}
        mails = self.out.to(addresses[name]) if name in addresses else []
        seen = self.people[name].person.texts if name in self.people else []
        return sum(words in text for text in (*seen, *(plain(each.text) for each in mails)))

    async def until_heard(self, words: str, names: Iterable[str]) -> None:
        """All of these have got these words."""
        for name in names:
            heard = self._heard(name, words)
            if name in ADDRESSES or name == "anna":
                await self.out.wait_for(heard, PATIENCE)
            else:
                await self.wait_for(self.people[name].person, heard)

    def _heard(self, name: str, words: str) -> Callable[[], bool]:
        return lambda: self.hears(name, words) > 0

    async def looks(self) -> None:
        """Everybody with the web chat open sees what is new there."""
        for each in self.people.values():
            if isinstance(each.person, WebPerson):
                await each.person.looks()


def programme(starts: datetime) -> str:
    """The series as its organisers wrote it down."""
    titles = "\n".join(f'title.{code} = "{said}"' for code, said in TITLE.by_language.items())
    return f"""
[series]
id = "evenings"
title.ar = "أمسيات"
title.en = "Evenings"
description.ar = "نلتقي ونسأل."
description.en = "We meet and ask."

[[webinars]]
id = "{WEBINAR}"
{titles}
description.ar = "مع د. هدى سلمان."
description.en = "With Dr Huda Salman."
starts = {starts.isoformat(timespec="seconds")}
minutes = 90
languages = ["ar"]
interpreted = ["en"]
link = "https://meet.example.org/our-room"
"""


@asynccontextmanager
async def session(folder: Path, starts_in: timedelta) -> AsyncGenerator[Session]:
    """The bot as `bot.py run` starts it, with a webinar that begins so soon."""
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(TelegramServer())
        twilio = await stack.enter_async_context(TwilioServer())
        out = await stack.enter_async_context(SmtpServer())
        inbox = await stack.enter_async_context(ImapServer())
        words = folder / "words.txt"
        words.write_text(LISTED, "utf-8")
        told = {
            **environment(folder, "polling", telegram, None),
            **on_whatsapp(twilio),
            **by_mail(out),
            "TADAMUN_MAIL__IMAP_URL": inbox.url,
            "TADAMUN_MAIL__VOUCHED_BY": SERVER,
            "TADAMUN_MODERATION__WORDS": str(words),
            "TADAMUN_MODERATION__DIGEST_HOURS": "0",
            "TADAMUN_LIMITS__MESSAGES_PER_MINUTE": "100",
        }
        bot = BotProcess(told, folder / "log")
        here = Session(folder, telegram, twilio, out, inbox, bot)
        await here.moves(starts_in)
        try:
            looks = asyncio.create_task(inbox.hears("IDLE"))
            here.address = await bot.starts()
            await looks
            twilio.webhooks.url = f"{here.address}/whatsapp"
            yield here
        finally:
            await bot.is_killed()
            for each in here.people.values():
                if isinstance(each.person, WebPerson):
                    await each.person.leaves()
    assert telegram.violations == []
    assert twilio.violations == []
    assert inbox.faults == []
    complaints = re.findall(r"^.*(?:ERROR|ALERT|Traceback).*$", bot.log.read_text("utf-8"), re.M)
    assert complaints == []
