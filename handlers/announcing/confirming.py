"""Letting an announcement go: its author types for how many people it is.

What is confirmed is exactly what was shown: the same words to the same rule, within five minutes,
and to an audience that has not grown by more than a tenth. From then on the post office writes the
recipients down, and tells the author how many they are.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from dialogue.fold import number
from dialogue.form import Answer, Answers, Form, Question
from dialogue.talk import Talk
from dialogue.words import Button, Reply, Text, text
from handlers.announcing import figures, flight, obstacles, parts, pictured, screen
from handlers.announcing.content import Announcement
from handlers.announcing.overview import overview
from handlers.roles import ORGANISERS
from handlers.series import programme
from handlers.series.standing import OVERRUN, planned_end
from handlers.speaking import choices, talking
from handlers.turn import Conversation, Turn
from storage.broadcasting.broadcasts import Broadcast, Counts, Phase, has_outgrown

GOOD_FOR = timedelta(minutes=5)


async def send(turn: Turn, value: str) -> list[Reply]:
    """Ask for the number, unless something is in the way."""
    broadcast = await screen.find(turn, value)
    if broadcast is None:
        return await overview(turn)
    if broadcast.phase is not Phase.DRAFT:
        return await screen.show(turn, broadcast)
    return await _ask(turn, broadcast)


async def _ask(turn: Turn, broadcast: Broadcast, *before: Text) -> list[Reply]:
    """Show the number as it is now, and wait for it to be typed."""
    counts, announcement = figures.audience(turn, broadcast), Announcement.of(broadcast)
    planned = await flight.planned(turn, broadcast)
    if await _in_the_way(turn, broadcast, counts, planned):
        return await screen.show(turn, broadcast, text("announce-not-yet"))
    answers: dict[str, Answer] = {
        "@id": str(broadcast.id),
        "@mark": announcement.mark(broadcast.rule),
        "@shown": str(counts.total),
        "@until": (turn.now + GOOD_FOR).isoformat(),
    }
    turn.desk = turn.desk.with_talk(CONVERSATION.code, Talk(turn.desk.numbers + 1, answers))
    lines = figures.recipients(counts, turn.house.rules)
    lines += flight.lines(planned, announcement)
    lines += await pictured.ahead(turn, broadcast, counts)
    return talking.begin(turn, CONVERSATION, *before, text("lines", lines=lines))


async def _in_the_way(
    turn: Turn, broadcast: Broadcast, counts: Counts, planned: flight.Flight | None
) -> bool:
    too_far = flight.obstacles(planned, Announcement.of(broadcast))
    return bool(too_far or await obstacles.found(turn, broadcast, counts))


async def _typed(turn: Turn, answers: Answers) -> list[Reply]:
    """The number was typed: the announcement is let go if it is the one that was shown."""
    broadcast = await screen.find(turn, str(answers["@id"]))
    if broadcast is None:
        return await overview(turn)
    if broadcast.phase is not Phase.DRAFT:
        return await screen.show(turn, broadcast)
    counts = figures.audience(turn, broadcast)
    wrong = _wrong(turn, broadcast, answers, counts.total)
    if wrong is not None:
        return await _ask(turn, broadcast, wrong)
    if await _in_the_way(turn, broadcast, counts, await flight.planned(turn, broadcast)):
        return await screen.show(turn, broadcast, text("announce-not-yet"))
    return await _let_go(turn, broadcast, counts.total)


def _wrong(turn: Turn, broadcast: Broadcast, answers: Answers, total: int) -> Text | None:
    """Why what was typed confirms nothing."""
    typed, shown = number(str(answers["n"])), int(str(answers["@shown"]))
    if turn.now > datetime.fromisoformat(str(answers["@until"])):
        return text("confirm-too-late")
    if Announcement.of(broadcast).mark(broadcast.rule) != answers["@mark"]:
        return text("confirm-other-words")
    if typed is None:
        return text("confirm-no-number")
    if typed != shown:
        return text("confirm-wrong-number")
    return text("confirm-outgrown") if has_outgrown(total, shown) else None


async def _let_go(turn: Turn, broadcast: Broadcast, total: int) -> list[Reply]:
    """Hold it until its time, or until somebody else has agreed to so many."""
    rules, most = turn.house.rules, turn.house.rules.second_person_above
    earlier = await parts.confirmed(turn, broadcast)
    if total + earlier <= most:
        return await hold(turn, broadcast, total, rules.undo)
    why = () if total > most else (text("announce-together", number=earlier, most=most),)
    others = await _others(turn)
    if not others:
        wait = max(rules.wait, rules.undo)
        return await hold(turn, broadcast, total, wait, *why, text("announce-alone"))
    until = _good_until(turn, broadcast, Announcement.of(broadcast).at or turn.now)
    await turn.storage.broadcasts.set_phase(
        broadcast.id, Phase.WAITING, {Phase.DRAFT}, turn.now, confirmed=total, not_after=until
    )
    for person in others:
        look = Button(text("btn-announce-look"), f"go:an:{broadcast.id}")
        turn.tell(person, Reply((text("told-announce-to-agree", number=total),), ((look,),)))
    return await _shown(turn, broadcast, *why)


async def hold(
    turn: Turn,
    broadcast: Broadcast,
    total: int,
    wait: timedelta,
    *before: Text,
    after: Phase = Phase.DRAFT,
) -> list[Reply]:
    """It leaves for so many people after this time, or at its own if that is later."""
    at = Announcement.of(broadcast).at
    starts_at = max(turn.now + wait, at) if at else turn.now + wait
    await turn.storage.broadcasts.set_phase(
        *(broadcast.id, Phase.HELD, {after}, turn.now, starts_at, total),
        not_after=_good_until(turn, broadcast, starts_at),
    )
    return await _shown(turn, broadcast, *before)


def _good_until(turn: Turn, broadcast: Broadcast, leaves: datetime) -> datetime | None:
    """Until nobody is at its webinar any more; what leaves after its end is about something else.

    Not at the end itself: what is said in the last minutes would reach only some.
    """
    about = programme.find(turn.programme, broadcast.webinar) if broadcast.webinar else None
    ends = None if about is None else planned_end(about)
    return ends + OVERRUN if ends is not None and leaves < ends else None


async def _shown(turn: Turn, broadcast: Broadcast, *before: Text) -> list[Reply]:
    now = await turn.storage.broadcasts.get(broadcast.id)
    return await screen.show(turn, now or broadcast, *before)


async def _others(turn: Turn) -> list[int]:
    """Who else may agree to an announcement."""
    members = await turn.storage.staff.members()
    may = [m for m in members if m.active and m.role in ORGANISERS]
    return [member.person for member in may if member.person != turn.person.id]


async def _left(turn: Turn, answers: Answers) -> list[Reply]:
    broadcast = await screen.find(turn, str(answers["@id"]))
    return await (overview(turn) if broadcast is None else screen.show(turn, broadcast))


def _form(_turn: Turn) -> Form:
    """Whatever is typed is looked at with what was shown: no refusal may lose the number."""
    ask, title = text("ask-announce-count"), text("title-announce-count")
    return (Question("n", ask, title, read=choices.written),)


CONVERSATION = Conversation(screen.CONFIRMATION, _form, _typed, may=ORGANISERS, left=_left)
