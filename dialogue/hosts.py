"""Addresses of the web in somebody's words: seen for what they are, and not to be pressed."""

from __future__ import annotations

import re

_HOST = re.compile(r"(?P<before>https?://(?:[^\s/@]*@)?|www\.)(?P<host>[^\s/:?#@]+)", re.IGNORECASE)
_SCHEME = re.compile(r"\b(https?:)(//)", re.IGNORECASE)


def spelt_out(text: str) -> str:
    """The text, hosts that look like others in it spelt in ASCII (`xn--…`)."""
    return _HOST.sub(_spelt, text)


def not_to_press(text: str) -> str:
    """The same, and no program of mail makes anything of it that leads somewhere."""
    return _SCHEME.sub(r"\1 \2", spelt_out(text))


def _spelt(found: re.Match[str]) -> str:
    host = found["host"]
    if host.isascii():
        return found[0]
    try:
        return found["before"] + host.encode("idna").decode("ascii")
    except UnicodeError:
        # Nothing can be at such a host.
        return found["before"] + host.encode("ascii", "backslashreplace").decode("ascii")
