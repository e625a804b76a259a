"""The parts that a mail is made of, and the words in them."""

from __future__ import annotations

from email.message import Message
from typing import cast

from channels.email.headers import decoded, from_base64, header
from channels.email.html import to_text

_DEEPEST = 30
"""Parts within parts."""
_AT_MOST = 200
"""Parts that are looked at."""


def words_of(message: Message) -> str:
    """What stands in it: as plain text where there is any, else what its markup says.

    Attachments are passed by.
    """
    words, _ = _body(message, _DEEPEST, [_AT_MOST])
    return words


def _body(part: Message, deep: int, left: list[int]) -> tuple[str, bool]:
    """The words of this part, and whether they were written as plain text."""
    left[0] -= 1
    if deep < 0 or left[0] < 0 or part.get_content_disposition() == "attachment":
        return "", False
    kind = part.get_content_type()
    if part.is_multipart():
        if part.get_content_maintype() != "multipart":
            return "", False  # A mail that was attached.
        inner = [_body(each, deep - 1, left) for each in cast("list[Message]", part.get_payload())]
        return _chosen(inner) if kind == "multipart/alternative" else _together(inner, kind)
    if kind == "text/html":
        return to_text(_content(part)), False
    if kind == "text/plain" and part.get_filename() is None:
        return _plain(part), True
    return "", False


def _chosen(inner: list[tuple[str, bool]]) -> tuple[str, bool]:
    written = [each for each in inner if each[0].strip()]
    return next((each for each in written if each[1]), written[-1] if written else ("", False))


def _together(inner: list[tuple[str, bool]], kind: str) -> tuple[str, bool]:
    written = [each for each in inner if each[0].strip()]
    if kind in {"multipart/related", "multipart/signed"}:
        written = written[:1]
    return "\n\n".join(words for words, _ in written), bool(written) and written[0][1]


def _plain(part: Message) -> str:
    words = _content(part)
    if str(part.get_param("format", "")).lower() != "flowed":
        return words
    return _joined_lines(words, drop_space=str(part.get_param("delsp", "")).lower() == "yes")


def _joined_lines(text: str, *, drop_space: bool) -> str:
    """Paragraphs whole again that were cut into lines for the way.

    As "format=flowed" says: https://www.rfc-editor.org/rfc/rfc3676.
    """
    joined: list[list[str]] = []
    runs_on = False
    for line in text.replace("\r\n", "\n").split("\n"):
        quoted = line.startswith(">")
        bare = line[1:] if line.startswith(" ") else line
        if runs_on and not quoted and bare != "-- ":
            joined[-1].append(bare)
        else:
            joined.append([bare])
        runs_on = bare.endswith(" ") and bare != "-- " and not quoted
        if runs_on and drop_space:
            joined[-1][-1] = bare[:-1]
    return "\n".join(map("".join, joined))


def _content(part: Message) -> str:
    if header(part, "Content-Transfer-Encoding").lower() == "base64":
        raw = from_base64(str(part.get_payload()).encode("ascii", "surrogateescape"))
    else:
        payload = part.get_payload(decode=True)
        raw = payload if isinstance(payload, bytes) else b""
    charset = part.get_param("charset", "")
    return decoded(raw, charset if isinstance(charset, str) else charset[2])
