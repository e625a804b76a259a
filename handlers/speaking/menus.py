"""The places that everything leads back to: the menu, and whatever talk is still open."""

from __future__ import annotations

from dialogue.words import Button, Reply, Text, text
from handlers.commands import of_staff
from handlers.speaking import asking, lists
from handlers.turn import Turn
from locales import Languages

MAIN = ("register", "webinars", "ask", "questions", "settings", "help")


def command_button(name: str) -> Button:
    """The button that does what a command does."""
    return Button(Text(f"btn-{name}"), f"go:{name}")


def language_buttons(languages: Languages, before: str, after: str = "") -> tuple[Button, ...]:
    """A button for each language under its own name; it carries the code between these."""
    return tuple(
        Button(Text(f"language-own-{code}"), f"{before}{code}{after}") for code in languages.codes
    )


def main_menu(turn: Turn, *before: Text) -> Reply:
    """What can be done here, two to a row; what the staff has besides is below."""
    texts = before or (text("menu"),)
    everybody, staff = (tuple(map(command_button, names)) for names in (MAIN, of_staff(turn.role)))
    return lists.menu(turn, texts, (*lists.in_rows(everybody, 2), *lists.in_rows(staff, 2)))


def where_we_are(turn: Turn, *before: Text) -> Reply:
    """The open question again, or the menu when nothing is open."""
    if turn.desk.front is None:
        return main_menu(turn, *before)
    return asking.prompt(turn, turn.house.conversations[turn.desk.front], *before)


def after(turn: Turn, notes: tuple[Text, ...], buttons: tuple[Button, ...] = ()) -> Reply:
    """What was just done, and then the talk that waited behind it, or ways to go on."""
    if turn.desk.front is not None:
        return where_we_are(turn, *notes, text("back-to-talk"))
    ways = (*buttons, command_button("webinars"), command_button("ask"), command_button("menu"))
    return lists.menu(turn, notes, lists.in_rows(ways, 2))
