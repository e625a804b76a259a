"""Organisers and their webinars, in tests about what is done with them by chat."""

from __future__ import annotations

from datetime import datetime, timedelta

from dialogue.words import Text
from storage.roles import Role
from storage.series.webinars import WayIn, Webinar
from tests.handlers.chatting import NOW, Bot, Chat, both, plain, webinar
from tests.handlers.staff.team import becomes
from tests.safety.people import newcomer
from tests.safety.seen import speech, word

WAY_IN = WayIn("https://meet.example.org/room", "+39 06 0000", "4711")
MINUTE = timedelta(minutes=1)


async def organiser(bot: Bot, language: str = "en", account: str = "olga") -> Chat:
    """Somebody who may make webinars."""
    chat = await newcomer(bot, account, language)
    await becomes(chat, Role.ORGANISER)
    return chat


async def taps(chat: Chat, *keys: str, language: str = "en") -> str:
    """Press buttons by the keys of their labels."""
    await chat.presses(*(word(key, language) for key in keys))
    return chat.text


async def put(bot: Bot, id: str = "salma", **given: object) -> Webinar:
    """A webinar of the programme, in ten days unless told otherwise."""
    one = webinar(id, **given)  # type: ignore[arg-type]
    async with bot.storage.transaction() as tx:
        await tx.webinars.put(one)
    return one


async def kept(bot: Bot, id: str) -> Webinar:
    """The webinar as it is now."""
    async with bot.storage.reading() as tx:
        found = await tx.webinars.get(id)
    assert found is not None
    return found


async def newest(bot: Bot, known: set[str] | None = None) -> Webinar:
    """The webinar that was not there at first."""
    before = known or {"virus", "work", "small", "past", "off", "salma"}
    async with bot.storage.reading() as tx:
        programme = await tx.webinars.programme()
    (new,) = (each for each in programme.webinars if each.id not in before)
    return new


async def opens(chat: Chat, id: str) -> str:
    """Look at the staff's screen of a webinar."""
    return await chat.presses_value(f"go:wn:{id}")


async def registered(chat: Chat, id: str, *, approved: bool = True, **extra: str) -> int:
    """Have this person registered; returns who they are."""
    async with chat.bot.storage.transaction() as tx:
        address = await tx.people.find("web", chat.account)
        assert address is not None
        now = chat.bot.calendar.now
        await tx.registrations.put(address.person, id, extra, now, approved)
    return address.person


def at(chat: Chat, moment: datetime) -> None:
    """Have what this person does next happen at that very moment."""
    chat.bot.calendar.now = moment - timedelta(seconds=15)


def said(key: str, reader: str = "en", **values: object) -> str:
    """A text with these values in it, as somebody reads it who has this language."""
    voice = speech().voice(reader)
    return plain(voice.say(Text(key, values)))  # type: ignore[arg-type]


def moment(at: datetime, language: str = "en") -> str:
    """A moment as it is read in the community's zone."""
    return plain(speech().voice(language).moment(at))


__all__ = ["MINUTE", "NOW", "WAY_IN", "both"]
