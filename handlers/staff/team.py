"""/team: who helps here, who is let in, and whose role ends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from dialogue.words import Button, Reply, Text, text
from handlers import links
from handlers.roles import OWNERS
from handlers.speaking import chats, lists, menus
from handlers.staff import invitations
from handlers.turn import StaffWay, Turn
from storage.community.staff import Ended, Invitation, Member
from storage.ids import id_in
from storage.roles import Role

_PERSON_WITH_WORDS = re.compile(r"([0-9]{1,19}):([0-9]{1,2})-([0-9]{1,2})-([0-9]{1,2})")


async def team(turn: Turn, *before: Text) -> list[Reply]:
    """Everybody on the staff by role and time; an owner may change it."""
    members = await turn.storage.staff.members()
    shown = text("team", lines=tuple(line(turn, member) for member in members))
    ways: list[Button] = []
    if turn.role in OWNERS:
        ways += [_check_button(turn, member) for member in members if not member.active]
        ways.append(Button(text("btn-invite"), "go:invite"))
        ways.append(Button(text("btn-revoke"), "go:revoke"))
        if await with_codes(turn):
            ways.append(Button(text("btn-reset-code"), "go:recode"))
    ways.append(menus.command_button("menu"))
    return [lists.menu(turn, (*before, shown), lists.in_rows(tuple(ways), 1))]


async def invite(turn: Turn, value: str) -> list[Reply]:
    """Invite somebody: first which role, then the links and the code."""
    role = next((role for role in Role if role == value), None)
    if role is not None:
        return await _invitation(turn, role)
    ways = tuple(Button(Text(f"btn-role-{role}"), f"go:invite:{role}") for role in Role)
    does = tuple(Text(f"role-does-{role}") for role in Role)
    rows = (*lists.in_rows(ways, 2), (menus.command_button("team"),))
    return [lists.menu(turn, (text("invite-role", lines=does),), rows)]


async def check(turn: Turn, value: str) -> list[Reply]:
    """Ask once more whether the words of somebody who waits were the right ones."""
    member = await _member(turn, value)
    if member is None or member.active:
        return await team(turn, text("team-settled"))
    rows = (invitations.answers(member), (menus.command_button("team"),))
    return [lists.menu(turn, invitations.question(turn.house, member), rows)]


async def confirm(turn: Turn, value: str) -> list[Reply]:
    """An owner heard the right words: their powers begin."""
    member = await _waiting(turn, value)
    if member is None or not await turn.storage.staff.activate(member.person, member.words):
        return await team(turn, text("team-settled"))
    role = Text(f"role-{member.role}")
    tell(turn, member, text("role-begins", role=role))
    return await team(turn, text("team-confirmed", role=role))


async def deny(turn: Turn, value: str) -> list[Reply]:
    """An owner did not: they get no powers, and hear so politely."""
    member = await _waiting(turn, value)
    if member is None:
        return await team(turn, text("team-settled"))
    await turn.storage.staff.revoke(member.person)
    tell(turn, member, text("role-not-given"))
    return await team(turn, text("team-not-them"))


async def revoke(turn: Turn, value: str) -> list[Reply]:
    """End a role: first whose, then whether really."""
    member = await _member(turn, value) if value else None
    if member is None or not member.active:
        return [await _whose(turn)]
    if await _is_last_owner(turn, member):
        return await team(turn, text("revoke-last-owner"))
    turn.desk = replace(turn.desk, token=f"r-{member.person}-{turn.house.random_token()}")
    rows = (
        (Button(text("btn-revoke-now"), f"go:revoke1:{turn.desk.token}"),),
        (menus.command_button("team"),),
    )
    return [lists.menu(turn, (text("revoke-sure", line=line(turn, member)),), rows)]


async def revoke_now(turn: Turn, token: str) -> list[Reply]:
    """End the role that was shown, at once."""
    if not token.startswith("r-") or token != turn.desk.token:
        return await team(turn, text("stale"))
    member = await _member(turn, token.split("-", 2)[1])
    ended = await turn.storage.staff.end(member.person, turn.person.id) if member else Ended.NOBODY
    if ended is Ended.NOT_THEIRS:
        # Another owner was faster: from now on they are as everybody else.
        turn.role = None
        return [menus.where_we_are(turn, text("stale"))]
    if ended is Ended.LAST_OWNER:
        return await team(turn, text("revoke-last-owner"))
    if member is None or ended is Ended.NOBODY:
        return await team(turn, text("team-settled"))
    held_back = await turn.storage.broadcasts.hold_back(member.person, turn.now)
    if member.person == turn.person.id:
        turn.role = None
        return [menus.where_we_are(turn, text("revoked"))]
    tell(turn, member, text("role-ended", role=Text(f"role-{member.role}")))
    return await team(turn, text("revoked"), *([text("revoked-held-back")] if held_back else []))


async def with_codes(turn: Turn) -> list[Member]:
    """The others on the staff who have set up a code for the board."""
    holders = await turn.storage.codes.holders() - {turn.person.id}
    return [each for each in await turn.storage.staff.members() if each.person in holders]


async def _invitation(turn: Turn, role: Role) -> list[Reply]:
    lasting = turn.house.rules.invitations_last
    made = await turn.storage.staff.invite(role, turn.person.id, turn.now, lasting)
    minutes = int(lasting.total_seconds() // 60)
    note = text("invite-made", role=Text(f"role-{role}"), count=minutes)
    rows = ((menus.command_button("team"),),)
    gone = chats.gone(turn.incoming.channel, text("invite-gone"))
    shown = lists.menu(turn, (note, gone, *_ways_to(turn, made)), rows)
    return [replace(shown, gone_after=lasting)]


def _ways_to(turn: Turn, made: Invitation) -> tuple[Text, ...]:
    bot = turn.house.telegram_name()
    on_the_web = links.on_the_web(turn.house.web_address(), made.token)
    texts = [text("invite-web", link=on_the_web), text("invite-code", code=made.code)]
    if bot:
        texts.insert(0, text("invite-telegram", link=links.on_telegram(bot, made.token)))
    return tuple(texts)


async def _whose(turn: Turn) -> Reply:
    members = [each for each in await turn.storage.staff.members() if each.active]
    lines = [
        text("revoke-line", number=number, line=line(turn, member))
        for number, member in enumerate(members, start=1)
    ]
    ways = tuple(
        Button(
            text("btn-revoke-one", number=number, role=Text(f"role-{member.role}")),
            f"go:revoke:{member.person}",
        )
        for number, member in enumerate(members, start=1)
    )
    rows = (*lists.in_rows(ways, 1), (menus.command_button("team"),))
    return lists.menu(turn, (text("revoke-which"), *lines), rows)


async def _is_last_owner(turn: Turn, member: Member) -> bool:
    return await turn.storage.staff.owners() == [member.person]


async def _member(turn: Turn, value: str) -> Member | None:
    id = id_in(value)
    return None if id is None else await turn.storage.staff.get(id)


async def _waiting(turn: Turn, value: str) -> Member | None:
    """Whom a yes or no is about, if they still wait with the words that were shown."""
    found = _PERSON_WITH_WORDS.fullmatch(value)
    member = await _member(turn, found[1]) if found else None
    if found is None or member is None or member.active:
        return None
    return member if member.words == tuple(map(int, found.groups()[1:])) else None


def tell(turn: Turn, member: Member, note: Text) -> None:
    """Have this member of the staff hear this of what an owner has done."""
    ways = (menus.command_button("menu"), menus.command_button("help"))
    turn.tell(member.person, Reply((note,), (ways,)))


def line(turn: Turn, member: Member) -> Text:
    """What is shown of somebody on the staff: their role and since when, never a name."""
    role = Text(f"role-{member.role}")
    if not member.active:
        return text("team-line-waiting", role=role, words=_words(turn, member))
    # Only the hour is kept: a time of day would look more exact than it is.
    line = text("team-line", role=role, since=turn.voice.day(member.since))
    return text("team-line-you", line=line) if member.person == turn.person.id else line


def _check_button(turn: Turn, member: Member) -> Button:
    return Button(text("btn-check", words=_words(turn, member)), f"go:check:{member.person}")


def _words(turn: Turn, member: Member) -> Text:
    return invitations.three_words(turn.house, member.words, turn.voice.language)


WAYS: Mapping[str, StaffWay] = {
    "invite": StaffWay(invite, OWNERS),
    "check": StaffWay(check, OWNERS),
    "them": StaffWay(confirm, OWNERS),
    "notthem": StaffWay(deny, OWNERS),
    "revoke": StaffWay(revoke, OWNERS),
    "revoke1": StaffWay(revoke_now, OWNERS),
}
