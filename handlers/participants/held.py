"""What is held of a person: all of it for a file, and the gist of it for the screen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeAlias

from dialogue.words import Localised, Text, text
from handlers.turn import Turn
from storage.asking.reveals import Reveal
from storage.community.people import Address
from storage.outbox import PLATFORM_IDS_KEPT

Held: TypeAlias = Mapping[str, list[dict[str, Any]]]
"""By the name of a table what it holds of one person."""

_OF_REGISTRATIONS = ("approved", "told")
_OF_ACCOUNTS = ("channel", "account", "reachable", "stopped", "preferred")
_OF_QUESTIONS = (
    *("text", "webinar", "kind", "anonymous", "language", "state", "reason", "answer", "message"),
)
_PREFERENCES = ("announcements", "reminders", "text_only", "all_future", "receipts")


async def everything(turn: Turn) -> Held:
    """Everything that is stored of this person, as it is stored."""
    store, person = turn.storage, turn.person
    registrations = await store.registrations.of(person.id)
    asked = await store.questions.of(person.id)
    consents = await store.people.consents(person.id)
    addresses = await store.people.addresses(person.id)
    profile = {k: v for k, v in asdict(person.profile).items() if v is not None}
    return {
        "profile": [{"language": person.language, "notice": person.notice, **profile}],
        "preferences": [{name: getattr(person, name) for name in _PREFERENCES}],
        "accounts": [
            {name: getattr(a, name) for name in _OF_ACCOUNTS}
            | ({} if a.open_until is None else {"open_until": str(a.open_until)})
            for a in addresses
        ],
        "proofs": await _to_prove(turn),
        "staff": await _of_staff(turn),
        "registrations": [
            {"webinar": kept.webinar, "answers": dict(kept.extra)}
            | {name: getattr(kept, name) for name in _OF_REGISTRATIONS}
            for kept in registrations
        ],
        "questions": [
            {name: getattr(kept, name) for name in _OF_QUESTIONS} | {"hour": str(kept.hour)}
            for kept in asked
        ],
        "looked_up": [_revealed(each) for each in await store.reveals.of(person.id)],
        "supports": [asdict(each) for each in await store.support.of(person.id)],
        "consents": [
            {
                "version": c.version,
                "sha256": c.hash,
                "language": c.language,
                "at": str(c.at),
                "channel": c.channel,
            }
            for c in consents
        ],
        "conversation": [json.loads(turn.desk.to_json())],
        "messages": [line for address in addresses for line in await _said_to(turn, address)],
    }


def gist(turn: Turn, held: Held) -> list[Text]:
    """The gist of it, a line each."""
    return [*_told_of_profile(turn, held), *_told_of_acts(turn, held)]


async def _to_prove(turn: Turn) -> list[dict[str, Any]]:
    """The address of mail that they gave and have not proved yet."""
    pending = await turn.storage.proofs.pending(turn.person.id, turn.now)
    return [{"account": pending}] if pending else []


async def _of_staff(turn: Turn) -> list[dict[str, Any]]:
    """What they are on the staff, and what they invited others to; nothing for most people."""
    member = await turn.storage.staff.get(turn.person.id)
    if member is None:
        return []
    return [
        {
            "role": member.role.value,
            "active": member.active,
            "since": str(member.since),
            "words": list(member.words),
            "code": await turn.storage.codes.has(turn.person.id),
            "looked_up": [
                _revealed(each) for each in await turn.storage.reveals.made_by(turn.person.id)
            ],
            "invitations": [
                {"role": invite.role.value, "expires": str(invite.expires)}
                for invite in await turn.storage.staff.invited(turn.person.id)
            ],
        }
    ]


def _revealed(kept: Reveal) -> dict[str, Any]:
    """That an asker was looked up."""
    return {"by": kept.role.value, "at": str(kept.at), "reason": kept.reason}


async def _said_to(turn: Turn, address: Address) -> list[dict[str, Any]]:
    """What is still kept of the messages to one account: their ids, and on the web their words."""
    since = turn.now - PLATFORM_IDS_KEPT
    ids = await turn.storage.outbox.messages(address.id, since)
    letters = await turn.storage.mailbox.after(address.id, 0)
    return [
        {"channel": address.channel, "ids": ids},
        *({"number": letter.number, "text": letter.message.text} for letter in letters),
    ]


def _told_of_profile(turn: Turn, held: Held) -> list[Text]:
    profile = turn.person.profile
    lines = [
        *(
            text("mydata-account", channel=Text(f"channel-{kept['channel']}"))
            for kept in held["accounts"]
        ),
        text("mydata-language", language=Text(f"language-own-{turn.person.language}")),
        *(_told_of_role(kept) for kept in held["staff"]),
        *(text("mydata-code") for kept in held["staff"] if kept["code"]),
    ]
    if profile.nickname:
        lines.append(text("mydata-nickname", nickname=profile.nickname))
    if profile.governorate:
        lines.append(text("mydata-governorate", place=Text(f"governorate-{profile.governorate}")))
    if profile.zone:
        lines.append(text("mydata-zone", zone=turn.voice.city(profile.zone)))
    if profile.email:
        proved = any(kept["account"] == profile.email for kept in held["accounts"])
        lines.append(text("mydata-mail" if proved else "mydata-mail-waiting", mail=profile.email))
    return lines


def _told_of_role(kept: Mapping[str, Any]) -> Text:
    key = "mydata-role" if kept["active"] else "mydata-role-waiting"
    return text(key, role=Text(f"role-{kept['role']}"))


def _told_of_acts(turn: Turn, held: Held) -> list[Text]:
    registered, waiting = (
        tuple(_title(turn, k["webinar"]) for k in held["registrations"] if k["approved"] is agreed)
        for agreed in (True, False)
    )
    return [
        *((text("mydata-registrations", webinars=registered),) if registered else ()),
        *((text("mydata-registrations-waiting", webinars=waiting),) if waiting else ()),
        text("mydata-questions", count=len(held["questions"])),
        *(_told_of_reveal(kept) for kept in held["looked_up"]),
        text("mydata-consents", count=len(held["consents"])),
    ]


def _told_of_reveal(kept: Mapping[str, Any]) -> Text:
    at, role = datetime.fromisoformat(kept["at"]), Text(f"role-{kept['by']}")
    return text("mydata-revealed", role=role, at=at, reason=kept["reason"] or "–")


def _title(turn: Turn, id: str) -> Localised:
    titles = (webinar.title for webinar in turn.programme.webinars if webinar.id == id)
    return next(titles, Localised({"en": id}))
