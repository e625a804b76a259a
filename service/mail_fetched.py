"""A mail that was fetched: read as far as it can be, and as a turn."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from channels.email.imap import Fetched
from channels.email.reading import Known, Mail, Unreadable, read
from dialogue.incoming import Incoming, Mailed
from storage.persons import MAILED

log = logging.getLogger("tadamun.mail")


@dataclass(frozen=True, slots=True)
class Piece:
    """A mail that was fetched, as far as it could be read."""

    uid: int
    mail: Mail | None = None
    unread: tuple[str, str, str] | None = None
    """Its bytes, what is wrong, and whose it is."""


def piece_of(fetched: Fetched, known: Known) -> Piece:
    """This mail as far as it can be read; takes long for some, so it is called in a thread."""
    try:
        mail = read(fetched.raw, fetched.at, known)
    except Unreadable as error:
        log.warning("a mail could not be read (%s)", error)
        if error.account is None:
            # Nobody can be told from it, so nobody is known to have agreed: it stays there.
            return Piece(fetched.uid)
        raw = fetched.raw.decode("latin-1")
        return Piece(fetched.uid, None, (raw, str(error), error.account))
    return Piece(fetched.uid, mail)


def incoming_of(mail: Mail, lies_at: str) -> Incoming:
    """The mail as a turn."""
    answers = mail.reply_to_ours is not None
    mailed = Mailed(lies_at, mail.subject, mail.aim, mail.doubtful, answers)
    return Incoming(MAILED, mail.account, mail.id, mail.at, text=mail.text, mailed=mailed)
