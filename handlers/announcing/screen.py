"""Where one announcement stands, and what can be done with it: the screen behind `go:an:<id>`."""

from __future__ import annotations

from dataclasses import replace

from dialogue.words import Button, Reply, Text, text
from handlers.announcing import figures, flight, obstacles, pictured, warnings
from handlers.announcing.content import Announcement
from handlers.announcing.progress import TAKEN, progress, report
from handlers.announcing.received import received
from handlers.counting import Recipients
from handlers.lasting import lasting
from handlers.speaking import lists, moments
from handlers.turn import Turn
from storage.broadcasting.broadcasts import Broadcast, Kind, Phase
from storage.ids import id_in
from storage.outbox import PLATFORM_IDS_KEPT

CONFIRMATION = "k"
"""The code of the conversation in which the number is typed."""

ALL = Button(text("btn-announce-list"), "go:an-all")
UNDER_WAY = frozenset({Phase.FREEZING, Phase.RUNNING, Phase.PAUSED, Phase.CANCELLING})
OVER = frozenset({Phase.CANCELLED, Phase.DONE})


async def find(turn: Turn, value: str) -> Broadcast | None:
    """The announcement that a button names; a draft is its author's business alone."""
    id = id_in(value.partition(":")[0])
    broadcast = None if id is None else await turn.storage.broadcasts.get(id)
    if broadcast is None or broadcast.kind is Kind.REMINDER:
        return None
    if broadcast.kind is Kind.NOTICE:
        # Before it is on its way, a change is undone where the webinar is.
        return broadcast if broadcast.phase in (*UNDER_WAY, *OVER) else None
    hidden = broadcast.phase is Phase.DRAFT and broadcast.made_by != turn.person.id
    return None if hidden else broadcast


async def show(turn: Turn, broadcast: Broadcast, *before: Text) -> list[Reply]:
    """The announcement as it stands now; a number that is typed later confirms nothing."""
    turn.desk = turn.desk.without_talk(CONFIRMATION)
    match broadcast.phase:
        case Phase.DRAFT:
            return [await draft(turn, broadcast, *before)]
        case Phase.WAITING if broadcast.made_by == turn.person.id:
            return [_waiting(turn, broadcast, *before)]
        case Phase.WAITING:
            return await to_agree(turn, broadcast, *before)
        case Phase.HELD:
            return [held(turn, broadcast, *before)]
        case _:
            return [await under_way(turn, broadcast, *before)]


async def draft(turn: Turn, broadcast: Broadcast, *before: Text) -> Reply:
    """What is there so far, whom it would reach, and every way on."""
    announcement, id = Announcement.of(broadcast), broadcast.id
    counts = figures.audience(turn, broadcast)
    planned = await flight.planned(turn, broadcast)
    lines = (
        *_said(turn, broadcast, announcement),
        *figures.recipients(counts, turn.house.rules),
        *flight.lines(planned, announcement),
        *await pictured.ahead(turn, broadcast, counts),
    )
    too_far = flight.obstacles(planned, announcement)
    wrong = (*await obstacles.found(turn, broadcast, counts), *too_far)
    rows = (
        (
            Button(text("btn-announce-send"), f"go:an-send:{id}"),
            Button(text("btn-announce-test"), f"go:an-test:{id}"),
        ),
        (
            Button(text("btn-announce-preview"), f"go:an-see:{id}"),
            Button(text("btn-announce-change"), f"go:an-edit:{id}"),
        ),
        *([(Button(text("btn-announce-spread"), f"go:an-spread:{id}"),)] if too_far else []),
        *_picture_row(announcement, id),
        (Button(text("btn-announce-discard"), f"go:an-drop:{id}"), ALL),
    )
    careful = await warnings.about(turn, announcement.at)
    texts = (*before, text("announce-draft"), text("lines", lines=lines), *careful, *wrong)
    return lists.menu(turn, texts, rows)


def _picture_row(announcement: Announcement, id: int) -> tuple[tuple[Button, ...], ...]:
    """The way to a first picture; another one is a change."""
    if announcement.posters:
        return ()
    return ((Button(text("btn-announce-picture"), f"go:an-pic:{id}"),),)


def previews(turn: Turn, broadcast: Broadcast, *, pictured: bool = False) -> list[Reply]:
    """What people will get, in each language, with its buttons; with its picture when asked."""
    announcement, rule = Announcement.of(broadcast), broadcast.rule
    codes = rule.languages or turn.house.languages.codes
    shown = [received(announcement, rule, code, text_only=False) for code in codes]
    if pictured:
        return [replace(reply, on_request=True) for reply in shown]
    return [replace(reply, photo=None) for reply in shown]


