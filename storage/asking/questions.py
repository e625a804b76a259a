"""What people ask the guest experts: taken, put in other words, and taken back.

The way from a question back to its asker is sealed; they are found by a pseudonym.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from dialogue.stages import STILL_THEIRS, Stage
from storage.asking.asked import COLUMNS, AskedQuestion, Kind, question_from
from storage.asking.changing import next_change
from storage.asking.families import leave_alone, recount
from storage.asking.pseudonyms import asker_key, asker_keys, message_key, place_key
from storage.desk import Desk
from storage.engines.port import Value
from storage.engines.times import from_epoch_ms, hour_of
from storage.sealing.vault import Field

Source = Literal["chat", "session", "mail"]

NEXT_ORDINAL = """
INSERT INTO counters (name, value) VALUES ('questions', 1)
ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value
"""
PLACE = "SELECT governorate_key FROM people WHERE id = :person"
ADD = """
INSERT INTO questions (id, webinar, kind, text, anonymous, language, state, asker, asker_key,
                       message, message_key, ordinal, hour, source, changed, place_key,
                       flagged, revealable)
VALUES (:id, :webinar, :kind, :text, :anonymous, :language, :state, :asker, :asker_key,
        :message, :message_key, :ordinal, :hour, :source, :changed, :place_key, :flagged,
        :revealable)
"""
OF_ASKER = f"""
SELECT {COLUMNS} FROM questions q LEFT JOIN questions r ON r.id = q.merged_into
WHERE q.asker_key IN (SELECT value FROM each_text(:askers) AS given)
ORDER BY q.ordinal DESC
"""  # noqa: S608 - a constant
BY_MESSAGE = f"""
SELECT {COLUMNS} FROM questions q LEFT JOIN questions r ON r.id = q.merged_into
WHERE q.message_key = :message_key ORDER BY q.ordinal
"""  # noqa: S608 - a constant
# One's own, while one may still change it; of a merged one that is up to the one it follows.
OWN = """
SELECT q.webinar, q.merged_into FROM questions q LEFT JOIN questions r ON r.id = q.merged_into
WHERE q.id = :id AND COALESCE(r.state, q.state) IN (SELECT value FROM each_text(:theirs) AS given)
  AND q.asker_key IN (SELECT value FROM each_text(:askers) AS given_askers)
"""
# Other words are for other eyes: nobody has approved them, whatever came of those before.
REWRITE = """
UPDATE questions SET text = :text, message = :message, message_key = :message_key,
    state = 'received', original = NULL, merged_into = NULL, claimed_by = NULL,
    claimed_until = NULL, changed = :changed, flagged = :flagged,
    language = COALESCE(:language, language)
WHERE id = :id
"""
WITHDRAW = """
UPDATE questions SET state = 'withdrawn', merged_into = NULL, claimed_by = NULL,
    claimed_until = NULL, changed = :changed
WHERE id = :id
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
        source: Source = "chat",
        flagged: bool = False,
        revealable: bool = False,
    ) -> AskedQuestion:
        """Take a question; it starts as `received`.

        A `flagged` one comes after all others, with its words folded away. Of one that is not
        anonymous the asker may be looked up if it is `revealable`: they chose that, and were told.
        """
        changed = await next_change(self._desk)
        ((ordinal,),) = await self._connection.fetch(NEXT_ORDINAL)
        place = await self._connection.fetch(PLACE, {"person": person_id})
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
                "source": source,
                "changed": changed,
                "place_key": place_key(self._vault, place[0][0], webinar) if place else None,
                "flagged": int(flagged),
                "revealable": int(revealable and not anonymous),
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
        self,
        person_id: int,
        question_id: int,
        text: str,
        message: str | None,
        flagged: bool = False,
        language: str | None = None,
    ) -> bool:
        """Change one's own question; False when it is somebody else's, or queued by now.

        `message` is where the new words came from: from now on it is the question's. It is new
        again: what followed it is on its own, and nobody has supported these words. They are in
        this language; None is as before.
        """
        changed = await next_change(self._desk)
        own = await self._own(person_id, question_id)
        if own is None:
            return False
        webinar, root = own

        def sealed(column: str, value: str) -> bytes:
            return self._vault.seal_for(webinar, value, Field("questions", column, question_id))

        values: dict[str, Value] = {
            "id": question_id,
            "text": sealed("text", text),
            "message": None if message is None else sealed("message", message),
            "message_key": message and message_key(self._vault, person_id, message),
            "changed": changed,
            "flagged": int(flagged),
            "language": language,
        }
        await self._connection.run(REWRITE, values)
        await self._left(question_id, root, changed)
        return True

    async def withdraw(self, person_id: int, question_id: int) -> bool:
        """Take back one's own question; False when it is somebody else's, or queued by now."""
        changed = await next_change(self._desk)
        own = await self._own(person_id, question_id)
        if own is None:
            return False
        await self._connection.run(WITHDRAW, {"id": question_id, "changed": changed})
        await self._left(question_id, own[1], changed)
        return True

    async def _own(self, person_id: int, question_id: int) -> tuple[str | None, int | None] | None:
        """Webinar and the question that it follows, of one that is theirs to change."""
        values: dict[str, Value] = {
            "id": question_id,
            "theirs": [*STILL_THEIRS],
            "askers": await asker_keys(self._desk, person_id),
        }
        rows = await self._connection.fetch(OWN, values)
        return (rows[0][0], rows[0][1]) if rows else None

    async def _left(self, question_id: int, root: int | None, changed: int) -> None:
        await leave_alone(self._desk, [question_id], changed)
        await recount(self._desk, [question_id, *([] if root is None else [root])], changed)

    async def by_message(self, person_id: int, message: str) -> AskedQuestion | None:
        """The (first) question that came from this person's message."""
        key = message_key(self._vault, person_id, message)
        rows = await self._connection.fetch(BY_MESSAGE, {"message_key": key})
        return question_from(self._vault, rows[0]) if rows else None
