"""What happens elsewhere than in a chat, such as on the board, and whom that is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from dialogue.incoming import Incoming
from dialogue.words import Label, Reply, Text, text
from handlers.desk import Desk
from handlers.house import House
from handlers.moderating import answering
from handlers.receipts import receipts
from handlers.series import programme
from handlers.speaking import menus
from handlers.telling import dates
from handlers.telling.outcome import Door, drafts_elsewhere
from handlers.telling.telling import Telling, drafts_for_others
from handlers.turn import Turn
from storage import Transaction
from storage.asking.moderation import Handled
from storage.roles import Role


async def tell_askers(
    house: House,
    storage: Transaction,
    door: Door,
    person_id: int,
    questions: Sequence[int],
    now: datetime,
    next_id: Callable[[], int],
    *,
    answered: bool = False,
) -> None:
    """Have those who wait for these questions hear what this member of staff did with them.

    `answered` is when they were given an answer just now, or another one.
    """
    person = await storage.people.get(person_id)
    addresses = await storage.people.addresses(person_id)
    if person is None or not addresses:
        return
    address = addresses[0]
    nothing = Incoming(channel=address.channel, sender=address.account, id="", at=now, text="")
    turn = Turn(nothing, person, address, Desk(at=now), now, house, storage)
    if answered:
        for question in questions:
            known = await storage.moderation.get(question)
            if known is not None:
                await answering.tell(turn, known)
    else:
        await receipts.tell(turn, questions)
    rows = await drafts_for_others(house, storage, door, turn.told, now, next_id)
    await storage.outbox.add(rows)


async def tell_of_reveal(
    house: House,
    storage: Transaction,
    door: Door,
    question: Handled,
    role: Role,
    reason: str,
    now: datetime,
    next_id: Callable[[], int],
) -> None:
    """Have all owners hear that somebody with this role looked up who asked; not who it was."""
    to = Telling(house, storage, now)
    webinar = programme.find(house.programme, question.webinar) if question.webinar else None
    about: Label = webinar.title if webinar else text("btn-series")
    told = Text(
        "told-reveal",
        {
            "role": Text(f"role-{role}"),
            "number": question.order,
            "about": about,
            "reason": reason,
        },
    )
    for owner in await storage.staff.owners():
        to.tell(owner, Reply((told,), ((menus.command_button("team"),),)))
    await storage.outbox.add(await drafts_for_others(house, storage, door, to.told, now, next_id))


async def tell_overdue(
    house: House,
    storage: Transaction,
    door: Door,
    question: int,
    now: datetime,
    next_id: Callable[[], int],
) -> None:
    """Whoever has waited long enough for this answer in their language gets it as it was given."""
    # A translation that is approved at this moment comes before this or after it, not beside it.
    await storage.awaited.hold()
    to = Telling(house, storage, now)
    await receipts.tell(to, [question])
    await storage.awaited.lapse(question, now)
    await storage.outbox.add(await drafts_for_others(house, storage, door, to.told, now, next_id))


async def confirm_by_mail(
    house: House, storage: Transaction, person_id: int, now: datetime, next_id: Callable[[], int]
) -> None:
    """Whoever has proved an address gets there what they have registered for, with its dates."""
    person = await storage.people.get(person_id)
    if person is None:
        return
    webinars = await dates.registered(storage, person_id, now)
    mails = await dates.confirmed(storage, person_id, webinars, now)
    voice = house.languages.voice(person.language, person.profile.zone)
    await storage.outbox.add(drafts_elsewhere(voice, mails, now, next_id))
