"""Whether what is set up works: asked by `bot.py check`, line by line."""

from __future__ import annotations

from collections.abc import AsyncIterator

from channels import FAULTS
from channels.telegram import BotApi
from delivery import Clock
from service import checking_languages, checking_mail
from service.series import socket_path
from service.storing import open_storage
from service.wrong import Wrong
from settings import Settings
from web.control import ask

NO_OWNER = "without an owner so far; if yours has one, see to storage.url"
SANDBOX = "+14155238886"
"""https://www.twilio.com/docs/whatsapp/sandbox"""


async def check(settings: Settings) -> AsyncIterator[str]:
    """A line about each part that works; raises Wrong at the first that does not, or
    StorageError."""
    yield await _storage(settings)
    yield await _telegram(settings)
    async for line in checking_mail.check(settings):
        yield line
    async for line in checking_languages.check(settings):
        yield line
    if not settings.whatsapp.account_sid:
        yield "whatsapp: off (no account)"
        return
    async for line in _whatsapp(settings):
        yield f"whatsapp: {line}"


async def _storage(settings: Settings) -> str:
    if await _running(settings):
        return "storage: in use by a running bot"
    async with open_storage(settings, Clock()) as storage:
        if not await storage.writable():
            raise Wrong("storage: cannot be written; see to the disk and its permissions.")
        async with storage.reading() as tx:
            owned = await tx.staff.has_owner()
    # A mistyped path is an empty database, too.
    return "storage: fine" if owned else f"storage: fine, {NO_OWNER}"


async def _running(settings: Settings) -> bool:
    path = socket_path(settings)
    return path is not None and await ask(path, "ping") is not None


async def _telegram(settings: Settings) -> str:
    telegram = settings.telegram
    if telegram.token is None:
        return "telegram: off (no token)"
    proxy = telegram.proxy.get_secret_value() or None
    api = BotApi(telegram.token.get_secret_value(), telegram.api_url, proxy=proxy)
    try:
        return f"telegram: fine, as @{await api.username()}"
    except FAULTS as fault:
        wrong = f"telegram: {fault} See to the token and the network."
    finally:
        await api.close()
    raise Wrong(wrong)


async def _whatsapp(settings: Settings) -> AsyncIterator[str]:
    # Here, since its library takes memory that nobody else has a use for.
    from channels.whatsapp import PATH, STATUS_PATH, answered
    from service import templates
    from service.whatsapp import line_to, token_of

    told, address = settings.whatsapp, settings.web.address
    api = line_to(settings)
    try:
        state = await api.check()
    except FAULTS as fault:
        state, wrong = None, f"whatsapp: {fault} See to account_sid, auth_token and the network."
    else:
        wrong = f"whatsapp: the account at Twilio is {state}; see to it in Twilio's console."
    finally:
        await api.close()
    if state != "active":
        raise Wrong(wrong)
    kind = ", Twilio's sandbox: only who sends it the join code is written to"
    yield f"the account is active, and writes as {told.sender}{kind * (told.sender == SANDBOX)}"
    yield f"Twilio's console must name {address}{PATH} for messages that come in"
    yield f"Twilio's console must name {address}{STATUS_PATH} for what becomes of ours"
    if not await _running(settings):
        yield "start the bot, and check again: then its public address is tried, too"
    else:
        status = await answered(address, token_of(settings))
        if status != 200:
            said = "does not answer" if status is None else f"answers {status}"
            raise Wrong(
                f"whatsapp: {address}{STATUS_PATH} {said} to what Twilio would send; see to "
                "web.public_url, the certificate, the proxy and the auth token."
            )
        yield "the public address answers, and takes what Twilio signs"
    path = socket_path(settings)
    asked = await ask(path, "templates", make=False) if path else None
    if asked is not None:
        lines: list[str] = asked.get("lines", [])
    else:
        async with open_storage(settings, Clock()) as storage:
            lines = (await templates.held(storage)).lines
    for line in lines:
        yield line
