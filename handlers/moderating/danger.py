"""When words tell that somebody may be in danger: whom to tell, and who helps."""

from __future__ import annotations

from dataclasses import replace

from dialogue.stages import Stage
from dialogue.words import Button, Reply, text
from handlers.lasting import lasting
from handlers.moderating import overview, screen
from handlers.roles import OWNERS
from handlers.speaking import lists
from handlers.turn import Turn
from storage.asking.moderation import Handled

HELPLINE, ADDRESS = "Access Now", "help@accessnow.org"
"""Who helps civil society with safety online, at any hour (https://www.accessnow.org/help)."""


async def ask(turn: Turn, value: str) -> list[Reply]:
    """What there is to do, and who helps at any hour."""
    question = await screen.in_hand(turn, value)
    if not isinstance(question, Handled):
        return question
    ways = (Button(text("btn-mo-danger-now"), f"go:mo-danger1:{screen.name(question)}"),)
    back = (screen.to_one(question), overview.back())
    card = text("moderate-danger", helpline=HELPLINE, address=ADDRESS)
    return [lists.menu(turn, (screen.words(question), card), (ways, back))]


async def tell(turn: Turn, value: str) -> list[Reply]:
    """Have the owners look at it; what leaves for them repeats no word of it."""
    question = await screen.in_hand(turn, value)
    if not isinstance(question, Handled):
        return question
    # So that an owner can take it.
    await overview.put_down(turn)
    look = Button(text("btn-mo-look"), lasting(f"go:mo-one:{screen.name(question)}"))
    about = overview.title(turn, question.webinar)
    said = Reply((text("moderate-danger-owners", webinar=about),), ((look,),))
    owners = [
        each.person
        for each in await turn.storage.staff.members()
        if each.active and each.role in OWNERS and each.person != turn.person.id
    ]
    for owner in owners:
        turn.tell(owner, said)
    rest = (Button(text("btn-next-one"), "go:mo-skip:"), overview.back())
    if owners and turn.desk.round is not None:
        # The next one is another one: taken again at once, it would be out of the owners' reach.
        turn.desk = replace(turn.desk, round=turn.desk.round.passing(question.id))
    if not owners:
        return [lists.menu(turn, (text("moderate-danger-nobody"),), (rest,))]
    now = await turn.storage.moderation.get(question.id)
    if now is None or now.stage is Stage.RECEIVED:
        return [lists.menu(turn, (text("moderate-danger-told"),), (rest,))]
    # What others may read is not hidden by that.
    rows = ((screen.to_one(now),), rest)
    return [lists.menu(turn, (text("moderate-danger-stays"),), rows)]
