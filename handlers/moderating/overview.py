"""/moderate: which webinar, and how many of its questions have come how far."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dialogue.words import Button, Label, Reply, Text, text
from handlers.receipts import views
from handlers.receipts.waiting_questions import SERIES
from handlers.rounds import Round
from handlers.series import programme
from handlers.series.standing import Standing, is_on, standing
from handlers.speaking import lists, menus
from handlers.turn import Turn
from storage.asking.moderation import Order
from storage.series.webinars import Webinar

SHOWN = 8
LATELY = timedelta(days=30)
"""For so long what is over is offered: answers may still be due."""

ALL = Button(text("btn-mo-all"), "go:mo-all:")


async def moderate(turn: Turn) -> list[Reply]:
    """Straight to the webinar that is running; else to choose one."""
    running = [w for w in _offered(turn) if _is_running(turn, w)]
    return await (of(turn, running[0].id) if len(running) == 1 else every(turn, ""))


async def every(turn: Turn, _value: str, *before: Text) -> list[Reply]:
    """All that questions are asked about: what is running, what is next, what was lately."""
    await put_down(turn)
    offered = _offered(turn)
    lines: list[Text] = []
    for number, webinar in enumerate(offered, start=1):
        title, stands = webinar.title, standing(webinar, turn.now)
        new = await _new(turn, webinar.id)
        state = Text(f"webinar-is-{stands.value}")
        lines.append(text("moderate-line", number=number, title=title, state=state, new=new))
    new, number = await _new(turn, None), len(offered) + 1
    lines.append(text("moderate-line-series", number=number, new=new))
    rows = tuple((Button(w.title, f"go:mo:{w.id}"),) for w in offered)
    rows = (
        *rows,
        (Button(text("btn-series"), f"go:mo:{SERIES}"),),
        (menus.command_button("menu"),),
    )
    return [lists.menu(turn, (*before, text("moderate"), *lines), rows)]


async def open_one(turn: Turn, value: str) -> list[Reply]:
    """The questions of the webinar on this button."""
    if value == SERIES:
        return await of(turn, None)
    if programme.find(turn.programme, value) is None:
        return await every(turn, "")
    return await of(turn, value)


async def of(turn: Turn, webinar: str | None, *before: Text) -> list[Reply]:
    """How many questions have come how far, with a way to those of each kind."""
    await put_down(turn)
    order = turn.desk.round.order if turn.desk.round else Round().order
    turn.desk = replace(turn.desk, round=Round(webinar, order=order))
    turn.house.duty.begin(turn.person.id, webinar, turn.now)
    counts = await turn.storage.moderation.counts(webinar)
    numbers = {view: views.number(counts, view) for view in views.VIEWS}
    lines = tuple(
        text("moderate-count", what=Text(f"moderate-{view}"), number=number)
        for view, number in numbers.items()
    )
    ways = tuple(
        Button(
            text("btn-mo-view", what=Text(f"moderate-{view}"), number=number), f"go:mo-see:{view}"
        )
        for view, number in numbers.items()
        if number
    )
    heading = text("moderate-of", webinar=title(turn, webinar))
    rows = (
        *lists.in_rows(ways, 2),
        (
            Button(text("btn-mo-heard"), "go:mo-heard:"),
            Button(text("btn-mo-intake"), "go:mo-intake:"),
        ),
        (Button(text("btn-mo-order", order=Text(f"btn-order-{order}")), "go:mo-order:"), ALL),
        *await _by_mail(turn, webinar),
        (*_board(webinar), menus.command_button("menu")),
    )
    return [lists.menu(turn, (*before, heading, text("lines", lines=lines)), rows)]


async def here(turn: Turn, *before: Text) -> list[Reply]:
    """The overview of the webinar that they are at, or all of them."""
    at = turn.desk.round
    return await (every(turn, "", *before) if at is None else of(turn, at.webinar, *before))


async def order(turn: Turn, value: str) -> list[Reply]:
    """Choose in which order questions come."""
    chosen = next((each for each in Order if each == value), None)
    if chosen is None or turn.desk.round is None:
        ways = tuple(Button(Text(f"btn-order-{each}"), f"go:mo-order:{each}") for each in Order)
        return [lists.menu(turn, (text("moderate-order"),), (*lists.in_rows(ways, 2), (back(),)))]
    turn.desk = replace(turn.desk, round=replace(turn.desk.round, order=chosen.value))
    return await here(turn, text("moderate-ordered", order=Text(f"btn-order-{chosen}")))


async def overview(turn: Turn, _value: str) -> list[Reply]:
    """Back to the numbers."""
    return await here(turn)


async def put_down(turn: Turn) -> None:
    """Let others have the question that was in hand."""
    at = turn.desk.round
    if at is not None and at.question is not None:
        await turn.storage.moderation.release(at.question, turn.person.id)
        turn.desk = replace(turn.desk, round=replace(at, question=None))


def back() -> Button:
    """The button to the overview."""
    return Button(text("btn-mo-count"), "go:mo-count:")


async def _by_mail(turn: Turn, webinar: str | None) -> tuple[tuple[Button, ...], ...]:
    """The way to what experts have answered by mail, if they have."""
    number = 0 if webinar is None else await turn.storage.proposals.count(webinar)
    label = text("btn-proposals", number=number)
    return ((Button(label, f"go:di-take:{webinar}"),),) if number else ()


def _board(webinar: str | None) -> tuple[Button, ...]:
    """The ways to the same questions on a large screen, and to what the experts get of them; the
    series as a whole has none."""
    if webinar is None:
        return ()
    ways = {"btn-board": f"go:bo:{webinar}", "btn-digest": f"go:di:{webinar}"}
    return tuple(Button(Text(label), way) for label, way in ways.items())


def title(turn: Turn, webinar: str | None) -> Label:
    """The webinar, or the series as a whole, as it is called."""
    found = programme.find(turn.programme, webinar) if webinar else None
    return found.title if found else text("btn-series")


def _offered(turn: Turn) -> list[Webinar]:
    """What is running, then what is coming by its time, then what was lately, the latest first."""
    ahead = sorted(programme.coming(turn), key=lambda w: (not _is_running(turn, w), w.starts_at))
    over = [
        w
        for w in reversed(turn.programme.webinars)
        if standing(w, turn.now) is Standing.OVER and w.starts_at > turn.now - LATELY
    ]
    return [*ahead, *over][:SHOWN]


def _is_running(turn: Turn, webinar: Webinar) -> bool:
    return is_on(webinar, turn.now)


async def _new(turn: Turn, webinar: str | None) -> int:
    return views.number(await turn.storage.moderation.counts(webinar), "new")
