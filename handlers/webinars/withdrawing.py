"""One registration taken back: picked from a list, or found by its nickname.

Whoever looks at an organiser's phone would see who comes. So the list is asked for, holds what
organisers may know and nothing else, and is deleted again soon.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from dialogue.fold import fold
from dialogue.form import Answers, Form, Question
from dialogue.words import Button, Label, Reply, Text, text
from handlers.roles import ORGANISERS
from handlers.speaking import chats, choices, lists, talking, tokens
from handlers.turn import Conversation, Turn
from handlers.webinars import listing, registrations
from handlers.webinars.screen import back_button, screen
from storage.community.registrations import Listed
from storage.series.webinars import Webinar

CODE = "y"
SHOWN = 8
SHOWN_FOR = timedelta(minutes=10)
LONGEST = 60
"""Characters of an answer on the list; all of it is read where it is decided."""
_PAGE = re.compile(r"([0-9a-f]{1,6}):(.+)")


async def page(turn: Turn, value: str) -> list[Reply]:
    """`<page>:<webinar>`: who is registered, in the order in which they came; to pick one."""
    found = _PAGE.fullmatch(value)
    number, webinar_id = (int(found[1], 16), found[2]) if found else (0, value)
    webinar = await turn.storage.webinars.get(webinar_id)
    total = await turn.storage.registrations.count(webinar_id)
    if webinar is None or not total:
        return await registrations.overview(turn, webinar_id)
    number = min(number, (total - 1) // SHOWN)
    listed = await turn.storage.registrations.listed(webinar_id, number * SHOWN, SHOWN)
    beside = [
        Button(text(key), f"go:wt:{other:x}:{webinar_id}")
        for key, other in (("btn-page-before", number - 1), ("btn-page-after", number + 1))
        if 0 <= other * SHOWN < total
    ]
    find = Button(text("btn-find-nickname"), f"go:wg:{webinar_id}")
    rows = (tuple(beside), (find, back_button(webinar_id)))
    last = number * SHOWN + len(listed)
    heading = text("registrations-listed", first=last - len(listed) + 1, last=last, total=total)
    return [_to_pick(turn, webinar, heading, listed, tuple(row for row in rows if row))]


async def pick(turn: Turn, value: str) -> list[Reply]:
    """`<registration>:<webinar>`: this one, and whether it is really to be taken back."""
    webinar, kept = await registrations.found(turn, value)
    if webinar is None or kept is None:
        return await registrations.decided(turn, value)
    person = await turn.storage.people.get(kept.person)
    random = tokens.new(turn)
    # A button has no room for the webinar beside it; so the token knows what it is for.
    turn.desk = replace(turn.desk, token=f"{random}:{value}")
    rows = (
        (Button(text("btn-do-drop-one"), f"go:wh:{random}:{kept.id:x}"),),
        (Button(text("btn-to-registrations"), f"go:wt:0:{webinar.id}"), back_button(webinar.id)),
    )
    who = registrations.who(webinar, kept, person.profile.nickname if person else None)
    return [_soon_gone(lists.menu(turn, (text("registration-drop-sure"), *who), rows))]


async def drop(turn: Turn, value: str) -> list[Reply]:
    """The registration that was shown last is taken back, once; its person is told."""
    token = turn.desk.token
    _, _, chosen = token.partition(":")
    if not value or not token.startswith(f"{value}:") or not tokens.counts(turn, token):
        return await listing.listing(turn, text("stale"))
    webinar, kept = await registrations.found(turn, chosen)
    if webinar is None or kept is None:
        return await registrations.decided(turn, chosen)
    await registrations.remove(turn, webinar, kept, "registration-taken-back")
    return await registrations.overview(turn, webinar.id, text("registration-withdrawn"))


async def look_for(turn: Turn, webinar_id: str) -> list[Reply]:
    """Ask for the nickname of whose registration is to be taken back."""
    return talking.begin(turn, CONVERSATION, answers={"@webinar": webinar_id})


def _to_pick(
    turn: Turn, webinar: Webinar, heading: Text, listed: Sequence[Listed], below: lists.Rows
) -> Reply:
    """These registrations, a line and a button each."""
    numbered = list(enumerate(listed, start=1))
    lines = tuple(_line(turn, webinar, number, each) for number, each in numbered)
    picks = tuple(
        Button(text("btn-pick-one", number=number), f"go:wo:{each.kept.id:x}:{webinar.id}")
        for number, each in numbered
    )
    texts = (heading, *lines, chats.gone(turn.incoming.channel, text("registrations-gone")))
    return _soon_gone(lists.menu(turn, texts, (*lists.in_rows(picks, 4), *below)))


def _line(turn: Turn, webinar: Webinar, number: int, each: Listed) -> Text:
    """The nickname, the place in the order, the hour, and the first answer if there is one."""
    line = text(
        "registration-line",
        number=number,
        name=registrations.named(each.nickname),
        order=each.order,
        day=turn.voice.day(each.hour),
        clock=turn.voice.clock(each.hour),
    )
    answers = (registrations.answer(asked, each.kept) for asked in webinar.questions)
    first = next((answer for answer in answers if answer is not None), None)
    if first is None:
        return line
    return text("registration-line-answer", line=line, answer=_in_short(first))


def _in_short(answer: Label) -> Label:
    """What somebody typed, on a line; what was chosen is short."""
    if not isinstance(answer, str):
        return answer
    words = " ".join(answer.split())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"


def _soon_gone(shown: Reply) -> Reply:
    return replace(shown, gone_after=SHOWN_FOR)


def _form(_turn: Turn) -> Form:
    return (Question("nick", text("ask-w-nickname"), text("title-nick"), read=choices.written),)


async def _named(turn: Turn, answers: Answers) -> list[Reply]:
    """Who is registered under this nickname; most often it is one."""
    webinar_id, name = str(answers["@webinar"]), fold(str(answers["nick"]))
    webinar = await turn.storage.webinars.get(webinar_id)
    if webinar is None:
        return await screen(turn, webinar_id)
    everybody = await turn.storage.registrations.listed(webinar_id)
    called = [each for each in everybody if name and fold(each.nickname or "") == name]
    if not called:
        return await registrations.overview(turn, webinar_id, text("registration-unknown"))
    if len(called) == 1:
        return await pick(turn, f"{called[0].kept.id:x}:{webinar_id}")
    below = ((back_button(webinar_id),),)
    return [_to_pick(turn, webinar, text("registrations-namesakes"), called[:SHOWN], below)]


async def _left(turn: Turn, answers: Answers) -> list[Reply]:
    return await registrations.overview(turn, str(answers["@webinar"]))


CONVERSATION = Conversation(CODE, _form, _named, may=ORGANISERS, left=_left)
