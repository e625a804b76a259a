"""Announcements on their way: progress, pause, resume, cancel, report, retry and correction."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from channels import NO_SLIP, Gone, Limits, Refused, Slip
from delivery.clock import wait_until_set
from dialogue.words import Act, Message
from handlers.announcing.content import Announcement
from storage.broadcasting.broadcasts import Broadcast, Kind, Phase
from tests.handlers.announcing.organisers import crowd, drafted, joined, latest, organiser
from tests.handlers.chatting import HASTE, Bot, Chat, Phones, bot_at_work, plain
from tests.handlers.participants.test_registration import person_of

SIZE = 240
SLOWLY = 5.0
"""So that it takes nearly half a minute to reach so many, in which it can surely be held up."""


class Slow(Phones):
    """A platform that takes few messages a second, and refuses some."""

    limits = Limits(4096, per_second=2, chat_burst=100, chat_seconds=0.0, at_once=4)

    def __init__(self) -> None:
        super().__init__()
        self.refused: dict[str, type[Exception]] = {}
        self.reached: list[str] = []

    async def send(
        self, account: str, act: Act, target: str | None, message: Message, slip: Slip = NO_SLIP
    ) -> str:
        """Show it, unless it is refused."""
        if account in self.refused:
            raise self.refused[account]("not to this one")
        if account.startswith("crowd"):
            self.reached.append(account)
        return await super().send(account, act, target, message, slip)


@pytest.fixture
async def phones() -> Slow:
    """The platform."""
    return Slow()


@pytest.fixture
async def bot(tmp_path: Path, phones: Slow) -> AsyncGenerator[Bot]:
    """The bot, which sends to many."""
    async with bot_at_work(tmp_path, phones=phones, broadcasting=True) as bot:
        yield bot


@pytest.fixture
async def olga(bot: Bot) -> Chat:
    """An organiser."""
    return await organiser(bot, "olga")


async def until(bot: Bot, *phases: Phase) -> Broadcast:
    """The latest announcement, once it has come so far."""
    async with asyncio.timeout(30):
        while (made := await latest(bot)).phase not in phases:
            bot.phones.changed.clear()
            await wait_until_set(bot.phones.changed, 0.01)
    return made


async def seen(chat: Chat, words: str) -> Message:
    """The newest message in which this stands, once one is on the screen."""
    async with asyncio.timeout(30):
        while True:
            for _, message in sorted(chat.screen.items(), reverse=True):
                if words in plain(message.text):
                    return message
            chat.bot.phones.changed.clear()
            await wait_until_set(chat.bot.phones.changed, 0.01)


async def lets_go(olga: Chat, others: int, haste: float = HASTE) -> Broadcast:
    """The draft on the screen is confirmed, and its time comes."""
    await olga.presses("Send")
    await olga.says(str(others))
    olga.bot.tempo.becomes(haste)
    olga.bot.calendar.passes(timedelta(seconds=61))
    return await until(olga.bot, *(Phase.RUNNING, Phase.DONE))


async def confirmed(bot: Bot, olga: Chat, number: int) -> None:
    """So many people are to get it; it is held for its minute."""
    await crowd(bot, number - 1)
    await drafted(olga)
    await olga.presses("Send")
    await olga.says(str(number))
    await until(bot, Phase.HELD)


async def states(bot: Bot, made: Broadcast) -> dict[str, int]:
    """How many recipients are in which state."""
    async with bot.storage.reading() as tx:
        return dict((await tx.recipients.counts(made.id)).by_state)


async def on_its_way(bot: Bot, olga: Chat, others: int = 0) -> Broadcast:
    """An announcement to many, of whom most have not got it yet.

    Its author's own copy comes at any time, above the message that shows the progress or below.
    """
    await crowd(bot, SIZE)
    await drafted(olga)
    made = await lets_go(olga, SIZE + 1 + others, SLOWLY)
    await seen(olga, "Being sent.")
    return made


async def test_everybody_gets_it_once_and_its_author_a_report(
    bot: Bot, olga: Chat, phones: Slow
) -> None:
    anna, nour = await joined(bot, "anna"), await joined(bot, "nour", "ar")
    await crowd(bot, 5)
    await drafted(olga)
    await lets_go(olga, 8)
    await until(bot, Phase.DONE)
    await seen(olga, "Sending is complete.")
    assert "Sent: 8 of 8" in olga.text
    assert "Read on their next visit to the web chat: 8" in olga.text
    assert anna.text == "Hello everybody"
    assert anna.labels == ["Details and registration", "No more announcements"]
    assert nour.text == "مرحبا بالجميع"
    assert sorted(phones.reached) == sorted(set(phones.reached))


async def test_the_progress_is_one_message_with_ways_to_hold_it_up(bot: Bot, olga: Chat) -> None:
    await on_its_way(bot, olga)
    (card,) = (each for each in olga.screen.values() if "Being sent." in plain(each.text))
    assert "░" in card.text
    assert f"of {SIZE + 1}" in plain(card.text)
    labels = [plain(button.label) for row in card.rows for button in row]
    assert labels[:2] == ["Pause", "Stop for good"]


async def test_paused_it_rests_until_it_goes_on(bot: Bot, olga: Chat, phones: Slow) -> None:
    made = await on_its_way(bot, olga)
    number, value = olga.button("Pause")
    await olga.presses_value(value, number)
    assert (await latest(bot)).phase is Phase.PAUSED
    await seen(olga, "Paused.")
    bot.tempo.becomes(HASTE)
    await settled(bot, made)
    reached = len(phones.reached)
    assert reached < SIZE
    await olga.presses_value(value, number)
    assert (await latest(bot)).phase is Phase.PAUSED
    assert len(phones.reached) == reached
    await olga.presses("Go on sending")
    await until(bot, Phase.DONE)
    assert len(phones.reached) == len(set(phones.reached)) == SIZE


async def settled(bot: Bot, made: Broadcast) -> None:
    """Returns once nothing of this broadcast is in flight."""
    async with asyncio.timeout(30):
        while (await states(bot, made)).get("sending"):
            bot.phones.changed.clear()
            await wait_until_set(bot.phones.changed, 0.01)


async def test_cancelled_the_rest_does_not_get_it(bot: Bot, olga: Chat, phones: Slow) -> None:
    made = await on_its_way(bot, olga)
    number, value = olga.button("Stop for good")
    await olga.presses_value(value, number)
    bot.tempo.becomes(HASTE)
    await until(bot, Phase.CANCELLED)
    await seen(olga, "Sending was stopped")
    assert "Stopped before it left" in olga.text
    now = await states(bot, made)
    assert now["cancelled"] > 0
    assert now["cancelled"] + now["sent"] == SIZE + 1
    await olga.presses_value(value, number)
    assert (await latest(bot)).phase is Phase.CANCELLED


async def test_a_paused_one_can_be_cancelled(bot: Bot, olga: Chat, phones: Slow) -> None:
    await on_its_way(bot, olga)
    await olga.presses("Pause", "Stop for good")
    await until(bot, Phase.CANCELLED)


async def test_any_organiser_may_hold_it_up(bot: Bot, olga: Chat) -> None:
    omar = await organiser(bot, "omar")
    made = await on_its_way(bot, olga, others=1)
    await omar.presses_value(f"go:an-pause:{made.id}")
    assert (await latest(bot)).phase is Phase.PAUSED


async def test_the_failures_are_told_by_reason_and_tried_again(
    bot: Bot, olga: Chat, phones: Slow
) -> None:
    for account in ("ann", "bob", "cem"):
        await joined(bot, account)
    phones.refused = {"ann": Refused, "bob": Refused, "cem": Gone}
    await drafted(olga)
    first = await lets_go(olga, 4)
    await until(bot, Phase.DONE)
    await seen(olga, "Sending is complete.")
    assert "Not accepted by the platform: 2" in olga.text
    assert "Cannot be reached any more: 1" in olga.text
    phones.refused = {}
    await olga.presses("Try the failures again")
    assert "those whom the earlier one did not reach" in olga.text
    assert "People who get it: 2" in olga.text
    again = await lets_go(olga, 2)
    assert (again.kind, again.about) == (Kind.RETRY, first.id)
    await until(bot, Phase.DONE)
    await bot.quiet("olga")
    await olga.presses_value(f"go:an-again:{first.id}")
    await seen(olga, "It is being tried again already")
    assert (await latest(bot)).id == again.id
    got = [account for account in ("ann", "bob", "cem", "olga") if heard(bot, account)]
    assert got == ["ann", "bob", "olga"]


def heard(bot: Bot, account: str) -> bool:
    """Whether this account has the announcement just once."""
    screen = bot.phones.screens[account]
    found = [m for m in screen.values() if plain(m.text) == "Hello everybody" and account != "olga"]
    assert len(found) <= 1
    return bool(found) or account == "olga"


async def test_a_correction_goes_to_exactly_those_it_reached(
    bot: Bot, olga: Chat, phones: Slow
) -> None:
    for account in ("ann", "bob"):
        await joined(bot, account)
    phones.refused = {"bob": Refused}
    await drafted(olga)
    first = await lets_go(olga, 3)
    await until(bot, Phase.DONE)
    await seen(olga, "Sending is complete.")
    phones.refused = {}
    await joined(bot, "cem")
    await olga.presses("Correct it")
    assert "Please write the text in Arabic" in olga.text
    await olga.presses("Skip")
    await olga.says("It begins at eight")
    assert "those whom the earlier one reached" in olga.text
    assert "People who get it: 2" in olga.text
    correction = await lets_go(olga, 2)
    assert (correction.kind, correction.about) == (Kind.CORRECTION, first.id)
    assert Announcement.of(correction).webinar == "virus"
    await until(bot, Phase.DONE)
    got = {a for a in ("ann", "bob", "cem") if "It begins at eight" in bot.person(a).text}
    assert got == {"ann"}


async def test_what_was_taken_back_has_no_report(bot: Bot, olga: Chat) -> None:
    made = await drafted(olga)
    await olga.presses("Discard")
    await olga.presses_value(f"go:an:{made.id}")
    assert "It was not sent." in olga.text
    await olga.presses_value(f"go:an-again:{made.id}")
    await olga.presses_value(f"go:an-fix:{made.id}")
    assert "It was not sent." in olga.text


async def test_no_more_announcements_is_one_tap_away_and_leaves_the_words(
    bot: Bot, olga: Chat, phones: Slow
) -> None:
    anna = await joined(bot, "anna")
    await drafted(olga)
    await lets_go(olga, 2)
    await until(bot, Phase.DONE)
    number = anna.last
    await anna.presses("No more announcements")
    assert not (await person_of(bot, "anna")).announcements
    assert "Announcements of new webinars: off" in anna.text
    assert plain(anna.screen[number].text) == "Hello everybody"
    await olga.says("/announce")
    await olga.presses("New announcement", "Everyone", "No, in general", "Skip")
    await olga.says("Another one")
    assert "People who get it: 1" in olga.text


async def test_a_stop_in_mid_broadcast_is_heeded(bot: Bot, olga: Chat, phones: Slow) -> None:
    accounts = await crowd(bot, SIZE)
    await drafted(olga)
    made = await lets_go(olga, SIZE + 1, SLOWLY)
    await seen(olga, "Being sent.")
    # In which order they get it is chance: who has not got it yet is known while it rests.
    await olga.presses("Pause")
    bot.tempo.becomes(HASTE)
    await settled(bot, made)
    last = bot.person(next(each for each in accounts if each not in phones.reached))
    await last.says("stop")
    await olga.presses("Go on sending")
    await until(bot, Phase.DONE)
    assert "Hello everybody" not in [plain(message.text) for message in last.screen.values()]
    assert (await states(bot, made))["suppressed"] == 1
    await seen(olga, "Turned messages off in the meantime: 1")
