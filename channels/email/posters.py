"""Posters in mails: each comes along inside the mail, so that nobody learns from its being fetched
that somebody has read it."""

from __future__ import annotations

import logging
from base64 import encodebytes
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import cast

from dialogue.pictures import picture

LARGEST = 700_000
"""Bytes: with it a mail stays below a megabyte, which somebody pays for; what is larger stays away.
"""
HELD = 4
"""Posters in memory, ready to leave: an announcement has one for each language."""

log = logging.getLogger("tadamun.mail")


@dataclass(frozen=True, slots=True)
class Poster:
    """A picture as mails carry it."""

    type: str
    """Its MIME type."""
    lines: bytes = field(repr=False)
    """What it holds, in base64."""


class Posters:
    """Reads each poster once for all the mails that leave with it beside each other."""

    def __init__(self, content: Callable[[str], Awaitable[bytes | None]]) -> None:
        """`content` is the picture of this hash, None if it is gone; it may raise Unreachable."""
        self._content = content
        self._held: OrderedDict[str, Poster | None] = OrderedDict()

    async def find(self, hash: str) -> Poster | None:
        """The poster that messages name so; None where the words go alone."""
        if hash not in self._held:
            self._held[hash] = _ready(await self._content(hash))
            while len(self._held) > HELD:
                self._held.popitem(last=False)
        self._held.move_to_end(hash)
        return self._held[hash]


def _ready(content: bytes | None) -> Poster | None:
    if content is None:
        return None
    if len(content) > LARGEST:
        log.warning("a picture is too large for mails, which leave without it")
        return None
    kind = picture(content)
    if kind is None:
        return None
    return Poster(kind.type, encodebytes(content).replace(b"\n", b"\r\n"))


def put_into(mail: EmailMessage, poster: Poster, id: str) -> None:
    """Have the page of this mail show the poster as `cid:<id>`; only `filled` brings the bytes.

    Made line by line for each of thousands of mails, they would take longer than all the rest.
    """
    page = cast("list[EmailMessage]", mail.get_payload())[-1]
    main, _, sub = poster.type.partition("/")
    named = f"poster.{sub}"
    page.add_related(
        b"", maintype=main, subtype=sub, cid=f"<{id}>", disposition="inline", filename=named
    )
    cast("list[EmailMessage]", page.get_payload())[-1].set_payload(id)


def filled(raw: bytes, poster: Poster, id: str) -> bytes:
    """The mail with the poster's bytes where `put_into` left a place for them."""
    before, _, after = raw.rpartition(f"\r\n\r\n{id}\r\n".encode("ascii"))
    return b"".join((before, b"\r\n\r\n", poster.lines, after))
