"""The way in as organisers enter it; who was given the old one learns of the new one."""

from __future__ import annotations

from dialogue.form import Answers, Form
from dialogue.words import Reply, text
from handlers.roles import ORGANISERS
from handlers.series.standing import lets_in
from handlers.speaking import talking
from handlers.turn import Conversation, Turn
from handlers.webinars import answers as reading
from handlers.webinars import arranging, holding
from handlers.webinars.screen import screen

CODE = "w"
KEYS = ("link", "phone", "passcode")


async def change(turn: Turn, webinar_id: str) -> list[Reply]:
    """Show the way in, to be changed, or ask for it."""
    webinar = await turn.storage.webinars.get(webinar_id)
    if webinar is None:
        return await screen(turn, webinar_id)
    told = reading.told(webinar, ())
    known = {key: told[key] for key in KEYS} if webinar.way_in else {}
    return talking.begin(turn, CONVERSATION, answers={**known, "@webinar": webinar_id})


def _form(_turn: Turn) -> Form:
    return arranging.joining()


async def _keep(turn: Turn, answers: Answers) -> list[Reply]:
    webinar_id = str(answers["@webinar"])
    webinar = await turn.storage.webinars.get(webinar_id)
    if webinar is None:
        return await screen(turn, webinar_id)
    codes = turn.house.languages.codes
    changed = reading.applied(webinar, {key: answers.get(key) for key in KEYS}, codes)
    if changed.way_in == webinar.way_in:
        return await screen(turn, webinar_id, text("webinar-kept"))
    await turn.storage.webinars.put(changed)
    told = changed.way_in is not None and lets_in(webinar, turn.now)
    count = await holding.tell_way_in(turn, changed) if told else 0
    note = text("way-in-kept-told", count=count) if count else text("way-in-kept")
    return await screen(turn, webinar_id, note)


async def _left(turn: Turn, answers: Answers) -> list[Reply]:
    return await screen(turn, str(answers["@webinar"]), text("webinar-kept"))


CONVERSATION = Conversation(CODE, _form, _keep, "summary-way-in", may=ORGANISERS, left=_left)
