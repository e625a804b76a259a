"""Whether mail leaves and comes in, and whether our mail server says who wrote it."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from channels import FAULTS
from service.wrong import Wrong
from settings import Settings
from settings.platforms import Mail

if TYPE_CHECKING:
    from channels.email.inbox import Inbox

RECENT = timedelta(days=14)
LOOKED_AT = 10
"""Mails: what a server does with one it does with all."""


async def check(settings: Settings) -> AsyncIterator[str]:
    """A line about each part; raises Wrong at the first that does not work."""
    if not settings.mail.on:
        yield "mail: off (no server)"
        return
    yield await _leaving(settings)
    if settings.mail.imap_url is not None:
        async for line in _coming_in(settings.mail, settings.mail.imap_url.get_secret_value()):
            yield f"mailbox: {line}"


async def _leaving(settings: Settings) -> str:
    # Here, since its library takes memory that nobody else has a use for.
    from service.email import line_to

    line = line_to(settings)
    try:
        await line.check()
    except FAULTS as fault:
        wrong = f"mail: {fault} See to mail.smtp_url and the network."
    else:
        return f"mail: fine, writes as {settings.mail.sender}"
    finally:
        await line.close()
    raise Wrong(wrong)


async def _coming_in(mail: Mail, url: str) -> AsyncIterator[str]:
    # Here, for the same reason.
    from channels.email.imap import box_of
    from channels.email.inbox import Inbox

    box = box_of(url)
    inbox = Inbox(box)
    try:
        await inbox.open()
        servers = [] if mail.trust_from else await _vouching(inbox)
    except FAULTS as fault:
        raise Wrong(f"mailbox: {fault} See to mail.imap_url and the network.") from None
    finally:
        await inbox.close()
    yield f"fine, reads {box.folder} of {box.user}"
    yield _of_senders(mail, servers)


async def _vouching(inbox: Inbox) -> list[str]:
    """Of each mail of late, which server's word on its sender stands first; "" without one."""
    from channels.email.reading import vouching_server

    uids = (await inbox.since(datetime.now(UTC) - RECENT))[-LOOKED_AT:]
    fetched = [await inbox.fetch(uid) for uid in uids]
    return [vouching_server(each.raw) for each in fetched if each is not None]


def _of_senders(mail: Mail, servers: list[str]) -> str:
    """What becomes of a mail whose sender may be forged, and what to do about it."""
    if mail.trust_from:
        return "senders are believed, since the server refuses forged ones (mail.trust_from)"
    named = Counter(server for server in servers if server)
    if mail.vouched_by in named:
        return f"{mail.vouched_by} says of senders whether they are forged"
    if not servers:
        return "no mail of late; check again when some has come, for who says whether it is forged"
    asked = "so whoever is not answering the bot is asked by a link"
    if not named:
        return (
            f"no recent mail says whether its sender is forged (Authentication-Results), {asked};"
            " have the server check SPF, DKIM and DMARC, or set mail.trust_from if it refuses"
            " forged mails by itself"
        )
    (most, _), *_ = named.most_common(1)
    if not mail.vouched_by:
        return (
            f"{most} says of senders whether they are forged; if that is your mail server, write it"
            f" into mail.vouched_by: until then nobody's word counts, {asked}"
        )
    return (
        f"no recent mail has a line of {mail.vouched_by} (Authentication-Results), {asked}; the"
        f" lines are of {most}: if that is your mail server, write it into mail.vouched_by"
    )
