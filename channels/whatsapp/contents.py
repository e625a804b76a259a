"""The Contents that Twilio holds for us: which of them says what is to be said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from channels.whatsapp.drafts import kind_of, prompt_key
from dialogue.words import Filled, Message

APPROVED = "approved"


class Content(Protocol):
    """One of them, as it is stored."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def category(self) -> str | None: ...
    @property
    def sid(self) -> str: ...
    @property
    def state(self) -> str: ...


class Contents:
    """All of them, at hand; templates count once they are approved."""

    def __init__(self, known: Iterable[Content] = ()) -> None:
        self._prompts: dict[str, str] = {}
        self._templates: dict[tuple[str, str], str] = {}
        self.learn(known)

    def learn(self, known: Iterable[Content]) -> None:
        """From now on these, and no others; of two templates of a name the later one."""
        prompts: dict[str, str] = {}
        templates: dict[tuple[str, str], str] = {}
        for content in known:
            if content.category is None:
                prompts[content.key] = content.sid
            elif content.state == APPROVED:
                templates[content.name, content.language] = content.sid
        self._prompts, self._templates = prompts, templates

    def prompt(self, message: Message) -> str | None:
        """The Content that shows exactly these words with their buttons; in an open window only."""
        if not self._prompts or not message.rows:
            return None
        kind = kind_of(message)
        return None if kind is None else self._prompts.get(prompt_key(message, kind))

    def template(self, filled: Filled, language: str) -> str | None:
        """The approved template of this name; none of another language takes its place."""
        return self._templates.get((filled.name, language))
