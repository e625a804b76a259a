"""The forms in which Twilio tells everything, and is told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import cast

Form = Sequence[tuple[str, str]]

LARGEST_BODY = 256 * 1024
"""Bytes; what reads a request may stop there."""
MOST_FIELDS = 512

_UNSAFE = re.compile(rb"[^A-Za-z0-9_.~-]+")
_ESCAPED = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")


class TooLarge(Exception):
    """The body is larger than a request of Twilio's can be."""


def form_in(body: bytes) -> Form | None:
    """The fields of a form, blank ones too, in their order; None if it is none that Twilio sends.

    Raises TooLarge before it looks into the body.
    """
    if len(body) > LARGEST_BODY:
        raise TooLarge("The body is larger than a request can be.")
    pairs = body.split(b"&", MOST_FIELDS) if body else []
    if len(pairs) > MOST_FIELDS or not body.isascii():
        return None
    try:
        return [_field(pair) for pair in pairs]
    except ValueError:
        return None


def form_of(fields: Mapping[str, object]) -> bytes:
    """The body that tells these; each value of a list comes as a field of its own."""
    pairs = [
        (name, each)
        for name, value in fields.items()
        for each in (cast("list[object]", value) if isinstance(value, list) else (value,))
    ]
    return b"&".join(b"%b=%b" % (_escaped(name), _escaped(each)) for name, each in pairs)


def _escaped(value: object) -> bytes:
    # "replace": a lone surrogate cannot be sent; it must not stop the rest of the text.
    # A text in Arabic is one run, escaped at once: the standard library looks at every byte.
    return _UNSAFE.sub(_in_hexadecimal, str(value).encode("utf-8", "replace"))


def _in_hexadecimal(run: re.Match[bytes]) -> bytes:
    return b"%" + run[0].hex("%").upper().encode()


def _field(pair: bytes) -> tuple[str, str]:
    name, mark, value = pair.partition(b"=")
    if not mark:
        raise ValueError("A field without a value.")
    return _plain(name), _plain(value)


def _plain(part: bytes) -> str:
    part = part.replace(b"+", b" ")
    if b"%" in part:
        # A word in Arabic is one run of escapes: taken at once, in half of the time that the
        # standard library needs.
        part = _ESCAPED.sub(_unescaped, part)
    return part.decode()


def _unescaped(run: re.Match[bytes]) -> bytes:
    return bytes.fromhex(run[0].replace(b"%", b"").decode())
