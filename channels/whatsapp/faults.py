"""What Twilio's errors mean to the rooms above: one of the errors of `channels`.

The codes: https://www.twilio.com/docs/api/errors. Twilio warns that they may change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from channels import (
    Barred,
    Busy,
    Closed,
    Exhausted,
    Faltering,
    Gone,
    NoMarketing,
    NoPicture,
    OptedOut,
    Refused,
    Resting,
    TargetGone,
    Unfit,
    Unreachable,
    Unsure,
)

HOURS = 3600.0


class NotJoined(Refused):
    """This account has not joined the sandbox that the trial runs in."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What some codes have in common."""

    codes: tuple[int, ...]
    meaning: str
    error: Callable[[str], Exception]


def _for(kind: Callable[[float], Exception], seconds: float) -> Callable[[str], Exception]:
    """An error that asks to wait; it says so itself."""
    return lambda said: kind(seconds)


TABLE = (
    Fault((63016,), "the window is closed", Closed),
    Fault((63015,), "the sandbox was not joined", NotJoined),
    Fault((21211, 63003, 63024), "no such number, or no WhatsApp there", Gone),
    Fault((63014, 21610), "blocked, or opted out", OptedOut),
    Fault((63033,), "wants no marketing", NoMarketing),
    Fault((63049,), "Meta holds marketing back", _for(Resting, 4 * HOURS)),
    # Until they write, which makes an account reachable again whatever it was.
    Fault((63032,), "part of an experiment of Meta's", Gone),
    Fault((20429,), "too many requests at once; not processed", _for(Busy, 1.0)),
    Fault((63018,), "the sender's rate or daily reach", _for(Exhausted, HOURS)),
    Fault((63017, 21611, 30001), "the account's rate, or its queue is full", _for(Busy, 10.0)),
    Fault(
        (63005, 63021, 63027, 63028, 63030, 63040, 63041, 63042, 21617, 21654, 21656),
        "the content or the template is bad, rejected, paused or disabled",
        Unfit,
    ),
    # The same, by codes that belong to a Content alone: it is gone, or its values are malformed.
    Fault((21655, 21658, 92007), "there is no such content, or its values are bad", Unfit),
    Fault((63019, 63034), "the picture failed, or is too large", NoPicture),
    Fault((63009, 63010, 63012, 20500, 30410), "the provider failed", Faltering),
    Fault((63001, 63002, 63007, 63020, 63038), "the sender is not set up, or at its cap", Barred),
)
"""Each code and what is done about it; whatever is not here is not tried again."""

_BY_CODE = {code: fault for fault in TABLE for code in fault.codes}

_ON_THE_WAY = frozenset({407, 408, 425})
"""Refusals of a proxy or a gateway, which say nothing about the message."""


def meaning_of(code: int) -> Exception:
    """The error of `channels` for what Twilio told of a message that it had taken."""
    fault = _BY_CODE.get(code)
    if fault is None:
        return Refused(f"Twilio says {code}.")
    return fault.error(f"Twilio says {code}: {fault.meaning}.")


def meaning(status: int, code: int | None, wait: float = 0.0) -> Exception:
    """The error of `channels` for an answer other than success.

    `code` is None where the answer is not Twilio's own; `wait` is its Retry-After in seconds.
    """
    if status == 429 and code not in _BY_CODE:
        code = 20429
    if code == 20429:
        return Busy(max(wait, 1.0))
    if code is None and status in (502, 504):
        # A gateway gave up on Twilio, which may have done its work.
        return Unsure("A gateway lost the platform's answer.")
    if status >= 500 or 300 <= status < 400 or status in _ON_THE_WAY:
        return Unreachable(f"The platform answered {status}.")
    if code in _BY_CODE:
        return meaning_of(code)
    if status == 404:
        return TargetGone("There is no such thing at Twilio.")
    if status == 409:
        return Unreachable("Twilio is still at it.")
    if status in (401, 403):
        return Barred("Twilio does not accept the account or its token.")
    return Refused(f"Twilio says {code or status}.")
