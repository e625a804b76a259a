"""Every role, command and button of the staff: whoever may not, learns nothing of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.commands import STAFF, words
from handlers.participants import profile
from handlers.receiving import staff_routes
from handlers.roles import ORGANISERS, Roles
from storage.roles import Role
from tests.handlers.chatting import Bot, Chat
from tests.handlers.staff.team import becomes
from tests.safety.people import newcomer, taps
from tests.safety.seen import LANGUAGES, shows, speech, word

EVERYBODY = (None, *Role)


def those_without(may: Roles) -> list[Role | None]:
    """The roles that may not, and none at all."""
    return [role for role in EVERYBODY if role not in may]


WITHOUT = [(name, role) for name, may in STAFF.items() for role in those_without(may)]
WITH = [(name, role) for name in staff_routes.COMMANDS for role in sorted(STAFF[name])]
WAYS_WITHOUT = [
    (name, role) for name, way in staff_routes.WAYS.items() for role in those_without(way.may)
]


async def answered(chat: Chat, words: str) -> tuple[str, list[str]]:
    """What is said to these words, and offered, with nothing open."""
    chat.screen.clear()
    await chat.says(words)
    return chat.text, chat.labels


async def pressed(chat: Chat, value: str) -> tuple[str, list[str]]:
    """The same for a button, on a fresh menu."""
    await chat.says("/menu")
    await chat.presses_value(value)
    return chat.text, chat.labels


@pytest.mark.parametrize(("name", "role"), WITHOUT)
async def test_to_others_a_command_of_the_staff_is_unknown(
    anna: Chat, name: str, role: Role | None
) -> None:
    await becomes(anna, role)
    unknown = await answered(anna, "/nothing")
    assert await answered(anna, f"/{name}") == unknown
    assert await answered(anna, f"/{name.upper()}@tadamun_bot") == unknown
    for typed in sorted(words(speech(), name)):
        assert await answered(anna, typed) == unknown, typed
    assert await pressed(anna, f"go:{name}") == await pressed(anna, "go:nothing")
    assert shows(anna, "stale")


@pytest.mark.parametrize("name", STAFF)
async def test_before_consent_a_command_of_the_staff_is_unknown(stranger: Chat, name: str) -> None:
    assert await answered(stranger, f"/{name}") == await answered(stranger, "/nothing")
    said = await answered(stranger, word(f"btn-{name}"))
    assert said == await answered(stranger, "something else")


@pytest.mark.parametrize(("name", "role"), WITHOUT)
async def test_in_the_middle_of_a_form_it_is_an_answer_as_any_other(
    anna: Chat, name: str, role: Role | None
) -> None:
    await becomes(anna, role)
    await anna.says("/register", word(f"btn-{name}"))
    assert shows(anna, "ask-gov")
    await anna.says("/back")
    assert word(f"btn-{name}") in anna.text


@pytest.mark.parametrize(("name", "role"), WITH)
async def test_those_who_may_have_it_by_command_by_word_and_by_button(
    anna: Chat, name: str, role: Role
) -> None:
    await becomes(anna, role)
    told = await answered(anna, f"/{name}")
    assert told != await answered(anna, "/nothing")
    for language in LANGUAGES:
        await anna.says("/cancel", "/menu")
        assert (await answered(anna, word(f"btn-{name}", language)))[0] == told[0]
    await anna.says("/cancel", "/menu")
    await taps(anna, f"btn-{name}")
    assert anna.text == told[0]


@pytest.mark.parametrize("role", EVERYBODY)
async def test_menu_and_help_name_what_somebody_may_and_nothing_else(
    anna: Chat, role: Role | None
) -> None:
    await becomes(anna, role)
    mine = {name for name, may in STAFF.items() if role in may}
    await anna.says("/menu")
    assert {name for name in STAFF if word(f"btn-{name}") in anna.labels} == mine
    await anna.says("/help")
    assert {name for name in STAFF if f"/{name}" in anna.text} == mine


@pytest.mark.parametrize(("name", "role"), WAYS_WITHOUT)
async def test_to_others_a_button_of_the_staff_is_a_stale_one(
    anna: Chat, name: str, role: Role | None
) -> None:
    await becomes(anna, role)
    stale = await pressed(anna, "go:nothing:1")
    assert word("stale") in stale[0]
    for value in ("", ":", ":1", ":virus", ":organiser", ":1-2-3"):
        assert await pressed(anna, f"go:{name}{value}") == stale, value


@pytest.mark.parametrize(
    ("code", "role"),
    [
        (each.code, role)
        for each in staff_routes.CONVERSATIONS
        for role in those_without(each.may or frozenset())
    ],
)
async def test_to_others_a_button_of_a_conversation_of_the_staff_is_a_stale_one(
    anna: Chat, code: str, role: Role | None
) -> None:
    await becomes(anna, role)
    stale = await pressed(anna, "go:nothing:1")
    for value in (f"{code}1:!ok:", f"{code}1:!edit:", f"{code}1:title:x"):
        assert await pressed(anna, value) == stale, value


@pytest.mark.parametrize("name", staff_routes.WAYS)
async def test_nonsense_on_a_button_of_the_staff_is_answered(bot: Bot, name: str) -> None:
    owner = await newcomer(bot, "7000000005")
    await becomes(owner, Role.OWNER)
    for value in ("", ":", ":nothing", ":-1", ":99999999999999999999", ":1:2-3-4", ":r-1-x", ":٣"):
        await owner.says("/menu")
        before = owner.screen[owner.last]
        await owner.presses_value(f"go:{name}{value}")
        assert owner.screen[owner.last] != before, value


async def test_whoever_loses_a_role_loses_what_it_let_them_begin(bot: Bot, anna: Chat) -> None:
    house = bot.receiver.house
    guarded = replace(profile.ZONE, may=ORGANISERS)
    conversations = {**house.conversations, "z": guarded}
    bot.receiver.house = replace(house, conversations=conversations)
    await becomes(anna, Role.ORGANISER)
    await anna.presses_value("go:zone")
    assert shows(anna, "ask-zone")
    await becomes(anna, None)
    await anna.says("Rome")
    assert shows(anna, "unasked")
    await anna.says("/settings")
    assert "Rome" not in anna.text
