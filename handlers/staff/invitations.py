"""Becoming one of the staff: an invitation, three words read aloud, and an owner's yes."""

from __future__ import annotations

from dialogue.words import Button, Reply, Text, text
from handlers.house import House
from handlers.speaking import lists, menus
from handlers.turn import Turn
from storage.community.staff import Member
from storage.roles import Role


async def screen(turn: Turn, secret: str, *before: Text) -> list[Reply]:
    """What somebody is invited to, to accept or not; a look at it uses nothing up."""
    invite = await turn.storage.staff.look(secret, turn.now, turn.house.rules.invitation_tries)
    if invite is None:
        return [_refusal(turn, *before)]
    # Only the first owner begins at once, and only then a helper's role may change by a link.
    begins = invite.role is Role.OWNER and not await turn.storage.staff.has_owner()
    if turn.role is not None and not begins:
        return [_not_needed(turn, turn.role, *before)]
    role, does = Text(f"role-{invite.role}"), Text(f"role-does-{invite.role}")
    rows = (
        (Button(text("btn-accept"), f"go:join:{secret}"),),
        (Button(text("btn-no-thanks"), "go:menu"),),
    )
    return [lists.menu(turn, (*before, text("invitation-offer", role=role, does=does)), rows)]


async def join(turn: Turn, secret: str) -> list[Reply]:
    """Accept: the invitation is used up, and the owners hear which words will be read to them."""
    tries = turn.house.rules.invitation_tries
    member = await turn.storage.staff.redeem(secret, turn.person.id, turn.now, tries)
    if member is None:
        return [_refusal(turn)]
    if member.active and turn.role is member.role:
        return [_not_needed(turn, member.role)]
    role = Text(f"role-{member.role}")
    if member.active:
        turn.role = member.role
        return [menus.where_we_are(turn, text("role-begins", role=role))]
    for owner in await turn.storage.staff.owners():
        turn.tell(owner, Reply(question(turn.house, member), (answers(member),)))
    words = spoken(turn.house, member.words)
    return [menus.after(turn, (text("invitation-taken"), *words))]


def question(house: House, member: Member) -> tuple[Text, ...]:
    """What an owner is asked about somebody who waits."""
    accepted = text("team-accepted", role=Text(f"role-{member.role}"))
    return (accepted, *spoken(house, member.words), text("team-same-words"))


def answers(member: Member) -> tuple[Button, ...]:
    """Yes or no, to this person with these words and nobody else."""
    who = f"{member.person}:{'-'.join(map(str, member.words))}"
    yes = Button(text("btn-that-is-them"), f"go:them:{who}")
    return (yes, Button(text("btn-not-them"), f"go:notthem:{who}"))


def spoken(house: House, words: tuple[int, ...]) -> tuple[Text, ...]:
    """The three words in every language, one text for each."""
    return tuple(three_words(house, words, code) for code in house.languages.codes)


def three_words(house: House, words: tuple[int, ...], language: str) -> Text:
    """The three words in this language."""
    listed = house.once(("spoken-words", language), lambda: _listed(house, language))
    first, second, third = (listed[number] for number in words)
    values = {"first": first, "second": second, "third": third}
    return Text("three-words", values, language)


def _listed(house: House, language: str) -> tuple[str, ...]:
    said = house.languages.voice(language).say(Text("spoken-words"))
    return tuple(word.strip() for word in said.replace("،", ",").split(","))


def _refusal(turn: Turn, *before: Text) -> Reply:
    """The one answer to whatever cannot be used, so that it tells nothing."""
    return menus.where_we_are(turn, *before, text("invitation-refused"))


def _not_needed(turn: Turn, role: Role, *before: Text) -> Reply:
    note = text("invitation-not-needed", role=Text(f"role-{role}"))
    return menus.where_we_are(turn, *before, note)
