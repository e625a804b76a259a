"""Which handler takes a turn: a command, a button, an answer, or what fits now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from dialogue.form import listed_numbers
from dialogue.words import Button, Reply, Text, text
from handlers import links
from handlers.commands import Commands
from handlers.desk import DOUBLE, DOUBLE_MOVE, meant
from handlers.lasting import meaning
from handlers.participants import help, linking, profile, rewriting
from handlers.receiving import public_routes, staff_routes
from handlers.series.screen import screen
from handlers.speaking import asking, menus, talking
from handlers.staff import invitations
from handlers.turn import Conversation, Turn
from handlers.wording import news

CONVERSATIONS: Mapping[str, Conversation] = {
    conversation.code: conversation
    for conversation in (*public_routes.CONVERSATIONS, *staff_routes.CONVERSATIONS)
}

ALWAYS = frozenset({"stop", "cancel", "back", "skip", "done"})
"""Commands that a word gives even where it is also the name of something on the screen."""

_TALK_BUTTON = re.compile(r"([a-z])(\d{1,9}):([^:]*):(.*)", re.DOTALL)


async def answer(turn: Turn, commands: Commands) -> list[Reply]:
    """The replies to one turn of somebody who has agreed to the notice."""
    incoming = turn.incoming
    if incoming.edited:
        return await rewriting.edited(turn)
    if incoming.media is not None:
        return await _pictured(turn) or await help.media(turn)
    heard = incoming.text if incoming.choice is None else f"\0{incoming.choice}"
    if heard is None:
        return []
    since = turn.desk.since_heard(heard, turn.now)
    if since is not None and since < _double(turn, commands):
        return []
    before, silent = turn.desk.at, turn.desk.silent(turn.now)
    turn.desk = turn.desk.hears(heard, turn.now)
    if incoming.choice is not None:
        return await pressed(turn, incoming.choice)
    words = incoming.text or ""
    replies = await typed(turn, commands, words, silent=silent)
    if commands.find(words, turn.role) not in _ANY_MESSAGE:
        return replies
    return [*await news.missed(turn, before), *replies]


_ANY_MESSAGE = frozenset({None, "start", "menu", "help"})
"""What somebody may write who was asked to write anything, so as to read on."""


def _double(turn: Turn, commands: Commands) -> timedelta:
    """Within what time these words, said again, are the same ones."""
    words = turn.incoming.text
    if words is None or meant(turn.desk.menu, words):
        return DOUBLE_MOVE
    is_move = listed_numbers(words) or commands.find(words, turn.role)
    front = turn.desk.front
    # The staff may well say the same in one language after the other.
    is_staffs = front is not None and CONVERSATIONS[front].may is not None
    return DOUBLE_MOVE if is_move or is_staffs else DOUBLE


async def _pictured(turn: Turn) -> list[Reply] | None:
    front, photo = turn.desk.front, turn.incoming.photo
    if front is None or photo is None:
        return None
    return await talking.pictured(turn, CONVERSATIONS[front], photo)


async def typed(turn: Turn, commands: Commands, words: str, *, silent: bool) -> list[Reply]:
    """Typed text: a command, a line of the list last seen, an answer, or something unasked."""
    command, front = commands.find(words, turn.role), turn.desk.front
    # What is on the screen goes before a command of the same name, but nothing goes before these.
    if command in ALWAYS or (command is not None and words.lstrip().startswith("/")):
        return await obey(turn, command)
    listed = meant(turn.desk.menu, words) or (commands.says_yes(words) and _affirmed(turn))
    listed = listed or (front and asking.way_on(turn, CONVERSATIONS[front], words))
    if listed:
        return await pressed(turn, listed)
    way = commands.way(words)
    if (command or way) and not (front and asking.offers(turn, CONVERSATIONS[front], words)):
        return await (obey(turn, command) if command else pressed(turn, way or ""))
    if (code := links.typed_code(words)) is not None:
        return await invitations.screen(turn, code)
    if (code := links.typed_link(words)) is not None:
        return await linking.offer(turn, code)
    if front is None:
        return await help.unasked(turn, words)
    if silent or turn.desk.menu:
        note = text("still-here") if silent else text("choose-from-list")
        return [menus.where_we_are(turn, note)]
    return await talking.typed(turn, CONVERSATIONS[front], words)


def _affirmed(turn: Turn) -> str | None:
    """What a "yes" means to the question on the screen, if it is one of yes or no."""
    front, talk = turn.desk.front, turn.desk.talk
    if front and talk and not turn.desk.menu and len(talk.offers) == 1:
        return f"{front}{talk.number}:{talk.asked}:{talk.offers[0]}"
    values = [entry.value for entry in turn.desk.menu]
    if to_live := [value for value in values if value.startswith("go:now:")]:
        return to_live[0] if len(to_live) == 1 else None
    return next((value for value in values if ":!ok:" in value or value == "go:draft"), None)


async def obey(turn: Turn, command: str) -> list[Reply]:
    """A command, however it was given."""
    aim = links.aim_of(turn.incoming)
    if command == "start" and aim:
        return await arrive(turn, aim)
    if command == "cancel":
        return await cancel(turn)
    if command in {"back", "skip", "done"}:
        if turn.desk.front is None:
            return [menus.main_menu(turn)]
        return await talking.step(turn, CONVERSATIONS[turn.desk.front], command)
    return await (public_routes.COMMANDS.get(command) or staff_routes.COMMANDS[command])(turn)


async def arrive(turn: Turn, aim: str, *before: Text) -> list[Reply]:
    """Where a link leads: to a webinar, to an invitation, or to another chat of theirs."""
    if (secret := links.secret_in(aim)) is not None:
        return await invitations.screen(turn, secret, *before)
    if (code := links.link_in(aim)) is not None:
        return await linking.offer(turn, code, *before)
    return await screen(turn, aim, *before)


async def pressed(turn: Turn, choice: str) -> list[Reply]:
    """A button, pressed or typed; one from an earlier time gets today's state."""
    choice = meaning(choice)
    talk = _TALK_BUTTON.fullmatch(choice)
    if talk is not None and talk[1] in CONVERSATIONS:
        conversation = CONVERSATIONS[talk[1]]
        replies = await talking.pressed(turn, conversation, int(talk[2]), talk[3], talk[4])
        return [menus.where_we_are(turn, text("stale"))] if replies is None else replies
    kind, _, rest = choice.partition(":")
    if kind == "go":
        name, _, value = rest.partition(":")
        return await go(turn, name, value)
    if kind == "hi":
        return await profile.speak(turn, rest.partition(":")[0])
    return [menus.where_we_are(turn, text("stale"))]


async def go(turn: Turn, name: str, value: str) -> list[Reply]:
    """A button that leads somewhere: a command's name, or a way with a value."""
    if name in public_routes.COMMANDS and not value:
        return await obey(turn, name)
    if name == "cancel":
        return await cancel(turn)
    # No name stands in both, so either may be asked first.
    for table in (public_routes, staff_routes):
        if (replies := await table.go(turn, name, value)) is not None:
            return replies
    return [menus.where_we_are(turn, text("stale"))]


async def cancel(turn: Turn) -> list[Reply]:
    """Leave the open talk and offer to stop everything; with no talk open, stop."""
    front, talk = turn.desk.front, turn.desk.talk
    if front is None or talk is None:
        return await profile.stop(turn)
    turn.desk = turn.desk.without_talk(front)
    if (left := CONVERSATIONS[front].left) is not None:
        return await left(turn, talk.answers)
    return [menus.after(turn, (text("cancelled"),), (Button(text("btn-stop"), "go:stop"),))]
