"""What came in while nobody listened, and what went out: Twilio's own log of messages."""

from __future__ import annotations

from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import datetime

from channels import Refused, TargetGone
from channels.whatsapp.api import TwilioApi
from channels.whatsapp.reading import CHANNEL, Said, words
from channels.whatsapp.records import Logged
from channels.whatsapp.statuses import STATES
from channels.whatsapp.writing import Post
from dialogue.incoming import Incoming


async def inbound_since(api: TwilioApi, sender: str, since: datetime) -> list[Incoming]:
    """What people wrote to this sender since then, oldest first.

    Of a pressed button the log holds only what stood on it, of media only that there were some.
    Raises as `TwilioApi` does.
    """
    found = [
        logged
        async for logged in api.logged(to=sender, since=since)
        if logged.inbound and logged.at is not None and logged.at >= since
    ]
    # The log's times are whole seconds; of those of a second, the later stands first.
    found.reverse()
    found.sort(key=lambda logged: logged.at or since)
    read = (_incoming(logged) for logged in found)
    return [incoming for incoming in read if incoming is not None]


MOST_DELETED = 1_000
"""Messages at a time."""


@dataclass(frozen=True, slots=True)
class Left:
    """A message that Twilio took from us."""

    id: str
    state: str
    """As the outbox names it."""
    at: datetime
    """When Twilio took it."""
    body: str
    pictured: bool

    def says(self, post: Post) -> bool:
        """Whether it may be this one, by its words."""
        return self.pictured == (post.media is not None) and _same(self.body, post.body or "")


async def outbound_since(api: TwilioApi, sender: str, account: str, since: datetime) -> list[Left]:
    """What left for this account since then, oldest first.

    What it has taken and not sent yet is among it. Raises as `TwilioApi` does.
    """
    # Not by date at Twilio: what waits there has none.
    found: list[Left] = []
    async with aclosing(api.logged(to=account, sender=sender)) as left:
        async for logged in left:
            if logged.at is not None and logged.at < since:
                break
            state, made = STATES.get(logged.status), logged.made or since
            if not logged.inbound and state is not None and made >= since:
                left_then = Left(logged.sid, state, made, logged.body, logged.media > 0)
                found.append(left_then)
    return sorted(found, key=lambda each: each.at)


def _same(listed: str, said: str) -> bool:
    # Twilio trims what it lists, and what cannot be sent left as something else.
    return listed.split() == said.encode(errors="replace").decode().split()


async def delete_before(api: TwilioApi, sender: str, before: datetime) -> int:
    """Have Twilio forget what came to this sender, and left from it, earlier than that; how much.

    Some at a time: call it again for the rest. Raises as `TwilioApi` does.
    """
    old: list[str] = []
    ways = (api.logged(to=sender, until=before), api.logged(sender=sender, until=before))
    for way in ways:
        async with aclosing(way) as logged:
            async for each in logged:
                if each.at is not None and each.at < before:
                    old.append(each.sid)
                if len(old) >= MOST_DELETED:
                    break
    for sid in old:
        with suppress(TargetGone, Refused):
            await api.delete(sid)
    return len(old)


async def delete_between(api: TwilioApi, sender: str, account: str) -> None:
    """Have Twilio forget what it logged of this account, be it said by them or to them.

    Raises as `TwilioApi` does.
    """
    both_ways = ((account, sender), (sender, account))
    logged = [message.sid for to, by in both_ways async for message in api.logged(to=to, sender=by)]
    for sid in logged:
        with suppress(TargetGone):
            await api.delete(sid)


def _incoming(logged: Logged) -> Incoming | None:
    if not logged.sender.startswith(f"{CHANNEL}:") or not logged.sid or logged.at is None:
        return None
    said: Said = (
        {"media": "unknown"}
        if logged.media
        else words(logged.body.encode(errors="replace").decode())
    )
    return Incoming(
        channel=CHANNEL,
        sender=logged.sender,
        id=logged.sid,
        at=logged.at,
        message=logged.sid,
        # The log says nothing of the platform's own id, where somebody's number is known.
        bare=logged.sender.startswith(f"{CHANNEL}:+"),
        **said,
    )
