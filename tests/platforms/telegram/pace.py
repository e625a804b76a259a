"""Whether the bot keeps the pace that Telegram asks for, counted when a request arrives."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field

PACED = frozenset(
    {
        *("sendMessage", "sendDocument", "sendPhoto"),
        *("editMessageText", "editMessageCaption", "editMessageReplyMarkup"),
    }
)


@dataclass(slots=True)
class Pace:
    """At most `per_second` in any second, and per chat a burst, then one a second."""

    per_second: int = 30
    chat_burst: int = 3
    violations: list[str] = field(default_factory=list[str])
    _recent: deque[float] = field(default_factory=deque[float])
    _chats: dict[int, tuple[float, float]] = field(
        default_factory=lambda: defaultdict(lambda: (0.0, -1e9))
    )

    def arrives(self, chat: int, now: float) -> bool:
        """Whether this message may pass; one that may not is noted and counts all the same."""
        recent = self._recent
        while recent and recent[0] <= now - 1.0:
            recent.popleft()
        recent.append(now)
        if len(recent) > self.per_second:
            self.violations.append(f"{len(recent)} messages within a second")
            return False
        level, since = self._chats[chat]
        level = max(0.0, level - (now - since)) + 1.0
        self._chats[chat] = (level, now)
        # A tenth of a second of grace: the network shifts arrivals against each other.
        if level > self.chat_burst + 0.1:
            self.violations.append(f"{level:.1f} messages at once in one chat")
            return False
        return True
