"""The honest notice, /mydata, and erasure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

from dialogue.incoming import Incoming
from dialogue.words import EVERYTHING, Button, File, Reply, Text, text
from handlers.arrivals import KEEPING
from handlers.house import House, Rules
from handlers.participants import held
from handlers.speaking import chats, lists, menus
from handlers.turn import Turn
from storage.asking.hush import LASTING as BLOCKED
from storage.community.people import Consent
from storage.persons import MAILED

_ONCE, _TWICE = "1-", "2-"
"""What the tokens of the first and of the second tap begin with: one is not the other."""

CHANNELS = ("telegram", "web", "whatsapp")
"""Who reads along differs from one to the other; by mail, where that is set up."""

SHOWN_FOR = timedelta(minutes=10)
"""What /mydata shows is taken away again after so long: a phone may be looked at."""


def notice(house: House, channel: str) -> tuple[Text, ...]:
    """The three facts that come before consent: who reads along, what is kept, what cannot be."""
    return _notice(house.rules, channel)


def more(house: House, channel: str) -> tuple[Text, ...]:
    """All of the notice."""
    return (*_notice(house.rules, channel)[1:], *_more(house.rules))


def chosen(house: House) -> tuple[Text, ...]:
    """What holds for those alone who choose it, and is said to them where they do.

    It is no part of what everybody agrees to: nobody is asked anew because it has changed.
    """
    return (text("notice-reveal"),) if house.rules.reveals_per_day else ()


def version(house: House) -> str:
    """The mark of the notice as it stands: it changes with any word or number of it."""
    return house.once("notice", lambda: _hash(house, house.languages.codes)[:6])


def consent(house: House, language: str) -> Consent:
    """What somebody agrees to who agrees now, in this language."""
    return Consent(version(house), _hash(house, (language,)), language)


async def privacy(turn: Turn) -> list[Reply]:
    """/privacy."""
    ways = tuple(map(menus.command_button, ("mydata", "forget", "menu")))
    here = turn.incoming.channel
    reads, *rest = more(turn.house, here)
    others = await turn.storage.people.addresses(turn.person.id) if turn.address.linked else []
    names = sorted({address.channel for address in others} - {here})
    texts = (reads, *(Text(f"notice-reads-{name}") for name in names), *rest)
    # A message of its own: with it the notice would be too long to have buttons everywhere.
    before = [Reply(said)] if (said := chosen(turn.house)) else []
    return [*before, lists.menu(turn, texts, lists.in_rows(ways, 2))]


async def my_data(turn: Turn) -> list[Reply]:
    """/mydata: all that is held, taken away again after ten minutes."""
    lines = tuple(held.gist(turn, await held.everything(turn)))
    ways = (
        Button(text("btn-mydata-file"), "go:mydatafile"),
        menus.command_button("forget"),
        menus.command_button("menu"),
    )
    gone = chats.gone(turn.incoming.channel, text("mydata-gone"))
    texts = (text("mydata"), text("lines", lines=lines), gone)
    shown = lists.menu(turn, texts, lists.in_rows(ways, 1))
    return [replace(shown, gone_after=SHOWN_FOR)]


async def my_data_file(turn: Turn) -> list[Reply]:
    """The same as a file, complete, only on a second tap."""
    content = json.dumps(await held.everything(turn), ensure_ascii=False, indent=2).encode()
    file = File("data.json", content)
    words = chats.gone(turn.incoming.channel, text("mydata-file"))
    return [Reply((words,), file=file, gone_after=SHOWN_FOR)]


async def forget(turn: Turn) -> list[Reply]:
    """/forget: what would be erased; the first of two taps."""
    turn.desk = replace(turn.desk, token=f"{_ONCE}{turn.house.random_token()}")
    rows = (
        (Button(text("btn-forget-really"), f"go:forget1:{turn.desk.token}"),),
        (menus.command_button("menu"),),
    )
    texts = [text("forget", count=turn.house.rules.backup_days)]
    if turn.address.linked:
        mine = await turn.storage.people.addresses(turn.person.id)
        texts.append(text("forget-everywhere", chats=chats.called(mine)))
    return [lists.menu(turn, tuple(texts), rows)]


async def forget_once_more(turn: Turn, token: str) -> list[Reply]:
    """The second tap is asked for; the token of the first is used up."""
    if not token.startswith(_ONCE) or token != turn.desk.token:
        return await forget(turn)
    turn.desk = replace(turn.desk, token=f"{_TWICE}{turn.house.random_token()}")
    rows = (
        (Button(text("btn-forget-now"), f"go:forget2:{turn.desk.token}"),),
        (menus.command_button("menu"),),
    )
    return [lists.menu(turn, (text("forget-sure"),), rows)]


async def forget_now(turn: Turn, token: str) -> list[Reply]:
    """Erase the person, and have their messages on the platform deleted where it allows that."""
    if not token.startswith(_TWICE) or token != turn.desk.token:
        return await forget(turn)
    return await erase(turn)


async def erase(turn: Turn) -> list[Reply]:
    """Erase the person at once; whether they wish for it was asked before."""
    gone = await turn.storage.people.forget(turn.person.id)
    for channel, account, messages in gone.addresses:
        if channel == MAILED:
            continue  # What was mailed lies with them alone.
        if channel not in KEEPING:
            await turn.storage.erasures.add(channel, account, messages, turn.now)
            continue
        for each in _ids_of(turn.incoming, account):
            await turn.storage.erasures.add(channel, each, (EVERYTHING,), turn.now)
    turn.forgotten = True
    return [farewell(turn.house)]


def _ids_of(incoming: Incoming, account: str) -> set[str]:
    """The ids of an account, as far as they are known: only one of them is kept."""
    here = {each for each in (incoming.sender, incoming.alias) if each is not None}
    return here if account in here else {account}


def farewell(house: House) -> Reply:
    """The last word to somebody of whom nothing is kept any more, and the way to begin anew."""
    anew = menus.language_buttons(house.languages, "hi:", ":")
    return Reply((text("forgotten", count=house.rules.backup_days),), (anew,))


def _notice(rules: Rules, channel: str) -> tuple[Text, ...]:
    return (
        text("notice-heading"),
        Text(f"notice-reads-{channel}"),
        *(_of_mailbox(rules) if channel == MAILED else ()),
        text("notice-keeps", count=rules.retention_days),
        text("notice-cannot"),
    )


def _of_mailbox(rules: Rules) -> tuple[Text, ...]:
    """For how long what is mailed to us lies where we have no other hand in it."""
    if rules.mailbox_days is None:
        return ()
    days = rules.mailbox_days
    return (text("notice-mailbox", count=days) if days else text("notice-mailbox-kept"),)


def _more(rules: Rules) -> tuple[Text, ...]:
    return (
        text("notice-future", count=rules.subscriber_days),
        text("notice-careful"),
        *([text("notice-machine", server=rules.translator)] if rules.translator else ()),
        text("notice-adults"),
        text("notice-delete", count=rules.backup_days),
        text("notice-blocked", days=BLOCKED.days),
    )


def _hash(house: House, codes: tuple[str, ...]) -> str:
    rules = house.rules
    channels = (*CHANNELS, *([MAILED] if rules.mail_is_set_up else []))
    texts = [*(each for name in channels for each in _notice(rules, name)), *_more(rules)]
    said = "\n".join(house.languages.voice(code).say(t) for code in codes for t in texts)
    return hashlib.sha256(said.encode()).hexdigest()
