"""What the Content API checks when a Content is made, and when it is submitted for approval."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from tests.platforms.twilio.content import HOLE, KINDS, VARIABLES, Content, Contents
from tests.platforms.twilio.faults import Broken
from tests.platforms.twilio.rules import units

Fields = Mapping[str, Any]

_MADE_OF = {"friendly_name", "variables", "language", "types"}
_SUBMITTED_WITH = {"name", "category"}
_NULLABLE = {"send_ttl_seconds", "bid_amount"}
"""What the library sends as null."""
_PICTOGRAPH = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")


def made(fields: Fields, sid: str, account: str) -> Content:
    """A new Content; raises Broken."""
    told = _present(fields, _MADE_OF)
    language, types = told.get("language"), told.get("types")
    if not isinstance(language, str) or not re.fullmatch(r"[a-z]{2}(_[A-Z]{2})?", language):
        raise Broken(20001, f"no language: {language!r}")
    known = {k: v for k, v in cast("Fields", types or {}).items() if v is not None}
    if len(known) != 1 or not known.keys() <= KINDS.keys():
        raise Broken(20001, f"not one of the types that are known here: {sorted(known)}")
    ((kind, held),) = known.items()
    content = Content(
        sid, account, language, kind, held, told.get("variables") or {}, told.get("friendly_name")
    )
    _check_held(content)
    _check_variables(content)
    return content


def submit(content: Content, fields: Fields, contents: Contents) -> None:
    """Submits it for approval; raises Broken where WhatsApp would reject it without a look."""
    told = _present(fields, _SUBMITTED_WITH)
    name, category = told.get("name"), told.get("category")
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9_]{1,512}", name):
        raise Broken(20001, f"no name of a template: {name!r}")
    if category not in ("UTILITY", "MARKETING", "AUTHENTICATION"):
        raise Broken(20001, f"no category: {category!r}")
    if content.name is not None:
        raise Broken(20001, f"{content.name} was submitted already")
    taken = {(each.name, each.language) for each in contents.by_sid.values()}
    if (name, content.language) in taken | contents.rejected:
        raise Broken(20001, f"the name {name} was used already")
    _check_template(content)
    content.name, content.category, content.status = name, category, "received"


def _present(fields: Fields, known: set[str]) -> Fields:
    told = {name: value for name, value in fields.items() if value is not None}
    if strange := fields.keys() - known - _NULLABLE or told.keys() - known:
        raise Broken(20001, f"unknown fields: {sorted(strange)}")
    return told


def _check_held(content: Content) -> None:
    limits, held = KINDS[content.kind], content.held
    body = held.get("body")
    if not isinstance(body, str) or not 1 <= units(body) <= limits["body"]:
        raise Broken(20001, f"no body of {content.kind}: {body!r}")
    if content.kind == "twilio/text":
        return
    if not 1 <= len(content.buttons) <= limits["most"]:
        raise Broken(20001, f"{len(content.buttons)} buttons")
    if "button" in limits and not 1 <= units(held.get("button", "")) <= limits["button"]:
        raise Broken(20001, f"no words on the list's button: {held.get('button')!r}")
    for button in content.buttons:
        title = button.get("title") or button.get("item") or ""
        longest = limits.get("title") or limits.get("item", 0)
        if not 1 <= units(HOLE.sub("x", title)) <= longest:
            raise Broken(20001, f"a button says {title!r}")
        if content.kind == "twilio/list-picker" and not button.get("id"):
            raise Broken(20001, "an item without an id")
        if units(button.get("description") or "") > 72:
            raise Broken(20001, "an item with a long description")


def _check_variables(content: Content) -> None:
    samples = content.variables
    if len(samples) > VARIABLES or any(len(name) > 16 for name in samples):
        raise Broken(20001, "too many variables, or a name that is too long")
    if not all(samples.values()):
        raise Broken(20001, "a variable without a sample")
    if set(samples) != content.holes:
        raise Broken(20001, f"samples {sorted(samples)} for {sorted(content.holes)}")
    if set(samples) != {str(number) for number in range(1, len(samples) + 1)}:
        raise Broken(20001, f"variables with gaps: {sorted(samples)}")


def _check_template(content: Content) -> None:
    body = str(content.held["body"])
    if content.kind == "twilio/list-picker":
        raise Broken(20001, "a list is no template")
    if units(body) > 1024:
        raise Broken(20001, "a template's body has 1024 characters at most")
    if re.search(r"^\s*\{\{|\}\}\s*$|\}\}\s*\{\{", body):
        raise Broken(20001, "a template begins or ends with a variable, or two touch")
    for button in content.buttons:
        title = button["title"]
        if HOLE.search(title) or "\n" in title or _PICTOGRAPH.search(title):
            raise Broken(20001, f"a template's button says {title!r}")
