"""How far a question or an idea has come, as its asker reads it."""

from __future__ import annotations

from collections.abc import Mapping

from dialogue.stages import Stage
from dialogue.words import Text
from storage.asking.asked import Kind


def state(kind: Kind, stage: Stage) -> Text:
    """In words for a question, or for an idea, which is read and not answered."""
    return Text((_OF_IDEAS.get(stage) if kind == "idea" else None) or f"state-{stage}")


_OF_IDEAS: Mapping[Stage, str] = {Stage.ANSWERED: "state-read", Stage.DECLINED: "state-left"}
