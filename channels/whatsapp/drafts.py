"""Contents as they are handed to Twilio: prompts with buttons, and templates to be approved.

https://www.twilio.com/docs/content
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from channels.whatsapp.numbered import buttons_of
from dialogue.fold import utf16_length
from dialogue.words import Message, MessageButton

TEXT = "text"
QUICK_REPLY = "quick-reply"
LIST_PICKER = "list-picker"

BODY_UNITS = 1024
MOST_REPLIES = 3
"""More are taken only once they are approved."""
REPLY_UNITS = 20
MOST_ITEMS = 10
ITEM_UNITS = 24
OPENER_UNITS = 20
ID_UNITS = 200
FIXED_UNITS = 400
"""Of a template's 1,024 characters, what is its own; the values share the rest."""
VALUES_UNITS = BODY_UNITS - FIXED_UNITS

_PICTOGRAPH = re.compile("[\n\u2600-\u27bf\U0001f000-\U0001faff]|\\{\\{")
_VARIABLE = re.compile(r"\{\{(\d+)\}\}")


class Unfitting(ValueError):
    """WhatsApp would not approve this template; the text says why."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A Content to be made."""

    key: str
    """Changes with every word of it."""
    name: str
    kind: str
    language: str
    body: str
    buttons: tuple[tuple[str, str], ...] = ()
    """What each carries, and what stands on it."""
    opener: str = ""
    """What stands on the button that opens a list."""
    samples: Mapping[str, str] = field(default_factory=dict[str, str])
    """A value for each variable, by its number."""
    category: str | None = None
    """`MARKETING` or `UTILITY` for a template that is to be approved."""

    @property
    def approval_name(self) -> str:
        """Its name at WhatsApp, where the name of what was rejected is spent for ever."""
        return re.sub(r"[^a-z0-9_]", "_", f"{self.name}_{self.language}_{self.key[:8]}".lower())

    def payload(self) -> dict[str, Any]:
        """The request of https://www.twilio.com/docs/content/content-api-resources."""
        return {
            "friendly_name": self.approval_name,
            "language": self.language,
            "variables": dict(self.samples),
            "types": {f"twilio/{self.kind}": self._content()},
        }

    def _content(self) -> dict[str, Any]:
        if self.kind == QUICK_REPLY:
            actions = [{"type": "QUICK_REPLY", "title": t, "id": id} for id, t in self.buttons]
            return {"body": self.body, "actions": actions}
        if self.kind == LIST_PICKER:
            items = [{"id": id, "item": title} for id, title in self.buttons]
            return {"body": self.body, "button": self.opener, "items": items}
        return {"body": self.body}


def kind_of(message: Message) -> str | None:
    """How WhatsApp can show these buttons in an open window; None if it cannot."""
    buttons = buttons_of(message)
    labels = [button.label for button in buttons]
    if not labels or any(button.url is not None or not button.value for button in buttons):
        return None
    if len({button.value for button in buttons}) < len(buttons):
        return None
    if message.photo is not None or message.file is not None or "{{" in message.text:
        return None
    if not message.text.strip() or utf16_length(message.text) > BODY_UNITS:
        return None
    # Two of the same words cannot be told apart by whoever reads them aloud, nor by WhatsApp.
    if len(set(labels)) < len(labels) or any("{{" in label for label in labels):
        return None
    widest = max(utf16_length(label) for label in labels)
    if not all(label.strip() for label in labels):
        return None
    if len(labels) <= MOST_REPLIES and widest <= REPLY_UNITS:
        return QUICK_REPLY
    return LIST_PICKER if len(labels) <= MOST_ITEMS and widest <= ITEM_UNITS else None


def prompt_key(message: Message, kind: str) -> str:
    """By which the Content of exactly these words is found again."""
    return _key(kind, message.language, message.text, *[b.label for b in buttons_of(message)])


def prompt_draft(message: Message, name: str, opener: str) -> Draft | None:
    """The Content of a prompt; None if its buttons are to be written out.

    What the buttons carry is filled in with each message. `opener` stands on the button of a list.
    """
    kind = kind_of(message)
    if kind is None or (kind == LIST_PICKER and not 0 < utf16_length(opener) <= OPENER_UNITS):
        return None
    buttons = buttons_of(message)
    return Draft(
        key=prompt_key(message, kind),
        name=name,
        kind=kind,
        language=message.language,
        body=message.text,
        buttons=tuple((f"{{{{{at}}}}}", button.label) for at, button in enumerate(buttons, 1)),
        opener=opener if kind == LIST_PICKER else "",
        samples={str(at): f"choice-{at}" for at in range(1, len(buttons) + 1)},
    )


def template_draft(
    name: str,
    category: str,
    language: str,
    body: str,
    samples: Sequence[str],
    buttons: Sequence[MessageButton] = (),
) -> Draft:
    """A template with `{{1}}`, `{{2}}` … in its sentence. Raises Unfitting.

    https://www.twilio.com/docs/whatsapp/tutorial/message-template-approvals-statuses
    """
    _check(body, samples, buttons)
    kind = QUICK_REPLY if buttons else TEXT
    return Draft(
        key=_key(kind, language, body, *[button.label for button in buttons]),
        name=name,
        kind=kind,
        language=language,
        body=body,
        buttons=tuple((button.value, button.label) for button in buttons),
        samples={str(at): sample for at, sample in enumerate(samples, 1)},
        category=category,
    )


def _check(body: str, samples: Sequence[str], buttons: Sequence[MessageButton]) -> None:
    numbers = [int(number) for number in _VARIABLE.findall(body)]
    pieces = _VARIABLE.split(body)[::2]
    if sorted(set(numbers)) != list(range(1, len(samples) + 1)):
        raise Unfitting("its variables are not numbered from 1 on, one for each value")
    if not all(piece.strip() for piece in pieces):
        raise Unfitting("it begins or ends with a variable, or two of them touch")
    if utf16_length("".join(pieces)) > FIXED_UNITS:
        raise Unfitting(f"its own words are more than {FIXED_UNITS} characters")
    if len(buttons) > MOST_REPLIES or any(
        button.url is not None
        or not 0 < utf16_length(button.label) <= REPLY_UNITS
        or not 0 < utf16_length(button.value) <= ID_UNITS
        or _PICTOGRAPH.search(button.label)
        for button in buttons
    ):
        raise Unfitting(
            "a button is too long, shows a picture, carries nothing, or is one too many"
        )


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
