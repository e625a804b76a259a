"""What the board says by itself, in each language; words that return are looked up once."""

from __future__ import annotations

from collections.abc import Callable

from dialogue.words import Text


class Voice:
    """Says the board's few sentences."""

    def __init__(self, say: Callable[[str, Text], str]) -> None:
        """`say` is given a language and what is to be said in it."""
        self.say = say
        self._said: dict[str, dict[str, str]] = {}

    def words(self, language: str) -> Callable[[str], str]:
        """What says a key in this language."""
        said = self._said.setdefault(language, {})

        def word(key: str) -> str:
            # A thousand questions bring the same few words.
            if key not in said:
                said[key] = self.say(language, Text(key))
            return said[key]

        return word

    def counted(self, language: str, key: str, count: int) -> str:
        """A sentence that is all about a number."""
        return self.say(language, Text(key, {"count": count}))

    def in_hand(self, language: str, role: str | None) -> str:
        """That somebody of this role has it in hand; None for no matter whom."""
        if role is None:
            return self.words(language)("board-in-hand")
        return self.say(language, Text("board-in-hand-of", {"role": Text(f"role-{role}")}))

    def into(self, language: str, code: str) -> str:
        """Into which language something is to be translated."""
        return self.say(language, Text("board-into", {"language": Text(f"language-{code}")}))

    def own_name(self, language: str) -> str:
        """What a language is called in itself."""
        return self.say(language, Text(f"language-own-{language}"))
