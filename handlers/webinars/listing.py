"""/new: the drafts, what is coming, what was lately, and the way to a new one."""

from __future__ import annotations

from datetime import timedelta

from dialogue.words import Button, Reply, Text, text
from handlers.series.standing import OPEN, Standing, standing
from handlers.speaking import lists, menus
from handlers.turn import Turn
from storage.series.webinars import Webinar

SHOWN = 12
LATELY = timedelta(days=30)
"""For so long what is over is listed: the next one of a series is made from it."""


async def listing(turn: Turn, *before: Text) -> list[Reply]:
    """All webinars that there is something to do with."""
    known = (await turn.storage.webinars.programme()).webinars
    shown = _shown(turn, known)
    heading = text("staff-webinars") if shown else text("staff-webinars-none")
    lines = tuple(
        text(
            "staff-webinar-line",
            number=number,
            title=webinar.title,
            at=webinar.starts_at,
            state=state(turn, webinar),
        )
        for number, webinar in enumerate(shown, start=1)
    )
    rows = tuple((Button(webinar.title, f"go:wn:{webinar.id}"),) for webinar in shown)
    ways = (Button(text("btn-new-webinar"), "go:wnew:"), menus.command_button("menu"))
    return [lists.menu(turn, (*before, heading, *lines), (*rows, ways))]


def state(turn: Turn, webinar: Webinar) -> Text:
    """Where a webinar stands, for those who make it."""
    if webinar.state == "draft":
        return text("webinar-is-draft")
    return Text(f"webinar-is-{standing(webinar, turn.now).value}")


def _shown(turn: Turn, known: tuple[Webinar, ...]) -> list[Webinar]:
    """Drafts and what is ahead by their time, then what is over, the latest first."""
    ahead = [w for w in known if w.state == "draft" or standing(w, turn.now) in _AHEAD]
    over = [
        w
        for w in reversed(known)
        if standing(w, turn.now) is Standing.OVER and w.starts_at > turn.now - LATELY
    ]
    return [*ahead, *over][:SHOWN]


_AHEAD = OPEN
