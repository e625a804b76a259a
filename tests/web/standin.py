"""A community on a loopback port: the real web room and channel, and a bot that knows few words."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache

from prometheus_client import CollectorRegistry, Gauge

from channels import Unreachable
from channels.webchat import Letter, WebChat
from channels.webmemory import HeldLetter
from dialogue.incoming import Incoming, TryAgain
from dialogue.words import Act, File, Message, MessageButton, text
from locales.languages import Languages
from web.app import WebParts, create_app
from web.health import Health
from web.server import WebServer

GREETING = "أهلًا وسهلًا! بأي لغة تكون المحادثة؟\n\nWelcome! Which language suits you?"
NOTICE = {
    "ar": "هذه المحادثة ليست سرّية. من يدير الخادم يستطيع قراءتها، ولا حاجة إلى رقم هاتف.",
    "en": "This chat is not secret. Whoever runs the server can read it; no number is involved.",
}
ASK = {
    "ar": "ما الاسم المستعار؟ يمكن ترك هذا السؤال.",
    "en": "What nickname shall we use? You can leave this out.",
}
AGREE = {"ar": "موافقة", "en": "I agree"}
MORE = {"ar": "قراءة المزيد", "en": "Read more"}
SKIP = {"ar": "تخطٍّ", "en": "Skip"}
SAVED = {"ar": "تم الحفظ", "en": "Saved"}


def keys(*rows: Sequence[tuple[str, str]]) -> tuple[tuple[MessageButton, ...], ...]:
    """Buttons as a message carries them."""
    return tuple(tuple(MessageButton(label, value) for label, value in row) for row in rows)


class Mailboxes:
    """Stored mailboxes, without the storage."""

    def __init__(self) -> None:
        self.agreed: set[str] = set()
        self.acknowledged: dict[str, int] = {}
        self.broken = False
        self._letters: defaultdict[str, list[HeldLetter]] = defaultdict(list)

    async def append(
        self, account: str, act: Act, target: int | None, message: Message, above: int
    ) -> int | None:
        """As the protocol says."""
        if account not in self.agreed:
            return None
        letters = self._letters[account]
        number = max(above, letters[-1].number if letters else 0) + 1
        letters.append(HeldLetter(number, act, target, message))
        return number

    async def after(self, account: str, number: int) -> Sequence[Letter]:
        """As the protocol says."""
        self._look()
        return [letter for letter in self._letters[account] if letter.number > number]

    async def acknowledge(self, account: str, number: int) -> None:
        """As the protocol says."""
        self._look()
        self.acknowledged[account] = number

    def _look(self) -> None:
        if self.broken:
            raise Unreachable("The disk is full.")

    def forget(self, account: str) -> None:
        """All that is stored of this account is erased."""
        self.agreed.discard(account)
        self._letters.pop(account, None)


class Posters:
    """Posters that are kept, without the storage."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.broken = False

    def add(self, content: bytes) -> str:
        """Keep this, and give its hash."""
        hash = hashlib.sha256(content).hexdigest()[:22]
        self.kept[hash] = content
        return hash

    async def put(self, content: bytes) -> int:
        """As the protocol says."""
        if self.broken:
            raise Unreachable("The disk is full.")
        self.add(content)
        return len(self.kept)

    async def content(self, hash: str) -> bytes | None:
        """As the protocol says."""
        return self.kept.get(hash)


