"""What its author hears of an announcement before it begins, or when it does not."""

from __future__ import annotations

from datetime import datetime, timedelta

from dialogue.words import Button, Reply, text
from handlers.announcing.progress import heading_of
from handlers.lasting import lasting
from storage.broadcasting.broadcasts import Broadcast, Phase

LATER = timedelta(hours=1)
"""From then on it is worth a sentence that whoever joins until it leaves does not get it."""


def frozen(broadcast: Broadcast, now: datetime, language: str) -> Reply:
    """For how many people it is, exactly, and when it leaves, or for whose yes it waits."""
    number, id = broadcast.frozen or 0, broadcast.id
    if broadcast.phase is Phase.WAITING:
        said = [text("announce-frozen-waiting", number=number)]
        way = Button(text("btn-announce-take-back"), lasting(f"go:an-undo:{id}"))
    else:
        said = [text("announce-frozen", number=number, at=broadcast.starts_at)]
        if broadcast.starts_at - now > LATER:
            said.append(text("announce-frozen-later"))
        way = Button(text("btn-announce-undo"), lasting(f"go:an-undo:{id}"))
    return Reply((*heading_of(broadcast, language, "announce-settled"), *said), ((way,),))


def outgrown(broadcast: Broadcast, total: int, language: str) -> Reply:
    """It will not begin: its author is to look at it, and to confirm it for so many."""
    shown = text("announce-outgrown", confirmed=broadcast.confirmed or 0, number=total)
    look = Button(text("btn-announce-look"), lasting(f"go:an:{broadcast.id}"))
    return Reply((*heading_of(broadcast, language, "announce-not-begun"), shown), ((look,),))


def missed(broadcast: Broadcast, language: str) -> Reply:
    """Nobody was there to send it at its time: its author is to look whether it is still so."""
    shown = text("announce-missed", at=broadcast.starts_at)
    look = Button(text("btn-announce-look"), lasting(f"go:an:{broadcast.id}"))
    return Reply((*heading_of(broadcast, language, "announce-not-begun"), shown), ((look,),))
