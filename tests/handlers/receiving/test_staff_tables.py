"""The tables of the staff name nothing twice, and leave nobody in by oversight."""

from __future__ import annotations

from collections import Counter

from handlers.announcing import ways as announcements
from handlers.commands import NAMES, STAFF
from handlers.digest import ways as digests
from handlers.interpreting import ways as interpreting
from handlers.moderating import ways as moderating
from handlers.receiving import public_routes, routes, staff_routes
from handlers.staff import board, codes, new_outage, outages, team
from handlers.webinars import table as webinars

SUBJECTS = (
    team.WAYS,
    codes.WAYS,
    announcements.WAYS,
    webinars.WAYS,
    outages.WAYS,
    new_outage.WAYS,
    moderating.WAYS,
    interpreting.WAYS,
    board.WAYS,
    digests.WAYS,
)


def test_every_command_leads_somewhere_and_is_nobody_elses() -> None:
    assert set(staff_routes.COMMANDS) == set(STAFF)
    assert not set(STAFF) & {*NAMES, *public_routes.COMMANDS}


def test_no_two_subjects_have_a_way_of_the_same_name() -> None:
    names = Counter(name for ways in SUBJECTS for name in ways)
    assert [name for name, times in names.items() if times > 1] == []
    assert set(names) == set(staff_routes.WAYS)
    everybodys = (public_routes.STEPS, public_routes.WAYS, public_routes.QUESTIONS)
    assert not set(names) & {*NAMES, *STAFF, *(name for ways in everybodys for name in ways)}
    assert not set(names) & {"add", "drop", "cancel"}


def test_every_conversation_has_a_letter_of_its_own() -> None:
    staff = [conversation.code for conversation in staff_routes.CONVERSATIONS]
    assert len(set(staff)) == len(staff)
    others = len(routes.CONVERSATIONS) - len(staff)
    assert len(set(routes.CONVERSATIONS) - set(staff)) == others
    assert {len(code) for code in routes.CONVERSATIONS} == {1}


def test_every_way_and_conversation_of_the_staff_says_for_whom_it_is() -> None:
    assert all(conversation.may for conversation in staff_routes.CONVERSATIONS)
    assert all(way.may for way in staff_routes.WAYS.values())