@dataclass
class Bot:
    """Answers like the handlers, in few words, and remembers what reached it."""

    mailboxes: Mailboxes
    chat: WebChat
    heard: list[Incoming] = field(default_factory=list[Incoming])
    out_of_order: bool = False
    silent: bool = False
    languages: dict[str, str] = field(default_factory=dict[str, str])
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def has_heard(self, count: int) -> None:
        """Return once so many things were taken, within thirty seconds."""
        async with asyncio.timeout(30), self.news:
            await self.news.wait_for(lambda: len(self.heard) >= count)

    async def take(self, incoming: Incoming) -> None:
        """Answer, unless out of order."""
        if self.out_of_order:
            raise TryAgain
        self.heard.append(incoming)
        async with self.news:
            self.news.notify_all()
        if not self.silent:
            await self._answer(incoming)

    async def _answer(self, incoming: Incoming) -> None:
        account = incoming.sender
        language = self.languages.get(account, "en")
        match (incoming.choice or incoming.text or "").split(":"):
            case ["/start"]:
                about = f"\n\n[{incoming.start}]" if incoming.start else ""
                buttons = keys([("العربية", "hi:ar"), ("English", "hi:en")])
                await self.say(account, GREETING + about, incoming.hint or "ar", buttons)
            case ["hi", language]:
                self.languages[account] = language
                buttons = keys([(AGREE[language], "ok:" + language), (MORE[language], "more")])
                await self.edit(account, incoming.message, NOTICE[language], language, buttons)
            case ["ok", language]:
                self.mailboxes.agreed.add(account)
                await self.strip(account, incoming.message)
                await self.say(account, ASK[language], language, keys([(SKIP[language], "skip")]))
            case ["file"]:
                attached = File("بيانات data.json", b'{"kept": []}')
                await self.chat.send(
                    account, Act.SEND, None, Message("Here it is.", (), language, attached)
                )
            case ["/poster"]:
                words = Message("A picture, please.", language=language, wants_photo=True)
                await self.chat.send(account, Act.SEND, None, words)
            case _ if incoming.photo is not None:
                await self.say(account, f"{SAVED[language]}: {incoming.photo}", language)
            case ["/forget"]:
                self.mailboxes.forget(account)
                await self.say(account, "Erased.", language)
            case _:
                await self.say(account, f"{SAVED[language]}: {incoming.text}", language)

    async def say(
        self,
        account: str,
        words: str,
        language: str = "en",
        rows: tuple[tuple[MessageButton, ...], ...] = (),
    ) -> int:
        """Send a message, and give the number that its page knows it by."""
        return int(await self.chat.send(account, Act.SEND, None, Message(words, rows, language)))

    async def edit(
        self,
        account: str,
        target: str | None,
        words: str,
        language: str,
        rows: tuple[tuple[MessageButton, ...], ...],
    ) -> None:
        """Change a message."""
        await self.chat.send(account, Act.EDIT, target, Message(words, rows, language))

    async def strip(self, account: str, target: str | None) -> None:
        """Take the buttons off a message."""
        await self.chat.send(account, Act.STRIP, target, Message())


@dataclass
class Site:
    """A running community, and what a test needs to look behind its counter."""

    url: str
    bot: Bot
    chat: WebChat
    mailboxes: Mailboxes
    server: WebServer
    health: dict[str, bool]
    posters: Posters

    @property
    def account(self) -> str:
        """The account that was heard last."""
        return self.bot.heard[-1].sender


@cache
def spoken() -> Languages:
    """The real catalogues, read once for all tests."""
    return Languages.load(("ar", "en"), "Asia/Baghdad")


def parts(chat: WebChat, bot: Bot, state: dict[str, bool], posters: Posters) -> WebParts:
    """The web's parts around this bot, as the composition root would put them together."""
    languages = spoken()
    registry = CollectorRegistry()
    Gauge("pages_listening", "Open pages.", registry=registry).set_function(
        lambda: chat.bells.listening
    )

    async def writable() -> bool:
        return state["storage"]

    def say(language: str, key: str) -> str:
        return languages.voice(language, None).say(text(key))

    return WebParts(
        reception=bot,
        chat=chat,
        health=Health(writable, lambda: {"telegram": state["telegram"]}, registry),
        posters=posters,
        say=say,
        languages=("ar", "en"),
        community={"ar": "تضامن", "en": "Tadamun"},
        now=lambda: datetime.now(UTC),
        token=secrets.token_urlsafe,
        form_key=secrets.token_bytes(32),
        patience=1.0,
    )


@asynccontextmanager
async def running_site(
    change: Callable[[WebParts], WebParts] = lambda these: these,
    listeners: int = 2_000,
    port: int = 0,
) -> AsyncGenerator[Site]:
    """A site that answers on a loopback port until the block ends."""
    mailboxes = Mailboxes()
    chat = WebChat(mailboxes, lambda: datetime.now(UTC), listeners=listeners)
    bot = Bot(mailboxes, chat)
    state = {"storage": True, "telegram": False}
    posters = Posters()
    app = create_app(change(parts(chat, bot, state, posters)))
    server = WebServer(app, chat, "127.0.0.1", port)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.run())
        await server.started.wait()
        url = f"http://127.0.0.1:{server.port}"
        try:
            yield Site(url, bot, chat, mailboxes, server, state, posters)
        finally:
            server.stop()


def with_metrics(token: str) -> Callable[[WebParts], WebParts]:
    """The same parts, with /metrics for who knows the token."""
    return lambda these: replace(these, health=replace(these.health, metrics_token=token))
