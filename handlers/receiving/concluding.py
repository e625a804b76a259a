"""How a turn becomes an outcome: rows of the outbox, or words without a trace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from dialogue.incoming import Incoming
from dialogue.words import Act, Reply, text
from handlers.arrivals import arrival
from handlers.house import House
from handlers.participants import welcome
from handlers.telling.outcome import (
    Door,
    Outcome,
    drafts,
    drafts_elsewhere,
    placed,
    said,
    sent,
    without_pictures,
)
from handlers.turn import Turn
from storage.outbox import Draft, State
from storage.turns import Found, Kept


def in_group(house: House, door: Door, incoming: Incoming) -> Outcome:
    """A group is no place for this: one sentence, and out; nothing is stored."""
    return aloud(house, door, incoming, (Reply((text("not-in-groups"),)), Reply(act=Act.LEAVE)))


def aloud(
    house: House,
    door: Door,
    incoming: Incoming,
    replies: Sequence[Reply],
    language: str | None = None,
) -> Outcome:
    """These replies, said without a trace, in this language or the one they seem to read."""
    if not replies:
        return Outcome(incoming)
    voice = house.languages.voice(language or welcome.guess(house, incoming), None)
    units = door.text_units(incoming.channel)
    if not door.edits(incoming.channel):
        replies = [sent(reply) for reply in replies]
    return Outcome(incoming, said=said(voice, replies, units))


def conclude(
    turn: Turn,
    found: Found,
    replies: Sequence[Reply],
    door: Door,
    next_id: Callable[[datetime], int],
) -> Outcome:
    """All that is kept and told of this turn; what was loaded and has not changed is not saved."""
    incoming, address = turn.incoming, turn.address
    if turn.person.text_only:
        replies = without_pictures(replies)
    if turn.forgotten:
        units = door.text_units(address.channel)
        return Outcome(incoming, said=said(turn.voice, replies, units), forgotten=True)
    rows = _rows(turn, replies, door, next_id)
    _note_fleeting(turn, replies)
    kept = Kept(
        arrival=arrival(incoming),
        person_id=turn.person.id,
        person=turn.person if turn.person != found.person else None,
        address=address if address != found.address else None,
        state=turn.desk.to_json(),
        drafts=tuple(rows),
    )
    sending = (row for row in rows if row.state is State.SENDING)
    where = (address.channel, address.account, address.open_until)
    return Outcome(
        incoming,
        kept,
        tuple(row.on_its_way(*where) for row in sending),
        wants_posters=turn.wants_posters,
        told=tuple(turn.told),
        elsewhere=bool(turn.elsewhere),
        by_staff=turn.role is not None,
    )


def _rows(
    turn: Turn, replies: Sequence[Reply], door: Door, next_id: Callable[[datetime], int]
) -> list[Draft]:
    def id() -> int:
        return next_id(turn.now)

    incoming, address = turn.incoming, turn.address
    edits = door.edits(incoming.channel)
    here = placed(incoming, address, replies, fleeting=turn.desk.fleeting, edits=edits)
    rows = drafts(turn.voice, address, here, turn.now, door, id)
    return rows + drafts_elsewhere(turn.voice, turn.elsewhere, turn.now, id)


def _note_fleeting(turn: Turn, replies: Sequence[Reply]) -> None:
    """Whether what stands last in the chat goes by itself."""
    if replies:
        fleeting = any(reply.gone_after is not None for reply in replies)
        if turn.desk.fleeting != fleeting:
            turn.desk = replace(turn.desk, fleeting=fleeting)
