"""Answers that experts send by mail: kept as proposals, which moderators take or leave."""

from __future__ import annotations

from datetime import datetime

from dialogue.fold import clean
from dialogue.incoming import Incoming
from dialogue.marked import answers_in
from dialogue.words import Reply, Text
from handlers.roles import MODERATORS, Roles
from storage import Transaction
from storage.roles import Role

ANSWERING: Roles = MODERATORS | {Role.SPEAKER}


async def take(
    storage: Transaction, incoming: Incoming, role: Role | None, now: datetime
) -> Reply | None:
    """Keep the answers in this mail; None where it holds none that its sender may give.

    That is whoever answers on the team, and, to a webinar's questions, an address that gets them.
    A sender may be forged; so nothing more comes of it than a moderator lets come of it.
    """
    kept, language = 0, None
    answers = answers_in(incoming.text or "")
    for reference, (question, webinar) in (await storage.proposals.about(answers)).items():
        words = answers[reference]
        guest = None if role in ANSWERING else await storage.guests.agreed(incoming.sender, webinar)
        if role in ANSWERING or guest is not None:
            language = guest
            await storage.proposals.put(question, webinar, incoming.sender, clean(words), now)
            kept += 1
    said = Text("proposals-kept", {"count": kept})
    return Reply((said,), language=language) if kept else None
