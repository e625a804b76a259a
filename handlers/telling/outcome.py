"""From a handler's replies to messages: rendered, cut to size, and put where the person looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from dialogue.fold import split_text
from dialogue.incoming import Incoming
from dialogue.words import Act, Lane, Message, Reply
from handlers.lasting import lasts
from handlers.teller import Told
from handlers.telling import templates
from locales import Voice
from storage.community.people import Address
from storage.outbox import Delivery, Draft, State
from storage.turns import Kept

_UNSEEN = " \n\u200e\u200f\u2066\u2067\u2068\u2069"
"""Of which alone no message is made: space, and the marks that keep directions apart."""


class Door(Protocol):
    """The post office, as far as a turn needs it."""

    def may_send_now(self, channel: str, address: int) -> bool:
        """Whether the next reply to this address may be inserted as `sending`."""
        ...

    def serves(self, channel: str) -> bool:
        """Whether there is a way to that channel at all."""
        ...

    def text_units(self, channel: str) -> int:
        """UTF-16 units that fit one message there."""
        ...

    def edits(self, channel: str) -> bool:
        """Whether what was said there can be changed."""
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """Something said without being stored."""

    act: Act
    target: str | None
    message: Message


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one turn leaves behind: rows to keep, deliveries to hand over, words to say."""

    incoming: Incoming
    kept: Kept | None = None
    deliveries: tuple[Delivery, ...] = ()
    said: tuple[Said, ...] = ()
    forgotten: bool = False
    wants_posters: bool = False
    """A picture is to be fetched from the platform that it was sent on."""
    told: tuple[Told, ...] = ()
    """What others are to hear, by person."""
    elsewhere: bool = False
    """Something is said on other addresses of the same person."""
    by_staff: bool = False
    """It may have changed something about a broadcast."""
    settled: bool = False
    """Whatever becomes of the words said, the turn counts as taken."""


def said(voice: Voice, replies: Sequence[Reply], units: int) -> tuple[Said, ...]:
    """The replies as words of which nothing is stored, each of at most so many UTF-16 units."""
    return tuple(
        Said(*((reply.act, reply.target) if part == 0 else (Act.SEND, None)), message)
        for reply in replies
        for part, message in enumerate(fitting(voice.render(reply), units))
    )


def without_pictures(replies: Sequence[Reply]) -> list[Reply]:
    """The replies as words alone, for people who wish for no more."""
    return [
        replace(reply, photo=None) if reply.photo and not reply.on_request else reply
        for reply in replies
    ]


def sent(reply: Reply) -> Reply:
    """The reply as a new message, where it would have taken the place of an earlier one."""
    return replace(reply, act=Act.SEND, target=None) if reply.act is Act.EDIT else reply


def placed(
    incoming: Incoming,
    address: Address,
    replies: Sequence[Reply],
    *,
    fleeting: bool,
    edits: bool = True,
) -> list[Reply]:
    """The replies, the first of them in place of the message whose button was pressed.

    Only the latest message is rewritten, and not when it is fleeting, since the answer would be
    deleted with it. An older one would change out of sight. These lose their buttons, and the
    answer comes as a new message. What is to stay as it is keeps both, and so does everything
    where nothing `edits` what was said.
    """
    first = replies[0] if replies else None
    if first is None or incoming.choice is None or incoming.message is None:
        return list(replies)
    if lasts(incoming.choice) or not edits:
        return list(replies)
    if first.act is not Act.SEND or first.file is not None:
        return list(replies)
    if incoming.on_photo or first.photo is not None:
        # No platform lets a text become a picture, or the other way round.
        return [Reply(act=Act.STRIP, target=incoming.message), *replies]
    if address.last_message in {None, incoming.message} and not fleeting:
        return [replace(first, act=Act.EDIT, target=incoming.message), *replies[1:]]
    return [Reply(act=Act.STRIP, target=incoming.message), *replies]


def drafts(
    voice: Voice,
    address: Address,
    replies: Sequence[Reply],
    now: datetime,
    door: Door,
    next_id: Callable[[], int],
) -> list[Draft]:
    """The rows of the outbox for these replies, in their order."""
    rows: list[Draft] = []
    for reply in replies:
        parts = fitting(voice.render(reply), door.text_units(address.channel))
        for part, message in enumerate(parts):
            act, target = (reply.act, reply.target) if part == 0 else (Act.SEND, None)
            rows.append(_draft(next_id(), address, act, target, message, now, door))
            if reply.gone_after is not None:
                rows.append(_removal(next_id(), rows[-1], now + reply.gone_after))
    return rows


def drafts_elsewhere(
    voice: Voice,
    told: Sequence[tuple[Address, Reply]],
    now: datetime,
    next_id: Callable[[], int],
) -> list[Draft]:
    """The rows for what is said on these addresses, in the lane behind replies."""
    return [
        Draft(
            next_id(),
            address.id,
            reply.act,
            Lane.REMINDER,
            voice.render(templates.told(reply)),
            now,
        )
        for address, reply in told
        if address.reachable
    ]


def _removal(id: int, shown: Draft, due: datetime) -> Draft:
    return Draft(
        id=id,
        address=shown.address,
        act=Act.DELETE,
        # Behind replies, yet before all rows of whatever goes to many: of a reminder, too.
        lane=Lane.REMINDER,
        message=Message(),
        due=due,
        target_delivery=shown.id,
    )


def _draft(
    id: int,
    address: Address,
    act: Act,
    target: str | None,
    message: Message,
    now: datetime,
    door: Door,
) -> Draft:
    sending = door.may_send_now(address.channel, address.id)
    return Draft(
        id=id,
        address=address.id,
        act=act,
        lane=Lane.REPLY,
        message=message,
        due=now,
        target=target,
        state=State.SENDING if sending else State.QUEUED,
    )


def fitting(message: Message, units: int) -> list[Message]:
    """The message in parts that the platform takes; the buttons belong to the last."""
    parts = [part for part in split_text(message.text, units) if part.strip(_UNSEEN)]
    if not parts or parts == [message.text]:
        return [message]
    last = replace(message, text=parts[-1])
    return [*(Message(part, language=message.language) for part in parts[:-1]), last]
