"""What the bot has understood of a conversation: read from its storage, the same on any channel."""

from __future__ import annotations

from dataclasses import dataclass, field

from storage import Storage
from storage.community.people import Profile


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was understood."""

    text: str
    webinar: str | None = None
    kind: str = "question"
    anonymous: bool = True
    state: str = "received"


@dataclass(frozen=True, slots=True)
class Understood:
    """All that is known of one person, without ids and times."""

    profile: Profile = field(default_factory=Profile)
    announcements: bool = True
    reminders: bool = True
    text_only: bool = False
    all_future: bool = False
    stopped: bool = False
    reachable: bool = True
    registrations: tuple[tuple[str, tuple[tuple[str, object], ...]], ...] = ()
    """The webinars, soonest first, and the answers to their own questions by their keys."""
    questions: tuple[Asked, ...] = ()
    """Oldest first."""
    language: str = ""


async def understood(storage: Storage, channel: str, account: str) -> Understood | None:
    """What is stored of this account; None when nothing is."""
    async with storage.reading() as tx:
        address = await tx.people.find(channel, account)
        if address is None:
            return None
        person = await tx.people.get(address.person)
        assert person is not None
        registrations = await tx.registrations.of(person.id)
        questions = await tx.questions.of(person.id)
    return Understood(
        profile=person.profile,
        announcements=person.announcements,
        reminders=person.reminders,
        text_only=person.text_only,
        all_future=person.all_future,
        stopped=address.stopped,
        reachable=address.reachable,
        registrations=tuple((r.webinar, tuple(sorted(r.extra.items()))) for r in registrations),
        questions=tuple(
            Asked(q.text, q.webinar, q.kind, q.anonymous, q.state) for q in reversed(questions)
        ),
        language=person.language,
    )
