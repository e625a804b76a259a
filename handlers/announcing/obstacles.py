"""Why an announcement cannot leave as it is."""

from __future__ import annotations

from dialogue.words import Text, text
from handlers.announcing.content import Announcement
from handlers.announcing.received import most, too_long
from handlers.turn import Turn
from storage.broadcasts import Broadcast, Counts
from storage.posters import Fetching


async def found(turn: Turn, broadcast: Broadcast, counts: Counts) -> tuple[Text, ...]:
    """A sentence for each; empty when it may leave."""
    announcement = Announcement.of(broadcast)
    wrong = [] if counts.total else [text("obstacle-nobody")]
    if announcement.at is not None and announcement.at <= turn.now:
        wrong.append(text("obstacle-past"))
    over = too_long(turn.house.languages, announcement, broadcast.rule)
    for code, units in over.items():
        pictured = code in announcement.posters
        key = "obstacle-long-beside" if pictured else "obstacle-long"
        values = {"language": Text(f"language-{code}"), "over": units}
        wrong.append(Text(key, {**values, "most": most(pictured=pictured)}))
    return (*wrong, *await _of_pictures(turn, broadcast, announcement, counts))


async def _of_pictures(
    turn: Turn, broadcast: Broadcast, announcement: Announcement, counts: Counts
) -> tuple[Text, ...]:
    """What is wrong with the pictures; each kind of trouble is told once."""
    wrong: dict[str, Text] = {}
    for code in broadcast.rule.languages or turn.house.languages.codes:
        written = announcement.written_in(code)
        if (poster_id := announcement.posters.get(written)) is None:
            continue
        poster = await turn.storage.posters.look(poster_id)
        if poster is None or poster.state is Fetching.REFUSED:
            wrong["refused"] = text("obstacle-poster-refused")
        elif poster.hash is None:
            wrong["coming"] = text("obstacle-poster-coming")
        elif announcement.photos.get(written) != poster.hash:
            wrong["untested"] = text("obstacle-poster-untested")
        elif not await _uploaded(turn, poster.hash, code, counts):
            wrong["not-there"] = text("obstacle-poster-not-there")
    return tuple(wrong.values())


async def _uploaded(turn: Turn, hash: str, language: str, counts: Counts) -> bool:
    """Whether each channel that a picture is uploaded to has it: not a thousand senders wait."""
    for channel in counts.by_channel:
        uploader = turn.house.uploader(channel)
        if uploader and not await turn.storage.posters.file(hash, language, uploader):
            return not await _could_test(turn, channel)
    return True


async def _could_test(turn: Turn, channel: str) -> bool:
    """Whether this organiser can get a test there; else the first of the many brings it."""
    addresses = await turn.storage.people.addresses(turn.person.id)
    return any(each.channel == channel and each.reachable for each in addresses)
