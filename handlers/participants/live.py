"""While a webinar runs: what its people write is a question to it with one tap."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dialogue.fold import utf16_length
from dialogue.form import Answer
from dialogue.words import Button, Reply, Text, text
from handlers.participants import questions
from handlers.series.standing import is_on
from handlers.speaking import lists, menus
from handlers.turn import Turn
from storage.series.webinars import Webinar

REMEMBERED = timedelta(hours=1)
"""For so long it is taken that they are still at the webinar that they chose."""


async def running(turn: Turn) -> list[Webinar]:
    """The webinars under way that this person is registered for; the one they chose, if lately."""
    under_way = [w for w in turn.programme.webinars if is_on(w, turn.now)]
    if not under_way:
        return []
    kept = await turn.storage.registrations.of(turn.person.id)
    theirs = {each.webinar for each in kept if each.approved}
    found = [webinar for webinar in under_way if webinar.id in theirs]
    chosen = turn.desk.at_live
    if chosen is not None and turn.now - chosen[1] < REMEMBERED:
        return [webinar for webinar in found if webinar.id == chosen[0]] or found
    return found


async def offer(turn: Turn, words: str) -> list[Reply] | None:
    """Offer these words as a question to what is running; None when nothing is, for them."""
    under_way = await running(turn)
    if not under_way or utf16_length(words) > turn.house.rules.question_length:
        return None
    turn.keep_draft(words)
    ways = tuple((Button(webinar.title, f"go:now:{webinar.id}"),) for webinar in under_way)
    if len(under_way) == 1:
        ways = ((Button(text("btn-send-as-question"), f"go:now:{under_way[0].id}"),),)
        said = text("live-offer", webinar=under_way[0].title)
    else:
        said = text("live-offer-which")
    others = (Button(text("btn-otherwise"), "go:draft"), menus.command_button("menu"))
    return [lists.menu(turn, (said,), (*ways, others))]


async def send(turn: Turn, webinar_id: str) -> list[Reply]:
    """Send what was just written as a question to this webinar, without a name."""
    under_way = {webinar.id for webinar in await running(turn)}
    words, source = turn.desk.draft, turn.desk.draft_message
    if not words or webinar_id not in under_way:
        return [menus.where_we_are(turn, text("stale"))]
    answers: dict[str, Answer] = {"q": words, "for": webinar_id, "kind": "question", "as": "anon"}
    if source is not None:
        answers["@q"] = source
    turn.desk = replace(turn.desk, draft_message=None, at_live=(webinar_id, turn.now))
    note: Text = await questions.keep(turn, answers)
    if turn.desk.draft:
        turn.desk = replace(turn.desk, draft_message=source)
    return [
        menus.after(turn, questions.told(turn, note), questions.again(turn, f"go:now:{webinar_id}"))
    ]
