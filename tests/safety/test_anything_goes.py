"""Whatever somebody says, presses, edits or waits for, in any order: answered, and never twice."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from dialogue.incoming import Event
from tests.handlers.chatting import TOPIC, Bot, Chat, bot_at_work, webinar
from tests.hostile import HOSTILE, HOSTILE_BUTTONS, HOSTILE_STARTS
from tests.safety.phones import StrictPhones
from tests.safety.rows import everything

COMMANDS = (
    *("/start", "/menu", "/register", "/webinars", "/ask", "/questions", "/language", "/settings"),
    *("/privacy", "/mydata", "/forget", "/stop", "/help", "/cancel", "/back", "/skip", "/done"),
    *("إلغاء", "إيقاف", "تسجيل", "سؤال", "رجوع", "تخطي", "تم", "نعم", "yes", "no"),
)
ANSWERS = (
    *("1", "2", "٣", "1, 2", "Nour", "بغداد", "Basra", "outside Iraq", "Rome", "skip", "done"),
    *("confirm", "anonymously", "question", "idea", "English", "العربية", "cut it", "all future"),
    *("What about the markets?", "ماذا عن الأسواق؟", "x" * 900, "و" * 1500, "x" * 4096),
)


class Anybody(RuleBasedStateMachine):
    """One person, a bot at work, and nothing that they may not try."""

    @initialize(language=st.sampled_from(("English", "العربية")), agrees=st.booleans())
    def begins(self, language: str, agrees: bool) -> None:
        """Come in, and agree or not."""
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.phones = StrictPhones()
        self.runner.run(self._opens())
        self.pressed: list[tuple[int, str]] = []
        if agrees:
            self._does(self.chat.says("/start"))
            self._does(self.chat.presses(language))
            self._does(self.chat.presses("I agree" if language == "English" else "أوافق"))

    async def _opens(self) -> None:
        self.folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        opened = bot_at_work(self.folder, phones=self.phones)
        self.bot: Bot = await self.stack.enter_async_context(opened)
        self.chat: Chat = self.bot.person("7000000001")

    def _does(self, act: object) -> None:
        self.runner.run(act)  # type: ignore[arg-type]

    def _is_answered(self, act: object) -> None:
        done = len(self.phones.acts)
        self._does(act)
        assert len(self.phones.acts) > done, "met with silence"

    @rule(words=st.sampled_from(COMMANDS + ANSWERS + HOSTILE))
    def says(self, words: str) -> None:
        """Write something."""
        self._is_answered(self.chat.says(words))

    @rule(words=st.text(max_size=300))
    def says_anything(self, words: str) -> None:
        """Write what nobody has thought of."""
        self._is_answered(self.chat.says(words))

    @precondition(lambda self: self.chat.screen)
    @rule(data=st.data())
    def presses(self, data: st.DataObject) -> None:
        """Press a button that is on the screen, be it of long ago."""
        keys = [
            (number, button.value)
            for number, message in self.chat.screen.items()
            for row in message.rows
            for button in row
            if not button.url
        ]
        if keys:
            number, value = data.draw(st.sampled_from(keys[-12:] + keys[:3]))
            self.pressed.append((number, value))
            self._does(self.chat.presses_value(value, number))

    @precondition(lambda self: self.pressed)
    @rule(data=st.data())
    def presses_again(self, data: st.DataObject) -> None:
        """Press what was pressed before."""
        number, value = data.draw(st.sampled_from(self.pressed))
        self._does(self.chat.presses_value(value, number))

    @precondition(lambda self: self.chat.screen)
    @rule(value=st.sampled_from(HOSTILE_BUTTONS))
    def forges(self, value: str) -> None:
        """Press a button that nobody showed."""
        self._does(self.chat.presses_value(value))

    @rule(start=st.sampled_from((*HOSTILE_STARTS, "w-virus", "w-work", "w-small")))
    def follows(self, start: str) -> None:
        """Follow a link."""
        self._is_answered(self.chat.says("/start", start=start))

    @rule(words=st.sampled_from(ANSWERS + HOSTILE), back=st.integers(0, 6))
    def edits(self, words: str, back: int) -> None:
        """Edit what was written a while ago."""
        message = f"m{max(1, self.chat.count - back)}"
        self._does(self.chat.takes(text=words, message=message, edited=True))

    @rule(event=st.sampled_from((Event.BLOCKED, Event.UNBLOCKED)))
    def blocks(self, event: Event) -> None:
        """Block the bot, or let it write again."""
        self._does(self.chat.happens(event))

    @rule(media=st.sampled_from(("photo", "voice", "contact", "?")))
    def sends(self, media: str) -> None:
        """Send what is not text."""
        self._is_answered(self.chat.sends(media))

    @rule(minutes=st.sampled_from((1, 11, 60, 1500, 15_000, 60_000)))
    def waits(self, minutes: int) -> None:
        """Let time pass."""
        self.bot.calendar.passes(timedelta(minutes=minutes))

    @rule(
        id=st.sampled_from(("virus", "work", "new")),
        state=st.sampled_from(("published", "cancelled", "draft")),
        asks=st.booleans(),
        days=st.sampled_from((-1, 1, 20)),
    )
    def reschedules(self, id: str, state: str, asks: bool, days: int) -> None:
        """The programme changes under them."""
        changed = webinar(id, days, state=state, questions=(TOPIC,) if asks else ())
        self._does(self._puts(changed))

    async def _puts(self, changed: object) -> None:
        async with self.bot.storage.transaction() as tx:
            await tx.webinars.put(changed)  # type: ignore[arg-type]

    @invariant()
    def nothing_broke(self) -> None:
        """No failure, nothing that a platform refuses, and one effect for each intent."""
        if not hasattr(self, "bot"):
            return
        assert self.phones.violations == []
        rows = everything(self.folder / "data" / "tadamun.db")
        assert rows["quarantine"] == []
        assert len(rows["people"]) <= 1
        assert len(rows["addresses"]) == len(rows["people"]) == len(rows["talks"])
        places = [(row["person"], row["webinar"]) for row in rows["registrations"]]
        assert len(set(places)) == len(places)
        assert not [row for row in rows["outbox"] if row["state"] in ("failed", "unknown")]

    def teardown(self) -> None:
        """Close everything."""
        if hasattr(self, "stack"):
            self.runner.run(self.stack.aclose())
            self.runner.close()


TestAnybody = Anybody.TestCase
TestAnybody.settings = settings(
    max_examples=12,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
