"""Telegram: reading updates by polling or webhook, and writing to chats.

The only home of its library. `BotApi` is the line to the server; `Telegram` writes over it,
`Polling` or `Webhook` reads with a `Reader`. Imports `channels` and `dialogue`, nothing else of
ours.
"""

import sys
from types import ModuleType
from typing import cast

# Before the library, whose own HTTP client, unused here, would bring a command line along, with
# tables and highlighting: 3 MB. It does without where that cannot be imported, which this says
# (https://docs.python.org/3/reference/import.html#the-module-cache).
sys.modules.setdefault("httpx._main", cast("ModuleType", None))

# ruff: noqa: E402
from channels.telegram.api import LISTENED_TO, PUBLIC_SERVER, BotApi, File
from channels.telegram.batch import account_in
from channels.telegram.channel import Telegram
from channels.telegram.faults import FAULTS, SecondCopy
from channels.telegram.line import Access, TelegramLine
from channels.telegram.photos import Pictures
from channels.telegram.polling import Poison, Polling, Take
from channels.telegram.profile import ProfileTexts, set_profile
from channels.telegram.quiet import quiet_loggers
from channels.telegram.request import Timeouts
from channels.telegram.updates import Reader, Unreadable
from channels.telegram.webhook import (
    LARGEST_BODY,
    SECRET_HEADER,
    Forged,
    TooLarge,
    Webhook,
    WebhookRegistration,
)

__all__ = [
    "FAULTS",
    "LARGEST_BODY",
    "LISTENED_TO",
    "PUBLIC_SERVER",
    "SECRET_HEADER",
    "Access",
    "BotApi",
    "File",
    "Forged",
    "Pictures",
    "Poison",
    "Polling",
    "ProfileTexts",
    "Reader",
    "SecondCopy",
    "Take",
    "Telegram",
    "TelegramLine",
    "Timeouts",
    "TooLarge",
    "Unreadable",
    "Webhook",
    "WebhookRegistration",
    "account_in",
    "quiet_loggers",
    "set_profile",
]
