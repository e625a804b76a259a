"""A form that carries a picture, read from its body; the usual library for it would be one more."""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request

FIELD = "picture"
"""The field that holds the file."""

_TYPE = re.compile(
    r"multipart/form-data; *boundary=\"?([A-Za-z0-9'()+_,./:=? -]{1,70})\"?", re.ASCII
)
_NAME = re.compile(rb'content-disposition: *form-data; *name="([a-z]{1,20})"', re.IGNORECASE)
_PARTS_AT_MOST = 16


async def read_upload(request: Request) -> tuple[dict[str, str], bytes]:
    """The fields of the form, and the file; 415 or 400 if it is no such form."""
    told = _TYPE.fullmatch(request.headers.get("content-type", ""))
    if told is None:
        raise HTTPException(415)
    fields = _parts(await request.body(), told[1].encode())
    picture = fields.pop(FIELD, b"")
    try:
        return {name: value.decode() for name, value in fields.items()}, picture
    except UnicodeDecodeError:
        raise HTTPException(400) from None


def _parts(body: bytes, boundary: bytes) -> dict[str, bytes]:
    # Each part begins after a line that is the boundary; the last such line ends in two dashes.
    before, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary, _PARTS_AT_MOST + 1)
    if before or not parts or not parts[-1].startswith(b"--"):
        raise HTTPException(400)
    fields: dict[str, bytes] = {}
    for part in parts[:-1]:
        head, found, content = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if not found or name is None or name[1].decode() in fields:
            raise HTTPException(400)
        fields[name[1].decode()] = content
    return fields
