"""Contents: messages with buttons, and templates that WhatsApp approves.

Written down from https://www.twilio.com/docs/content/content-api-resources and the pages of its
types.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from tests.platforms.twilio.chats import ShownButton
from tests.platforms.twilio.faults import Broken
from tests.platforms.twilio.rules import BODY_UNITS, units

TEMPLATE_UNITS = 1024
VARIABLES = 100
VALUE_UNITS = 1600
BUTTONS_UNAPPROVED = 3

HOLE = re.compile(r"\{\{(\w+)\}\}")
_SPOILT = re.compile(r"[\n\t]| {4}")
"""What WhatsApp allows in no value of a template."""

KINDS: Mapping[str, Mapping[str, int]] = {
    "twilio/text": {"body": BODY_UNITS},
    "twilio/quick-reply": {"body": 1024, "most": 10, "title": 20, "id": 256},
    "twilio/list-picker": {"body": 1024, "most": 10, "item": 24, "id": 200, "button": 20},
    "twilio/call-to-action": {"body": 640, "most": 3, "title": 20},
}


@dataclass(frozen=True, slots=True)
class Filled:
    """A Content as it reaches somebody."""

    text: str
    kind: str
    buttons: tuple[ShownButton, ...]


@dataclass(slots=True)
class Content:
    """One Content, and what WhatsApp thinks of it."""

    sid: str
    account: str
    language: str
    kind: str
    held: dict[str, Any]
    """What it says, as it was given."""
    variables: dict[str, str]
    friendly_name: str | None
    name: str | None = None
    """As it was submitted for approval."""
    category: str | None = None
    status: str = "unsubmitted"
    reason: str = ""

    @property
    def is_approved(self) -> bool:
        """Whether it may be sent to somebody whose window is closed."""
        return self.status == "approved"

    @property
    def buttons(self) -> list[dict[str, str]]:
        """Its actions or items, as they were given."""
        return self.held.get("actions") or self.held.get("items") or []

    @property
    def holes(self) -> set[str]:
        """The names of its variables."""
        return set(HOLE.findall(json.dumps(self.held, ensure_ascii=False)))

    def filled(self, given: str) -> Filled:
        """It with these variables put in; raises Broken when they do not fit it."""
        values = _variables(given)
        if set(values) != self.holes:
            raise Broken(21656, f"variables {sorted(values)} for {sorted(self.holes)}")
        if self.is_approved and any(_SPOILT.search(value) for value in values.values()):
            raise Broken(63021, "a template's value holds line ends, tabs or many spaces")

        def put(words: str) -> str:
            return HOLE.sub(lambda hole: values[hole[1]], words)

        text = put(self.held["body"])
        if units(text) > KINDS[self.kind]["body"] or (
            self.is_approved and units(text) > TEMPLATE_UNITS
        ):
            raise Broken(63021, f"the filled body has {units(text)} characters")
        buttons = tuple(
            ShownButton(put(each.get("title") or each["item"]), put(each.get("id") or "") or None)
            for each in self.buttons
        )
        self._check_buttons(buttons)
        return Filled(text, self.kind.removeprefix("twilio/"), buttons)

    def _check_buttons(self, buttons: tuple[ShownButton, ...]) -> None:
        limits = KINDS[self.kind]
        values = [button.value for button in buttons if button.value is not None]
        titles = [button.label for button in buttons]
        if len(set(values)) < len(values) or len(set(titles)) < len(titles):
            raise Broken(63021, f"two buttons are alike: {titles} {values}")
        if any(not 1 <= units(value) <= limits.get("id", 256) for value in values):
            raise Broken(63021, f"a button's id is too long: {values}")
        longest = limits.get("title") or limits.get("item", 0)
        if any(not label.strip() or units(label) > longest for label in titles):
            raise Broken(63021, f"a button's words are too long: {titles}")

    def json(self) -> dict[str, Any]:
        """As the API shows it."""
        return {
            "sid": self.sid,
            "account_sid": self.account,
            "friendly_name": self.friendly_name,
            "language": self.language,
            "variables": self.variables,
            "types": {self.kind: self.held},
            "date_created": "2026-11-22T12:00:00Z",
            "date_updated": "2026-11-22T12:00:00Z",
            "url": f"https://content.twilio.com/v1/Content/{self.sid}",
            "links": {},
        }

    def approval(self) -> dict[str, Any]:
        """Its approval as the API shows it."""
        return {
            "name": self.name or "",
            "category": self.category or "",
            "content_type": self.kind,
            "status": self.status,
            "rejection_reason": self.reason,
            "allow_category_change": True,
        }


def _variables(given: str) -> dict[str, str]:
    if not given:
        return {}
    try:
        values: Any = json.loads(given)
    except ValueError:
        raise Broken(21656, "ContentVariables is no JSON") from None
    if not isinstance(values, dict):
        raise Broken(21656, "ContentVariables is no JSON object")
    told = cast("dict[str, Any]", values)
    for name, value in told.items():
        if not isinstance(value, str) or not value.strip():
            raise Broken(21656, f"variable {name} is empty or no string")
        if units(value) > VALUE_UNITS:
            raise Broken(21656, f"variable {name} is too long")
    return told


@dataclass(slots=True)
class Contents:
    """All Contents of the account, by sid."""

    by_sid: dict[str, Content] = field(default_factory=dict[str, Content])
    rejected: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Names and languages that nobody may submit again."""

    def get(self, sid: str) -> Content:
        """The Content with this sid; raises Broken."""
        content = self.by_sid.get(sid)
        if content is None:
            raise Broken(21655, f"there is no Content {sid}")
        return content

    def named(self, name: str, language: str) -> Content:
        """What was submitted under this name in this language."""
        (found,) = [
            each
            for each in self.by_sid.values()
            if each.name is not None and name in each.name and each.language == language
        ]
        return found

    def decides(self, status: str, *, reason: str = "", category: str | None = None) -> None:
        """WhatsApp has looked at all that was submitted: `approved`, `rejected`, `paused` …"""
        for content in self.by_sid.values():
            if content.name is not None:
                content.status, content.reason = status, reason
                content.category = category or content.category
                if status == "rejected":
                    self.rejected.add((content.name, content.language))
