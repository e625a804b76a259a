"""Abuse: a strike, a mute that nobody notices, a block; each taken back as easily."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from dialogue.stages import Stage
from dialogue.words import Button, Reply, Text, text
from handlers.moderating import acting, overview, screen
from handlers.receipts import reasons
from handlers.speaking import lists
from handlers.turn import Turn
from storage.asking.hush import LASTING, Hush
from storage.asking.moderation import Handled
from storage.ids import id_in


async def ask(turn: Turn, value: str) -> list[Reply]:
    """What there is to be done about whoever asked this."""
    question = await screen.in_hand(turn, value)
    if not isinstance(question, Handled):
        return question
    named = screen.name(question)
    ways = (
        Button(text("btn-mo-strike"), f"go:mo-strike:{named}"),
        Button(text("btn-mo-mute"), f"go:mo-mute:{named}"),
        Button(text("btn-mo-block"), f"go:mo-block:{named}"),
        Button(text("btn-mo-danger"), f"go:mo-danger:{named}"),
        screen.to_one(question),
    )
    said = (screen.words(question), text("moderate-hush", days=LASTING.days))
    return [lists.menu(turn, said, lists.in_rows(ways, 2))]


async def strike(turn: Turn, value: str) -> list[Reply]:
    """Decline it for its words, and count that against whoever asked."""
    question = await screen.in_hand(turn, value)
    if not isinstance(question, Handled):
        return question
    await turn.storage.hush.strike(question.id)
    return await acting.move(turn, question, Stage.DECLINED, reason=reasons.kept("words"))


async def mute(turn: Turn, value: str) -> list[Reply]:
    """What they ask of this webinar is received, and nobody sees it."""
    return await _hushed(turn, value, "mute", Hush.mute)


async def block(turn: Turn, value: str) -> list[Reply]:
    """Ask before nothing of theirs is taken anywhere."""
    question = await screen.in_hand(turn, value)
    if not isinstance(question, Handled):
        return question
    sure = Button(text("btn-mo-block-now"), f"go:mo-block1:{screen.name(question)}")
    said = (screen.words(question), text("moderate-block-sure", days=LASTING.days))
    return [lists.menu(turn, said, ((sure,), (screen.to_one(question),)))]


async def block_now(turn: Turn, value: str) -> list[Reply]:
    """Nothing of theirs is taken anywhere, for as long as a block lasts."""
    return await _hushed(turn, value, "block", Hush.block)


async def _hushed(
    turn: Turn, value: str, what: str, hush: Callable[..., Awaitable[bool]]
) -> list[Reply]:
    question = await screen.in_hand(turn, value)
    if not isinstance(question, Handled):
        return question
    store = turn.storage.hush
    if not await hush(store, question.id, turn.now):
        return [await screen.show(turn, question, text("moderate-hush-nobody"))]
    await store.strike(question.id)
    # It is as new again, so that its asker sees nothing but that it was received.
    await overview.put_down(turn)
    rows = (
        (Button(text("btn-next-one"), "go:mo-skip:"),),
        (Button(text("btn-mo-undo"), f"go:mo-un{what}:{question.id:x}"), overview.back()),
    )
    now = await turn.storage.moderation.get(question.id)
    if now is None or now.stage is Stage.RECEIVED:
        return [lists.menu(turn, (Text(f"moderated-{what}"),), rows)]
    said = (Text(f"moderated-{what}"), text("moderate-still-there"))
    return [lists.menu(turn, said, ((screen.to_one(now),), *rows))]


async def unmute(turn: Turn, value: str) -> list[Reply]:
    """They are heard again in this webinar."""
    return await _heard_again(turn, value, turn.storage.hush.unmute)


async def unblock(turn: Turn, value: str) -> list[Reply]:
    """They are heard again everywhere."""
    return await _heard_again(turn, value, turn.storage.hush.unblock)


async def _heard_again(
    turn: Turn, value: str, undo: Callable[[int], Awaitable[bool]]
) -> list[Reply]:
    id = id_in(value, 16)
    if id is None or not await undo(id):
        return await overview.here(turn)
    return await overview.here(turn, text("moderated-unhushed"))
