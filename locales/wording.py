"""A wording (locales.phrases) from which rules take away what they understand."""

from __future__ import annotations

import re

_FILLERS = re.compile(r"(?<!\S)(?:\||at|day|year)(?!\S)")


def rule(pattern: str) -> re.Pattern[str]:
    """A rule for whole words."""
    return re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")


class Wording:
    """What is left of a wording; what has been taken is a `|`, across which no rule reads."""

    def __init__(self, text: str) -> None:
        self._left = text

    def take(self, *rules: re.Pattern[str]) -> re.Match[str] | None:
        """What the first rule that fits found, which is gone from now on; None if none fits."""
        for pattern in rules:
            if found := pattern.search(self._left):
                self._left = f"{self._left[: found.start()]}|{self._left[found.end() :]}"
                return found
        return None

    def take_all(self, *rules: re.Pattern[str]) -> list[re.Match[str]]:
        """All that the rules find, one rule after the other, until none fits."""
        found: list[re.Match[str]] = []
        while match := self.take(*rules):
            found.append(match)
        return found

    def is_spent(self) -> bool:
        """Whether nothing is left that says something."""
        return not _FILLERS.sub("", self._left).strip()
