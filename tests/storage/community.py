"""A few people and webinars for the tests to work with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from dialogue.words import Act, Lane, Localised, Message
from storage import Storage
from storage.community.people import Address, Arrival, Consent, Person
from storage.outbox import Draft, State
from storage.series.webinars import ExtraQuestion, Series, Speaker, Webinar

CONSENT = Consent("1", "0123abcd", "ar")


@dataclass(frozen=True)
class Guest:
    """Somebody who agreed, and the account that they write from."""

    arrival: Arrival
    address: Address
    person: Person


async def welcome(
    storage: Storage, account: str, now: datetime, channel: str = "telegram"
) -> Guest:
    """Somebody new."""
    arrival = Arrival(channel, account, "1")
    async with storage.transaction() as tx:
        address, person = await tx.people.welcome(arrival, "ar", CONSENT, now)
    return Guest(arrival, address, person)


def draft(
    storage: Storage,
    guest: Guest,
    text: str,
    now: datetime,
    *,
    lane: Lane = Lane.REPLY,
    state: State = State.QUEUED,
    act: Act = Act.SEND,
    due: datetime | None = None,
    target: str | None = None,
    target_delivery: int | None = None,
    slot: str | None = None,
) -> Draft:
    """A message to this guest."""
    return Draft(
        id=storage.ids.delivery(now),
        address=guest.address.id,
        act=act,
        lane=lane,
        message=Message(text, language="ar"),
        due=due or now,
        target=target,
        target_delivery=target_delivery,
        slot=slot,
        state=state,
    )


def both(english: str, arabic: str) -> Localised:
    return Localised({"en": english, "ar": arabic})


SERIES = Series("icssi", both("Series", "سلسلة"), both("About", "عن"), (both("Bridge", "جسر"),))


def webinar(id: str, starts_at: datetime | None = None, minutes: int = 90) -> Webinar:
    """A webinar with something in every field."""
    return Webinar(
        id=id,
        series="icssi",
        starts_at=starts_at or datetime(2026, 4, 10, 16, tzinfo=UTC),
        minutes=minutes,
        state="published",
        title=both("Title", "عنوان"),
        description=both("Text", "نص"),
        speakers=(Speaker(both("Anna", "آنا"), both("Doctor", "طبيبة")),),
        languages=("ar", "en"),
        interpreted=("en",),
        capacity=100,
        questions=(
            ExtraQuestion("from", both("From?", "من؟"), (("x", both("X", "س")),), optional=False),
        ),
    )
