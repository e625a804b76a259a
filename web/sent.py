"""What a page of ours sends, read from its form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException

_FORM_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_NUMBER = re.compile(r"[0-9]{1,15}")
_BUTTON_BYTES = 64


@dataclass(frozen=True, slots=True)
class Sent:
    """What a visitor's page sent."""

    id: str
    seen: int
    """The number of the last letter on the page."""
    text: str | None
    choice: str | None
    message: str | None
    aside: bool
    """The text came from a button of the page, not from the person's keyboard."""
    on_photo: bool = False
    """The button stands under a picture."""
    photo: str | None = None
    """What a picture is called that came with the form, once it is kept."""


def read_sent(form: Mapping[str, str]) -> Sent:
    """What the form holds; 400 when it is none of our page's."""
    identifier = _identifier(form)
    seen = number(form.get("seen"))
    if "press" in form:
        message, _, choice = form["press"].partition(" ")
        on_photo, message = message.endswith("p"), message.removesuffix("p")
        if not _NUMBER.fullmatch(message) or not 0 < len(choice.encode()) <= _BUTTON_BYTES:
            raise HTTPException(400)
        # One page holds one id for all its buttons: what is pressed tells them apart.
        pressed = f"{identifier} {message} {choice}"
        return Sent(pressed, seen, None, choice, message, aside=True, on_photo=on_photo)
    aside = "say" in form
    text = form.get("say" if aside else "text", "").replace("\r\n", "\n").strip()
    if not text:
        raise HTTPException(400)
    return Sent(f"{identifier} {text}" if aside else identifier, seen, text, None, None, aside)


def read_sent_picture(form: Mapping[str, str]) -> Sent:
    """What the form beside a picture holds; 400 when it is none of our page's."""
    identifier = _identifier(form)
    return Sent(f"{identifier} picture", number(form.get("seen")), None, None, None, aside=True)


def _identifier(form: Mapping[str, str]) -> str:
    identifier = form.get("id", "")
    if not _FORM_ID.fullmatch(identifier):
        raise HTTPException(400)
    return identifier


def number(text: str | None) -> int:
    """The number of a letter as a page gives it; 0 for anything else."""
    return int(text) if text and _NUMBER.fullmatch(text) else 0
