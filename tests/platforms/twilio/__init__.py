"""A stand-in for Twilio and WhatsApp, for tests and benchmarks; imports nothing of the bot."""

from tests.platforms.telegram.pace import Pace
from tests.platforms.twilio.chats import Chat, Shown, ShownButton
from tests.platforms.twilio.content import Content
from tests.platforms.twilio.faults import (
    Ending,
    Fault,
    Held,
    garbled,
    gateway,
    refuses,
    reset,
    too_many,
)
from tests.platforms.twilio.messages import Record
from tests.platforms.twilio.sending import Reach
from tests.platforms.twilio.server import ACCOUNT, SENDER, TOKEN, Call, TwilioServer
from tests.platforms.twilio.statuses import Statuses
from tests.platforms.twilio.webhooks import SIGNATURE, Told

__all__ = [
    "ACCOUNT",
    "SENDER",
    "SIGNATURE",
    "TOKEN",
    "Call",
    "Chat",
    "Content",
    "Ending",
    "Fault",
    "Held",
    "Pace",
    "Reach",
    "Record",
    "Shown",
    "ShownButton",
    "Statuses",
    "Told",
    "TwilioServer",
    "garbled",
    "gateway",
    "refuses",
    "reset",
    "too_many",
]
