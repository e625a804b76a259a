"""The community's list of words: a question with one of them is looked at last, and by choice.

Nothing is refused or deleted for a word. The list is a file that the community keeps:
`examples/words.txt` says how it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from locales.likeness.spelling import folded
from locales.likeness.words import is_arabic, without_article

_JOINED = "وفبلك"
"""What is written before a word without a space: and, so, in, for, like."""
_SPELT_OUT = re.compile(r"\b\w(?: \w\b){2,}")


class WordList:
    """The words, beginnings and phrases of such a file; an empty one flags nothing."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self._words: set[str] = set()
        self._phrases: set[tuple[str, ...]] = set()
        beginnings: set[str] = set()
        for line in lines:
            entry = line.partition("#")[0].strip()
            words = tuple(folded(entry).split())
            if len(words) > 1:
                self._phrases.add(words)
            elif words and entry.endswith("*"):
                beginnings.add(words[0])
            elif words:
                self._words.add(words[0])
        self._beginnings = tuple(sorted(beginnings))

    def __len__(self) -> int:
        return len(self._words) + len(self._beginnings) + len(self._phrases)

    def flags(self, text: str) -> bool:
        """Whether this text holds a word of the list, however it is spelt."""
        if not len(self):
            return False
        plain = folded(text)
        joined = (each[0].replace(" ", "") for each in _SPELT_OUT.finditer(plain))
        words = [_forms(word) for word in (*plain.split(), *joined)]
        return any(map(self._is_listed, words)) or any(
            self._begins(words[at:], phrase)
            for phrase in self._phrases
            for at in range(len(words) - len(phrase) + 1)
        )

    def _is_listed(self, forms: set[str]) -> bool:
        if not self._words.isdisjoint(forms):
            return True
        return any(form.startswith(self._beginnings) for form in forms)

    def _begins(self, words: list[set[str]], phrase: tuple[str, ...]) -> bool:
        return all(part in forms for part, forms in zip(phrase, words, strict=False))


def _forms(word: str) -> set[str]:
    """The word, and what it is without an article and what is joined to it."""
    if not is_arabic(word):
        return {word}
    forms = {word, without_article(word)}
    if word[0] in _JOINED and len(word) >= 4:
        forms |= {word[1:], without_article(word[1:])}
    return forms
