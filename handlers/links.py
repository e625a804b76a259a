"""Where people come from: a link to a webinar, an invitation or another chat, or a typed code."""

from __future__ import annotations

import re

from dialogue.incoming import Incoming
from storage.community.invites import CODE_LENGTH, LETTERS
from storage.community.links import LETTERS_OF_A_CODE

AIM = re.compile(r"[a-z0-9-]{1,40}|![A-Za-z0-9_-]{0,32}|=[A-Z]{0,8}")
"""What buttons carry on: a webinar's id, the secret of an invitation or the code of another chat,
each of these with its mark before it."""

_CODE = re.compile(f"[{LETTERS}]{{{CODE_LENGTH}}}")
_LINK_CODE = re.compile(f"(?:L-)?([{LETTERS}]{{{LETTERS_OF_A_CODE}}})")
_BETWEEN_LETTERS = re.compile(r"[\s-]")


def aim_of(incoming: Incoming) -> str:
    """Where this leads, as `AIM` says, by a link or by a code that was typed; "" is nowhere."""
    kind, _, named = (incoming.start or "").partition("-")
    if kind == "i":
        # What no secret looks like is no invitation either, and is told so in the same way.
        return f"!{named}" if AIM.fullmatch(f"!{named}") else "!"
    if kind == "l":
        return f"={typed_link(named) or ''}"
    if kind == "w":
        return named if AIM.fullmatch(named) and named[0] not in "!=" else ""
    words = "" if incoming.start else incoming.text or ""
    if code := typed_code(words):
        return f"!{code}"
    return f"={code}" if (code := typed_link(words)) else ""


def secret_in(aim: str) -> str | None:
    """The secret of the invitation that is aimed at, if it is one."""
    return aim[1:] if aim.startswith("!") else None


def link_in(aim: str) -> str | None:
    """The code of the chat that is aimed at, if it is one."""
    return aim[1:] if aim.startswith("=") else None


def typed_code(words: str) -> str | None:
    """The code of an invitation, if these words look like nothing else."""
    if len(words) > 3 * CODE_LENGTH:
        return None
    letters = _BETWEEN_LETTERS.sub("", words).upper()
    return letters if _CODE.fullmatch(letters) else None


def typed_link(words: str) -> str | None:
    """The code of another chat, if these words look like nothing else."""
    if len(words) > 3 * LETTERS_OF_A_CODE:
        return None
    # As typed, in groups and in any case, or as a link to WhatsApp brings it: "l-<code>".
    bare = re.sub(r"\s", "", words).upper()
    prefix = "L-" if bare.startswith("L-") else ""
    found = _LINK_CODE.fullmatch(prefix + bare.removeprefix(prefix).replace("-", ""))
    return found[1] if found else None


def in_groups(code: str) -> str:
    """A code as it is read and typed most easily."""
    half = len(code) // 2
    return f"{code[:half]}-{code[half:]}"


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


def link_on_telegram(bot: str, code: str) -> str:
    """The way to Telegram with the code of another chat."""
    return f"https://t.me/{bot}?start=l-{code}"


def link_on_whatsapp(number: str, code: str) -> str:
    """The same to WhatsApp, by the digits of the number there: the code is only to be sent."""
    return f"https://wa.me/{number}?text=l-{code}"
