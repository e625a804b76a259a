"""A second member of staff agrees to what goes to many, or does not; and taking back."""

from __future__ import annotations

from dialogue.words import Button, Reply, Text, text
from handlers.announcing import confirming, figures, recalling, screen
from handlers.announcing.content import Announcement
from handlers.announcing.overview import overview
from handlers.turn import Turn
from storage.broadcasting.broadcasts import Broadcast, Kind, Phase, has_outgrown


async def agree(turn: Turn, value: str) -> list[Reply]:
    """Hold it until its time: the button carries what this person saw, and to how many."""
    broadcast = await screen.find(turn, value)
    if broadcast is None:
        return await overview(turn)
    if broadcast.phase is not Phase.WAITING or broadcast.made_by == turn.person.id:
        return await screen.show(turn, broadcast)
    counts = figures.audience(turn, broadcast)
    if (wrong := _wrong(broadcast, value, counts.total)) is not None:
        return await screen.to_agree(turn, broadcast, wrong)
    undo = turn.house.rules.undo
    replies = await confirming.hold(turn, broadcast, counts.total, undo, after=Phase.WAITING)
    _tell_author(turn, broadcast, text("told-announce-agreed"))
    return replies


def _wrong(broadcast: Broadcast, value: str, total: int) -> Text | None:
    """Why the button is not for what there is now."""
    _, _, seen = value.partition(":")
    shown, _, mark = seen.partition(":")
    if mark != Announcement.of(broadcast).mark(broadcast.rule):
        return text("confirm-other-words")
    known = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 10 else 0
    return text("confirm-outgrown") if has_outgrown(total, known) else None


async def refuse(turn: Turn, value: str) -> list[Reply]:
    """It is its author's draft again."""
    broadcast = await screen.find(turn, value)
    if broadcast is None or broadcast.phase is not Phase.WAITING:
        return await (overview(turn) if broadcast is None else screen.show(turn, broadcast))
    if broadcast.made_by == turn.person.id:
        return await screen.show(turn, broadcast)
    store = turn.storage.broadcasts
    if await store.set_phase(broadcast.id, Phase.DRAFT, {Phase.WAITING}, turn.now):
        _tell_author(turn, broadcast, text("told-announce-refused"))
    return await overview(turn, text("announce-refused"))


async def undo(turn: Turn, value: str) -> list[Reply]:
    """Take it back before anything has left; it is a draft again."""
    broadcast = await screen.find(turn, value)
    if broadcast is None:
        return await overview(turn)
    if broadcast.kind is Kind.RECALL:
        return await recalling.undo(turn, broadcast)
    back = {Phase.WAITING, Phase.HELD}
    if broadcast.phase not in back:
        late = text("announce-undo-too-late")
        return await screen.show(turn, broadcast, *([late] if broadcast.began else []))
    await turn.storage.broadcasts.set_phase(broadcast.id, Phase.DRAFT, back, turn.now)
    if broadcast.made_by != turn.person.id:
        _tell_author(turn, broadcast, text("told-announce-refused"))
        return await overview(turn, text("announce-taken-back"))
    now = await turn.storage.broadcasts.get(broadcast.id)
    return await screen.show(turn, now or broadcast, text("announce-taken-back"))


def _tell_author(turn: Turn, broadcast: Broadcast, what: Text) -> None:
    if broadcast.made_by is not None:
        look = Button(text("btn-announce-look"), f"go:an:{broadcast.id}")
        turn.tell(broadcast.made_by, Reply((what,), ((look,),)))
