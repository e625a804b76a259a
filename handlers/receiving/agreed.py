"""What somebody hears who has agreed to the notice: what cannot wait, then what they asked."""

from __future__ import annotations

from dataclasses import replace

from dialogue.incoming import Event
from dialogue.words import Reply, text
from handlers.commands import Commands
from handlers.desk import meant
from handlers.lasting import lasting, meaning
from handlers.links import aim_of
from handlers.meter import Meter, Verdict
from handlers.participants import help, privacy, profile, welcome
from handlers.receiving import routes
from handlers.speaking import lists, menus
from handlers.turn import Turn

HELPING = 6
"""So many times as fast as others whoever helps may be: a session's questions are one press each,
and a rude one two."""

_COMMANDS_BEFORE_NEW_NOTICE = frozenset({"stop", "forget", "mydata", "privacy"})
_WAYS_BEFORE_NEW_NOTICE = (
    *("go:forget", "go:mydata", "go:stop", "go:privacy"),
    *map(lasting, ("go:set:announcements:off", "go:set:reminders:off", "go:stop")),
)


async def answer(turn: Turn, commands: Commands, meter: Meter) -> list[Reply]:
    """All that is said to this turn."""
    _close_what_is_not_theirs(turn)
    if turn.incoming.event is Event.BLOCKED:
        _blocked(turn)
        return []
    if not turn.address.reachable:
        turn.address = replace(turn.address, reachable=True)
    if turn.incoming.event is not None:
        return []
    incoming = turn.incoming
    faster = HELPING if turn.role else 1
    verdict = meter.hear(*incoming.origin, incoming.at, incoming.id, faster)
    if verdict is not Verdict.FINE:
        if _wants_out(turn, commands):
            # Whoever wants no more messages need not wait to say so; an answer can wait.
            profile.silence(turn)
        return [help.too_fast()] if verdict is Verdict.WARN else []
    if turn.person.notice != privacy.version(turn.house):
        return await _with_new_notice(turn, commands)
    token = turn.desk.token
    replies = await routes.answer(turn, commands)
    if replies and token and turn.desk.token == token:
        # Something else was said since: an erasure is confirmed at once or asked for anew.
        turn.desk = replace(turn.desk, token="")
    return replies


def _close_what_is_not_theirs(turn: Turn) -> None:
    """Whoever has a role no more has nothing more of what it let them begin."""
    for code in turn.desk.talks:
        conversation = turn.house.conversations.get(code)
        may = conversation.may if conversation else None
        if may is not None and turn.role not in may:
            turn.desk = turn.desk.without_talk(code)


def _blocked(turn: Turn) -> None:
    """A block counts as stop; unblocking alone subscribes to nothing.

    Whoever has another chat with us has stopped this one.
    """
    if not turn.address.linked:
        turn.person = replace(turn.person, announcements=False, reminders=False)
    turn.address = replace(turn.address, reachable=False)


async def _with_new_notice(turn: Turn, commands: Commands) -> list[Reply]:
    """The notice has changed since they agreed: it comes first, except for leaving."""
    incoming, language, shown = turn.incoming, turn.person.language, turn.desk.menu
    words = incoming.text or ""
    way = commands.way(words)
    choice = incoming.choice or meant(shown, words) or (lasting(way) if way else "")
    leaving = choice.startswith(_WAYS_BEFORE_NEW_NOTICE) or _wants_out(turn, commands)
    if leaving or commands.find(words) in _COMMANDS_BEFORE_NEW_NOTICE:
        return await routes.answer(turn, commands)
    greeting = welcome.greet(turn.house, commands, incoming, turn.now, shown)
    if greeting.agreed:
        consent = privacy.consent(turn.house, greeting.language)
        await turn.storage.people.consent(turn.person.id, consent, turn.now, incoming.channel)
        turn.person = replace(turn.person, notice=consent.version)
        if greeting.aim:
            return await routes.arrive(turn, greeting.aim, text("agreed"))
        return [menus.where_we_are(turn, text("agreed"))]
    if choice.partition(":")[0] in {"more", "no", "pg"}:
        return [lists.menu(turn, each.texts, each.rows) for each in greeting.replies]
    note, aim = text("notice-changed"), aim_of(incoming)
    screen = welcome.notice_screen(turn.house, incoming.channel, language, aim, note)
    return [lists.menu(turn, screen.texts, screen.rows)]


def _wants_out(turn: Turn, commands: Commands) -> bool:
    """Whether this turn is nothing but a stop; a bare "cancel" is one with no talk open."""
    if turn.incoming.choice is not None or turn.incoming.edited:
        return meaning(turn.incoming.choice or "") == "go:stop"
    command = commands.find(turn.incoming.text or "")
    return command == "stop" or (command == "cancel" and turn.desk.front is None)
