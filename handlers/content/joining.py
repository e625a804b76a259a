"""What a file may say of a webinar beside its programme: the way in, approval, reminders.

All of it can also be said in a chat; so what a file leaves out stays as it is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Set
from urllib.parse import urlsplit

from handlers.content.table import Table, shown
from storage.series.webinars import Series, WayIn, Webinar

# Characters.
LONGEST_LINK = 500
LONGEST_DIAL_IN = 300
LONGEST_PASSCODE = 60
MOST_REMINDERS = 8
EARLIEST = 28 * 24 * 60
"""Minutes before the start."""

KEYS = ("link", "dial_in", "passcode", "approval", "reminders")


def way_in(table: Table) -> WayIn | None:
    """The way in, or None when the file tells of none."""
    link = table.line("link", LONGEST_LINK)
    if link and not is_web_link(link):
        reason = f'link must begin with "https://" or "http://", not {shown(link)}.'
        raise table.wrong(reason, "link")
    dial_in = table.line("dial_in", LONGEST_DIAL_IN)
    return _if_any(WayIn(link, dial_in, table.line("passcode", LONGEST_PASSCODE)))


def reminders(table: Table) -> tuple[int, ...] | None:
    """Minutes before the start, the earliest reminder first; None when the key is not there."""
    if "reminders" not in table.values:
        return None
    minutes = table.wholes("reminders", 0, EARLIEST)
    if len(minutes) > MOST_REMINDERS:
        reason = f"there may be {MOST_REMINDERS} reminders at most, not {len(minutes)}."
        raise table.wrong(reason, "reminders")
    return tuple(sorted(set(minutes), reverse=True))


def named(table: Table) -> frozenset[str]:
    """Those of the keys that the file does not leave out."""
    return frozenset(key for key in (*KEYS, "state") if key in table.values)


def kept_webinar(webinar: Webinar, kept: Webinar, named: Set[str]) -> Webinar:
    """The webinar of the file, with all that the file leaves out as it is kept."""
    moved = webinar.starts_at != kept.starts_at
    ended = "state" not in named and kept.state in ("cancelled", "finished")
    # At another time it is held after all.
    state = kept.state if ended and not moved else webinar.state
    is_or_was_off = (state == "cancelled") != (kept.state == "cancelled")
    return dataclasses.replace(
        webinar,
        # Another time is another round of reminders; calendars, too, tell by it what counts.
        version=kept.version + (moved or is_or_was_off),
        state=state,
        approval=webinar.approval if "approval" in named else kept.approval,
        way_in=_kept_way_in(webinar.way_in, kept.way_in, named),
        posters=kept.posters,
        reminders=webinar.reminders if "reminders" in named else kept.reminders,
    )


def kept_series(series: Series, kept: Series) -> Series:
    """The series of the file, with all that the file leaves out as it is kept."""
    reminders = kept.reminders if series.reminders is None else series.reminders
    return dataclasses.replace(series, posters=kept.posters, reminders=reminders)


def is_web_link(link: str) -> bool:
    """Whether this is a page's whole address: http or https and a host, no name before it.

    A platform refuses every message with a button to what is none.
    """
    try:
        parts = urlsplit(link)
        hosted = parts.hostname is not None and parts.username is None and parts.port != 0
    except ValueError:
        return False
    # What browsers take for a slash hides which host it is.
    whole = link.split() == [link] and "\\" not in link
    return parts.scheme in ("http", "https") and hosted and whole


def _kept_way_in(told: WayIn | None, kept: WayIn | None, named: Set[str]) -> WayIn | None:
    told, kept = told or WayIn(), kept or WayIn()
    return _if_any(
        WayIn(
            told.link if "link" in named else kept.link,
            told.dial_in if "dial_in" in named else kept.dial_in,
            told.passcode if "passcode" in named else kept.passcode,
        )
    )


def _if_any(way_in: WayIn) -> WayIn | None:
    return way_in if way_in != WayIn() else None
