"""What is said to a question, and what becomes of its translations then."""

from __future__ import annotations

from typing import Literal, TypeAlias

from storage.desk import Desk
from storage.engines.port import Value

Part: TypeAlias = Literal["question", "answer"]

PUT = """
UPDATE questions SET answer = :answer, answered_language = :language, answer_public = :public,
    state = 'answered', claimed_by = NULL, claimed_until = NULL, changed = :changed
WHERE id = :id
"""
WANT_ANEW = """
UPDATE texts SET state = 'wanted', draft = NULL, claimed_by = NULL, claimed_until = NULL
WHERE question = :id AND part = :part
"""


async def put(
    desk: Desk, question_id: int, sealed: bytes, language: str, public: bool, changed: int
) -> None:
    """Keep this answer, in place of any other."""
    values: dict[str, Value] = {
        "id": question_id,
        "answer": sealed,
        "language": language,
        "public": int(public),
        "changed": changed,
    }
    await desk.connection.run(PUT, values)
    await want_anew(desk, question_id, "answer")


async def want_anew(desk: Desk, question_id: int, part: Part) -> None:
    """The text that was translated is another one now."""
    await desk.connection.run(WANT_ANEW, {"id": question_id, "part": part})
