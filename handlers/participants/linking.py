"""/link and /unlink: one person who writes on several channels.

A code is shown in one chat and typed in the other, which asks before it joins the two. Whoever
makes others type a code would see what is theirs, so it is said what the code does on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dialogue.words import Button, Reply, Text, text
from handlers import links
from handlers.desk import Desk
from handlers.participants import profile
from handlers.speaking import chats, lists, menus
from handlers.turn import Turn
from storage.community.links import LASTING
from storage.community.people import Address
from storage.ids import id_in
from storage.roles import Role

_JOINING, _PARTING = "j-", "u-"
"""What the tokens of the two confirmations begin with: one is not the other."""


async def link(turn: Turn) -> list[Reply]:
    """/link: a code for the other chat, gone again when its time is over."""
    code = await turn.storage.links.make(turn.person.id, turn.now)
    minutes = int(LASTING.total_seconds() // 60)
    shown = text("link-code", count=minutes, code=links.in_groups(code))
    rows = (*_ways_there(turn, code), (menus.command_button("menu"),))
    texts = (text("link-about"), shown, text("link-keep-it"))
    return [replace(lists.menu(turn, texts, rows), gone_after=LASTING)]


async def offer(turn: Turn, code: str, *before: Text) -> list[Reply]:
    """Ask whether this chat is to be joined with the one that the code is from.

    Whoever helps here gives the code and takes none: else one tap on somebody's link would hand
    them the role, too.
    """
    if turn.role is not None:
        return [_from_here(turn, *before)]
    tries = turn.house.rules.invitation_tries
    other = await turn.storage.links.look(code, turn.person.id, turn.now, tries)
    if other is None:
        return [_refusal(turn, *before)]
    turn.desk = replace(turn.desk, token=f"{_JOINING}{code}-{turn.house.random_token()}")
    theirs = chats.called(await turn.storage.people.addresses(other))
    careful = [text("link-sure-staff")] if await _role_of(turn, other) else []
    said = (*before, text("link-sure", chats=theirs), *careful)
    return [lists.menu(turn, said, to_join(turn.desk.token))]


async def join(turn: Turn, token: str) -> list[Reply]:
    """Two become one: what either had, both have, and the other chat hears of it."""
    if not token.startswith(_JOINING) or token != turn.desk.token:
        return [menus.where_we_are(turn, text("stale"))]
    if turn.role is not None:
        return [_from_here(turn)]
    code, tries = token.split("-")[1], turn.house.rules.invitation_tries
    turn.desk = replace(turn.desk, token="")
    joined = await turn.storage.links.redeem(code, turn.person.id, turn.now, tries)
    if joined is None:
        return [_refusal(turn)]
    turn.person = joined.person
    turn.role = await _role_of(turn, turn.person.id)
    await _tell_owners(turn)
    others = await _others(turn)
    turn.address = replace(turn.address, person=turn.person.id, linked=True)
    _tell(turn, others, text("told-linked", chats=chats.called([turn.address])))
    return [await _where(turn, text("linked", chats=chats.called(others)))]


async def prefer(turn: Turn, value: str) -> list[Reply]:
    """Where this person is written to first: choose, or take what was chosen."""
    mine = await turn.storage.people.addresses(turn.person.id)
    id = id_in(value)
    if id in {address.id for address in mine}:
        await turn.storage.people.prefer(turn.person.id, id)
        return await profile.settings(turn, text("setting-changed"))
    return [await _where(turn)]


async def choose(turn: Turn) -> list[Reply]:
    """Ask where this person is written to first."""
    return [await _where(turn)]


async def unlink(turn: Turn) -> list[Reply]:
    """/unlink: ask whether this chat is to stand alone again."""
    others = await _others(turn)
    if not chats.besides(turn.address, others):
        ways = (menus.command_button("link"), menus.command_button("menu"))
        return [lists.menu(turn, (text("unlink-alone"),), lists.in_rows(ways, 1))]
    turn.desk = replace(turn.desk, token=f"{_PARTING}{turn.house.random_token()}")
    said = text("unlink-sure", chats=chats.called(others))
    return [lists.menu(turn, (said,), to_part(turn.desk.token))]


async def part(turn: Turn, token: str) -> list[Reply]:
    """This chat is somebody's of its own; all that there was stays with the others."""
    if not token.startswith(_PARTING) or token != turn.desk.token:
        return [menus.where_we_are(turn, text("stale"))]
    others = await _others(turn)
    alone = None
    if chats.besides(turn.address, others):
        alone = await turn.storage.people.split(turn.address.id, turn.now)
    if alone is None:
        return await unlink(turn)
    turn.person, turn.role, turn.desk = alone, None, Desk(at=turn.now)
    turn.address = replace(turn.address, person=alone.id, linked=False, preferred=False)
    _tell(turn, others, text("told-unlinked", chats=chats.called([turn.address])))
    return [menus.main_menu(turn, text("unlinked"))]


