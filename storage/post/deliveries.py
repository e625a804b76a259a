"""A message on its way, as the rooms above see it and as its row holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dialogue.words import Act, Lane, Message
from storage.engines.port import Row, Value
from storage.engines.times import epoch_ms, from_epoch_ms, moment
from storage.ids import STEPS_IN_A_MILLISECOND
from storage.post.messages import packed, unpacked
from storage.sealing.vault import Field, Vault

LANES = tuple(Lane)

PLATFORM_IDS_KEPT = timedelta(hours=48)
"""As long as Telegram lets a bot delete its messages."""


class State(StrEnum):
    """How far a message has come."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    """Taken by the platform."""
    DELIVERED = "delivered"
    """It has reached them, as the platform says; not all do."""
    READ = "read"
    FAILED = "failed"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Bulk:
    """For whom a broadcast's message is to be made."""

    broadcast: int
    language: str
    zone: str | None
    text_only: bool
    programme: int
    """The version of the programme at the claim."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on its way: its row says `sending`."""

    id: int
    address: int
    channel: str
    account: str
    act: Act
    lane: Lane
    message: Message
    target: str | None
    """The platform's id of the message to change; None when it is not known (any more)."""
    attempts: int
    ambiguous: int
    """How often it is not known whether it arrived."""
    due: datetime
    not_after: datetime | None
    slot: str | None
    bulk: Bulk | None = None
    """Set for a row of a broadcast: its message is empty, and made at the send."""
    open_until: datetime | None = None
    """Until then its address takes any message, later only templates; None where that is not so."""

    began: datetime | None = None
    """When its broadcast began, of which it may have been written down long before."""

    @property
    def written_at(self) -> datetime:
        """From when on it could go: when its draft was made, or its broadcast began."""
        made = from_epoch_ms(self.id >> STEPS_IN_A_MILLISECOND)
        return made if self.began is None else max(made, self.began)


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to queue, or to send at once (`state` is then SENDING)."""

    id: int
    address: int
    act: Act
    lane: Lane
    message: Message
    due: datetime
    target: str | None = None
    target_delivery: int | None = None
    """The earlier delivery whose message is meant, where its platform id is not known yet."""
    slot: str | None = None
    """A newer draft of a slot replaces an unsent one."""
    state: State = State.QUEUED
    not_after: datetime | None = None

    def on_its_way(
        self, channel: str, account: str, open_until: datetime | None = None
    ) -> Delivery:
        """What a claim would give, for a draft that was added as SENDING to this address."""
        return Delivery(
            self.id, self.address, channel, account, self.act, self.lane, self.message,
            self.target, 1, 0, self.due, self.not_after, self.slot, open_until=open_until,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a delivery; QUEUED with a `due` puts it back."""

    id: int
    state: State
    platform_id: str | None = None
    reason: str | None = None
    due: datetime | None = None
    ambiguous: bool = False
    """It is not known whether this attempt arrived."""
    attempts: int | None = None
    """As in the delivery: once another process has taken the row again, this changes nothing."""
    keep_words: bool = False
    """The platform may refuse yet what it took: the text stays, sealed, until it says otherwise."""


def draft_values(vault: Vault, draft: Draft) -> dict[str, Value]:
    """The row of this draft."""
    id, target, after = draft.id, draft.target, draft.not_after
    return {
        "id": id,
        "address": draft.address,
        "lane": LANES.index(draft.lane),
        "act": draft.act,
        "target": None if target is None else vault.seal(target, Field("outbox", "target", id)),
        "target_delivery": draft.target_delivery,
        "slot": draft.slot,
        "message": vault.seal(packed(draft.message), Field("outbox", "message", id)),
        "state": draft.state,
        "attempts": int(draft.state is State.SENDING),
        "due": epoch_ms(draft.due),
        "not_after": None if after is None else epoch_ms(after),
    }


def delivery_from(vault: Vault, channel: str, lane: Lane, row: Row) -> Delivery:
    """The delivery in a row of WAITING, as it is once taken."""
    (id, address, account, act, target, earlier, earlier_id, message,
     attempts, ambiguous, due, not_after, slot, open_until) = row  # fmt: skip
    where = None
    if target is not None:
        where = vault.open(target, Field("outbox", "target", id))
    elif earlier_id is not None:
        where = vault.open(earlier_id, Field("outbox", "platform_id", earlier))
    return Delivery(
        id=id,
        address=address,
        channel=channel,
        account=vault.open(account, Field("addresses", "account", address)),
        act=Act(act),
        lane=lane,
        message=unpacked(vault.open(message, Field("outbox", "message", id))),
        target=where,
        attempts=attempts + 1,
        ambiguous=ambiguous,
        due=from_epoch_ms(due),
        not_after=moment(not_after),
        slot=slot,
        open_until=moment(open_until),
    )
