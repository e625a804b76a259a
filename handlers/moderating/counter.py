"""How many new questions there are: one message for each moderator at work, edited as they come."""

from __future__ import annotations

from dataclasses import replace

from dialogue.words import Act, Button, Reply, text
from handlers import programme
from handlers.duty import EVERY, QUIET, Watch
from handlers.lasting import lasting
from handlers.moderating import views
from handlers.roles import MODERATORS
from handlers.turn import Teller, Turn

SERIES = "_"
"""On buttons, the series as a whole; no webinar's id looks so."""
NEW, SLOT = "moderating-new", "moderating"
"""Slots of the outbox: an edit takes the place of another one, never of the message itself."""


async def came(turn: Turn, webinar: str | None) -> None:
    """A question came in: whoever is at work is told, with a sound after a quiet minute."""
    watching = turn.house.duty.watching(webinar, turn.now)
    if not watching or await turn.storage.hush.is_muted(turn.person.id, webinar, turn.now):
        return
    reply = await _count(turn, webinar)
    for person, watch in watching.items():
        if not await _moderates(turn, person):
            turn.house.duty.end(person)
        elif watch.shown is None or watch.news is None or turn.now - watch.news >= QUIET:
            _say_anew(turn, person, replace(watch, news=turn.now), reply)
        else:
            _edit(turn, person, replace(watch, news=turn.now), reply)


async def changed(turn: Teller, webinar: str | None) -> None:
    """A question was handled: what counts for those at work is put right, without a sound."""
    shown = {
        person: watch
        for person, watch in turn.house.duty.watching(webinar, turn.now).items()
        if watch.shown is not None
    }
    reply = await _count(turn, webinar) if shown else None
    for person, watch in shown.items():
        if reply is not None and await _moderates(turn, person):
            _edit(turn, person, watch, reply)


def _say_anew(turn: Teller, person: int, watch: Watch, reply: Reply) -> None:
    if watch.shown is not None:
        turn.tell(person, Reply(act=Act.DELETE), target=watch.shown)
    # Until it has an id, whatever comes with it is a message in its place, and no edit.
    turn.house.duty.note(person, replace(watch, shown=None, due=turn.now))
    turn.tell(person, reply, slot=NEW, sent=lambda id: turn.house.duty.shown(person, id))


def _edit(turn: Teller, person: int, watch: Watch, reply: Reply) -> None:
    due = max(turn.now, watch.due + EVERY) if watch.due and watch.due <= turn.now else watch.due
    turn.house.duty.note(person, replace(watch, due=due))
    edit = replace(reply, act=Act.EDIT)
    turn.tell(person, edit, slot=SLOT, due=due, target=watch.shown)


async def _count(turn: Teller, webinar: str | None) -> Reply:
    found = programme.find(turn.programme, webinar) if webinar else None
    about = found.title if found else text("btn-series")
    number = views.number(await turn.storage.moderation.counts(webinar), "new")
    look = Button(text("btn-mo-look"), lasting(f"go:mo:{webinar or SERIES}"))
    return Reply((text("moderate-waiting", webinar=about, number=number),), ((look,),))


async def _moderates(turn: Teller, person: int) -> bool:
    member = await turn.storage.staff.get(person)
    return member is not None and member.active and member.role in MODERATORS
