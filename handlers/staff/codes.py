"""A code for the board whose phone is lost: an owner resets it, and it is set up anew.

Nobody resets their own: else whoever holds an owner's chat would need nothing besides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dialogue.words import Button, Reply, Text, text
from handlers.roles import OWNERS
from handlers.speaking import lists, menus
from handlers.staff import team
from handlers.turn import StaffWay, Turn
from storage.community.staff import Member

_NOW = "c-"
"""What the token of the confirmation begins with; the person follows."""


async def reset(turn: Turn, value: str) -> list[Reply]:
    """Reset a code: first whose, then whether really."""
    others = await team.with_codes(turn)
    if not others:
        return await team.team(turn, text("team-settled"))
    member = next((each for each in others if str(each.person) == value), None)
    if member is None:
        return [_whose(turn, others)]
    turn.desk = replace(turn.desk, token=f"{_NOW}{member.person}-{turn.house.random_token()}")
    rows = (
        (Button(text("btn-reset-code-now"), f"go:recode1:{turn.desk.token}"),),
        (menus.command_button("team"),),
    )
    return [lists.menu(turn, (text("reset-sure", line=team.line(turn, member)),), rows)]


async def reset_now(turn: Turn, token: str) -> list[Reply]:
    """Reset the code that was shown, close what its holder has open, and tell them so."""
    if not token.startswith(_NOW) or token != turn.desk.token:
        return await team.team(turn, text("stale"))
    turn.desk = replace(turn.desk, token="")
    person = token.removeprefix(_NOW).partition("-")[0]
    others = await team.with_codes(turn)
    member = next((each for each in others if str(each.person) == person), None)
    if member is None:
        return await team.team(turn, text("team-settled"))
    await turn.storage.codes.reset(member.person)
    team.tell(turn, member, text("code-reset-told"))
    return await team.team(turn, text("code-was-reset"))


def _whose(turn: Turn, members: Sequence[Member]) -> Reply:
    lines = [
        text("revoke-line", number=number, line=team.line(turn, member))
        for number, member in enumerate(members, start=1)
    ]
    ways = tuple(
        Button(
            text("btn-revoke-one", number=number, role=Text(f"role-{member.role}")),
            f"go:recode:{member.person}",
        )
        for number, member in enumerate(members, start=1)
    )
    rows = (*lists.in_rows(ways, 1), (menus.command_button("team"),))
    return lists.menu(turn, (text("reset-which"), *lines), rows)


WAYS: Mapping[str, StaffWay] = {
    "recode": StaffWay(reset, OWNERS),
    "recode1": StaffWay(reset_now, OWNERS),
}
