"""Writing to WhatsApp."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from channels import NO_SLIP, Busy, Limits, NoPicture, Refused, Slip, TargetGone
from channels.whatsapp.api import TwilioApi
from channels.whatsapp.contents import Contents
from channels.whatsapp.easing import Easing
from channels.whatsapp.faults import NotJoined
from channels.whatsapp.log import Left, outbound_since
from channels.whatsapp.posters import Posters
from channels.whatsapp.reading import CHANNEL
from channels.whatsapp.statuses import of_a_part
from channels.whatsapp.writing import TEXT_UNITS, Post, posts
from dialogue.words import EVERYTHING, Act, Message

MOST_AT_ONCE = 200
REMEMBERED = 2_000
"""So many messages are remembered that come in parts, and so many ids that are no delivery's."""

log = logging.getLogger(__name__)


def account_of(number: str) -> str:
    """A number as Twilio writes it: `whatsapp:+964…`."""
    return number if number.startswith(f"{CHANNEL}:") else f"{CHANNEL}:{number}"


class WhatsApp:
    """The `Channel` of one sender; accounts are as Twilio writes them, whatever they hold.

    Nothing that was said can be changed or taken back from a phone: edits and strips find no
    target, a deletion deletes Twilio's record.
    """

    name: str = CHANNEL

    def __init__(
        self,
        api: TwilioApi,
        sender: str,
        contents: Contents,
        per_second: int,
        callback: Callable[[int], str],
        media_url: Callable[[str], str],
        *,
        clock: Callable[[], datetime],
        chance: Callable[[], float],
        first_messages_per_day: int | None = None,
        reconcile_seconds: float | None = None,
    ) -> None:
        """`callback` says where to tell what becomes of a delivery, `media_url` where a picture is.

        `clock` gives the time, `chance` a number from 0 to below 1.
        """
        self._api = api
        self._sender = account_of(sender)
        self.contents = contents
        self._callback = callback
        self._media_url = media_url
        self._clock = clock
        self._chance = chance
        self._easing: Easing | None = None
        self._posters = Posters(clock)
        self._begun: OrderedDict[int, int] = OrderedDict()
        self._aside: OrderedDict[str, None] = OrderedDict()
        self._early: OrderedDict[str, None] = OrderedDict()
        self.limits = Limits(
            text_units=TEXT_UNITS,
            per_second=per_second,
            at_once=min(max(32, per_second // 2), MOST_AT_ONCE),
            edits=False,
            first_messages_per_day=first_messages_per_day,
            reconcile_seconds=reconcile_seconds,
        )

    async def send(
        self, account: str, act: Act, target: str | None, message: Message, slip: Slip = NO_SLIP
    ) -> str:
        """Carry this out and return Twilio's id of the message, of its last part if it has some.

        Raises as `Channel.send` says: what cannot be done here, edits and strips, is TargetGone.
        """
        match act:
            case Act.SEND:
                return await self._say(account, message, slip)
            case Act.DELETE if target == EVERYTHING:
                await self._forget(account)
                return target
            case Act.DELETE if target:
                await self._api.delete(target)
                return target
            case Act.LEAVE:
                return ""
            case _:
                raise TargetGone("What was said on WhatsApp cannot be changed.")

    async def outbound_since(
        self, account: str, since: datetime, message: Message, slip: Slip
    ) -> list[tuple[str, str, datetime]]:
        """What left for this account since then: the platform's id, `sent`, `delivered`, `read` or
        `failed`, and when; oldest first.

        Without what can be no delivery: answers that are not stored, and parts before the last.
        Of a message in parts those that left are known by their words, since whoever sent them may
        have died in between; the next `send` of this delivery goes on behind them.
        """
        left = await outbound_since(self._api, self._sender, account, since)
        left = [each for each in left if each.id not in self._aside]
        arrived = self._arrived_of(left, self.parts(account, message, slip), slip.delivery)
        if arrived is None:
            arrived = [each for each in left if each.id not in self._early]
        return [(each.id, each.state, each.at) for each in arrived]

    def _arrived_of(
        self, left: list[Left], said: list[Post], delivery: int | None
    ) -> list[Left] | None:
        """The last part, if all of them are there; None where that cannot be told by the words."""
        there: list[Left] = []
        for post in said if len(said) > 1 else ():
            free = (each for each in left if each.state != "failed" and each not in there)
            found = next((each for each in free if each.says(post)), None)
            if found is None:
                break
            there.append(found)
        if not there:
            return None
        if len(there) == len(said):
            return there[-1:]
        if delivery is not None:
            self._note_begun(delivery, len(said) - len(there))
        return []

    def has_begun(self, delivery: int) -> bool:
        """As `Lists.has_begun`."""
        return delivery in self._begun

    def parts(self, account: str, message: Message, slip: Slip) -> list[Post]:
        """The requests that say this while the window is open, mostly one; [] if none can."""
        ways = (self.contents, self._media_url)
        slip = replace(slip, open_until=None)
        try:
            return posts(message, slip, self._clock(), *ways, account, self._sender)
        except Refused:
            return []

    def told(self, delivery: int, error: Exception | None) -> None:
        """What Twilio said afterwards of a delivery, as far as it matters for the next ones: a
        picture that nobody can fetch stays away, so that the words get through."""
        if isinstance(error, NoPicture):
            self._posters.failed(delivery)
        elif isinstance(error, NotJoined):
            _tell_of_the_sandbox(error)

    async def _forget(self, account: str) -> None:
        """Has Twilio forget what it logged of this account, be it said by them or to them."""
        both_ways = ((account, self._sender), (self._sender, account))
        logged = [
            message.sid
            for to, sender in both_ways
            async for message in self._api.logged(to=to, sender=sender)
        ]
        for sid in logged:
            with suppress(TargetGone):
                await self._api.delete(sid)

    async def _say(self, account: str, message: Message, slip: Slip) -> str:
        if message.photo is not None and self._posters.fails(message.photo):
            slip = replace(slip, plain=True)
        ways = (self.contents, self._media_url)
        said = posts(message, slip, self._clock(), *ways, account, self._sender)
        if slip.delivery is not None:
            place = self._callback(slip.delivery)
            said = [replace(post, callback=of_a_part(place)) for post in said]
            said[-1] = replace(said[-1], callback=place)
            if message.photo is not None and not slip.plain:
                self._posters.sent(slip.delivery, message.photo)
        sid = await self._in_parts(said, slip.delivery)
        if slip.delivery is None:
            _remember(self._aside, sid)
        return sid

    async def _in_parts(self, said: list[Post], delivery: int | None) -> str:
        """Sends one after the other; those that had left before a failure do not go again."""
        if len(said) == 1:
            return await self._post(said[0])
        # Counted from the end: in the meantime a picture before the words may have dropped out.
        to_go = self._begun.pop(delivery, len(said)) if delivery is not None else len(said)
        sid = ""
        for part, post in enumerate(said):
            if len(said) - part > max(to_go, 1):
                continue
            if delivery is not None and part:
                self._note_begun(delivery, len(said) - part)
            if sid:
                _remember(self._early, sid)
            sid = await self._post(post)
        if delivery is not None:
            self._begun.pop(delivery, None)
        return sid

    def _note_begun(self, delivery: int, to_go: int) -> None:
        self._begun[delivery] = to_go
        if len(self._begun) > REMEMBERED:
            self._begun.popitem(last=False)

    async def _post(self, post: Post) -> str:
        easing = self._eased()
        try:
            sid = await self._api.send(post)
        except Busy as busy:
            error: Exception = easing.again(busy)
        except NotJoined as refused:
            _tell_of_the_sandbox(refused)
            raise
        else:
            easing.went_well()
            return sid
        raise error

    def _eased(self) -> Easing:
        if self._easing is None:
            self._easing = Easing(asyncio.get_running_loop().time, self._chance)
        return self._easing


def _remember(ids: OrderedDict[str, None], sid: str) -> None:
    ids[sid] = None
    if len(ids) > REMEMBERED:
        ids.popitem(last=False)


def _tell_of_the_sandbox(refused: NotJoined) -> None:
    """Whoever runs the bot is told, whether Twilio said it at once or afterwards."""
    log.error("ALERT: somebody must join the sandbox first: %s", refused)
