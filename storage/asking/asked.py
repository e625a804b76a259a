"""A question as its asker sees it, with what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from dialogue.stages import Stage
from storage.engines.port import Row
from storage.engines.times import from_epoch_ms
from storage.sealing.vault import Field, Vault

Kind = Literal["question", "idea"]


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question or an idea, as its asker sees it; `webinar` None is the series as a whole.

    The words are the asker's own, whatever a moderator made of them; what became of it is what
    became of the one that it was merged into.
    """

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


COLUMNS = """q.id, q.webinar, q.kind, q.text, q.original, q.anonymous, q.language,
       COALESCE(r.state, q.state), q.message, COALESCE(r.id, q.id),
       CASE WHEN r.id IS NULL THEN q.reason ELSE r.reason END,
       CASE WHEN r.id IS NULL THEN q.answer ELSE r.answer END, q.ordinal, q.hour"""
"""Of `questions q`, and of the one that it follows, `questions r`."""


def question_from(vault: Vault, row: Row) -> AskedQuestion:
    """The question in a row of COLUMNS."""
    (id, webinar, kind, text, original, anonymous, language, state, message, followed,
     reason, answer, ordinal, hour) = row  # fmt: skip

    def opened(column: str, sealed: bytes | None, question: int) -> str | None:
        return None if sealed is None else vault.open(sealed, Field("questions", column, question))

    stage = Stage(state)
    return AskedQuestion(
        id=id,
        webinar=webinar,
        kind=cast(Kind, kind),
        text=opened("original", original, id) or opened("text", text, id) or "",
        anonymous=bool(anonymous),
        language=language,
        state=stage,
        message=opened("message", message, id),
        # While it is looked at again, neither is true of it any more.
        reason=opened("reason", reason, followed) if stage is Stage.DECLINED else None,
        answer=opened("answer", answer, followed) if stage is Stage.ANSWERED else None,
        order=ordinal,
        hour=from_epoch_ms(hour),
    )
