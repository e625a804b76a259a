"""One transaction, and from it every noun of this room."""

from __future__ import annotations

from functools import cached_property

from storage.asking.alike import Alikes
from storage.asking.awaited import Awaited
from storage.asking.digests import Digests
from storage.asking.guests import Guests
from storage.asking.hush import Hush
from storage.asking.intake import Intake
from storage.asking.moderation import Moderation
from storage.asking.proposals import Proposals
from storage.asking.questions import Questions
from storage.asking.reveals import Reveals
from storage.asking.support import Support
from storage.asking.texts import Texts
from storage.broadcasting.ahead import Ahead
from storage.broadcasting.broadcasts import Broadcasts
from storage.broadcasting.recipients import Recipients
from storage.broadcasting.reminders import Reminders
from storage.community.boards import Boards
from storage.community.codes import Codes
from storage.community.doors import Doors
from storage.community.erasures import Erasures
from storage.community.forms import Forms
from storage.community.links import Links
from storage.community.people import People
from storage.community.proofs import Proofs
from storage.community.registrations import Registrations
from storage.community.staff import Staff
from storage.desk import Desk
from storage.meta import Meta
from storage.outbox import Outbox
from storage.post.contents import Contents
from storage.post.mailbox import Mailbox
from storage.post.reach import Reach
from storage.quarantine import Quarantine
from storage.series.outages import Outages
from storage.series.posters import Posters
from storage.series.webinars import Webinars
from storage.turns import Turns


class Transaction:
    """Everything that can be read and written, in one piece."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def tell(self, word: str) -> None:
        """Once this is committed, every process that listens hears a word of `storage.news`."""
        await self.desk.connection.tell(word)

    @cached_property
    def turns(self) -> Turns:
        return Turns(self.desk)

    @cached_property
    def people(self) -> People:
        return People(self.desk)

    @cached_property
    def staff(self) -> Staff:
        return Staff(self.desk)

    @cached_property
    def boards(self) -> Boards:
        return Boards(self.desk)

    @cached_property
    def doors(self) -> Doors:
        return Doors(self.desk)

    @cached_property
    def codes(self) -> Codes:
        return Codes(self.desk)

    @cached_property
    def forms(self) -> Forms:
        return Forms(self.desk)

    @cached_property
    def links(self) -> Links:
        return Links(self.desk)

    @cached_property
    def proofs(self) -> Proofs:
        return Proofs(self.desk)

    @cached_property
    def contents(self) -> Contents:
        return Contents(self.desk)

    @cached_property
    def reach(self) -> Reach:
        return Reach(self.desk)

    @cached_property
    def webinars(self) -> Webinars:
        return Webinars(self.desk)

    @cached_property
    def recipients(self) -> Recipients:
        return Recipients(self.desk)

    @cached_property
    def ahead(self) -> Ahead:
        return Ahead(self.desk)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.desk)

    @cached_property
    def mailbox(self) -> Mailbox:
        return Mailbox(self.desk)

    @cached_property
    def registrations(self) -> Registrations:
        return Registrations(self.desk)

    @cached_property
    def questions(self) -> Questions:
        return Questions(self.desk)

    @cached_property
    def moderation(self) -> Moderation:
        return Moderation(self.desk)

    @cached_property
    def support(self) -> Support:
        return Support(self.desk)

    @cached_property
    def alike(self) -> Alikes:
        return Alikes(self.desk)

    @cached_property
    def texts(self) -> Texts:
        return Texts(self.desk)

    @cached_property
    def digests(self) -> Digests:
        return Digests(self.desk)

    @cached_property
    def proposals(self) -> Proposals:
        return Proposals(self.desk)

    @cached_property
    def guests(self) -> Guests:
        return Guests(self.desk)

    @cached_property
    def awaited(self) -> Awaited:
        return Awaited(self.desk)

    @cached_property
    def reveals(self) -> Reveals:
        return Reveals(self.desk)

    @cached_property
    def intake(self) -> Intake:
        return Intake(self.desk)

    @cached_property
    def hush(self) -> Hush:
        return Hush(self.desk)

    @cached_property
    def posters(self) -> Posters:
        return Posters(self.desk)

    @cached_property
    def outages(self) -> Outages:
        return Outages(self.desk)

    @cached_property
    def broadcasts(self) -> Broadcasts:
        return Broadcasts(self.desk)

    @cached_property
    def reminders(self) -> Reminders:
        return Reminders(self.desk)

    @cached_property
    def erasures(self) -> Erasures:
        return Erasures(self.desk)

    @cached_property
    def quarantine(self) -> Quarantine:
        return Quarantine(self.desk)

    @cached_property
    def meta(self) -> Meta:
        return Meta(self.desk)
