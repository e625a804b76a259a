"""Who comes: how many, and those who wait for approval, one at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialogue.words import Button, Label, Reply, Text, text
from handlers.participants import extras
from handlers.series import way_in
from handlers.speaking import lists
from handlers.telling import dates, notices
from handlers.turn import Turn
from handlers.webinars.screen import back_button, screen
from storage.community.registrations import Registration
from storage.ids import id_in
from storage.series.webinars import ExtraQuestion, Webinar

_ONE = re.compile(r"([0-9a-f]{1,16}):(.+)")


async def overview(turn: Turn, webinar_id: str, *before: Text) -> list[Reply]:
    """How many are registered and how many wait, and what can be done about it."""
    webinar = await turn.storage.webinars.get(webinar_id)
    if webinar is None or webinar.state == "draft":
        return await screen(turn, webinar_id)
    count = await turn.storage.registrations.count(webinar_id)
    texts = [*before, text("words", words=webinar.title), text("staff-registered", count=count)]
    ways: list[Button] = []
    if webinar.approval:
        waiting = await turn.storage.registrations.count_waiting(webinar_id)
        texts.append(text("staff-waiting", count=waiting))
        if waiting:
            ways.append(Button(text("btn-look-waiting"), f"go:wq:{webinar_id}"))
    if count:
        ways.append(Button(text("btn-drop-one"), f"go:wt:0:{webinar_id}"))
    ways.append(back_button(webinar_id))
    return [lists.menu(turn, tuple(texts), lists.in_rows(tuple(ways), 1))]


async def waiting(turn: Turn, value: str, *before: Text) -> list[Reply]:
    """The first who waits: `<webinar>`, or the one after another: `<registration>:<webinar>`."""
    after = _ONE.fullmatch(value)
    webinar_id = after[2] if after else value
    webinar = await turn.storage.webinars.get(webinar_id)
    if webinar is None:
        return await screen(turn, webinar_id)
    queue = await turn.storage.registrations.waiting(webinar_id)
    kept = _after(queue, int(after[1], 16) if after else None)
    if kept is None:
        return await overview(turn, webinar_id, *before, text("registrations-none-wait"))
    person = await turn.storage.people.get(kept.person)
    nickname = person.profile.nickname if person else None
    one = f"{kept.id:x}:{webinar_id}"
    rows = [
        (
            Button(text("btn-approve"), f"go:wa:{one}"),
            Button(text("btn-decline"), f"go:wx:{one}"),
        ),
        (back_button(webinar_id),),
    ]
    if len(queue) > 1:
        rows.insert(1, (Button(text("btn-next-one"), f"go:wq:{one}"),))
    texts = (*before, text("staff-waiting", count=len(queue)), *who(webinar, kept, nickname))
    return [lists.menu(turn, texts, tuple(rows))]


async def approve(turn: Turn, value: str) -> list[Reply]:
    """Let one in who waits; they are told, with the way in if it is time for it."""
    webinar, kept = await found(turn, value)
    if webinar is None or kept is None or kept.approved:
        return await decided(turn, value)
    await turn.storage.registrations.approve(kept.person, webinar.id)
    told = text("approval-given", webinar=webinar.title, at=webinar.starts_at)
    lines = way_in.lines(webinar)
    if way_in.is_open(webinar, turn.now, turn.house.rules.way_in_minutes) and lines:
        await turn.storage.registrations.note_told(kept.person, webinar.id)
        way = text("way-in", lines=lines)
        turn.tell(kept.person, Reply((told, way), notices.ways("way-in", webinar)))
    else:
        date = dates.meeting(webinar)
        turn.tell(kept.person, Reply((told,), notices.ways("moved", webinar), meetings=(date,)))
    return await waiting(turn, webinar.id, text("registration-approved"))


async def decline(turn: Turn, value: str) -> list[Reply]:
    """Take one who waits off the list; they are told."""
    webinar, kept = await found(turn, value)
    if webinar is None or kept is None or kept.approved:
        return await decided(turn, value)
    await remove(turn, webinar, kept, "approval-declined")
    return await waiting(turn, webinar.id, text("registration-declined"))


async def remove(turn: Turn, webinar: Webinar, kept: Registration, key: str) -> None:
    """Take this registration off the list; its person is told so in these words."""
    await turn.storage.registrations.remove(kept.person, webinar.id)
    contact = turn.house.community.contact
    said = Text(key, {"webinar": webinar.title, "contact": contact})
    turn.tell(kept.person, Reply((said,), notices.ways("cancelled", webinar)))


async def found(turn: Turn, value: str) -> tuple[Webinar | None, Registration | None]:
    """What `<registration>:<webinar>` on a button names, as far as it is still there."""
    named = _ONE.fullmatch(value)
    if named is None:
        return None, None
    webinar = await turn.storage.webinars.get(named[2])
    id = id_in(named[1], 16)
    if webinar is None or id is None:
        return webinar, None
    return webinar, await turn.storage.registrations.by_id(id, webinar.id)


async def decided(turn: Turn, value: str) -> list[Reply]:
    """Somebody else was faster."""
    return await overview(turn, value.partition(":")[2], text("registration-decided"))


def _after(queue: Sequence[Registration], before: int | None) -> Registration | None:
    """The one after this in the queue, from its beginning again after the last."""
    ids = [kept.id for kept in queue]
    at = ids.index(before) + 1 if before in ids else 0
    return queue[at % len(queue)] if queue else None


def who(webinar: Webinar, kept: Registration, nickname: str | None) -> tuple[Text, ...]:
    """The nickname, and what was answered to the webinar's own questions."""
    lines = tuple(
        text(
            "summary-line",
            title=text("words", words=extras.in_short(asked.prompt)),
            answer=answer(asked, kept) or text("answer-skipped"),
        )
        for asked in webinar.questions
    )
    return (named(nickname), *((text("lines", lines=lines),) if lines else ()))


def named(nickname: str | None) -> Text:
    """Somebody, as they wish to be called here."""
    return text("words", words=nickname) if nickname else text("registration-no-name")


def answer(asked: ExtraQuestion, kept: Registration) -> Label | None:
    """What was answered to one of the webinar's own questions; None when nothing was."""
    told = kept.extra.get(asked.key)
    if not isinstance(told, str) or not told:
        return None
    return dict(asked.choices).get(told, told)
