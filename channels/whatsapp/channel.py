"""Writing to WhatsApp."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from channels import NO_SLIP, Busy, Limits, NoPicture, Refused, Slip, TargetGone
from channels.whatsapp.api import TwilioApi
from channels.whatsapp.contents import Contents
from channels.whatsapp.easing import Easing
from channels.whatsapp.faults import NotJoined
from channels.whatsapp.log import delete_between, outbound_since
from channels.whatsapp.parts import Parts
from channels.whatsapp.posters import Posters
from channels.whatsapp.reading import CHANNEL
from channels.whatsapp.statuses import of_a_part
from channels.whatsapp.writing import TEXT_UNITS, Post, posts
from dialogue.words import EVERYTHING, Act, Message

MOST_AT_ONCE = 200

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
        monotonic: Callable[[], float] = time.monotonic,
        first_messages_per_day: int | None = None,
        reconcile_seconds: float | None = None,
    ) -> None:
        """`callback` says where to tell what becomes of a delivery, `media_url` where a picture is.

        `clock` gives the time, `chance` a number from 0 to below 1, `monotonic` seconds.
        """
        self._api = api
        self._sender = account_of(sender)
        self.contents = contents
        self._callback = callback
        self._media_url = media_url
        self._clock = clock
        self._easing = Easing(monotonic, chance)
        self._posters = Posters(clock)
        self._parts = Parts()
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
                await delete_between(self._api, self._sender, account)
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
        said = self.parts(account, message, slip)
        arrived = self._parts.arrived(left, said, slip.delivery)
        return [(each.id, each.state, each.at) for each in arrived]

    def has_begun(self, delivery: int) -> bool:
        """As `Lists.has_begun`."""
        return self._parts.has_begun(delivery)

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
            self._parts.set_aside(sid)
        return sid

    async def _in_parts(self, said: list[Post], delivery: int | None) -> str:
        """Sends one after the other; those that had left before a failure do not go again."""
        if len(said) == 1:
            return await self._post(said[0])
        sid = ""
        for to_go in range(self._parts.to_go(said, delivery), 0, -1):
            if delivery is not None and to_go < len(said):
                self._parts.begin(delivery, to_go)
            if sid:
                self._parts.set_early(sid)
            sid = await self._post(said[-to_go])
        if delivery is not None:
            self._parts.end(delivery)
        return sid

    async def _post(self, post: Post) -> str:
        try:
            sid = await self._api.send(post)
        except Busy as busy:
            error: Exception = self._easing.again(busy)
        except NotJoined as refused:
            _tell_of_the_sandbox(refused)
            raise
        else:
            self._easing.went_well()
            return sid
        raise error


def _tell_of_the_sandbox(refused: NotJoined) -> None:
    """Whoever runs the bot is told, whether Twilio said it at once or afterwards."""
    log.error("ALERT: somebody must join the sandbox first: %s", refused)
