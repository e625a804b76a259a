"""Where people come from: a link to a webinar, a link with an invitation, or its code, typed."""

from __future__ import annotations

import re

from dialogue.incoming import Incoming
from storage.invites import CODE_LENGTH, LETTERS

AIM = re.compile(r"[a-z0-9-]{1,40}|![A-Za-z0-9_-]{0,32}")
"""What buttons carry on: a webinar's id, or the secret of an invitation with the mark before it."""

_CODE = re.compile(f"[{LETTERS}]{{{CODE_LENGTH}}}")
_BETWEEN_LETTERS = re.compile(r"[\s-]")


def aim_of(incoming: Incoming) -> str:
    """Where this leads: "w-<webinar>" to its id, "i-<secret>" or a code to "!<secret>", else ""."""
    kind, _, named = (incoming.start or "").partition("-")
    if kind == "i":
        # What no secret looks like is no invitation either, and is told so in the same way.
        return f"!{named}" if AIM.fullmatch(f"!{named}") else "!"
    if kind == "w":
        return named if AIM.fullmatch(named) and not named.startswith("!") else ""
    code = None if incoming.start else typed_code(incoming.text or "")
    return f"!{code}" if code else ""


def secret_in(aim: str) -> str | None:
    """The secret of the invitation that is aimed at, if it is one."""
    return aim[1:] if aim.startswith("!") else None


def typed_code(words: str) -> str | None:
    """The code of an invitation, if these words look like nothing else."""
    if len(words) > 3 * CODE_LENGTH:
        return None
    letters = _BETWEEN_LETTERS.sub("", words).upper()
    return letters if _CODE.fullmatch(letters) else None


def webinar_on_telegram(bot: str, webinar: str) -> str:
    """The link to a webinar by way of Telegram."""
    return f"https://t.me/{bot}?start=w-{webinar}"


def webinar_on_the_web(address: str, webinar: str) -> str:
    """The link to a webinar by way of the web chat."""
    return f"{address}/chat?w={webinar}"


def on_telegram(bot: str, secret: str) -> str:
    """The link to an invitation by way of Telegram."""
    return f"https://t.me/{bot}?start=i-{secret}"


def on_the_web(address: str, secret: str) -> str:
    """The link to an invitation by way of the web chat."""
    return f"{address}/chat?i={secret}"
