"""The ids of our mails: the same for every try, telling nothing, and made by nobody but us."""

from __future__ import annotations

import hashlib
import hmac
import re

from channels.email.sheets import Desk, Sheet, addressed

_OURS = re.compile(r"<([0-9a-f]{32})\.([0-9a-f]{32})@[^@<>\s]+>")


def message_id(sheet: Sheet, desk: Desk) -> str:
    """The id of this mail, the same for every try to send it."""
    what = f"row:{sheet.delivery}"
    if sheet.delivery is None:
        what = f"said:{sheet.account}\n{sheet.message.text}"
    digest = _digest(desk.key, what)
    # Whoever answers the mail names it, and nobody else can: that stands for who they are.
    return f"<{digest}.{_theirs(desk.key, sheet.account, digest)}@{addressed(desk.sender).domain}>"


def holds(key: bytes, account: str, message_id: str) -> bool:
    """Whether this is the id of a mail that we wrote to this account with this key."""
    named = _OURS.fullmatch(message_id)
    return named is not None and hmac.compare_digest(named[2], _theirs(key, account, named[1]))


def poster_id(sheet: Sheet, desk: Desk) -> str:
    """By which the page of a mail names its poster; nobody who writes a text can know it."""
    digest = _digest(desk.key, f"poster:{sheet.delivery}\n{sheet.account}")
    return f"{digest}@{addressed(desk.sender).domain}"


def _theirs(key: bytes, account: str, digest: str) -> str:
    return _digest(key, f"to:{account.lower()}\n{digest}")


def _digest(key: bytes, what: str) -> str:
    return hmac.new(key, what.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]
