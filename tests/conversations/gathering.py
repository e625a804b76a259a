"""People around one webinar: its owner, its organiser, and readers on every channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dialogue.words import Text
from storage.series.webinars import Webinar
from tests.conversations.community import Community
from tests.conversations.organising import ANNOUNCED, TITLE
from tests.conversations.scripts import tap
from tests.conversations.steps import Greet, Manner, Say, See, Start, Talker, Tap
from tests.conversations.test_invitations import first_owner, follows, links_in
from tests.conversations.web_person import WebPerson
from tests.pictures import png


@dataclass
class Gathering:
    """An organiser who writes Arabic, and people who read both languages on both channels."""

    here: Community
    owner: Talker
    organiser: Talker
    readers: tuple[Talker, ...] = ()

    @property
    def everybody(self) -> tuple[Talker, ...]:
        """The staff, too: they want announcements as everybody does."""
        return (self.owner, self.organiser, *self.readers)

    async def looks(self) -> None:
        """Everybody looks at what was said meanwhile."""
        for talker in self.everybody:
            if isinstance(talker.person, WebPerson):
                await talker.person.looks()

    async def passes(self, time: timedelta) -> None:
        """So much time passes, and then everybody looks."""
        await self.here.passes(time)
        await self.looks()

    async def reaches(self, moment: datetime) -> None:
        """It is this time, and everybody looks."""
        await self.here.reaches(moment)
        await self.looks()

    async def webinar(self) -> Webinar:
        """What was created, as it stands now."""
        async with self.here.storage.reading() as tx:
            known = (await tx.webinars.programme()).webinars
        (found,) = [each for each in known if each.title == TITLE]
        return found

    async def registers(self) -> None:
        """Come by the link to the webinar, agree, and register: two languages on two channels."""
        webinar = (await self.webinar()).id
        for language, nickname in (("ar", "نور"), ("en", "Anna")):
            for person in (self.here.on_telegram(language), self.here.on_the_web(language)):
                reader = Talker(person, language, Manner.BUTTONS)
                await reader.follows([Start(webinar), Greet(), tap("agree"), See(TITLE)])
                await reader.follows([tap("register"), Say(nickname), See("ask-gov")])
                await reader.follows([Tap(Text("governorate-BA")), See("ask-question-too")])
                await reader.follows([tap("skip"), tap("confirm"), See("saved")])
                self.readers += (reader,)

    async def pictures(self) -> None:
        """Add a poster to the draft, for both languages, and test it to oneself."""
        organiser = self.organiser
        await organiser.follows([tap("announce-picture"), See("ask-announce-poster")])
        await organiser.person.sends_picture(png(640, 360))
        await organiser.follows([tap("announce-poster-same"), See("announce-draft")])
        await self.here.settles()
        await organiser.follows([tap("announce-test"), See("announce-tested")])

    async def sends(self, count: int) -> None:
        """Have the draft sent, by typing for how many people it is as Arabic writes numbers."""
        number = str(count)
        arabic = number.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        await self.organiser.follows([tap("announce-send"), See("ask-announce-count")])
        assert self.organiser.label(Text("announce-recipients", {"number": number})) in (
            self.organiser.person.text
        )
        await self.organiser.follows([Say(arabic)])
        await self.here.settles()
        await self.looks()
        self.organiser.sees("announce-settled")


async def gathering(here: Community, language: str = "ar") -> Gathering:
    """The owner came by the command line's link, the organiser by the owner's."""
    owner = await first_owner(here, "en")
    await owner.follows([Say("/team"), tap("invite"), Tap(Text("btn-role-organiser"))])
    organiser = Talker(here.person(hint=language), language, Manner.BUTTONS)
    await follows(organiser.person, links_in(owner.person.text)[organiser.person.channel])
    await organiser.follows([Greet(), tap("agree"), tap("accept"), See("invitation-taken")])
    made = Gathering(here, owner, organiser)
    await here.settles()
    await made.looks()
    spoken = organiser.person.text.split("\n\n")[1:3]
    assert all(words in owner.person.text for words in spoken)
    await owner.follows([tap("that-is-them"), See("team-confirmed")])
    await here.settles()
    await made.looks()
    await organiser.follows([See("role-begins")])
    return made


def said(talker: Talker) -> str:
    """The announcement in their language."""
    return ANNOUNCED[talker.language]


def copies(talker: Talker, words: str) -> int:
    """How many messages say this."""
    return sum(words in text for text in talker.person.texts)


def all_see(talkers: Sequence[Talker], *keys: str) -> None:
    """Each one's last message says these, in their own language."""
    for talker in talkers:
        for key in keys:
            talker.sees(key)
