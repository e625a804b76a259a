"""Giving an address of mail, another one, or none any more, from /settings."""

from __future__ import annotations

from dataclasses import replace

from dialogue.form import Answers, Form
from dialogue.words import Reply, text
from handlers.participants import mail_address, profile
from handlers.speaking import talking
from handlers.turn import Conversation, Turn


async def give(turn: Turn) -> list[Reply]:
    """Ask for the address."""
    if not turn.house.rules.mail_is_set_up:
        return await profile.settings(turn)
    return talking.begin(turn, CONVERSATION)


async def end(turn: Turn) -> list[Reply]:
    """Send nothing by mail any more, and keep no address."""
    said = await mail_address.keep(turn, None)
    _note(turn, None)
    return await profile.settings(turn, *said)


async def again(turn: Turn) -> list[Reply]:
    """Send by mail again, after it was stopped by the link in a mail."""
    current = await mail_address.address(turn)
    if current is not None:
        await turn.storage.people.mark(current.id, reachable=True, stopped=False)
    return await profile.settings(turn, text("setting-changed"))


def _form(turn: Turn) -> Form:
    return (replace(mail_address.question(turn.house), optional=False),)


async def _keep(turn: Turn, answers: Answers) -> list[Reply]:
    given = str(answers["mail"])
    said = await mail_address.keep(turn, given)
    _note(turn, given)
    return await profile.settings(turn, *said)


def _note(turn: Turn, given: str | None) -> None:
    turn.person = replace(turn.person, profile=replace(turn.person.profile, email=given))


CONVERSATION = Conversation("d", _form, _keep)
