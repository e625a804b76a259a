"""What organisers do and what readers see, as steps that the stories of the post office share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dialogue.words import Localised, Text
from storage.webinars import Webinar
from tests.conversations.community import Community
from tests.conversations.scripts import tap
from tests.conversations.steps import Greet, Manner, Pick, Say, See, Start, Step, Talker, Tap
from tests.conversations.test_invitations import first_owner, follows, links_in
from tests.conversations.web_person import WebPerson
from tests.pictures import png

WEDNESDAY = datetime(2026, 3, 25, 8, tzinfo=UTC)
STARTS = datetime(2026, 4, 3, 16, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
UNDO = timedelta(seconds=61)

TITLE = Localised({"ar": "كيف نعتني بحيّنا", "en": "Looking after our neighbourhood"})
LINK = "https://meet.example.org/our-room"
PASSCODE = "2580"

LANGUAGE = {code: Text(f"language-{code}") for code in ("ar", "en")}

CREATING: tuple[Step, ...] = (
    Say("/new"),
    tap("new-webinar"),
    See("ask-w-title"),
    Say(TITLE.by_language["ar"]),
    Say(TITLE.by_language["en"]),
    See("ask-w-at"),
    Say("الجمعة 3 نيسان الساعة 7 مساءً"),
    See("moment-right"),
    tap("moment-right"),
    See("ask-w-length"),
    Say("ساعة ونصف"),
    See("ask-w-held"),
    Pick((LANGUAGE["ar"],)),
    See("ask-w-into"),
    Pick((LANGUAGE["en"],)),
    See("ask-w-about"),
    Say("نلتقي ونتحدث عمّا يمكن أن نفعله معًا."),
    Say("We meet and talk about what we can do together."),
    See("ask-w-speakers"),
    Say("د. هدى سلمان - طبيبة في البصرة"),
    Say("Dr Huda Salman - a doctor in Basra"),
    See("ask-w-link"),
    Say(LINK),
    See("ask-w-phone"),
    tap("skip"),
    See("ask-w-passcode"),
    Say("٢٥٨٠"),
    See("ask-w-approval"),
    Tap(Text("btn-approval-no")),
    tap("rest-later"),
    See("summary-webinar"),
    tap("confirm"),
    See("webinar-saved"),
)

PUBLISHING: tuple[Step, ...] = (
    Tap(Text("btn-seen-in", {"language": LANGUAGE["en"]})),
    See("webinar-seen-as"),
    Tap(Text("btn-seen-in", {"language": LANGUAGE["ar"]})),
    See("webinar-seen-as"),
    See(TITLE),
    tap("to-webinar"),
    tap("publish"),
    See("webinar-published"),
    See("staff-links"),
)

ANNOUNCED = {
    "ar": "لقاء مفتوح يوم الجمعة. أهلًا بالجميع!",
    "en": "An open meeting on Friday. All are welcome!",
}

WRITING: tuple[Step, ...] = (
    tap("announce-webinar"),
    See("ask-announce-text"),
    Say(ANNOUNCED["ar"]),
    Say(ANNOUNCED["en"]),
    See("announce-draft"),
)

MOVING: tuple[Step, ...] = (
    Say("/new"),
    Tap(TITLE),
    tap("move"),
    See("ask-w-at"),
    Say("السبت ٤ نيسان الساعة ٧ مساءً"),
    See("moment-right"),
    tap("moment-right"),
    See("move-sure"),
    See("told-how-many"),
    tap("do-move"),
    See("held-move"),
)

CANCELLING: tuple[Step, ...] = (
    Say("/new"),
    Tap(TITLE),
    tap("cancel-webinar"),
    See("cancel-sure"),
    See("told-how-many"),
    tap("do-cancel"),
    See("held-cancel"),
)


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
        await self.organiser.follows([Say(arabic), See("announce-held")])


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
