"""What goes to many, in each reader's language, and what its author sees of how it gets on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dialogue.words import Message, Reply, text
from handlers.announcing.progress import progress, report
from handlers.announcing.settled import frozen, missed, outgrown
from handlers.house import Rules
from handlers.telling import reminding, templates
from handlers.wording import to_many
from locales import Languages
from storage import Transaction
from storage.broadcasting.broadcasts import Broadcast, Counts, Kind


class BroadcastWords:
    """The words of every kind of broadcast, as the post office asks for them."""

    def __init__(self, languages: Languages, rules: Rules) -> None:
        self._languages = languages
        self._rules = rules

    async def message(
        self,
        tx: Transaction,
        broadcast: Broadcast,
        language: str,
        zone: str | None,
        text_only: bool,
    ) -> Message:
        """What somebody gets who reads this language, by the clocks of this zone.

        Of the programme as it is now. Raises LookupError for a webinar that is not in it.
        """
        match broadcast.kind:
            case Kind.REMINDER:
                reply = await self._reminder(tx, broadcast)
            case Kind.NOTICE:
                reply = await to_many.notice(tx, broadcast)
            case _:
                reply = to_many.announcement(broadcast, language, text_only=text_only)
        return self._languages.voice(language, zone).render(reply)

    def brought(self, message: Message, language: str) -> Message:
        """What a member of staff gets who is sent the picture of this message before all others.

        It is known by the language of those who get it afterwards, whatever its words are in.
        """
        said = self._languages.voice(language).render(Reply((text("told-picture-first"),)))
        return replace(said, photo=message.photo, language=message.language)

    def progress(
        self,
        broadcast: Broadcast,
        counts: Counts,
        rate: float | None,
        left: timedelta | None,
        language: str,
    ) -> Message:
        """How far it has come; `rate` in messages a second, None while it is not known."""
        said = progress(broadcast, counts, rate, left, language)
        return self._languages.voice(language).render(said)

    def frozen(
        self, broadcast: Broadcast, now: datetime, language: str, zone: str | None
    ) -> Message:
        """For how many people it is, exactly, and when it leaves, by the clocks of this zone."""
        said = frozen(broadcast, now, language)
        return self._languages.voice(language, zone).render(said)

    def outgrown(self, broadcast: Broadcast, total: int, language: str) -> Message:
        """That it did not begin, since it would reach so many more than were confirmed."""
        said = templates.told(outgrown(broadcast, total, language))
        return self._languages.voice(language).render(said)

    def missed(self, broadcast: Broadcast, language: str, zone: str | None) -> Message:
        """That nobody was there to send it at its time, by the clocks of this zone."""
        said = templates.told(missed(broadcast, language))
        return self._languages.voice(language, zone).render(said)

    def report(self, broadcast: Broadcast, counts: Counts, language: str) -> Message:
        """What became of it; of a reminder also what it was to remind of."""
        said = report(broadcast, counts, language)
        about = reminding.about(broadcast)
        if about is not None:
            said = replace(said, texts=(*said.texts, about))
        # It may come days after they wrote last.
        return self._languages.voice(language).render(templates.told(said))

    async def _reminder(self, tx: Transaction, broadcast: Broadcast) -> Reply:
        due = await to_many.due(tx, broadcast)
        return reminding.reminder(due, broadcast.made, self._rules.way_in_minutes)
