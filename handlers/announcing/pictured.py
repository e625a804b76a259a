"""Whether the pictures of an announcement may leave, and who gets them before all others."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from dialogue.words import Text, text
from handlers.announcing.content import Announcement
from handlers.roles import ORGANISERS
from handlers.turn import Turn
from storage.broadcasting.broadcasts import Broadcast, Counts
from storage.series.posters import Fetching, Poster


async def obstacles(turn: Turn, broadcast: Broadcast, counts: Counts) -> tuple[Text, ...]:
    """What is wrong with the pictures; each kind of trouble is told once."""
    announcement, wrong = Announcement.of(broadcast), dict[str, Text]()
    async for code, poster in _pictures(turn, broadcast):
        photo = announcement.photos.get(announcement.written_in(code))
        if poster is None or poster.state is Fetching.REFUSED:
            wrong["refused"] = text("obstacle-poster-refused")
        elif poster.hash is None:
            wrong["coming"] = text("obstacle-poster-coming")
        elif photo != poster.hash:
            wrong["untested"] = text("obstacle-poster-untested")
        else:
            for channel in await _lacking(turn, poster.hash, code, counts):
                if await _is_on(turn, turn.person.id, channel):
                    wrong["not-there"] = text("obstacle-poster-not-there")
    return tuple(wrong.values())


async def ahead(turn: Turn, broadcast: Broadcast, counts: Counts) -> tuple[Text, ...]:
    """Who gets a picture alone, so that the platform has it, before all others are sent it."""
    for channel in await _unknown_on(turn, broadcast, counts):
        members = await turn.storage.staff.members()
        in_charge = [m.person for m in members if m.active and m.role in ORGANISERS]
        if any([await _is_on(turn, person, channel) for person in in_charge]):
            return (text("announce-picture-to-staff"),)
        return (text("announce-picture-to-one"),)
    return ()


async def _unknown_on(turn: Turn, broadcast: Broadcast, counts: Counts) -> list[str]:
    """The channels that lack one of its pictures, where the audience is."""
    async for code, poster in _pictures(turn, broadcast):
        if poster is not None and poster.hash is not None:
            lacking = await _lacking(turn, poster.hash, code, counts)
            if lacking:
                return lacking
    return []


async def _pictures(
    turn: Turn, broadcast: Broadcast
) -> AsyncGenerator[tuple[str, Poster | None], None]:
    """The picture that readers of each language get, where there is one; None is gone."""
    announcement = Announcement.of(broadcast)
    for code in broadcast.rule.languages or turn.house.languages.codes:
        poster_id = announcement.posters.get(announcement.written_in(code))
        if poster_id is not None:
            yield code, await turn.storage.posters.look(poster_id)


async def _lacking(turn: Turn, hash: str, language: str, counts: Counts) -> list[str]:
    """The channels of the audience to which this picture is still to be brought."""
    found: list[str] = []
    for channel in counts.by_channel:
        of = turn.house.uploader(channel)
        if of and not await turn.storage.posters.file(hash, language, of):
            found.append(channel)
    return found


async def _is_on(turn: Turn, person: int, channel: str) -> bool:
    """Whether they can be written to there."""
    addresses = await turn.storage.people.addresses(person)
    return any(each.channel == channel and each.reachable for each in addresses)
