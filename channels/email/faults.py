"""What a mail server's answer means for us.

The codes are those of https://www.rfc-editor.org/rfc/rfc5321#section-4.2.3, the three numbers in
front of a text those of https://www.rfc-editor.org/rfc/rfc3463. What the server says is never
repeated: it may hold the address.
"""

from __future__ import annotations

import re
from enum import StrEnum

from channels import Barred, Busy, Gone, Refused, Resting, Unreachable

PAUSE = 60.0
"""Seconds; a server that wants none of ours for now seldom says for how long."""
LATER = 300.0
"""Seconds until one account is tried again: who delays strangers does so for minutes."""
FULL = 3600.0
"""Seconds until a full mailbox is tried again."""

_ENHANCED = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})")


class Step(StrEnum):
    """What was told to the server when it answered."""

    MAIL = "MAIL FROM"
    RCPT = "RCPT TO"
    DATA = "DATA"


def fault_of(step: Step, code: int, said: str) -> Exception:
    """What to raise for this answer to this step."""
    found = _ENHANCED.match(said)
    subject = int(found[2]) if found else None
    if code == 421:
        return Busy(PAUSE)
    if code in (530, 535, 534, 538):
        return Barred(f"The mail server asks for other credentials ({code}).")
    if 400 <= code < 500:
        return _for_now(step, subject)
    if 500 <= code < 600:
        return _for_good(step, code, subject)
    return Unreachable(f"The mail server answered {code} to {step}.")


def _for_now(step: Step, subject: int | None) -> Exception:
    if step is Step.MAIL:
        return Busy(PAUSE)
    return Resting(FULL if subject == 2 else LATER)


def _for_good(step: Step, code: int, subject: int | None) -> Exception:
    what = f"The mail server answered {code} to {step}."
    if step is Step.MAIL:
        # Whoever it is for: this sender may not write.
        return Barred(f"{what} See to mail.sender: this server must let it write.")
    if subject == 2 and code == 552:
        return Resting(FULL)
    # Subject 7 is policy, 6 and 3 what the mail holds: the mailbox may be there all the same.
    gone = subject in (1, 2) if subject is not None else code in (550, 551, 553)
    if step is Step.RCPT and gone:
        return Gone(what)
    return Refused(what)
