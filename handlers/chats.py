"""How the chats of one person on several channels are called."""

from __future__ import annotations

from collections.abc import Sequence

from dialogue.words import Text, text
from storage.people import Address


def called(addresses: Sequence[Address]) -> Text:
    """Each channel once: "the one on Telegram and the web chat". There must be one."""
    names = sorted({address.channel for address in addresses})
    first, *rest = (Text(f"chat-on-{name}") for name in names)
    for more in rest:
        first = text("and", first=first, second=more)
    return first
