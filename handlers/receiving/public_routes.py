"""Where the commands, buttons and conversations of everybody lead.

A subject plugs in with a line in each table; those of the staff stand in `staff_routes`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from dialogue.words import Reply
from handlers.participants import (
    help,
    linking,
    live,
    mail_settings,
    own_questions,
    privacy,
    profile,
    questions,
    registration,
    rewriting,
    supporting,
)
from handlers.series import pictures, programme
from handlers.series.screen import screen
from handlers.series.standing import OPEN, standing
from handlers.speaking import menus
from handlers.staff import invitations
from handlers.turn import Conversation, Turn
from handlers.wording import news
from storage.ids import id_in

Handler = Callable[[Turn], Awaitable[list[Reply]]]

CONVERSATIONS: tuple[Conversation, ...] = (
    registration.CONVERSATION,
    questions.CONVERSATION,
    rewriting.CONVERSATION,
    profile.ZONE,
    mail_settings.CONVERSATION,
)


async def go(turn: Turn, name: str, value: str) -> list[Reply] | None:
    """Where this button leads that is no command's; None when it leads nowhere."""
    if name in STEPS:
        return await STEPS[name](turn)
    if name in {"add", "drop"}:
        return await _come_or_not(turn, name, value)
    if name in QUESTIONS:
        id = id_in(value)
        return await (own_questions.mine(turn) if id is None else QUESTIONS[name](turn, id))
    return await WAYS[name](turn, value) if name in WAYS else None


async def _come_or_not(turn: Turn, name: str, value: str) -> list[Reply]:
    webinar = programme.find(turn.programme, value)
    if webinar is None or standing(webinar, turn.now) not in OPEN:
        return await screen(turn, value)
    act = registration.add if name == "add" else registration.drop
    return await act(turn, webinar)


async def _draft(turn: Turn) -> list[Reply]:
    return await questions.ask(turn, draft=turn.desk.draft or None)


async def _continue(turn: Turn) -> list[Reply]:
    return [menus.where_we_are(turn)]


async def _switch(turn: Turn, value: str) -> list[Reply]:
    name, _, state = value.partition(":")
    return await profile.switch(turn, name, state)


COMMANDS: Mapping[str, Handler] = {
    "start": help.start,
    "menu": help.menu,
    "register": registration.start,
    "webinars": programme.command,
    "ask": questions.ask,
    "questions": own_questions.mine,
    "language": profile.languages,
    "settings": profile.settings,
    "link": linking.link,
    "privacy": privacy.privacy,
    "mydata": privacy.my_data,
    "forget": privacy.forget,
    "stop": profile.stop,
    "help": help.help,
    "unlink": linking.unlink,
}

STEPS: Mapping[str, Handler] = {
    "continue": _continue,
    "draft": _draft,
    "zone": profile.zone,
    "mail": mail_settings.give,
    "mailend": mail_settings.end,
    "mailagain": mail_settings.again,
    "resume": profile.resume,
    "where": linking.choose,
    "news": news.show,
    "details": news.details,
    "mydatafile": privacy.my_data_file,
}
"""Where buttons lead that no command does."""

WAYS: Mapping[str, Callable[[Turn, str], Awaitable[list[Reply]]]] = {
    "w": screen,
    "join": invitations.join,
    "ask": questions.ask,
    "lang": profile.speak,
    "set": _switch,
    "poster": pictures.show,
    "now": live.send,
    "others": supporting.others,
    "metoo": supporting.me_too,
    "link1": linking.join,
    "unlink1": linking.part,
    "prefer": linking.prefer,
    "forget1": privacy.forget_once_more,
    "forget2": privacy.forget_now,
}
"""Where buttons lead that say more: which webinar, which language, which token."""

QUESTIONS: Mapping[str, Callable[[Turn, int], Awaitable[list[Reply]]]] = {
    "q": own_questions.one,
    "qs": own_questions.earlier,
    "rewrite": rewriting.rewrite,
    "withdraw": own_questions.withdraw,
}
"""What buttons do with a question of one's own."""
