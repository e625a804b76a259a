"""Between which languages somebody interprets: asked once, where there are more than two."""

from __future__ import annotations

from dialogue.form import Form, Question
from dialogue.words import Button, Reply, Text, text
from handlers.speaking import choices, talking
from handlers.turn import Turn

CODE = "l"
FEWEST = 2
"""From one into another."""


def of(turn: Turn) -> tuple[str, ...]:
    """Between which they work; () while that is to be asked."""
    spoken = turn.house.languages.codes
    if len(spoken) <= FEWEST:
        return spoken
    told = turn.desk.stint.languages if turn.desk.stint else ()
    known = tuple(code for code in told if code in spoken)
    return known if len(known) >= FEWEST else ()


def way(turn: Turn) -> tuple[Button, ...]:
    """The button to choose others, where there are any."""
    if len(turn.house.languages.codes) <= FEWEST:
        return ()
    return (Button(text("btn-in-languages"), "go:in-languages:"),)


def ask(turn: Turn, *before: Text) -> list[Reply]:
    """Ask which they read and write well."""
    return talking.begin(turn, turn.house.conversations[CODE], *before)


def form(turn: Turn) -> Form:
    """What is asked."""
    languages = turn.house.languages
    offered = tuple(
        choices.choice(languages, code, Text(f"language-{code}")) for code in languages.codes
    )
    asked, title = text("ask-interpret-languages"), text("title-interpret-languages")
    return (Question("langs", asked, title, offered, several=True),)
