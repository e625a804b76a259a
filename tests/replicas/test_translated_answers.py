"""Two processes on one PostgreSQL: an answer's translation is approved as its time runs out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.deed import Outcome
from handlers.interpreting import texts
from handlers.receiving.receive import Receiver
from storage import Transaction
from storage.asking.texts import ANYWHERE
from tests.handlers.announcing.organisers import register
from tests.handlers.chatting import Bot
from tests.handlers.interpreting.interpreters import approves, interpreter, wanted
from tests.handlers.moderating.moderators import all_of, asker, moderator, views
from tests.handlers.moderating.test_answers import answers
from tests.handlers.receipts.test_receipts import hears
from tests.handlers.receipts.test_translated_answers import LONG, MASKS, NAAM, YES
from tests.handlers.staff.team import person_of
from tests.replicas.together import Deed, Two

pytestmark = pytest.mark.postgres

NOTICES = "SELECT COUNT(*) FROM broadcasts WHERE kind = 'notice'"


async def overdue(bot: Bot, whom: str) -> dict[str, Deed]:
    """Somebody reads Arabic, and has waited for an answer in English as long as anybody does.

    What may happen now.
    """
    mona, ines = await moderator(bot), await interpreter(bot)
    anna = await asker(bot, MASKS, language="ar")
    if whom == "public":
        await register(bot, "anna", "virus")
    await approves(mona)
    await views(mona, "approved")
    await answers(mona, whom, YES)
    await hears(anna)
    (question,) = (await all_of(bot)).values()
    text = next(each for each in await wanted(bot) if each.part == "answer")
    interpreting = await person_of(ines)
    bot.calendar.passes(LONG + timedelta(minutes=1))

    async def translated(receiver: Receiver, tx: Transaction) -> None:
        now, mark = bot.calendar.now, texts.mark(text)
        came = await texts.approve(tx, ANYWHERE, interpreting, text.id, mark, NAAM, now)
        assert came.outcome is Outcome.DONE
        await receiver.tell_askers(tx, interpreting, [question.id])

    async def given_up(receiver: Receiver, tx: Transaction) -> None:
        await receiver.tell_overdue(tx, question.id)

    return {"translated": translated, "given up": given_up}


@pytest.mark.parametrize(
    ("first", "second"), [("translated", "given up"), ("given up", "translated")]
)
async def test_whoever_waited_hears_the_answer_once(two: Two, first: str, second: str) -> None:
    ways = await overdue(two.bot, "private")
    await two.at_once(ways[first], ways[second])
    heard = [each for each in await hears(two.bot.person("anna")) if YES in each or NAAM in each]
    assert len(heard) == 1
    assert (NAAM in heard[0]) == (first == "translated")


@pytest.mark.parametrize(
    ("first", "second"), [("translated", "given up"), ("given up", "translated")]
)
async def test_all_who_registered_hear_it_once(two: Two, first: str, second: str) -> None:
    ways = await overdue(two.bot, "public")
    await two.at_once(ways[first], ways[second])
    async with two.storage.reading() as tx:
        ((notices,),) = await tx.desk.connection.fetch(NOTICES)
    # One for those who read English, and one for everybody else.
    assert notices == 2
