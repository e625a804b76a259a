"""A stand-in for Telegram's Bot API, for tests and benchmarks; imports nothing of the bot."""

from tests.platforms.telegram.chats import Chat, Shown, ShownButton
from tests.platforms.telegram.faults import (
    Fault,
    Held,
    blocked,
    garbled,
    gateway,
    refuses,
    reset,
    too_many,
    unauthorized,
)
from tests.platforms.telegram.pace import Pace
from tests.platforms.telegram.server import TOKEN, Call, TelegramServer

__all__ = [
    "TOKEN",
    "Call",
    "Chat",
    "Fault",
    "Held",
    "Pace",
    "Shown",
    "ShownButton",
    "TelegramServer",
    "blocked",
    "garbled",
    "gateway",
    "refuses",
    "reset",
    "too_many",
    "unauthorized",
]
