"""All pages that mails lead to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from starlette.routing import Route

from dialogue.words import Text
from storage import Storage
from web.mail.answering import Answering
from web.mail.asking import Asking
from web.mail.frame import Frame
from web.mail.guests import Agreed, Guests
from web.mail.once_more import OnceMore
from web.mail.parts import AskingParts
from web.mail.proving import Proved, Proving
from web.mail.stopping import Stopping


@dataclass(frozen=True, slots=True)
class MailParts:
    """What these pages need of the others."""

    storage: Storage
    say: Callable[[str, Text], str]
    """What is said in a language."""
    account_in: Callable[[str], str | None]
    """Whose mail the token of a stop link is about; None when it is none of ours."""
    agreed: Agreed
    """What follows when somebody agrees to be mailed the experts' questions."""
    proved: Proved
    """What follows when somebody proves an address."""
    queued: Callable[[], None]
    """Told once something that is to leave was committed."""
    asking: AskingParts | None = None
    """What the pages need that answer a mail; None where no mail comes in."""


class MailRooms:
    """The routes under /mail."""

    def __init__(
        self,
        parts: MailParts,
        assets: Mapping[str, str],
        languages: Sequence[str],
        now: Callable[[], datetime],
        public_url: str | None,
    ) -> None:
        folder = Path(__file__).parent.parent
        frame = Frame(parts.say, languages, assets, public_url, folder)
        self._proving = Proving(parts.storage, frame, now, parts.proved, parts.queued)
        self._stopping = Stopping(parts.storage, frame, parts.account_in)
        self._guests = Guests(parts.storage, frame, now, parts.agreed, parts.queued)
        self._answers: list[Route] = (
            [] if parts.asking is None else _answers(parts.asking, frame, now)
        )

    def routes(self) -> list[Route]:
        """Where each page is found."""
        first = [*self._stopping.routes(), *self._guests.routes()]
        return [*first, *self._answers, *self._proving.routes()]


def _answers(parts: AskingParts, frame: Frame, now: Callable[[], datetime]) -> list[Route]:
    """Those of the pages that answer a mail."""
    once_more = OnceMore(parts)
    asking = Asking(parts, once_more, frame, now)
    return [*asking.routes(), *Answering(parts, once_more, frame, now).routes()]
