"""How the chats of one person on several channels are called, and what is gone from them again."""

from __future__ import annotations

from collections.abc import Sequence

from dialogue.words import Button, Text, text
from storage.community.people import Address
from storage.persons import MAILED

STAYING = frozenset({"whatsapp"})
"""Where nothing that was said can be taken away again: at Twilio only its own record is deleted."""

PLAIN = frozenset({"web"})
"""Where a link among words is no more than words, since anybody may have written them."""


def leading(channel: str, label: Text, link: str) -> tuple[Button, ...]:
    """The button to this link, in a chat where what stands among the words cannot be pressed."""
    return (Button(label, url=link),) if channel in PLAIN else ()


def gone(channel: str, told: Text) -> Text:
    """That the message will be deleted, in these words, or the truth where it cannot be."""
    return text("stays-here") if channel in STAYING else told


def besides(here: Address, mine: Sequence[Address]) -> list[Address]:
    """The other chats of the same person: in all but mail there is something to press."""
    return [each for each in mine if each.id != here.id and each.channel != MAILED]


def called(addresses: Sequence[Address]) -> Text:
    """Each channel once: "the one on Telegram and the web chat". There must be one."""
    names = sorted({address.channel for address in addresses})
    first, *rest = (Text(f"chat-on-{name}") for name in names)
    for more in rest:
        first = text("and", first=first, second=more)
    return first
