"""A new webinar: asked for, looked over, and kept as a draft."""

from __future__ import annotations

from dataclasses import replace

from dialogue.form import Answers, Form
from dialogue.words import Localised, Reply, text
from handlers.content import warnings
from handlers.roles import ORGANISERS
from handlers.speaking import talking
from handlers.turn import Conversation, Turn
from handlers.webinars import answers as reading
from handlers.webinars import listing, questions
from handlers.webinars.screen import screen
from storage.series.webinars import Series, Webinar

CODE = "n"
FIRST_SERIES = "webinars"


async def command(turn: Turn) -> list[Reply]:
    """/new: the form that is open, else the list with all that can be done."""
    if CODE in turn.desk.talks:
        return talking.begin(turn, CONVERSATION, text("still-here"))
    return await listing.listing(turn)


async def begin(turn: Turn, _value: str) -> list[Reply]:
    """Ask for a new one; what was begun is taken up."""
    return talking.begin(turn, CONVERSATION)


def _form(turn: Turn) -> Form:
    talk = turn.desk.talks.get(CODE)
    return questions.form(turn, talk.answers if talk else {})


async def _save(turn: Turn, answers: Answers) -> list[Reply]:
    codes = turn.house.languages.codes
    series = answers.get("series") or await _only_series(turn)
    empty = Webinar(
        id="",
        series=str(series),
        starts_at=turn.now,
        minutes=0,
        state="draft",
        title=Localised({}),
        description=Localised({}),
    )
    told = {key: answer for key, answer in answers.items() if not key.startswith("@")}
    webinar = reading.applied(empty, {"length": None, **told}, codes)
    id = await turn.storage.webinars.new_id(webinar.series, webinar.title)
    await turn.storage.webinars.put(replace(webinar, id=id))
    return await screen(turn, id, text("webinar-saved"))


async def _only_series(turn: Turn) -> str:
    """The series that there is, or a first one under the community's name."""
    known = (await turn.storage.webinars.programme()).series
    if known:
        return known[0].id
    first = Series(FIRST_SERIES, turn.house.community.name, Localised({}))
    await turn.storage.webinars.put_series(first)
    return first.id


async def _left(turn: Turn, _answers: Answers) -> list[Reply]:
    return await listing.listing(turn, text("cancelled"))


CONVERSATION = Conversation(
    CODE,
    _form,
    _save,
    "summary-webinar",
    may=ORGANISERS,
    rest_later=True,
    left=_left,
    beside=warnings.beside,
)
