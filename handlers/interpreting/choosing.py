"""The languages that somebody has chosen to work between."""

from __future__ import annotations

from dataclasses import replace

from dialogue.form import Answers
from dialogue.words import Reply, text
from handlers.interpreting import desk, languages
from handlers.roles import INTERPRETERS
from handlers.stints import Stint
from handlers.turn import Conversation, Turn


async def choose(turn: Turn, _value: str) -> list[Reply]:
    """Choose others."""
    await desk.put_down(turn)
    return languages.ask(turn)


async def _keep(turn: Turn, answers: Answers) -> list[Reply]:
    chosen = answers.get("langs")
    told = chosen if isinstance(chosen, tuple) else ()
    if len(told) < languages.FEWEST:
        return languages.ask(turn, text("interpret-two-languages"))
    turn.desk = replace(turn.desk, stint=replace(turn.desk.stint or Stint(), languages=told))
    return await desk.interpret(turn)


CONVERSATION = Conversation(languages.CODE, languages.form, _keep, may=INTERPRETERS)
