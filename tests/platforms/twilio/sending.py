"""What becomes of a message: whether it may be sent, how it arrives, and what is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp

from tests.platforms.twilio.chats import DAY, Chat, Shown
from tests.platforms.twilio.content import BUTTONS_UNAPPROVED, Content, Contents, Filled
from tests.platforms.twilio.faults import Broken, Ending, Fault
from tests.platforms.twilio.messages import Log, Record
from tests.platforms.twilio.people import People
from tests.platforms.twilio.rules import Form, check, one
from tests.platforms.twilio.statuses import Statuses, status_form
from tests.platforms.twilio.webhooks import Webhooks

MEDIA_BYTES = 5 * 1024 * 1024
"""WhatsApp takes pictures up to this size, https://www.twilio.com/docs/whatsapp/guidance."""

_WITHDRAWN = {"rejected": Ending(63040), "paused": Ending(63041), "disabled": Ending(63042)}


class NotTaken(Exception):
    """The account or the person does not allow this message; nobody has broken a rule."""

    def __init__(self, fault: Fault) -> None:
        super().__init__("not taken")
        self.fault = fault


@dataclass(slots=True)
class Reach:
    """How many people may be written to first within any 24 hours; None: as many as one likes."""

    most: int | None = 250
    reached: dict[str, float] = field(default_factory=dict[str, float])
    """When each was last written to first, longest ago first."""

    def allows(self, person: str, now: float) -> bool:
        """Whether this person may be, too."""
        reached = self.reached
        while reached and (longest := next(iter(reached))) and reached[longest] <= now - DAY:
            del reached[longest]
        reached.pop(person, None)
        if self.most is not None and len(reached) >= self.most:
            return False
        reached[person] = now
        return True


@dataclass(slots=True)
class Letter:
    """A message that was accepted."""

    record: Record
    chat: Chat | None
    filled: Filled
    template: str | None
    ending: Ending | None
    told: list[asyncio.Task[int]] = field(default_factory=list[asyncio.Task[int]])
    """What of it is told to the bot."""


@dataclass
class Sending:
    """Takes messages to people and carries them to their phones."""

    account: str
    sender: str
    people: People
    contents: Contents
    log: Log
    webhooks: Webhooks
    violations: list[str]
    changed: Callable[[], None]
    statuses: Statuses = field(default_factory=Statuses)
    reach: Reach = field(default_factory=Reach)
    endings: list[Ending] = field(default_factory=list[Ending])
    """How the next messages end, whomever they go to."""
    _arriving: dict[str, asyncio.Task[None]] = field(default_factory=dict[str, asyncio.Task[None]])
    _tasks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    @property
    def busy(self) -> bool:
        """Whether something is still on its way to a phone."""
        return bool(self._arriving)

    def take(self, form: Form) -> Letter:
        """Accepts the message; raises Broken or NotTaken."""
        check(form, self.sender)
        to, now = one(form, "To"), self.people.clock()
        chat = self.people.chats.get(to)
        content = self.contents.get(one(form, "ContentSid")) if "ContentSid" in form else None
        if content is None:
            filled = Filled(one(form, "Body"), "text", ())
        else:
            filled = content.filled(one(form, "ContentVariables"))
        if chat is not None and chat.refuses is not None:
            raise NotTaken(chat.refuses)
        template = content.category if content is not None and content.is_approved else None
        ending = self._ending(chat, content, filled, now)
        sid = self.people.new_sid("MM" if content or "MediaUrl" in form else "SM")
        record = Record(
            sid, self.account, False, self.sender, to, filled.text, now, "queued", form=form
        )
        record.media = len(form.get("MediaUrl", ()))
        self.log.by_sid[sid] = record
        return Letter(record, chat, filled, template, ending)

    def _ending(
        self, chat: Chat | None, content: Content | None, filled: Filled, now: float
    ) -> Ending | None:
        if self.endings:
            return self.endings.pop(0)
        if chat is None:
            return Ending(63024)
        if content is not None and content.status in _WITHDRAWN:
            return _WITHDRAWN[content.status]
        approved = content is not None and content.is_approved
        marketing = content is not None and content.category == "MARKETING"
        if chat.ends is not None and (marketing or not chat.ends_only_marketing):
            return chat.ends
        if chat.is_open(now):
            if filled.kind == "quick-reply" and not approved:
                self._bound_buttons(filled)
            return None
        if not approved:
            if not chat.closed_unnoticed:
                self.violations.append("the window was closed, and no template was sent")
            return Ending(63016, "failed")
        if not self.reach.allows(chat.number, now):
            self.violations.append("more people were written to first than the tier allows")
            return Ending(63018, "failed")
        return None

    def _bound_buttons(self, filled: Filled) -> None:
        if len(filled.buttons) > BUTTONS_UNAPPROVED:
            raise Broken(63021, f"{len(filled.buttons)} quick replies without an approval")

    async def carry(self, letter: Letter) -> None:
        """Lets it arrive, behind everything before it to the same person."""
        to = letter.record.recipient
        before = self._arriving.get(to)
        task = asyncio.ensure_future(self._arrive(letter, before))
        self._arriving[to] = task
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._has_arrived(to, done))
        if self.statuses.early:
            await task
            # Of this message alone: what they wrote may be answered only once this is.
            await asyncio.gather(*letter.told, return_exceptions=True)

    async def stop(self) -> None:
        """Carries nothing more."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _has_arrived(self, to: str, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._arriving.get(to) is task:
            del self._arriving[to]
        self.changed()

    async def _arrive(self, letter: Letter, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        record, picture = letter.record, None
        if record.media and letter.ending is None:
            picture = await self._fetched(one(record.form, "MediaUrl"))
            letter.ending = None if picture else Ending(63019)
        if letter.ending is None and letter.chat is not None:
            filled = letter.filled
            letter.chat.sent[record.sid] = Shown(
                record.sid,
                filled.text,
                filled.kind,
                filled.buttons,
                picture,
                letter.template,
                record.form,
            )
        self._tell(letter)

    async def _fetched(self, url: str) -> bytes | None:
        """The picture at this address; what cannot be had is noted."""
        really = self.webhooks.really(url)
        try:
            async with aiohttp.ClientSession() as session, session.get(really) as answer:
                content = await answer.read()
        except (aiohttp.ClientError, OSError) as error:
            self.violations.append(f"a picture cannot be fetched: {error}")
            return None
        if answer.status != 200 or answer.content_type not in ("image/jpeg", "image/png"):
            self.violations.append(f"{urlsplit(url).path} is {answer.status} {answer.content_type}")
            return None
        return content if len(content) <= MEDIA_BYTES else None

    def _tell(self, letter: Letter) -> None:
        record, ending, statuses = letter.record, letter.ending, self.statuses
        steps = list(statuses.steps)
        if ending is not None:
            steps = [*steps[:1], ending.status] if ending.status == "undelivered" else ["failed"]
            record.error = ending.code
        if steps:
            record.status = steps[-1]
        if not statuses.tells or not record.callback:
            return
        for step in statuses.order(steps * statuses.times):
            form = status_form(record, step)
            letter.told += self.webhooks.tell(record.recipient, record.callback, form)
