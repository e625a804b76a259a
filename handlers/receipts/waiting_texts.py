"""How many texts wait, for each interpreter at work."""

from __future__ import annotations

from dialogue.words import Button, Reply, text
from handlers.lasting import lasting
from handlers.receipts.tally import Tally
from handlers.roles import INTERPRETERS
from handlers.teller import Teller
from storage.asking.texts import ANYWHERE


async def show(to: Teller, *, news: bool) -> None:
    """Whoever is at work sees how many wait by now; `news` is when there are more."""
    duty = to.house.interpreting
    tally = Tally(duty, "interpreting", INTERPRETERS)
    for person, watch in duty.watching(None, to.now).items():
        if news or watch.shown is not None:
            number = await to.storage.texts.waiting(ANYWHERE, watch.languages)
            await tally.shows(to, [(person, watch)], _count(number), news=news)


def _count(number: int) -> Reply:
    look = Button(text("btn-in-look"), lasting("go:in:"))
    return Reply((text("interpret-waiting", number=number),), ((look,),))
