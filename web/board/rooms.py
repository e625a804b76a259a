"""The routes under /board."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from starlette.routing import Route

from channels.webbells import Bells
from web.assets import Assets
from web.board.access import Keys
from web.board.codes import CodePage, CodeRooms
from web.board.deeds import Deeds
from web.board.digest import DigestPage, DigestRooms
from web.board.door import Door
from web.board.feeds import Feeds
from web.board.interpreters import Interpreters
from web.board.pages import Pages
from web.board.parts import BoardParts
from web.board.reveal import Reveals
from web.board.seats import Seats
from web.board.views import Views
from web.board.who import WhoPage


class BoardRooms:
    """The boards of all webinars."""

    def __init__(
        self,
        parts: BoardParts,
        bells: Bells,
        assets: Assets,
        languages: Sequence[str],
        now: Callable[[], datetime],
        form_key: bytes,
        public_url: str | None,
        heartbeat: float,
        draw: Callable[[], str],
        community: Mapping[str, str],
    ) -> None:
        storage = parts.storage
        https = public_url is not None and public_url.startswith("https://")
        keys = Keys(https, form_key, draw)
        feeds = Feeds(storage, bells, languages, now)
        folder = Path(__file__).parent.parent
        pages = Pages(parts.say, languages, assets.addresses, parts.reasons, folder)
        seats = Seats(storage, keys, pages, now, public_url, parts.codes)
        self._door = Door(storage, keys, pages, seats, now)
        self._views = Views(
            storage,
            bells,
            feeds,
            keys,
            pages,
            seats,
            now,
            heartbeat,
            parts.question_length,
            parts.reveals_per_day > 0,
        )
        self._deeds = Deeds(parts, feeds, keys, pages, seats, now)
        self._interpreters = Interpreters(parts, feeds, pages, seats, self._deeds, now)
        page = DigestPage(parts.say, languages, assets.addresses, folder)
        self._digests = DigestRooms(storage, seats, page, now)
        asking = CodePage(parts.say, languages, community, assets.addresses, folder)
        self._codes = CodeRooms(storage, keys, seats, asking, now, public_url)

        asked = WhoPage(parts.say, assets.addresses, folder, parts.reveals_per_day)
        self._reveals = Reveals(parts, feeds, keys, seats, asked, now)

    def routes(self) -> list[Route]:
        """Where all this is found."""
        return [
            *self._door.routes(),
            *self._codes.routes(),
            *self._views.routes(),
            *self._deeds.routes(),
            *self._interpreters.routes(),
            *self._digests.routes(),
            *self._reveals.routes(),
        ]
