"""Who comes: those who wait for approval, one at a time, and one registration taken back.

No list of people is shown: a phone may be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialogue.fold import fold
from dialogue.form import Answers, Form, Question
from dialogue.words import Button, Label, Reply, Text, text
from handlers import choices, lists, notices, programme, talking, way_in
from handlers.roles import ORGANISERS
from handlers.turn import Conversation, Turn
from handlers.webinars.screen import back_button, screen
from storage.people import Person
from storage.registrations import Registration
from storage.webinars import ExtraQuestion, Webinar

CODE = "y"
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
        ways.append(Button(text("btn-drop-one"), f"go:wg:{webinar_id}"))
    ways.append(back_button(webinar_id))
    return [lists.menu(turn, tuple(texts), lists.in_rows(tuple(ways), 1))]


async def waiting(turn: Turn, value: str, *before: Text) -> list[Reply]:
    """The first who waits: `<webinar>`, or the one after another: `<registration>:<webinar>`."""
    found = _ONE.fullmatch(value)
    webinar_id = found[2] if found else value
    webinar = await turn.storage.webinars.get(webinar_id)
    if webinar is None:
        return await screen(turn, webinar_id)
    queue = await turn.storage.registrations.waiting(webinar_id)
    kept = _after(queue, int(found[1], 16) if found else None)
    if kept is None:
        return await overview(turn, webinar_id, *before, text("registrations-none-wait"))
    person = await turn.storage.people.get(kept.person)
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
    texts = (*before, text("staff-waiting", count=len(queue)), *_who(webinar, kept, person))
    return [lists.menu(turn, texts, tuple(rows))]


async def approve(turn: Turn, value: str) -> list[Reply]:
    """Let one in who waits; they are told, with the way in if it is time for it."""
    webinar, kept = await _found(turn, value)
    if webinar is None or kept is None or kept.approved:
        return await _decided(turn, value)
    await turn.storage.registrations.approve(kept.person, webinar.id)
    told = text("approval-given", webinar=webinar.title, at=webinar.starts_at)
    lines = way_in.lines(webinar)
    if way_in.is_open(webinar, turn.now, turn.house.rules.way_in_minutes) and lines:
        await turn.storage.registrations.note_told(kept.person, webinar.id)
        way = text("way-in", lines=lines)
        turn.tell(kept.person, Reply((told, way), notices.ways("way-in", webinar)))
    else:
        turn.tell(kept.person, Reply((told,), notices.ways("moved", webinar)))
    return await waiting(turn, webinar.id, text("registration-approved"))


async def decline(turn: Turn, value: str) -> list[Reply]:
    """Take one who waits off the list; they are told."""
    webinar, kept = await _found(turn, value)
    if webinar is None or kept is None or kept.approved:
        return await _decided(turn, value)
    await _remove(turn, webinar, kept, "approval-declined")
    return await waiting(turn, webinar.id, text("registration-declined"))


async def look_for(turn: Turn, webinar_id: str) -> list[Reply]:
    """Ask whose registration is to be taken back."""
    return talking.begin(turn, CONVERSATION, answers={"@webinar": webinar_id})


async def drop(turn: Turn, value: str) -> list[Reply]:
    """Take this registration back; they are told."""
    webinar, kept = await _found(turn, value)
    if webinar is None or kept is None:
        return await _decided(turn, value)
    await _remove(turn, webinar, kept, "registration-taken-back")
    return await overview(turn, webinar.id, text("registration-withdrawn"))


async def _remove(turn: Turn, webinar: Webinar, kept: Registration, key: str) -> None:
    await turn.storage.registrations.remove(kept.person, webinar.id)
    contact = turn.house.community.contact
    said = Text(key, {"webinar": webinar.title, "contact": contact})
    turn.tell(kept.person, Reply((said,), notices.ways("cancelled", webinar)))


async def _found(turn: Turn, value: str) -> tuple[Webinar | None, Registration | None]:
    found = _ONE.fullmatch(value)
    if found is None:
        return None, None
    webinar = await turn.storage.webinars.get(found[2])
    number = int(found[1], 16)
    if webinar is None or number >= 2**63:
        return webinar, None
    return webinar, await turn.storage.registrations.by_id(number, webinar.id)


async def _decided(turn: Turn, value: str) -> list[Reply]:
    return await overview(turn, value.partition(":")[2], text("registration-decided"))


def _after(queue: Sequence[Registration], before: int | None) -> Registration | None:
    """The one after this in the queue, from its beginning again after the last."""
    ids = [kept.id for kept in queue]
    at = ids.index(before) + 1 if before in ids else 0
    return queue[at % len(queue)] if queue else None


def _who(webinar: Webinar, kept: Registration, person: Person | None) -> tuple[Text, ...]:
    """The nickname, and what was answered to the webinar's own questions."""
    nickname = person.profile.nickname if person else None
    name = text("words", words=nickname) if nickname else text("registration-no-name")
    lines = tuple(
        text("summary-line", title=text("words", words=asked.prompt), answer=_answer(asked, kept))
        for asked in webinar.questions
    )
    return (name, *((text("lines", lines=lines),) if lines else ()))


def _answer(asked: ExtraQuestion, kept: Registration) -> Label:
    told = kept.extra.get(asked.key)
    if not isinstance(told, str) or not told:
        return text("answer-skipped")
    return dict(asked.choices).get(told, told)


def _form(_turn: Turn) -> Form:
    return (Question("nick", text("ask-w-nickname"), text("title-nick"), read=choices.written),)


async def _named(turn: Turn, answers: Answers) -> list[Reply]:
    """Those who are registered under this nickname; most often it is one."""
    webinar_id, name = str(answers["@webinar"]), fold(str(answers["nick"]))
    webinar = await turn.storage.webinars.get(webinar_id)
    if webinar is None:
        return await screen(turn, webinar_id)
    everybody = await turn.storage.registrations.with_people(webinar_id)
    named = [(kept, p) for kept, p in everybody if fold(p.profile.nickname or "") == name]
    if not named or not name:
        return await overview(turn, webinar_id, text("registration-unknown"))
    texts = [text("registration-drop-sure")]
    rows: list[tuple[Button, ...]] = []
    for kept, person in named[: programme.SHOWN]:
        texts += _who(webinar, kept, person)
        rows.append((Button(text("btn-do-drop-one"), f"go:wo:{kept.id:x}:{webinar_id}"),))
    return [lists.menu(turn, tuple(texts), (*rows, (back_button(webinar_id),)))]


async def _left(turn: Turn, answers: Answers) -> list[Reply]:
    return await overview(turn, str(answers["@webinar"]))


CONVERSATION = Conversation(CODE, _form, _named, may=ORGANISERS, left=_left)
