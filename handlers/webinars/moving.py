"""Another time, or no webinar after all: shown as people will read it, done, undone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dialogue import talk as talks
from dialogue.form import Answers, Choice, Form
from dialogue.talk import Talk
from dialogue.words import Button, Reply, Text, text
from handlers.content import warnings
from handlers.roles import ORGANISERS
from handlers.series import programme
from handlers.series.standing import Standing, standing
from handlers.speaking import choices, days, lists, moments, talking, tokens
from handlers.telling import changes
from handlers.turn import Conversation, Turn
from handlers.webinars import holding, questions
from handlers.webinars.screen import back_button, screen, undo_button
from storage.broadcasting.broadcasts import Broadcast
from storage.engines.times import EPOCH, epoch_ms
from storage.ids import id_in
from storage.series.webinars import Webinar

CODE = "m"
_MOVE = re.compile(r"([^:]+):([0-9a-f]{1,7}):(.+)")
_MINUTE = timedelta(minutes=1)


async def move(turn: Turn, webinar_id: str) -> list[Reply]:
    """Ask for the new time."""
    webinar = await _coming(turn, webinar_id)
    if webinar is None:
        return await screen(turn, webinar_id)
    # It is there before the form is made: what is asked says when it is to start.
    turn.desk = turn.desk.with_talk(CODE, Talk(turn.desk.numbers + 1, {"@webinar": webinar_id}))
    form = turn.form(CONVERSATION)
    turn.desk = turn.desk.with_talk(CODE, talks.move_on(form, turn.desk.talks[CODE]))
    return talking.begin(turn, CONVERSATION)


async def move_sure(turn: Turn, webinar: Webinar, at: datetime) -> list[Reply]:
    """Who will read what, before it is done."""
    if at == webinar.starts_at:
        return await screen(turn, webinar.id, text("move-same"))
    asked = text(
        "move-sure",
        webinar=webinar.title,
        before=webinar.starts_at,
        at=at,
        utc=moments.in_utc(at),
    )
    warned = [*await warnings.about(turn, at, webinar.minutes)]
    warned += await holding.still_announced(turn, webinar.id)
    changed = replace(webinar, starts_at=at)
    read = await holding.what_they_read(turn, "moved", changed, webinar)
    value = f"go:wy:{tokens.new(turn)}:{(at - EPOCH) // _MINUTE:x}:{webinar.id}"
    rows = ((Button(text("btn-do-move"), value),), (back_button(webinar.id),))
    return [lists.menu(turn, (asked, *warned, *read), rows)]


async def move_now(turn: Turn, value: str) -> list[Reply]:
    """The new time was confirmed, once."""
    found = _MOVE.fullmatch(value)
    if found is None:
        return await screen(turn, "", text("stale"))
    webinar = await _coming(turn, found[3])
    at = datetime.fromtimestamp(int(found[2], 16) * 60, UTC)
    if not tokens.counts(turn, found[1]) or webinar is None or at <= turn.now:
        return await screen(turn, found[3], text("stale"))
    until = max(at, webinar.starts_at)
    held = await holding.hold(turn, webinar, "moved", {"starts_at": epoch_ms(at)}, until)
    return [_held(turn, held, webinar.id, "held-move")]


async def cancel(turn: Turn, webinar_id: str) -> list[Reply]:
    """Who will read what, before it is cancelled."""
    webinar = await _coming(turn, webinar_id)
    if webinar is None:
        return await screen(turn, webinar_id)
    asked = text("cancel-sure", webinar=webinar.title, at=webinar.starts_at)
    warned = await holding.still_announced(turn, webinar.id)
    read = await holding.what_they_read(turn, "cancelled", webinar, webinar)
    value = f"go:wk:{tokens.new(turn)}:{webinar.id}"
    rows = ((Button(text("btn-do-cancel"), value),), (back_button(webinar.id),))
    return [lists.menu(turn, (asked, *warned, *read), rows)]


async def cancel_now(turn: Turn, value: str) -> list[Reply]:
    """Cancelling was confirmed, once."""
    token, _, webinar_id = value.partition(":")
    webinar = await _coming(turn, webinar_id)
    if not tokens.counts(turn, token) or webinar is None:
        return await screen(turn, webinar_id, text("stale"))
    change, until = {"state": "cancelled"}, webinar.starts_at
    held = await holding.hold(turn, webinar, "cancelled", change, until)
    return [_held(turn, held, webinar.id, "held-cancel")]


async def undo(turn: Turn, value: str) -> list[Reply]:
    """Take back what is held; too late, it says so."""
    id = id_in(value, 16)
    held = None if id is None else await turn.storage.broadcasts.get(id)
    if held is None or held.webinar is None or held.change is None:
        return await screen(turn, "", text("stale"))
    done = await changes.drop(turn.storage, held.id, turn.now)
    return await screen(turn, held.webinar, text("undone") if done else text("undo-too-late"))


def _held(turn: Turn, held: Broadcast, webinar_id: str, key: str) -> Reply:
    seconds = int(turn.house.rules.undo.total_seconds())
    rows = ((undo_button(held), back_button(webinar_id)),)
    return lists.menu(turn, (Text(key, {"count": seconds}),), rows)


async def _coming(turn: Turn, webinar_id: str) -> Webinar | None:
    """The webinar, if people can be told of a change in time."""
    webinar = await turn.storage.webinars.get(webinar_id)
    return webinar if standing(webinar, turn.now) is Standing.COMING else None


def _form(turn: Turn) -> Form:
    talk = turn.desk.talks.get(CODE)
    webinar = programme.find(turn.programme, str(talk.answers.get("@webinar"))) if talk else None
    title = text("title-w-at")
    if webinar is None:
        return (moments.question(turn, "at", questions.at_which(turn), title),)
    at = webinar.starts_at
    ask = text("ask-move-at", moment=moments.in_full(at))
    return (moments.question(turn, "at", ask, title, choices=_later(turn, at), known=at),)


def _later(turn: Turn, at: datetime) -> tuple[Choice, ...]:
    """The same time of day, a day and a week later."""
    zone = ZoneInfo(turn.house.community.zone)

    def choice(key: str, count: int) -> Choice:
        moved = days.later(at, count, zone)
        label = Text(key, {"day": days.named(turn, moved.astimezone(zone).date())})
        offered = choices.choice(turn.house.languages, moments.to_answer(moved), label)
        # Typed without the day, it would else be so much later than now.
        shorter = turn.house.languages.names(Text(key, {"day": ""}))
        return replace(offered, names=offered.names | shorter)

    return (choice("btn-day-later", 1), choice("btn-week-later", 7))


async def _moved(turn: Turn, answers: Answers) -> list[Reply]:
    webinar_id = str(answers["@webinar"])
    webinar = await _coming(turn, webinar_id)
    if webinar is None:
        return await screen(turn, webinar_id, text("undo-too-late"))
    return await move_sure(turn, webinar, moments.from_answer(str(answers["at"])))


async def _left(turn: Turn, answers: Answers) -> list[Reply]:
    return await screen(turn, str(answers["@webinar"]), text("webinar-kept"))


CONVERSATION = Conversation(CODE, _form, _moved, may=ORGANISERS, left=_left)
