"""Addresses of mail: what may be one, what becomes of one that is given, and what settings show.

Whatever is known of an address, whoever gives it reads the same: it may be somebody else's.
"""

from __future__ import annotations

import re
from dataclasses import replace

from dialogue.form import Answers, Choice, Question, Rejected
from dialogue.words import Button, Text, text
from handlers.house import House
from handlers.speaking import choices
from handlers.turn import Turn
from storage.persons import MAILED, Address

MEANT, TYPED = "meant", "typed"
"""The answers to whether another provider was meant."""
_MARKS = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""What keeps directions apart, and comes along when an address is copied from Arabic text."""
EXAMPLE = "name@example.org"
MISTYPED = {
    **dict.fromkeys(("gmial.com", "gmai.com", "gmal.com", "gamil.com", "gmil.com"), "gmail.com"),
    **dict.fromkeys(("gmail.co", "gmail.con", "gmail.cm", "gmaill.com", "gnail.com"), "gmail.com"),
    **dict.fromkeys(("yaho.com", "yahoo.co", "yahoo.con", "yhoo.com", "yahho.com"), "yahoo.com"),
    **dict.fromkeys(("hotmial.com", "hotmai.com", "hotmal.com", "hotmail.co"), "hotmail.com"),
    **dict.fromkeys(("hotmail.con", "hotmil.com", "hotamil.com"), "hotmail.com"),
    **dict.fromkeys(("outlok.com", "outlook.co", "outlook.con", "outloock.com"), "outlook.com"),
    **dict.fromkeys(("iclod.com", "icloud.co", "icloud.con"), "icloud.com"),
    **dict.fromkeys(("protonmail.con", "protonmial.com"), "protonmail.com"),
}
"""What people type in place of the large providers; at most of these nobody has an address."""


def question(house: House) -> Question:
    """The question for an address, whose use it names; asked only where mail is set up."""
    meant, typed = _offers(house)

    def read(raw: str) -> str:
        address = checked(raw)
        if (better := _corrected(address)) is not None:
            raise Rejected(text("reject-mail-typo", meant=better), (meant, typed))
        return address

    def resolve(offer: str, draft: str) -> str:
        address = checked(draft)
        return (_corrected(address) or address) if offer == MEANT else address

    def mail_is_set_up(_answers: Answers) -> bool:
        return house.rules.mail_is_set_up

    return Question(
        "mail",
        text("ask-mail"),
        text("title-mail"),
        offers=(meant, typed),
        read=read,
        keeps=_is_address,
        resolve=resolve,
        optional=True,
        when=mail_is_set_up,
    )


def checked(raw: str) -> str:
    """The address that was typed, as mail is sent to it; raises Rejected.

    Whether anybody has it is not asked: that is what the mail with the link is for.
    """
    # Here, since few people give one, and none where there is no mail.
    from email_validator import EmailNotValidError, validate_email

    words = _MARKS.sub("", choices.written(raw)).strip().strip("<>").removeprefix("mailto:")
    try:
        found = validate_email(words, check_deliverability=False)
    except EmailNotValidError:
        raise Rejected(text("reject-mail", example=EXAMPLE)) from None
    if found.ascii_email is None:
        # https://www.rfc-editor.org/rfc/rfc6531 is something that many servers do not have.
        raise Rejected(text("reject-mail-letters"))
    return found.ascii_email.lower()


async def keep(turn: Turn, given: str | None) -> tuple[Text, ...]:
    """What follows from the address that somebody gave, or gave no more, and the words for it."""
    current = await address(turn)
    pending = await turn.storage.proofs.pending(turn.person.id, turn.now)
    known = {found for found in (current and current.account, pending) if found}
    if given is None:
        return await _end(turn) if known else ()
    if current is not None and given == current.account:
        return ()
    if current is not None:
        await _end(turn)
    most = turn.house.rules.proofs_per_day
    if given != pending:
        await turn.storage.proofs.want(turn.person.id, given, turn.now, most)
    return (text("mail-asked", mail=given, most=most),)


async def address(turn: Turn) -> Address | None:
    """Where mail goes to this person."""
    mine = await turn.storage.people.addresses(turn.person.id) if turn.address.linked else []
    return next((each for each in mine if each.channel == MAILED), None)


async def let(turn: Turn, *, stopped: bool) -> None:
    """Stop mail to this person, or let it go on: it has no chat in which they could say so."""
    current = await address(turn)
    if current is not None and current.stopped is not stopped:
        await turn.storage.people.mark(current.id, stopped=stopped)


async def line(turn: Turn) -> Text:
    """How it stands with mail to this person."""
    current, given = await address(turn), turn.person.profile.email
    if current is not None:
        on = current.reachable and not current.stopped
        return text("setting-mail-on" if on else "setting-mail-off", mail=current.account)
    return text("setting-mail-waiting", mail=given) if given else text("setting-mail-none")


async def ways(turn: Turn) -> tuple[Button, ...]:
    """What can be done about it."""
    current = await address(turn)
    give = Button(text("btn-mail"), "go:mail")
    if current is None and turn.person.profile.email is None:
        return (give,)
    end = Button(text("btn-mail-end"), "go:mailend")
    if current is not None and (current.stopped or not current.reachable):
        return (give, Button(text("btn-mail-again"), "go:mailagain"), end)
    return (give, end)


async def _end(turn: Turn) -> tuple[Text, ...]:
    await turn.storage.proofs.drop(turn.person.id, turn.now)
    left = await turn.storage.people.addresses(turn.person.id)
    turn.address = replace(turn.address, linked=len(left) > 1)
    return (text("mail-ended"),)


def _corrected(address: str) -> str | None:
    name, _, domain = address.partition("@")
    meant = MISTYPED.get(domain)
    return f"{name}@{meant}" if meant else None


def _is_address(value: str) -> bool:
    try:
        return checked(value) == value
    except Rejected:
        return False


def _offers(house: House) -> tuple[Choice, Choice]:
    meant, typed = (
        choices.choice(house.languages, name, Text(f"btn-mail-{name}")) for name in (MEANT, TYPED)
    )
    return meant, typed
