"""Styles, script and sign of the page, served from memory under names that change with them."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, ready to be sent."""

    address: str
    plain: bytes
    packed: bytes
    type: str


class Assets:
    """The files of a folder, read once."""

    def __init__(self, folder: Path, heads: Mapping[str, str]) -> None:
        """`heads` is put before the content of the files that it names."""
        self._files = {
            path.name: _read(path, heads.get(path.name, "")) for path in sorted(folder.iterdir())
        }
        self._by_address = {asset.address: asset for asset in self._files.values()}

    @property
    def addresses(self) -> Mapping[str, str]:
        """Where each file is found, by its name in the folder."""
        return {name: f"/static/{asset.address}" for name, asset in self._files.items()}

    async def serve(self, request: Request) -> Response:
        """The file of this address; 404 for any other, also for one that changed since."""
        asset = self._by_address.get(request.path_params["name"])
        if asset is None:
            raise HTTPException(404)
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable",
            "Vary": "Accept-Encoding",
        }
        # Compressing is safe for these alone: pages hold secrets beside words of others.
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(asset.packed, headers=headers, media_type=asset.type)
        return Response(asset.plain, headers=headers, media_type=asset.type)


def _read(path: Path, head: str) -> Asset:
    content = head.encode() + path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Asset(
        address=f"{path.stem}.{digest}{path.suffix}",
        plain=content,
        packed=gzip.compress(content, mtime=0),
        type=_TYPES[path.suffix],
    )
