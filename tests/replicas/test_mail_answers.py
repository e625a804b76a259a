"""Two processes on one PostgreSQL: two moderators take the same answer that came by mail."""

from __future__ import annotations

import pytest

from dialogue.incoming import Incoming
from dialogue.stages import Stage
from handlers.receiving.receive import Receiver
from storage import Transaction
from tests.handlers.interpreting.interpreters import approves
from tests.handlers.moderating.moderators import all_of, asker, moderator
from tests.handlers.receipts.test_receipts import hears
from tests.replicas.together import Deed, Two

pytestmark = pytest.mark.postgres

MASKS = "Do masks help?"
YES = "Yes, if they are washed."


@pytest.mark.parametrize("other", ["di-give", "di-leave"])
async def test_of_two_moderators_in_two_processes_one_takes_it(two: Two, other: str) -> None:
    bot = two.bot
    anna = await asker(bot, MASKS)
    mona = await moderator(bot)
    await moderator(bot, "mila")
    await approves(mona)
    await hears(anna)
    question = (await all_of(bot))[MASKS]
    async with bot.storage.transaction() as tx:
        await tx.proposals.put(question.id, "virus", "sara@example.org", YES, bot.calendar.now)
        (proposal,) = await tx.proposals.of("virus")

    def presses(account: str, way: str) -> Deed:
        value = f"go:{way}:{proposal.id:x}" + (":public" if way == "di-give" else "")
        incoming = Incoming("web", account, f"{account}-99", bot.calendar.now, choice=value)

        async def press(receiver: Receiver, tx: Transaction) -> None:
            await receiver.receive(tx, [incoming], [{}])

        return press

    await two.at_once(presses("mona", "di-give"), presses("mila", other))
    answered = (await all_of(bot))[MASKS]
    assert (answered.stage, answered.answer) == (Stage.ANSWERED, YES)
    assert answered.claimed_until is None
    async with two.storage.reading() as tx:
        ((notices,),) = await tx.desk.connection.fetch(
            "SELECT COUNT(*) FROM broadcasts WHERE kind = 'notice'"
        )
    assert notices == 1
