"""Whether a request comes from Twilio.

https://www.twilio.com/docs/usage/security#validating-requests
"""

from __future__ import annotations

import hmac
import logging
import re
from collections.abc import Callable
from urllib.parse import urlsplit

# The library says nothing of its types.
from twilio.request_validator import (  # pyright: ignore[reportMissingTypeStubs]
    RequestValidator,
)

from channels.whatsapp.fields import KNOWN, lost_to_another
from channels.whatsapp.forms import Form

log = logging.getLogger(__name__)

SIGNATURE_HEADER = "X-Twilio-Signature"

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,99}")


class Signed:
    """Tells Twilio's requests from others by their signature; without a token takes none.

    The address that is signed is the one that Twilio was told to call, never what a request says
    of itself: behind a proxy these differ.
    """

    def __init__(self, auth_token: str | None, public_url: str) -> None:
        self._sign = signer(auth_token) if auth_token else None
        self._places = _with_and_without_port(public_url.rstrip("/"))

    def genuine(self, path: str, form: Form, signature: str | None) -> bool:
        """Whether Twilio signed exactly this; `path` with all that stands behind `?`."""
        if self._sign is None or not signature:
            return False
        fields = _fields(form)
        if fields is None:
            return False
        given = signature.encode("utf-8", "surrogateescape")
        for place in self._places:
            try:
                computed = self._sign(place + path, fields)
            except UnicodeEncodeError:
                return False  # half of a surrogate pair: nobody can have signed that
            if hmac.compare_digest(computed.encode(), given):
                return _is_told_apart(fields)
        return False


def signer(auth_token: str) -> Callable[[str, object], str]:
    """Makes the signature of an address and its fields."""
    validator = RequestValidator(auth_token)
    return validator.compute_signature  # pyright: ignore


class _Fields(dict[str, list[str]]):
    """The values under each name, as the validator asks for them."""

    def getall(self, name: str) -> list[str]:
        return self[name]


def _is_told_apart(fields: _Fields) -> bool:
    lost = lost_to_another(fields)
    if lost is not None:
        # Seen again and again, there is a new field of Twilio's that belongs among the known ones.
        log.warning("a signed request seems to have %s in another field", lost)
    return lost is None


def _fields(form: Form) -> _Fields | None:
    """The fields as they are signed; None if a signature would not tell them from others.

    What is signed are names and values run together, each pair once however often it comes.
    """
    fields = _Fields()
    for name, value in form:
        values = fields.setdefault(name, [])
        if value in values or not (name in KNOWN or _NAME.fullmatch(name)):
            return None
        values.append(value)
    return fields


def _with_and_without_port(url: str) -> tuple[str, ...]:
    """Twilio may sign an address either way: https://github.com/twilio/twilio-python/issues/471."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    if ":" in host:
        host = f"[{host}]"
    usual = 443 if parts.scheme == "https" else 80
    bare = f"{parts.scheme}://{host}{parts.path}"
    full = f"{parts.scheme}://{host}:{port or usual}{parts.path}"
    return (full, bare) if port is not None else (bare, full)
