"""The commands, each also by words that people write in any language."""

from __future__ import annotations

from collections.abc import Mapping

from dialogue.fold import fold
from dialogue.words import Text
from handlers.roles import BOARDS, INTERPRETERS, MODERATORS, ORGANISERS, Roles
from locales import Languages
from storage.roles import Role

NAMES = (
    "start",
    "menu",
    "register",
    "webinars",
    "ask",
    "questions",
    "language",
    "settings",
    "link",
    "privacy",
    "mydata",
    "forget",
    "stop",
    "help",
    "unlink",
    "cancel",
    "back",
    "skip",
    "done",
)

LISTED = NAMES[1:14]
"""Those that the platform's own command menu offers."""

STAFF: Mapping[str, Roles] = {
    "team": ORGANISERS,
    "new": ORGANISERS,
    "announce": ORGANISERS,
    "outages": ORGANISERS,
    "moderate": MODERATORS,
    "interpret": INTERPRETERS,
    "board": BOARDS,
}
"""Those of the staff, and who may give them; for everybody else there is no such command."""


WAYS: Mapping[str, tuple[str, ...]] = {
    "go:set:announcements:off": ("btn-announcements-none", "btn-announcements-off"),
    "go:set:reminders:off": ("btn-reminders-stop", "btn-reminders-off"),
    "go:details": ("btn-details", "btn-announce-register"),
    "go:news": ("btn-read-all",),
}
"""Where the buttons lead under what goes to many, by the keys of what stands on them: that may be
typed at any time, since no list of theirs is open."""


def of_staff(role: Role | None) -> tuple[str, ...]:
    """The commands that somebody with this role has besides everybody's."""
    return tuple(name for name, may in STAFF.items() if role in may)


class Commands:
    """Which command a text is, if it is one: `/name`, or one of its words and nothing else."""

    def __init__(self, languages: Languages) -> None:
        self._by_word: Mapping[str, str] = {
            word: name for name in (*NAMES, *STAFF) for word in words(languages, name)
        }
        self._ways = {
            word: way
            for way, labels in WAYS.items()
            for label in labels
            for word in languages.names(Text(label))
        }
        self._yes = words(languages, "yes")

    def says_yes(self, typed: str) -> bool:
        """Whether this is a plain yes."""
        return fold(typed) in self._yes

    def way(self, typed: str) -> str | None:
        """What the button does that stands under something said to many, if this is its label."""
        return self._ways.get(fold(typed)) if len(typed) <= 40 else None

    def find(self, typed: str, role: Role | None = None) -> str | None:
        """The name of the command that this is for somebody with this role, or None."""
        stripped = typed.strip()
        if stripped.startswith("/"):
            name = stripped[1:].split(maxsplit=1)[0].split("@")[0].lower() if stripped[1:] else ""
        else:
            name = self._by_word.get(fold(stripped), "") if len(stripped) <= 40 else ""
        return name if name in NAMES or role in STAFF.get(name, ()) else None


def words(languages: Languages, name: str) -> frozenset[str]:
    """The folded words of a command in every language; the catalogues list them with commas."""
    keys = [f"words-{name}", *([f"btn-{name}"] if name in LISTED or name in STAFF else ())]
    said = [languages.voice(code).say(Text(key)) for code in languages.codes for key in keys]
    listed = {fold(word) for line in said for word in line.replace("،", ",").split(",")}
    return frozenset({name, *listed} - {""})