async def to_agree(turn: Turn, broadcast: Broadcast, *before: Text) -> list[Reply]:
    """What a second member of staff looks at before they agree."""
    counts = figures.audience(turn, broadcast)
    announcement, id = Announcement.of(broadcast), broadcast.id
    lines = (
        *_said(turn, broadcast, announcement),
        *figures.recipients(counts, turn.house.rules),
        *flight.lines(await flight.planned(turn, broadcast), announcement),
        *await pictured.ahead(turn, broadcast, counts),
    )
    seen = f"{id}:{counts.total}:{announcement.mark(broadcast.rule)}"
    rows = (
        (
            Button(text("btn-announce-agree"), f"go:an-ok:{seen}"),
            Button(text("btn-announce-refuse"), f"go:an-no:{id}"),
        ),
        (ALL,),
    )
    texts = (*before, text("announce-to-agree"), text("lines", lines=lines))
    return [*previews(turn, broadcast, pictured=True), lists.menu(turn, texts, rows)]


def held(turn: Turn, broadcast: Broadcast, *before: Text) -> Reply:
    """It leaves at its time, and can be taken back until then."""
    left = figures.lasting(broadcast.starts_at - turn.now)
    what = text("announce-held", time=left, at=broadcast.starts_at)
    if broadcast.kind is Kind.RECALL:
        what = text("recall-held", time=left)
    rows = ((Button(text("btn-announce-undo"), f"go:an-undo:{broadcast.id}"), ALL),)
    return lists.menu(turn, (*before, *called(turn, broadcast), *_settled(broadcast), what), rows)


def _settled(broadcast: Broadcast) -> tuple[Text, ...]:
    """How many are written down, once all are."""
    if broadcast.frozen is None:
        return ()
    return (text("announce-recipients", number=broadcast.frozen),)


async def under_way(turn: Turn, broadcast: Broadcast, *before: Text) -> Reply:
    """How far it has come, or what became of it.

    The post office goes on editing its progress, so nothing else may take its place.
    """
    counts = broadcast.counts or turn.count(Recipients(broadcast.id))
    if broadcast.phase in UNDER_WAY:
        said = progress(broadcast, counts, None, None, turn.person.language)
    else:
        young = broadcast.ended is not None and turn.now < broadcast.ended + PLATFORM_IDS_KEPT
        said = report(broadcast, counts, turn.person.language, recallable=young)
        before = (*before, *await _taken_back(turn, broadcast))
    every = replace(ALL, value=lasting(ALL.value))
    return lists.menu(turn, (*before, *said.texts), (*said.rows, (every,)))


def changed(turn: Turn, broadcast: Broadcast) -> Reply:
    """It is held up, or goes on: at once, so nothing is counted; the post office shows the rest."""
    said = progress(broadcast, None, None, None, turn.person.language)
    every = replace(ALL, value=lasting(ALL.value))
    return lists.menu(turn, said.texts, (*said.rows, (every,)))


async def _taken_back(turn: Turn, broadcast: Broadcast) -> tuple[Text, ...]:
    """From how many it was taken back, or that it is about to be."""
    recalls = await turn.storage.broadcasts.recalls(broadcast.id)
    if any(each.phase not in OVER for each in recalls):
        return (text("recall-going-on"),)
    number = sum(each.counts.of(*TAKEN) for each in recalls if each.counts)
    return (text("recall-was", number=number),) if number else ()


def _waiting(turn: Turn, broadcast: Broadcast, *before: Text) -> Reply:
    """Its author waits for somebody else's yes."""
    rows = ((Button(text("btn-announce-take-back"), f"go:an-undo:{broadcast.id}"), ALL),)
    return lists.menu(
        turn,
        (*before, *called(turn, broadcast), *_settled(broadcast), text("announce-waiting")),
        rows,
    )


def called(turn: Turn, broadcast: Broadcast) -> tuple[Text, ...]:
    """A line with its first words; none once they were erased."""
    beginning = Announcement.of(broadcast).beginning(turn.person.language)
    return (text("announce-called", beginning=beginning),) if beginning else ()


def _said(turn: Turn, broadcast: Broadcast, announcement: Announcement) -> tuple[Text, ...]:
    """Whom it is for, in which languages it is written, and when it leaves."""
    rule, known = broadcast.rule, turn.programme
    written = figures.enumerated(tuple(Text(f"language-{code}") for code in announcement.texts))
    lines = [
        text("announce-for", whom=figures.whom(known, rule)),
        *figures.narrowed(known, rule),
        text("announce-written", languages=written),
    ]
    if announcement.posters:
        pictured = tuple(Text(f"language-{code}") for code in announcement.posters)
        lines.append(text("announce-pictured", languages=figures.enumerated(pictured)))
    if announcement.at is not None:
        lines.append(text("announce-leaves", moment=moments.in_full(announcement.at)))
    return tuple(lines)
