"""Putting what a file says into the programme, as often as one likes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from handlers.content import joining
from handlers.content.reading import Content
from handlers.content.table import ContentError
from handlers.content.telling import tell
from storage import Transaction
from storage.series.webinars import Change, Webinar


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did: to the series, and, by their ids, to its webinars."""

    series: Change
    added: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]
    left: tuple[str, ...]
    """Webinars of the series that the file does not name; they stay as they were."""
    told: Mapping[str, int] = field(default_factory=dict[str, int])
    """Those that moved or were cancelled, each with how many will be told."""


async def load(tx: Transaction, content: Content, *, replace: bool = False) -> Report:
    """Add what is new and change what is different; loading the same again changes nothing.

    A webinar whose time is relative to the import keeps the time that it has while it is not
    over, unless `replace` says otherwise. What is told in a chat as well (the way in, approval,
    posters, reminders, that it is cancelled) stays as it is where the file leaves it out. Those
    registered for what moves, or is cancelled, are told so with this transaction. Raises
    ContentError, before anything is written, for a webinar that belongs to another series.
    """
    programme = await tx.webinars.programme()
    kept = {webinar.id: webinar for webinar in programme.webinars}
    _refuse_others(content, kept.values())
    webinars = [
        _with_kept(content, webinar, kept.get(webinar.id), replace=replace)
        for webinar in content.webinars
    ]
    known = next((each for each in programme.series if each.id == content.series.id), None)
    series = await tx.webinars.put_series(
        joining.kept_series(content.series, known) if known else content.series
    )
    changes = {webinar.id: await tx.webinars.put(webinar) for webinar in webinars}
    known_before = [(kept[webinar.id], webinar) for webinar in webinars if webinar.id in kept]
    told = {
        after.id: count
        for before, after in known_before
        if (count := await tell(tx, before, after, content.read_at)) is not None
    }

    def those(change: Change) -> tuple[str, ...]:
        return tuple(id for id, made in changes.items() if made == change)

    left = (w.id for w in kept.values() if w.series == content.series.id and w.id not in changes)
    return Report(series, those("added"), those("changed"), those("same"), tuple(left), told)


def _refuse_others(content: Content, kept: Iterable[Webinar]) -> None:
    named = {webinar.id for webinar in content.webinars}
    for webinar in kept:
        if webinar.id in named and webinar.series != content.series.id:
            raise ContentError(
                None,
                f'the webinar "{webinar.id}" belongs to the series "{webinar.series}"'
                f' already, not to "{content.series.id}"; choose another id.',
            )


def _with_kept(
    content: Content, webinar: Webinar, kept: Webinar | None, *, replace: bool
) -> Webinar:
    if kept is None:
        return webinar
    timed = webinar if replace else _as_told(content, webinar, kept)
    return joining.kept_webinar(timed, kept, content.named[webinar.id])


def _as_told(content: Content, webinar: Webinar, kept: Webinar) -> Webinar:
    """The webinar, at the time that people were told already if it is a relative one."""
    over = kept.starts_at + timedelta(minutes=kept.minutes) <= content.read_at
    if over or webinar.id not in content.relative:
        return webinar
    return dataclasses.replace(webinar, starts_at=kept.starts_at)
