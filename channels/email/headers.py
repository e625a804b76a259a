"""The headers of a mail, as they really come: encoded, half encoded, or not at all."""

from __future__ import annotations

import base64
import quopri
import re
from collections.abc import Iterator
from email.message import Message
from itertools import groupby, pairwise

from channels.email.structured import plain

_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_LONGEST = 4000
"""Characters of a header that are looked at."""
_ENCODED = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_RUN = re.compile(rf"(?:{_ENCODED.pattern}\s*)+")
_FOLDS = re.compile(r"[\r\n\t ]+")
_ADDRESS = re.compile(r'[^\s<>@,;:"()\[\]\\]{1,64}@[^\s<>@,;:"()\[\]\\]{1,255}')
_LOCAL_TAG = re.compile(r"\+(w-[a-z0-9-]{1,40})$", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,500}>")

_NAMES = {
    "windows-1256": "cp1256",
    "x-cp1256": "cp1256",
    "x-windows-1256": "cp1256",
    "ms-arab": "cp1256",
    "iso-8859-6-i": "iso-8859-6",
    "iso-8859-6-e": "iso-8859-6",
    "asmo-708": "iso-8859-6",
    "x-mac-arabic": "mac_arabic",
    "x-macarabic": "mac_arabic",
    "unicode-1-1-utf-7": "utf-7",
    "utf8": "utf-8",
    "x-utf-8": "utf-8",
}
_MEANS_NOTHING = frozenset(
    {"", "us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit", "x-unknown", "8bit", "binary"}
    | {"iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252", "default", "default_charset"}
    # Python's own, which no mail is written in, and some of which take seconds.
    | {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "unicode-escape"}
    | {"raw-unicode-escape", "undefined"}
)
"""What programs say that do not know what they send."""


def decoded(raw: bytes, charset: str) -> str:
    """These bytes as text, in the charset that is named if that is true, else in a likely one."""
    named = charset.strip().strip("\"'").lower()
    if named not in _MEANS_NOTHING:
        try:
            return raw.decode(_NAMES.get(named, named))
        except (LookupError, UnicodeError, ValueError):
            pass
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        # A mail that was cut at its end may be cut within a letter.
        if error.start >= len(raw) - 3:
            return raw[: error.start].decode("utf-8")
    if named not in _MEANS_NOTHING and named in {"utf-8", "utf8"} and _mostly_utf8(raw):
        return raw.decode("utf-8", "replace")
    return raw.decode("cp1256" if _looks_arabic(raw) else "cp1252", "replace")


def _mostly_utf8(raw: bytes) -> bool:
    text = raw.decode("utf-8", "replace")
    return text.count("\ufffd") * 10 < sum(char > "\x7f" for char in text)


def _looks_arabic(raw: bytes) -> bool:
    """Whether letters beyond ASCII stand beside each other, as they do in Arabic alone."""
    high = sum(byte > 0x7F for byte in raw)
    beside = sum(a > 0x7F and b > 0x7F for a, b in pairwise(raw))
    return high > 1 and beside * 2 > high


def header(message: Message, name: str) -> str:
    """The first header of this name in words; "" when there is none."""
    return next(headers(message, name), "")


def headers(message: Message, name: str) -> Iterator[str]:
    """All of this name, the first first."""
    return map(_words, _values(message, name))


def uncoded(message: Message, name: str) -> Iterator[str]:
    """All of this name as they stand there: for what servers say, in which nothing is encoded
    (https://www.rfc-editor.org/rfc/rfc2047#section-5), but a sender may have put what looks so."""
    return (_FOLDS.sub(" ", _letters(each)).strip() for each in _values(message, name))


def _values(message: Message, name: str) -> Iterator[str]:
    for found, value in message.raw_items():
        if found.lower() == name.lower():
            yield str(value)[:_LONGEST]


def _words(value: str) -> str:
    """A header decoded (https://www.rfc-editor.org/rfc/rfc2047), without line ends."""
    return _FOLDS.sub(" ", _RUN.sub(_decoded_run, _letters(value))).strip()


def _letters(value: str) -> str:
    if value.isascii():
        return value
    return decoded(value.encode("ascii", "surrogateescape"), "utf-8")


def _decoded_run(run: re.Match[str]) -> str:
    # Letters may be cut in two where one encoded word ends and the next begins.
    words = (
        decoded(b"".join(_bytes_of(each[2], each[3]) for each in same), charset)
        for charset, same in groupby(_ENCODED.finditer(run[0]), lambda each: each[1].lower())
    )
    return "".join(words) + (" " if run[0][-1].isspace() else "")


def _bytes_of(encoding: str, content: str) -> bytes:
    raw = content.encode("ascii", "replace")
    return quopri.decodestring(raw, header=True) if encoding in "qQ" else from_base64(raw)


def from_base64(raw: bytes) -> bytes:
    """What this says, as far as it goes: much of it comes without its end."""
    letters = _NO_BASE64.sub(b"", raw)
    whole = letters if len(letters) % 4 != 1 else letters[:-1]
    return base64.b64decode(whole + b"=" * (-len(whole) % 4))


def addresses(message: Message, name: str) -> list[str]:
    """The addresses in all headers of this name, as they are written there.

    As servers read them, who look whether a sender is forged: no name that is encoded, quoted or
    in a comment holds one.
    """
    found: list[str] = []
    for value in uncoded(message, name):
        for piece in re.split(r"[,;]", plain(value, lambda _: "_")):
            named = re.findall(r"<([^<>]*)>", piece) or [piece]
            found += [each.strip() for each in named if _ADDRESS.fullmatch(each.strip())]
    return found


def message_ids(value: str) -> list[str]:
    """The ids of messages that are named here."""
    return _MESSAGE_ID.findall(value)


def tag_of(address: str, ours: str) -> str | None:
    """What stands behind a plus in this address of ours, in the form `w-<webinar>`, if any."""
    local, _, domain = address.lower().rpartition("@")
    own_local, _, own_domain = ours.lower().rpartition("@")
    tag = _LOCAL_TAG.search(local)
    if tag is None or domain != own_domain or local[: tag.start()] != own_local:
        return None
    return tag[1]
