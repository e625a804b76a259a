"""Who gets what of a digest: mails to proved addresses, and a word in the chat to the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from dialogue.words import Button, Reply, Text, text
from handlers.digest import mails
from handlers.digest.content import Material, digest, material
from handlers.house import House
from handlers.lasting import lasting
from handlers.series import programme
from handlers.series.standing import Standing, standing
from handlers.teller import Told
from handlers.turn import Turn
from storage import Transaction
from storage.asking.digests import Due, Part, Sending
from storage.asking.guest import Guest, Wanted
from storage.community.people import Address
from storage.persons import MAILED
from storage.roles import Role
from storage.series.webinars import Webinar

STAFF_TOLD = frozenset({Role.OWNER, Role.ORGANISER, Role.MODERATOR})
"""Who hears in the chat what became of the questions."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody on the staff who gets it: by mail where they have a proved address."""

    person: int
    language: str
    mail: Address | None


@dataclass(slots=True)
class Post:
    """What leaves."""

    mails: list[tuple[Address, Reply]] = field(default_factory=list[tuple[Address, Reply]])
    chats: list[Told] = field(default_factory=list[Told])


async def speakers(house: House, tx: Transaction) -> list[Reader]:
    """The experts on the team."""
    found: list[Reader] = []
    for member in await tx.staff.members():
        person = await tx.people.get(member.person) if member.active else None
        if person is None or member.role is not Role.SPEAKER:
            continue
        mail: Address | None = None
        if house.rules.mail_is_set_up:
            mine = await tx.people.addresses(person.id)
            mail = next((each for each in mine if _is_mail(each)), None)
        found.append(Reader(person.id, person.language, mail))
    return found


def _is_mail(address: Address) -> bool:
    return address.channel == MAILED and address.reachable and not address.stopped


async def guests(house: House, tx: Transaction, webinar: str) -> list[Guest]:
    """The experts' addresses that may be written to."""
    if not house.rules.mail_is_set_up:
        return []
    named = await tx.guests.of(webinar)
    return [each for each in named if each.wanted is Wanted.AGREED and each.way is not None]


async def post(house: House, tx: Transaction, webinar: Webinar, part: Part) -> Post | None:
    """All that leaves of this part; None when there is nothing to say."""
    found = await material(tx, webinar.id)
    if not found.waiting if part is Part.BEFORE else not found.questions:
        return None
    leaving = Post()
    for reader in await speakers(house, tx):
        if reader.mail is not None:
            said = mail(house, webinar, part, found, reader.language)
            leaving.mails.append((reader.mail, said))
        else:
            leaving.chats.append(Told(reader.person, word(webinar, part, found, reader.language)))
    for guest in await guests(house, tx, webinar.id):
        leaving.mails += to_guest(house, tx, webinar, part, found, guest)
    if part is Part.AFTER:
        for member in await tx.staff.members():
            if member.active and member.role in STAFF_TOLD:
                leaving.chats.append(Told(member.person, word(webinar, part, found, "")))
    return leaving


def mail(house: House, webinar: Webinar, part: Part, found: Material, language: str) -> Reply:
    """The mail for a reader of this language."""
    made = digest(found, language)
    if part is Part.AFTER:
        return mails.after(webinar, made)
    return mails.before(webinar, made, answerable=house.rules.mailbox_days is not None)


def to_guest(
    house: House, tx: Transaction, webinar: Webinar, part: Part, found: Material, guest: Guest
) -> list[tuple[Address, Reply]]:
    """The mail for an address that organisers named; none where it may not be written to."""
    if guest.way is None:
        return []
    said = mails.with_a_way_out(
        mail(house, webinar, part, found, guest.language), link(house, tx, guest)
    )
    return [(guest.way, said)]


def link(house: House, tx: Transaction, guest: Guest) -> str:
    """The page on which the one behind this address says whether they want it."""
    return f"{house.web_address()}/mail/guest/{tx.guests.link(guest)}"


def word(webinar: Webinar, part: Part, found: Material, language: str) -> Reply:
    """The same in a few words, with the way to the page."""
    made = digest(found, language)
    way = Button(text("btn-digest-page"), lasting(f"go:di-page:{webinar.id}"))
    if part is Part.AFTER:
        lines = text("lines", lines=mails.figures(made))
        return Reply((text("digest-after", webinar=webinar.title), lines), ((way,),))
    count = Text("digest-ready", {"count": found.waiting})
    return Reply((text("digest-told", webinar=webinar.title), count), ((way,),))


def version(webinar: Webinar) -> Due:
    """What is noted as sent."""
    return Due(webinar.id, webinar.version)


def when(house: House, webinar: Webinar, now: datetime, sending: Sending) -> datetime | None:
    """When it goes by itself; None when it does not, or did."""
    before = house.rules.digest_before
    due = webinar.starts_at - before
    coming = standing(webinar, now) is Standing.COMING
    if not before or not coming or (sending.times and sending.at >= due):
        return None
    return max(due, now)


def announced(turn: Turn, webinar_id: str) -> Webinar | None:
    """The webinar that a button names, unless it is nobody's business yet."""
    found = programme.find(turn.programme, webinar_id)
    return None if found is None or found.state == "draft" else found


def part_of(webinar: Webinar, now: datetime) -> Part:
    """Which of the two is of use by now."""
    over = standing(webinar, now) is Standing.OVER
    return Part.AFTER if over else Part.BEFORE