def to_join(token: str) -> lists.Rows:
    """Yes or no to joining two chats."""
    yes = Button(text("btn-do-link"), f"go:link1:{token}")
    return ((yes,), (Button(text("btn-no-thanks"), "go:menu"),))


def to_part(token: str) -> lists.Rows:
    """Yes or no to separating them."""
    yes = Button(text("btn-do-unlink"), f"go:unlink1:{token}")
    return ((yes,), (Button(text("btn-no-thanks"), "go:menu"),))


async def _role_of(turn: Turn, person_id: int) -> Role | None:
    member = await turn.storage.staff.get(person_id)
    return member.role if member is not None and member.active else None


async def _tell_owners(turn: Turn) -> None:
    """Powers reach into another chat now: whoever answers for them is to know."""
    if turn.role is None:
        return
    told = text("told-linked-staff", role=Text(f"role-{turn.role}"))
    for owner in await turn.storage.staff.owners():
        if owner != turn.person.id:
            turn.tell(owner, Reply((told,), ((menus.command_button("team"),),)))


async def _where(turn: Turn, *before: Text) -> Reply:
    mine = await turn.storage.people.addresses(turn.person.id)
    wished = next((address.id for address in mine if address.preferred), None)
    ways = tuple(
        Button(
            Text(f"btn-prefer-{address.channel}"),
            f"go:prefer:{address.id}",
            picked=address.id == wished,
        )
        for address in sorted(mine, key=lambda address: address.channel)
    )
    rows = (*lists.in_rows(ways, 1), (menus.command_button("menu"),))
    return lists.menu(turn, (*before, text("prefer-where")), rows)


async def _others(turn: Turn) -> list[Address]:
    """All addresses of this person but the one that this turn came from."""
    mine = await turn.storage.people.addresses(turn.person.id)
    return [address for address in mine if address.id != turn.address.id]


def _tell(turn: Turn, others: Sequence[Address], what: Text) -> None:
    for address in others:
        turn.elsewhere.append((address, Reply((what,))))


def _ways_there(turn: Turn, code: str) -> lists.Rows:
    """Buttons that open the other chats, with the code in them."""
    here, ways = turn.incoming.channel, list[Button]()
    if (bot := turn.house.telegram_name()) and here != "telegram":
        ways.append(Button(text("btn-open-telegram"), url=links.link_on_telegram(bot, code)))
    if (number := turn.house.whatsapp_number) and here != "whatsapp":
        ways.append(Button(text("btn-open-whatsapp"), url=links.link_on_whatsapp(number, code)))
    return lists.in_rows(tuple(ways), 1)


def _from_here(turn: Turn, *before: Text) -> Reply:
    ways = (menus.command_button("link"), menus.command_button("menu"))
    return lists.menu(turn, (*before, text("link-from-here")), lists.in_rows(ways, 1))


def _refusal(turn: Turn, *before: Text) -> Reply:
    """The one answer to whatever cannot be used, so that it tells nothing."""
    return menus.where_we_are(turn, *before, text("link-refused"))
