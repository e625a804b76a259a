"""The programme: what is coming, when by one's own clock, who speaks, and who may still come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dialogue.words import Button, Reply, Text, text
from handlers.house import House
from handlers.series import pictures, way_in
from handlers.speaking import lists, menus
from handlers.turn import Turn
from storage.community.registrations import Registration
from storage.series.webinars import Programme, Speaker, Webinar

SHOWN = 8
"""So many webinars fit one list on a small screen."""

OVERRUN = timedelta(minutes=30)
"""So long after its end a session may still go on, unless somebody has said that it is over."""


class Standing(StrEnum):
    """Where a webinar stands at a moment."""

    COMING = "coming"
    STARTED = "started"
    OVER = "over"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


OPEN = frozenset({Standing.COMING, Standing.STARTED})
"""One can still come."""


def standing(webinar: Webinar | None, now: datetime) -> Standing:
    """Where this webinar stands; a draft is nobody's business yet."""
    if webinar is None or webinar.state == "draft":
        return Standing.UNKNOWN
    if webinar.state == "cancelled":
        return Standing.CANCELLED
    if webinar.state == "finished":
        return Standing.OVER
    if now < webinar.starts_at:
        return Standing.COMING
    over = now >= webinar.starts_at + timedelta(minutes=webinar.minutes)
    return Standing.OVER if over else Standing.STARTED


def is_on(webinar: Webinar, now: datetime) -> bool:
    """Whether people are at it: many a session lasts longer than was planned."""
    return standing(webinar, now) is Standing.STARTED or (
        webinar.state == "published"
        and timedelta() <= now - webinar.starts_at - timedelta(minutes=webinar.minutes) < OVERRUN
    )


def upcoming(programme: Programme, now: datetime) -> list[Webinar]:
    """The webinars that one can still come to, soonest first."""
    return [w for w in programme.webinars if standing(w, now) in OPEN][:SHOWN]


def coming(turn: Turn) -> list[Webinar]:
    """The webinars that are offered in this turn."""
    return upcoming(turn.programme, turn.now)


def find(programme: Programme, webinar_id: str) -> Webinar | None:
    """The webinar with this id, if there is one."""
    return next((w for w in programme.webinars if w.id == webinar_id), None)


def lines(webinars: Sequence[Webinar]) -> tuple[Text, ...]:
    """The webinars as the entries of a list, numbered as its buttons are."""
    return tuple(
        text("webinar-line", number=number, title=webinar.title, at=webinar.starts_at)
        for number, webinar in enumerate(webinars, start=1)
    )


def listing(house: House, now: datetime) -> tuple[Text, ...]:
    """The programme as it is read, also by somebody who never registers."""
    coming = upcoming(house.programme, now)
    if not coming:
        return (text("programme-empty"),)
    return (text("programme"), *lines(coming))


def details(webinar: Webinar, now: datetime) -> tuple[Text, ...]:
    """All there is to say of a webinar, and where it stands."""
    facts = text(
        "webinar-facts",
        title=webinar.title,
        at=webinar.starts_at,
        length=text("webinar-length", count=webinar.minutes),
        languages=_held_in(webinar),
    )
    texts = [facts]
    if webinar.description.by_language:
        texts.append(text("words", words=webinar.description))
    if webinar.speakers:
        speakers = tuple(_speaker(speaker) for speaker in webinar.speakers)
        texts.append(text("webinar-speakers", lines=speakers))
    state = standing(webinar, now)
    if state is not Standing.COMING:
        texts.append(Text(f"webinar-{state}"))
    return tuple(texts)


