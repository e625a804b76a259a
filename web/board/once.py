"""A form counts once, whether it comes by a double tap, a reload, or a bad line that sends again.

Each page gives its forms a number, and the script gives each press another one. What comes again
under the same number, the same to the letter, changes nothing and reads what was said to the first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TypeAlias

from dialogue.words import Text
from handlers.deed import Outcome
from storage import Transaction
from storage.community.boards import Place
from web.board.acting import Result
from web.board.sheets import SheetShown

NUMBER = "once"
"""The field that holds it; pages that were open before there were numbers have none."""

Deed: TypeAlias = Callable[[], Awaitable[Result | SheetShown]]


async def once(
    tx: Transaction, place: Place, form: Mapping[str, str], now: datetime, deed: Deed
) -> Result | SheetShown:
    """What comes of this form, or what came of it when it was carried out before."""
    if not form.get(NUMBER):
        return await deed()
    whole = _whole(place, form)
    said = await tx.forms.begin(whole, now)
    if said is not None:
        return Result(Outcome.DONE, Text(said))
    came = await deed()
    if isinstance(came, Result) and came.outcome is Outcome.DONE:
        await tx.forms.end(whole, came.said.key)
    else:
        # A sheet that was opened, or a refusal: what was wrong may be put right and sent again.
        await tx.forms.leave(whole)
    return came


def _whole(place: Place, form: Mapping[str, str]) -> str:
    """The form to the letter: other words under the same number are something else."""
    return "\n".join([place.key, *(f"{name}={form[name]!r}" for name in sorted(form))])
