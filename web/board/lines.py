"""The open lines of the boards: server-sent events, resumed from the last change that arrived.

On a desk `cards` brings the questions that changed and `present` all that there are, so that what
is gone is dropped, `mailed` how many answers came by mail; on a stage, and at the interpreters',
`stage` brings all of it. `over` says that the session has ended; `beat` is a sign of life.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from channels import Unreachable
from channels.webbells import Bells, Crowded
from storage.community.boards import Seat
from web.board.cards import Card
from web.board.feed import EVERY, Feed
from web.board.feeds import account
from web.board.pages import Pages
from web.board.stand import stand
from web.board.wanted import wanted
from web.mailboxes import reachable

_RETRY_MILLISECONDS = 2_000
PAGES_OF_ONE = 6
"""So many lines of one session may be open: windows, a screen, and a few that died unnoticed."""


@dataclass(frozen=True, slots=True)
class View:
    """What the page at the other end shows."""

    seat: Seat
    language: str
    bare: bool
    answers: bool = False
    """Whoever reads it may answer in writing."""
    who: str = ""
    """What leads to where askers are looked up, for whoever may."""


class Line:
    """One open page."""

    def __init__(
        self,
        feed: Feed,
        bells: Bells,
        pages: Pages,
        view: View,
        key: str,
        used: Callable[[], Awaitable[None]],
        left: Callable[[], None],
        heartbeat: float,
    ) -> None:
        """`used` is told with every beat that the page is still open, `left` that it is not."""
        self._feed = feed
        self._bells = bells
        self._pages = pages
        self._view = view
        self._key = key
        self._used = used
        self._left = left
        self._heartbeat = heartbeat
        self._there: frozenset[int] | None = None
        self._stand = ""
        self._by_mail = -1
        self._changes = -1

    async def events(self, position: int) -> AsyncIterator[bytes]:
        """All that changed after this, and from then on each change as it comes."""
        try:
            with (
                self._bells.stream(account(self._key), PAGES_OF_ONE) as bell,
                self._feed.seated(self._key, interpreting=self._view.seat is Seat.INTERPRET),
                reachable(),
            ):
                yield f"retry: {_RETRY_MILLISECONDS}\n\n".encode()
                silent, rung = 0.0, True
                while not (bell.closed or bell.displaced):
                    await self._feed.look(at_once=rung)
                    if self._feed.is_over(self._key):
                        yield event("over", {})
                        return
                    position, new = self._news(position)
                    for each in new:
                        yield each
                    silent = 0.0 if new else silent + EVERY
                    if silent >= self._heartbeat:
                        silent = 0.0
                        await self._used()
                        yield event("beat", {})
                    rung = await bell.wait(EVERY)
        except (Crowded, Unreachable):
            # The page comes back by itself, from where it was.
            return
        finally:
            self._left()

    def _news(self, position: int) -> tuple[int, list[bytes]]:
        if self._feed.changes == self._changes:
            return position, []
        self._changes = self._feed.changes
        if self._view.seat is not Seat.DESK:
            return self._all_of_it(position)
        # Of many boards most are at the same place, and speak the same language.
        name = ("cards", self._view.language, self._view.who, position)
        position, cards = self._feed.made.once(
            name, self._feed.changes, lambda: self._cards_after(position)
        )
        new = [*cards]
        there = frozenset(self._feed.questions)
        if self._there is None or self._there - there:
            new.append(event("present", {"ids": [str(id) for id in sorted(there)]}))
        self._there = there
        if self._feed.by_mail != self._by_mail:
            self._by_mail = self._feed.by_mail
            said = self._pages.by_mail(self._view.language, self._by_mail)
            new.append(event("mailed", {"said": said}))
        return position, new

    def _cards_after(self, position: int) -> tuple[int, Sequence[bytes]]:
        changed = self._feed.after(position)
        if not changed:
            return position, ()
        position = changed[-1].version
        shown = [self._shown(self._feed.card(each), each.id) for each in changed]
        return position, (event("cards", {"cards": shown}, position),)

    def _shown(self, made: Card | None, id: int) -> Mapping[str, object]:
        if made is None:
            return {"id": str(id), "column": "", "html": ""}
        view = self._view
        html = self._feed.made.rendered(made, view.language, view.who, self._pages.card)
        return {"id": str(id), "column": made.column, "html": html}

    def _all_of_it(self, position: int) -> tuple[int, list[bytes]]:
        make = list_html if self._view.seat is Seat.INTERPRET else stand_html
        html = make(self._feed, self._pages, self._view)
        if html == self._stand:
            return position, []
        self._stand = html
        return self._feed.version, [event("stage", {"html": html}, self._feed.version)]


def stand_html(feed: Feed, pages: Pages, view: View) -> str:
    """What is on stage, as this page shows it."""

    def make() -> str:
        now = stand(feed.questions.values(), feed.translations, view.language)
        return pages.stand(now, view.language, view.bare, view.answers)

    return feed.made.once(view, feed.changes, make)


def list_html(feed: Feed, pages: Pages, view: View) -> str:
    """What is to be translated, as this page shows it."""

    def make() -> str:
        there = [(each, feed.questions.get(each.question)) for each in feed.wanted]
        shown = [
            wanted(text, about, feed.holders.get(text.id))
            for text, about in there
            if about is not None
        ]
        return pages.wanted(shown, view.language)

    return feed.made.once(view, feed.changes, make)


def event(name: str, content: Mapping[str, object], number: int | None = None) -> bytes:
    """A server-sent event; `number` is what a page goes on from."""
    head = f"id: {number}\n" if number is not None else ""
    return f"{head}event: {name}\ndata: {json.dumps(content, ensure_ascii=False)}\n\n".encode()
