"""What becomes of a webinar: seen before, published, finished, dropped, copied for the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from dialogue.words import Button, Reply, text
from handlers.series.screen import details
from handlers.series.standing import is_on
from handlers.speaking import days, lists, tokens
from handlers.turn import Turn
from handlers.webinars import questions
from handlers.webinars.screen import back_button, screen
from storage.series.webinars import Standing, Webinar

DAYS_OF_A_WEEK = 7


async def seen_as(turn: Turn, value: str) -> list[Reply]:
    """`<language>:<webinar>`, as participants who read this language see it, its poster first."""
    code, _, webinar_id = value.partition(":")
    webinar = await turn.storage.webinars.get(webinar_id)
    if webinar is None or code not in turn.house.languages.codes:
        return await screen(turn, webinar_id)
    published = replace(webinar, state="published")
    texts = tuple(replace(words, language=code) for words in details(published, turn.now))
    others = tuple(
        Button(questions.named("btn-seen-in", other), f"go:wl:{other}:{webinar_id}")
        for other in turn.house.languages.codes
        if other != code
    )
    heading = questions.named("webinar-seen-as", code)
    rows = lists.in_rows((*others, back_button(webinar_id)), 2)
    photo = await _photo(turn, webinar, code)
    if photo is None:
        return [lists.menu(turn, (heading, *texts), rows)]
    return [Reply((heading,), photo=photo), lists.menu(turn, texts, rows)]


async def publish(turn: Turn, webinar_id: str) -> list[Reply]:
    """Put a draft into the programme, and plan its reminders."""
    webinar = await turn.storage.webinars.get(webinar_id)
    if webinar is None or webinar.state != "draft":
        return await screen(turn, webinar_id)
    if webinar.starts_at <= turn.now:
        return await screen(turn, webinar_id, text("webinar-past"))
    await _put(turn, replace(webinar, state="published"))
    return await screen(turn, webinar_id, text("webinar-published"))


async def end_sure(turn: Turn, webinar_id: str) -> list[Reply]:
    """Ask before a webinar is finished, or a draft dropped."""
    webinar = await turn.storage.webinars.get(webinar_id)
    end = _end_of(turn, webinar)
    if webinar is None or end is None:
        return await screen(turn, webinar_id)
    draft = webinar.state == "draft"
    asked = text("webinar-drop-sure") if draft else text("webinar-finish-sure")
    label = text("btn-do-drop") if draft else text("btn-do-finish")
    rows = (
        (Button(label, f"go:wv:{tokens.new(turn)}:{webinar_id}"),),
        (back_button(webinar_id),),
    )
    return [lists.menu(turn, (asked,), rows)]


async def end_now(turn: Turn, value: str) -> list[Reply]:
    """The end of a webinar, or of a draft, was confirmed."""
    token, _, webinar_id = value.partition(":")
    webinar = await turn.storage.webinars.get(webinar_id)
    end = _end_of(turn, webinar)
    if not tokens.counts(turn, token) or webinar is None or end is None:
        return await screen(turn, webinar_id, text("stale"))
    await _put(turn, replace(webinar, state=end))
    # What is going out says that one can come in.
    await turn.storage.reminders.halt(webinar_id)
    note = text("webinar-over") if end == "finished" else text("webinar-dropped")
    return await screen(turn, webinar_id, note)


async def copy(turn: Turn, value: str) -> list[Reply]:
    """A draft with the same content, at the same time of day a week later."""
    token, _, webinar_id = value.partition(":")
    webinar = await turn.storage.webinars.get(webinar_id)
    if not tokens.counts(turn, token) or webinar is None:
        return await screen(turn, webinar_id, text("stale"))
    id = await turn.storage.webinars.new_id(webinar.series, webinar.title)
    at = _weeks_later(webinar.starts_at, turn.now, ZoneInfo(turn.house.community.zone))
    twin = replace(webinar, id=id, starts_at=at, state="draft", version=1)
    await turn.storage.webinars.put(twin)
    return await screen(turn, id, text("webinar-copied"))


def _end_of(turn: Turn, webinar: Webinar | None) -> Standing | None:
    """How this webinar may end now; one that nobody may come to yet is cancelled instead."""
    if webinar is not None and webinar.state == "draft":
        return "cancelled"
    on = webinar is not None and is_on(webinar, turn.now)
    return "finished" if on else None


def _weeks_later(at: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """As the clocks of this zone show it, the first such time that is a week later and ahead."""
    weeks = 1
    while (later := days.later(at, weeks * DAYS_OF_A_WEEK, zone)) <= now:
        weeks += 1
    return later


async def _put(turn: Turn, webinar: Webinar) -> None:
    await turn.storage.webinars.put(webinar)
    await turn.storage.reminders.replan(webinar, turn.house.rules.reminders, turn.now)


async def _photo(turn: Turn, webinar: Webinar, code: str) -> str | None:
    """The hash of the poster that readers of this language get, once it is here."""
    id = webinar.posters.get(code) or next(iter(webinar.posters.values()), None)
    poster = await turn.storage.posters.look(id) if id is not None else None
    return poster.hash if poster else None
