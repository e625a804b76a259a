"""Mail: writing it over SMTP, and reading what comes in.

The only home of its libraries. `Relay` says which server takes our mail, `EmailChannel` writes
over it. Imports `channels` and `dialogue`, nothing else of ours.
"""

from channels.email.channel import CHANNEL, EmailChannel
from channels.email.connection import Connection
from channels.email.ids import holds
from channels.email.posters import Poster, Posters
from channels.email.relay import Relay, relay_of
from channels.email.sheets import Desk, Sheet, Words, addressed
from channels.email.threads import Thread, Threads
from channels.email.writing import mailed, written

__all__ = [
    "CHANNEL",
    "Connection",
    "Desk",
    "EmailChannel",
    "Poster",
    "Posters",
    "Relay",
    "Sheet",
    "Thread",
    "Threads",
    "Words",
    "addressed",
    "holds",
    "mailed",
    "relay_of",
    "written",
]
