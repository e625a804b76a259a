"""What people ask the guest experts. The way from a question back to its asker is sealed.

An asker is found by a pseudonym, a keyed hash of person and webinar: so their questions to two
webinars cannot be put together, and none of them leads to the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, cast

from storage.desk import Desk
from storage.port import Row, Value
from storage.times import from_epoch_ms, hour_of
from storage.vault import Field, Vault

Kind = Literal["question", "idea"]

SERIES = ""
"""The scope of a question that is not for one webinar."""


class Stage(StrEnum):
    """How far a question has come; several of these are the same to the asker."""

    RECEIVED = "received"
    IN_REVIEW = "in_review"
    """Taken by a moderator."""
    APPROVED = "approved"
    """May be supported by others."""
    QUEUED = "queued"
    """Next for the expert."""
    LIVE = "live"
    """Being put now."""
    ANSWERED = "answered"
    FOLLOW_UP = "follow_up"
    """An answer is promised for later."""
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


STILL_THEIRS = frozenset({Stage.RECEIVED, Stage.IN_REVIEW, Stage.APPROVED})
"""Until it is queued for the expert, a question is the asker's to change."""
NEVER_GIVEN = STILL_THEIRS | {Stage.DECLINED, Stage.WITHDRAWN}
"""No expert was given a question at one of these."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question or an idea, as its asker sees it; `webinar` None is the series as a whole."""

    id: int
    webinar: str | None
    kind: Kind
    text: str
    anonymous: bool
    language: str
    state: Stage
    message: str | None
    """The platform's id of the message that it came from."""
    reason: str | None
    answer: str | None
    order: int
    hour: datetime


ALL_WEBINARS = "SELECT id FROM webinars"
NEXT_ORDINAL = """
INSERT INTO counters (name, value) VALUES ('questions', 1)
ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value
"""
ADD = """
INSERT INTO questions (id, webinar, kind, text, anonymous, language, state, asker, asker_key,
                       message, message_key, ordinal, hour)
VALUES (:id, :webinar, :kind, :text, :anonymous, :language, :state, :asker, :asker_key,
        :message, :message_key, :ordinal, :hour)
"""
OF_ASKER = """
SELECT id, webinar, kind, text, anonymous, language, state, message, reason, answer, ordinal, hour
FROM questions WHERE asker_key IN (SELECT value FROM each_text(:askers) AS given)
ORDER BY ordinal DESC
"""
BY_MESSAGE = """
SELECT id, webinar, kind, text, anonymous, language, state, message, reason, answer, ordinal, hour
FROM questions WHERE message_key = :message_key
ORDER BY ordinal
"""
WEBINAR_OF = "SELECT webinar FROM questions WHERE id = :id"
REWRITE = """
UPDATE questions SET text = :text, message = :message, message_key = :message_key
WHERE id = :id AND state IN (SELECT value FROM each_text(:theirs) AS given)
  AND asker_key IN (SELECT value FROM each_text(:askers) AS given) RETURNING id
"""
WITHDRAW = """
UPDATE questions SET state = :state
WHERE id = :id AND state IN (SELECT value FROM each_text(:theirs) AS given)
  AND asker_key IN (SELECT value FROM each_text(:askers) AS given) RETURNING id
"""


