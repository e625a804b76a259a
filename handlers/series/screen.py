"""One webinar as somebody sees it: what there is to say of it, and what they can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dialogue.words import Button, Reply, Text, text
from handlers.series import pictures, programme, way_in
from handlers.series.standing import OPEN, Standing, is_on, lets_in, standing
from handlers.speaking import lists, menus
from handlers.turn import Turn
from storage.community.registrations import Registration
from storage.series.webinars import Speaker, Webinar


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
    if state is Standing.OVER and is_on(webinar, now):
        texts.append(text("webinar-overdue"))
    elif state is not Standing.COMING:
        texts.append(Text(f"webinar-{state}"))
    return tuple(texts)


def _speaker(speaker: Speaker) -> Text:
    if not speaker.about.by_language:
        return text("words", words=speaker.name)
    return text("speaker-line", name=speaker.name, about=speaker.about)


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
    webinar = programme.find(turn.programme, webinar_id)
    state = standing(webinar, turn.now)
    if webinar is None or state is Standing.UNKNOWN:
        return [programme.show(turn, *before, text("webinar-unknown"))]
    stands = await place(turn, webinar)
    texts = [*before, *details(webinar, turn.now)]
    first: lists.Rows = ()
    if stands.kept is not None and lets_in(webinar, turn.now):
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
        others = [w for w in programme.upcoming(turn.programme, turn.now) if w.id != webinar.id]
        texts.append(text("what-is-next") if others else text("programme-empty"))
        rows = (*programme.list_rows(others), *rows)
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
