"""People who help, in tests about something else, and the invitations that they come by."""

from __future__ import annotations

from handlers.house import Rules
from storage.community.staff import Invitation, Member
from storage.roles import Role
from tests.handlers.chatting import Bot, Chat


async def person_of(chat: Chat) -> int:
    """The id of the person behind this account."""
    async with chat.bot.storage.reading() as tx:
        address = await tx.people.find(chat.bot.phones.name, chat.account)
    assert address is not None
    return address.person


async def invited(bot: Bot, role: Role, made_by: int | None = None) -> Invitation:
    """A fresh invitation; without `made_by`, from the command line."""
    async with bot.storage.transaction() as tx:
        lasting = Rules().invitations_last
        return await tx.staff.invite(role, made_by, bot.calendar.now, lasting)


async def becomes(chat: Chat, role: Role | None) -> None:
    """Have this role from now on; None for none."""
    person = await person_of(chat)
    async with chat.bot.storage.transaction() as tx:
        await tx.staff.revoke(person)
    if role is None:
        return
    invitation = await invited(chat.bot, role)
    async with chat.bot.storage.transaction() as tx:
        member = await tx.staff.redeem(invitation.token, person, chat.bot.calendar.now)
        assert member is not None
        if not member.active:
            assert await tx.staff.activate(person, member.words)


async def standing(chat: Chat) -> Member | None:
    """What this person is among the staff."""
    person = await person_of(chat)
    async with chat.bot.storage.reading() as tx:
        return await tx.staff.get(person)
