"""Under which name somebody asks: keyed hashes, another one for each webinar.

So their questions to two webinars cannot be put together, and none of them leads to the person.
"""

from __future__ import annotations

from storage.desk import Desk
from storage.sealing.vault import Vault

SERIES = ""
"""The scope of a question that is not for one webinar."""
ALL_WEBINARS = "SELECT id FROM webinars"


async def asker_keys(desk: Desk, person_id: int) -> list[str]:
    """All pseudonyms that this person may have."""
    scopes = [SERIES, *(row[0] for row in await desk.connection.fetch(ALL_WEBINARS))]
    return [asker_key(desk.vault, person_id, scope) for scope in scopes]


def asker_key(vault: Vault, person_id: int, webinar: str | None) -> str:
    """Their pseudonym within this webinar; None is the series."""
    return vault.index("asker", str(person_id), webinar or SERIES)


def place_key(vault: Vault, governorate_key: str | None, webinar: str | None) -> str | None:
    """By which it is known who is from the same governorate, within a webinar."""
    if governorate_key is None:
        return None
    return vault.index("place", governorate_key, webinar or SERIES)


def message_key(vault: Vault, person_id: int, message: str) -> str:
    """By which what came from a message of theirs is found."""
    return vault.index("message", str(person_id), message)
