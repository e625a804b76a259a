"""Taking an announcement back: what can still be deleted of it is, from those it reached.

It needs one tap, and can be undone until it begins: it only takes away.
"""

from __future__ import annotations

from dialogue.words import Button, Reply, Text, text
from handlers.announcing import screen
from handlers.announcing.content import KINDS, Announcement
from handlers.announcing.overview import overview
from handlers.counting import Audience
from handlers.speaking import lists, tokens
from handlers.turn import Turn
from storage.broadcasting.broadcasts import Broadcast, Counts, Kind, Phase, Rule

REACHED = Rule("reached")


async def ask(turn: Turn, value: str) -> list[Reply]:
    """What taking it back does, and from how many, before it is done."""
    broadcast = await screen.find(turn, value)
    if broadcast is None:
        return await overview(turn)
    counts = await _deletable(turn, broadcast)
    if not counts.total:
        return await _as_it_stands(turn, broadcast)
    id = broadcast.id
    rows = (
        (Button(text("btn-recall-now"), f"go:an-back:{tokens.new(turn)}:{id}"),),
        (Button(text("btn-recall-not"), f"go:an:{id}"),),
    )
    asked = (text("recall-sure"), *screen.called(turn, broadcast))
    return [lists.menu(turn, (*asked, text("recall-means"), _from(counts)), rows)]


async def recall(turn: Turn, value: str) -> list[Reply]:
    """It was confirmed, once."""
    token, _, id = value.partition(":")
    good, broadcast = tokens.counts(turn, token), await screen.find(turn, id)
    if broadcast is None:
        return await overview(turn)
    if not good:
        return await screen.show(turn, broadcast, text("stale"))
    if not (await _deletable(turn, broadcast)).total:
        return await _as_it_stands(turn, broadcast)
    made = await turn.storage.broadcasts.put(
        Kind.RECALL,
        REACHED,
        {"texts": _called(turn, broadcast)},
        turn.now,
        made_by=turn.person.id,
        webinar=broadcast.webinar,
        about=broadcast.id,
        phase=Phase.HELD,
        starts_at=turn.now + turn.house.rules.undo,
    )
    return await screen.show(turn, made)


async def undo(turn: Turn, recall: Broadcast) -> list[Reply]:
    """The announcement stays where it is, if nothing of it was deleted yet."""
    store = turn.storage.broadcasts
    if not await store.set_phase(recall.id, Phase.CANCELLED, {Phase.HELD}, turn.now):
        late = [text("recall-undo-too-late")] if recall.began else []
        return await screen.show(turn, recall, *late)
    announcement = None if recall.about is None else await store.get(recall.about)
    if announcement is None:
        return await overview(turn, text("recall-undone"))
    return await screen.show(turn, announcement, text("recall-undone"))


async def _deletable(turn: Turn, broadcast: Broadcast) -> Counts:
    """From how many it can be taken away now; from nobody while it is sent, or taken back."""
    if not _was_sent(broadcast):
        return Counts()
    if any(each.phase not in screen.OVER for each in await _recalls(turn, broadcast)):
        return Counts()
    return turn.count(Audience(REACHED, broadcast.id, Kind.RECALL))


def _from(counts: Counts) -> Text:
    """From how many, and where."""
    channels = sorted(counts.by_channel.items())
    return text(
        "lines",
        lines=(
            text("recall-how-many", number=counts.total),
            *(
                text("announce-on-channel", channel=Text(f"channel-{name}"), number=number)
                for name, number in channels
            ),
        ),
    )


async def _as_it_stands(turn: Turn, broadcast: Broadcast) -> list[Reply]:
    """Why nothing of it is taken away now."""
    for each in await _recalls(turn, broadcast):
        if each.phase not in screen.OVER:
            return await screen.show(turn, each, text("recall-under-way"))
    nothing = (text("recall-nothing"),) if _was_sent(broadcast) else ()
    return await screen.show(turn, broadcast, *nothing)


def _was_sent(broadcast: Broadcast) -> bool:
    """Whether it is an announcement that is not being sent any more."""
    ended = broadcast.phase in screen.OVER and broadcast.began is not None
    return ended and broadcast.kind in KINDS


async def _recalls(turn: Turn, broadcast: Broadcast) -> list[Broadcast]:
    return await turn.storage.broadcasts.recalls(broadcast.id)


def _called(turn: Turn, broadcast: Broadcast) -> dict[str, str]:
    """Its first words in each of its languages: so the recall can be named in its report."""
    announcement = Announcement.of(broadcast)
    return {code: announcement.beginning(code) for code in announcement.texts}
