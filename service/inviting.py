"""Invitations to the staff that the command line makes, the first owner's among them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from channels.telegram import FAULTS, BotApi
from delivery import Clock
from handlers import links
from service import given
from settings import Settings
from storage import Storage
from storage.roles import Role

PATIENCE = 10.0
"""Seconds that Telegram is given to tell the bot's name, without which there is no link there."""


async def invite(
    storage: Storage, settings: Settings, clock: Clock, role: Role, *, owner_lost: bool = False
) -> dict[str, Any]:
    """Invite somebody: `token`, `code`, when it `expires` (ISO 8601) and its `role`.

    `owner_lost` says that no owner can be reached any more: their roles end at once, so that
    whoever is invited as an owner is the first one again. Raises Unavailable.
    """
    lasting = settings.staff.invite_minutes
    async with storage.transaction() as tx:
        for owner in await tx.staff.owners() if owner_lost else ():
            await tx.staff.revoke(owner)
            await tx.broadcasts.hold_back(owner, clock.now())
        made = await tx.staff.invite(role, None, clock.now(), timedelta(minutes=lasting))
    expires = made.expires.isoformat(timespec="seconds")
    return {"role": role.value, "token": made.token, "code": made.code, "expires": expires}


async def lacks_owner(storage: Storage) -> bool:
    """Whether nobody is an owner yet. Raises Unavailable."""
    async with storage.reading() as tx:
        return not await tx.staff.has_owner()


def shown(made: Mapping[str, Any], address: str, bot: str | None) -> dict[str, Any]:
    """An invitation as it is handed on: the links in the place of the token."""
    token = str(made["token"])
    return {
        "role": made["role"],
        "telegram": links.on_telegram(bot, token) if bot else None,
        "web": links.on_the_web(address, token),
        "code": made["code"],
        "expires": made["expires"],
    }


def invited(invitation: Mapping[str, Any]) -> str:
    """What `shown` gives, for people to read."""
    until = datetime.fromisoformat(invitation["expires"]).astimezone(UTC)
    lines = [f"Invitation as {invitation['role']}; works once, until {until:%Y-%m-%d %H:%M} UTC."]
    if invitation["telegram"]:
        lines.append(f"on Telegram: {invitation['telegram']}")
    lines.append(f"in the web chat: {invitation['web']}")
    lines.append(f"or this code, written to the bot: {invitation['code']}")
    return "\n".join(lines)


async def bot_name(settings: Settings) -> str | None:
    """The bot's name, if Telegram is set up and tells it soon enough."""
    access = given.access(settings)
    if access is None:
        return None
    api = BotApi(access.token, access.server, proxy=access.proxy)
    try:
        async with asyncio.timeout(PATIENCE):
            return await api.username()
    except (*FAULTS, TimeoutError):
        return None
    finally:
        await api.close()