class Questions:
    """The questions in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection
        self._vault = desk.vault

    async def add(
        self,
        person_id: int,
        webinar: str | None,
        kind: Kind,
        text: str,
        anonymous: bool,
        language: str,
        message: str | None,
        now: datetime,
    ) -> AskedQuestion:
        """Take a question; it starts as `received`."""
        ((ordinal,),) = await self._connection.fetch(NEXT_ORDINAL)
        id, hour = self._desk.ids.person(), hour_of(now)

        def sealed(column: str, value: str) -> bytes:
            return self._vault.seal_for(webinar, value, Field("questions", column, id))

        await self._connection.run(
            ADD,
            {
                "id": id,
                "webinar": webinar,
                "kind": kind,
                "text": sealed("text", text),
                "anonymous": int(anonymous),
                "language": language,
                "state": Stage.RECEIVED,
                "asker": sealed("asker", str(person_id)),
                "asker_key": asker_key(self._vault, person_id, webinar),
                "message": None if message is None else sealed("message", message),
                "message_key": message and message_key(self._vault, person_id, message),
                "ordinal": ordinal,
                "hour": hour,
            },
        )
        return AskedQuestion(
            id, webinar, kind, text, anonymous, language, Stage.RECEIVED, message, None, None,
            ordinal, from_epoch_ms(hour),
        )  # fmt: skip

    async def of(self, person_id: int) -> list[AskedQuestion]:
        """What this person asked, newest first."""
        askers = await asker_keys(self._desk, person_id)
        rows = await self._connection.fetch(OF_ASKER, {"askers": askers})
        return [question_from(self._vault, row) for row in rows]

    async def rewrite(
        self, person_id: int, question_id: int, text: str, message: str | None
    ) -> bool:
        """Change one's own question; False when it is somebody else's, or queued by now.

        `message` is where the new words came from: from now on it is the question's.
        """
        rows = await self._connection.fetch(WEBINAR_OF, {"id": question_id})
        if not rows:
            return False
        webinar = rows[0][0]

        def sealed(column: str, value: str) -> bytes:
            return self._vault.seal_for(webinar, value, Field("questions", column, question_id))

        values: dict[str, Value] = {
            "id": question_id,
            "theirs": [*STILL_THEIRS],
            "text": sealed("text", text),
            "message": None if message is None else sealed("message", message),
            "message_key": message and message_key(self._vault, person_id, message),
            "askers": await asker_keys(self._desk, person_id),
        }
        return bool(await self._connection.fetch(REWRITE, values))

    async def withdraw(self, person_id: int, question_id: int) -> bool:
        """Take back one's own question; False when it is somebody else's, or queued by now."""
        values: dict[str, Value] = {
            "id": question_id,
            "state": Stage.WITHDRAWN,
            "theirs": [*STILL_THEIRS],
            "askers": await asker_keys(self._desk, person_id),
        }
        return bool(await self._connection.fetch(WITHDRAW, values))

    async def by_message(self, person_id: int, message: str) -> AskedQuestion | None:
        """The (first) question that came from this person's message."""
        key = message_key(self._vault, person_id, message)
        rows = await self._connection.fetch(BY_MESSAGE, {"message_key": key})
        return question_from(self._vault, rows[0]) if rows else None


async def asker_keys(desk: Desk, person_id: int) -> list[str]:
    """All pseudonyms that this person may have."""
    scopes = [SERIES, *(row[0] for row in await desk.connection.fetch(ALL_WEBINARS))]
    return [asker_key(desk.vault, person_id, scope) for scope in scopes]


def asker_key(vault: Vault, person_id: int, webinar: str | None) -> str:
    return vault.index("asker", str(person_id), webinar or SERIES)


def message_key(vault: Vault, person_id: int, message: str) -> str:
    return vault.index("message", str(person_id), message)


def question_from(vault: Vault, row: Row) -> AskedQuestion:
    """The question in a row of OF_ASKER."""
    (id, webinar, kind, text, anonymous, language, state,
     message, reason, answer, ordinal, hour) = row  # fmt: skip

    def opened(column: str, sealed: bytes | None) -> str | None:
        return None if sealed is None else vault.open(sealed, Field("questions", column, id))

    return AskedQuestion(
        id=id,
        webinar=webinar,
        kind=cast(Kind, kind),
        text=opened("text", text) or "",
        anonymous=bool(anonymous),
        language=language,
        state=Stage(state),
        message=opened("message", message),
        reason=opened("reason", reason),
        answer=opened("answer", answer),
        order=ordinal,
        hour=from_epoch_ms(hour),
    )
