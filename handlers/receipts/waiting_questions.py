"""How many new questions there are, and answers by mail, for each moderator at work."""

from __future__ import annotations

from dialogue.words import Button, Reply, text
from handlers.house import House
from handlers.lasting import lasting
from handlers.receipts import views
from handlers.receipts.tally import Tally
from handlers.roles import MODERATORS
from handlers.series import programme
from handlers.teller import Teller
from handlers.turn import Turn

SERIES = "_"
"""On buttons, the series as a whole; no webinar's id looks so."""


async def came(turn: Turn, webinar: str | None) -> None:
    """A question came in: whoever is at work is told, with a sound after a quiet minute."""
    watching = turn.house.duty.watching(webinar, turn.now)
    if not watching or await turn.storage.hush.is_muted(turn.person.id, webinar, turn.now):
        return
    reply = await _count(turn, webinar)
    await _tally(turn.house).shows(turn, [*watching.items()], reply, news=True)


async def answered(to: Teller, webinar: str) -> None:
    """An expert has answered by mail: whoever is at work is told, as they are of new questions."""
    watching = to.house.duty.watching(webinar, to.now)
    if watching:
        reply = await _count(to, webinar)
        await _tally(to.house).shows(to, [*watching.items()], reply, news=True)


async def changed(to: Teller, webinar: str | None) -> None:
    """A question was handled: what counts for those at work is put right, without a sound."""
    watching = to.house.duty.watching(webinar, to.now)
    shown = [(person, watch) for person, watch in watching.items() if watch.shown is not None]
    if shown:
        await _tally(to.house).shows(to, shown, await _count(to, webinar), news=False)


def _tally(house: House) -> Tally:
    return Tally(house.duty, "moderating", MODERATORS)


async def _count(to: Teller, webinar: str | None) -> Reply:
    found = programme.find(to.programme, webinar) if webinar else None
    about = found.title if found else text("btn-series")
    number = views.number(await to.storage.moderation.counts(webinar), "new")
    look = Button(text("btn-mo-look"), lasting(f"go:mo:{webinar or SERIES}"))
    waiting = text("moderate-waiting", webinar=about, number=number)
    by_mail = 0 if webinar is None else await to.storage.proposals.count(webinar)
    if not by_mail:
        return Reply((waiting,), ((look,),))
    answers = Button(text("btn-proposals", number=by_mail), lasting(f"go:di-take:{webinar}"))
    # Not in lines of one text: a template takes no such thing.
    return Reply((waiting, text("moderate-by-mail", number=by_mail)), ((look,), (answers,)))