def _speaker(speaker: Speaker) -> Text:
    if not speaker.about.by_language:
        return text("words", words=speaker.name)
    return text("speaker-line", name=speaker.name, about=speaker.about)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one person stands with one webinar."""

    kept: Registration | None
    full: bool

    @property
    def registered(self) -> bool:
        """Whether they have registered; an organiser may still have to agree."""
        return self.kept is not None


async def place(turn: Turn, webinar: Webinar) -> Place:
    """Whether this person is registered, and whether there is no seat left."""
    kept = await turn.storage.registrations.get(turn.person.id, webinar.id)
    return Place(kept, kept is None and await is_full(turn, webinar))


async def is_full(turn: Turn, webinar: Webinar) -> bool:
    """Whether as many have registered as there are seats."""
    if webinar.capacity is None:
        return False
    return await turn.storage.registrations.count(webinar.id) >= webinar.capacity


async def screen(turn: Turn, webinar_id: str, *before: Text) -> list[Reply]:
    """The screen about one webinar; what is next when there is nothing to come to."""
    webinar = find(turn.programme, webinar_id)
    state = standing(webinar, turn.now)
    if webinar is None or state is Standing.UNKNOWN:
        return [show(turn, *before, text("webinar-unknown"))]
    stands = await place(turn, webinar)
    texts = [*before, *details(webinar, turn.now)]
    first: lists.Rows = ()
    if stands.kept is not None and state in OPEN:
        texts += await _for_registered(turn, webinar, stands.kept)
        first = way_in.buttons_for(turn, webinar, stands.kept)
    if stands.full:
        texts.append(text("webinar-full"))
    ways = (
        *_ways(turn, webinar, state, stands),
        *await _others(turn, webinar, state),
        *await pictures.button(turn, webinar),
    )
    rows = lists.in_rows(ways, 2)
    if stands.full or state in {Standing.OVER, Standing.CANCELLED}:
        others = [w for w in upcoming(turn.programme, turn.now) if w.id != webinar.id]
        texts.append(text("what-is-next") if others else text("programme-empty"))
        rows = (*_list_rows(others), *rows)
    return [lists.menu(turn, tuple(texts), (*first, *rows))]


async def _others(turn: Turn, webinar: Webinar, state: Standing) -> tuple[Button, ...]:
    """The way to what others ask, where there is anything that one may support."""
    if state is Standing.CANCELLED:
        return ()
    if not await turn.storage.support.offered(webinar.id, turn.person.id, 1):
        return ()
    return (Button(text("btn-others"), f"go:others:0:{webinar.id}"),)


async def _for_registered(turn: Turn, webinar: Webinar, kept: Registration) -> tuple[Text, ...]:
    told = await way_in.given(turn, webinar, kept)
    if webinar.approval and not kept.approved:
        return told
    return (text("you-are-registered"), *told)


def show(turn: Turn, *before: Text) -> Reply:
    """The list of what is coming, each with a button to its details."""
    coming = upcoming(turn.programme, turn.now)
    rows = (*_list_rows(coming), (_continue_or_register(turn), menus.command_button("menu")))
    return lists.menu(turn, (*before, *listing(turn.house, turn.now)), rows)


async def command(turn: Turn) -> list[Reply]:
    """/webinars."""
    return [show(turn)]


def _ways(turn: Turn, webinar: Webinar, state: Standing, stands: Place) -> tuple[Button, ...]:
    ways: list[Button] = []
    if stands.registered:
        ways.append(Button(text("btn-unregister"), f"go:drop:{webinar.id}"))
    elif state in OPEN and not stands.full:
        label = text("btn-add") if "r" in turn.desk.talks else text("btn-register")
        ways.append(Button(label, f"go:add:{webinar.id}"))
    if turn.desk.front is not None:
        ways.append(Button(text("btn-continue"), "go:continue"))
    if state is not Standing.CANCELLED:
        ways.append(Button(text("btn-ask"), f"go:ask:{webinar.id}"))
    ways.append(menus.command_button("webinars"))
    return tuple(ways)


def _list_rows(webinars: list[Webinar]) -> lists.Rows:
    return tuple((Button(webinar.title, f"go:w:{webinar.id}"),) for webinar in webinars)


def _continue_or_register(turn: Turn) -> Button:
    if turn.desk.front is not None:
        return Button(text("btn-continue"), "go:continue")
    return menus.command_button("register")


def _held_in(webinar: Webinar) -> Text:
    held = _languages(webinar.languages)
    if not webinar.interpreted:
        return text("webinar-languages", languages=held)
    interpreted = _languages(webinar.interpreted)
    return text("webinar-interpreted", languages=held, interpreted=interpreted)


def _languages(codes: tuple[str, ...]) -> Text:
    """The names of one language, or of several joined by "and"."""
    *others, last = (Text(f"language-{code}") for code in codes)
    return text("and", first=_languages(codes[:-1]), second=last) if others else last
