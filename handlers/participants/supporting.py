"""«Me too»: the approved questions of others, which one may want to know the answers to as well.

Nobody sees who supports what; it is one voice for each person, on whichever channel.
"""

from __future__ import annotations

import re

from dialogue.words import Button, Localised, Reply, Text, text
from handlers.series import programme
from handlers.series.screen import screen
from handlers.series.standing import Standing, standing
from handlers.speaking import lists
from handlers.turn import Turn
from storage.asking.support import Offered
from storage.ids import id_in

SHOWN = 5
_PAGE = re.compile(r"([0-9]{1,3}):(.+)")
_VOICE = re.compile(r"([0-9]{1,3}):([0-9a-f]{1,16})")
_NOT_THERE = {Standing.UNKNOWN, Standing.CANCELLED}


async def others(turn: Turn, value: str, *before: Text) -> list[Reply]:
    """`<page>:<webinar>`: some of the questions, the most wanted first."""
    found = _PAGE.fullmatch(value)
    webinar = programme.find(turn.programme, found[2]) if found else None
    if found is None or webinar is None or standing(webinar, turn.now) in _NOT_THERE:
        return [programme.show(turn, *before, text("others-none"))]
    page = int(found[1])
    store = turn.storage.support
    offered = await store.offered(webinar.id, turn.person.id, SHOWN + 1, page * SHOWN)
    if not offered:
        return await screen(turn, webinar.id, *before, text("others-none"))
    shown, more = offered[:SHOWN], len(offered) > SHOWN
    lines = [_line(number, each) for number, each in enumerate(await _told(turn, shown), start=1)]
    voices = tuple(
        Button(
            text("btn-me-too-no" if each.supported else "btn-me-too", number=number),
            f"go:metoo:{page}:{each.id:x}",
        )
        for number, each in enumerate(shown, start=1)
    )
    ways = [Button(text("btn-to-webinar"), f"go:w:{webinar.id}")]
    if more or page:
        following = page + 1 if more else 0
        ways.append(Button(text("btn-others-more"), f"go:others:{following}:{webinar.id}"))
    heading = text("others-questions", webinar=webinar.title)
    rows = (*lists.in_rows(voices, 1), tuple(ways))
    return [lists.menu(turn, (*before, heading, *lines), rows)]


async def me_too(turn: Turn, value: str) -> list[Reply]:
    """`<page>:<question>`: want to know this one, too; or not any more."""
    found = _VOICE.fullmatch(value)
    id = id_in(found[2], 16) if found else None
    question = None if id is None else await turn.storage.moderation.get(id)
    if found is None or question is None or question.webinar is None:
        return [programme.show(turn, text("others-none"))]
    store, page = turn.storage.support, f"{found[1]}:{question.webinar}"
    if await store.add(question.id, turn.person.id):
        return await others(turn, page, text("others-supported"))
    if await store.withdraw(question.id, turn.person.id):
        return await others(turn, page, text("others-withdrawn"))
    return await others(turn, page, text("others-too-late"))


def _line(number: int, told: tuple[Localised, Offered]) -> Text:
    question, each = told
    if not each.supports:
        return text("others-line", number=number, question=question)
    return text("others-line-wanted", number=number, question=question, voices=each.supports)


async def _told(turn: Turn, shown: list[Offered]) -> list[tuple[Localised, Offered]]:
    """Each with its words in every language in which they were approved."""
    words = {each.id: {each.language: each.text} for each in shown}
    for each in await turn.storage.texts.approved([*words]):
        if each.part == "question":
            words[each.question].setdefault(each.language, each.text)
    return [(Localised(words[each.id]), each) for each in shown]
