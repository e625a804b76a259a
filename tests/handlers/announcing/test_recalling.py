"""Taking an announcement back: asked, confirmed, undone, told, and only what can be deleted."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from channels import NO_SLIP, Gone, Refused, Slip
from dialogue.words import Act, Message
from handlers.announcing.content import Announcement
from storage.broadcasting.broadcasts import Broadcast, Kind, Phase
from tests.handlers.announcing.organisers import crowd, drafted, joined, latest, organiser
from tests.handlers.announcing.test_running import lets_go, seen, until
from tests.handlers.chatting import Bot, Chat, Phones, bot_at_work, plain

UNDO = timedelta(seconds=61)


class Forgetful(Phones):
    """A platform that refuses to delete from some chats."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: dict[str, type[Exception]] = {}
        self.deleted: list[str] = []

    async def send(
        self, account: str, act: Act, target: str | None, message: Message, slip: Slip = NO_SLIP
    ) -> str:
        """Show or delete it, unless that is refused."""
        if act is Act.DELETE:
            if account in self.refused:
                raise self.refused[account]("not from this one")
            self.deleted.append(account)
        return await super().send(account, act, target, message, slip)


@pytest.fixture
async def phones() -> Forgetful:
    """The platform."""
    return Forgetful()


@pytest.fixture
async def bot(tmp_path: Path, phones: Forgetful) -> AsyncGenerator[Bot]:
    """The bot, which sends to many."""
    async with bot_at_work(tmp_path, phones=phones, broadcasting=True) as bot:
        yield bot


async def announced(author: Chat, others: int) -> Broadcast:
    """An announcement that has reached so many, and its author; its report is on the screen."""
    await drafted(author)
    await lets_go(author, others + 1)
    made = await until(author.bot, Phase.DONE)
    await seen(author, "Sending is complete.")
    return made


def has_it(chat: Chat) -> bool:
    """Whether the announcement stands in this chat."""
    return "Hello everybody" in [plain(message.text) for message in chat.screen.values()]


async def confirmed(author: Chat) -> Broadcast:
    """The recall, once it was confirmed."""
    await author.presses("Take it back", "Yes, take it back")
    return await latest(author.bot)


async def reported(author: Chat, words: str) -> None:
    """Returns once the report of the recall is there, and says this."""
    await seen(author, f"Taking back is complete.\n\n“Hello everybody”\n\n• {words}")


async def test_it_says_what_it_does_and_then_does_it(bot: Bot, phones: Forgetful) -> None:
    olga = await organiser(bot, "olga")
    anna, bob = await joined(bot, "anna"), await joined(bot, "bob")
    made = await announced(olga, 2)
    assert has_it(anna)
    await olga.presses("Take it back")
    assert "Shall the announcement be taken back?" in olga.text
    assert "“Hello everybody”" in olga.text
    assert "Whoever has read it has read it" in olga.text
    assert "more than 48 hours ago stays" in olga.text
    assert "Chats from which it can be deleted: 3" in olga.text
    await olga.presses("Yes, take it back")
    recall = await latest(bot)
    assert (recall.kind, recall.phase, recall.about) == (Kind.RECALL, Phase.HELD, made.id)
    assert "It will be taken back in" in olga.text
    assert has_it(anna)
    bot.calendar.passes(UNDO)
    await until(bot, Phase.DONE)
    await reported(olga, "Deleted: 3 of 3")
    assert not any(map(has_it, (anna, bob)))
    assert sorted(phones.deleted) == ["anna", "bob", "olga"]


async def test_it_can_be_undone_for_a_minute(bot: Bot, phones: Forgetful) -> None:
    olga, anna = await organiser(bot, "olga"), await joined(bot, "anna")
    made = await announced(olga, 1)
    recall = await confirmed(olga)
    await olga.presses("Undo")
    assert "Undone; the announcement stays where it is." in olga.text
    assert "Sent: 2 of 2" in olga.text
    bot.calendar.passes(UNDO)
    assert (await latest(bot)).phase is Phase.CANCELLED
    assert has_it(anna)
    await olga.presses_value(f"go:an:{recall.id}")
    assert "It was not taken back." in olga.text
    await olga.presses_value(f"go:an:{made.id}")
    assert "Take it back" in olga.labels
    assert phones.deleted == []


async def test_the_undo_comes_too_late_once_it_has_begun(bot: Bot, phones: Forgetful) -> None:
    olga = await organiser(bot, "olga")
    await announced(olga, 0)
    recall = await confirmed(olga)
    bot.calendar.passes(UNDO)
    await until(bot, Phase.DONE)
    await reported(olga, "Deleted: 1 of 1")
    await olga.presses_value(f"go:an-undo:{recall.id}")
    assert "too late to undo that" in olga.text
    assert (await latest(bot)).phase is Phase.DONE


async def test_a_confirmation_counts_once_and_only_where_it_was_shown(
    bot: Bot, phones: Forgetful
) -> None:
    olga, omar = await organiser(bot, "olga"), await organiser(bot, "omar")
    made = await announced(olga, 1)
    await olga.presses("Take it back")
    number, value = olga.button("Yes, take it back")
    await omar.presses_value(value)
    assert "That button is from earlier" in omar.text
    assert (await latest(bot)).id == made.id
    await olga.presses_value(value, number)
    recall = await latest(bot)
    await olga.presses_value(value, number)
    assert "That button is from earlier" in olga.text
    assert "This announcement is being taken back." in olga.text
    assert (await latest(bot)).id == recall.id
    await omar.presses_value(f"go:an-recall:{made.id}")
    assert "It is being taken back already" in omar.text
    await omar.presses("Undo")
    assert (await latest(bot)).phase is Phase.CANCELLED


async def test_what_failed_is_told_by_reason_and_can_be_tried_again(
    bot: Bot, phones: Forgetful
) -> None:
    olga = await organiser(bot, "olga")
    chats = [await joined(bot, name) for name in ("anna", "bob")]
    made = await announced(olga, 2)
    phones.refused = {"anna": Refused, "bob": Gone}
    await confirmed(olga)
    bot.calendar.passes(UNDO)
    await until(bot, Phase.DONE)
    await reported(olga, "Deleted: 1 of 3")
    assert "Not accepted by the platform: 1" in olga.text
    assert "Cannot be reached any more: 1" in olga.text
    phones.refused = {}
    await olga.presses_value(f"go:an:{made.id}")
    assert "It was taken back. Chats from which it was deleted: 1" in olga.text
    await olga.presses("Take it back")
    assert "Chats from which it can be deleted: 2" in olga.text
    await olga.presses("Yes, take it back")
    bot.calendar.passes(UNDO)
    await until(bot, Phase.DONE)
    await reported(olga, "Deleted: 2 of 2")
    assert not any(map(has_it, chats))
    assert sorted(phones.deleted) == ["anna", "bob", "olga"]
    await olga.presses_value(f"go:an-recall:{made.id}")
    assert "Nothing of it can be taken back any more" in olga.text


async def test_after_two_days_there_is_nothing_to_take_back(bot: Bot, phones: Forgetful) -> None:
    olga = await organiser(bot, "olga")
    made = await announced(olga, 0)
    bot.calendar.passes(timedelta(hours=47))
    await olga.presses_value(f"go:an:{made.id}")
    assert "Take it back" in olga.labels
    bot.calendar.passes(timedelta(hours=1))
    await olga.presses_value(f"go:an:{made.id}")
    assert "Take it back" not in olga.labels
    await olga.presses_value(f"go:an-recall:{made.id}")
    assert "came more than 48 hours ago" in olga.text
    assert (await latest(bot)).id == made.id


async def test_who_switched_announcements_off_since_loses_it_too(
    bot: Bot, phones: Forgetful
) -> None:
    olga, anna = await organiser(bot, "olga"), await joined(bot, "anna")
    await announced(olga, 1)
    await anna.presses("No more announcements")
    await confirmed(olga)
    bot.calendar.passes(UNDO)
    await until(bot, Phase.DONE)
    assert not has_it(anna)


async def test_a_recall_is_neither_corrected_nor_recalled_nor_listed(
    bot: Bot, phones: Forgetful
) -> None:
    olga = await organiser(bot, "olga")
    await announced(olga, 0)
    recall = await confirmed(olga)
    bot.calendar.passes(UNDO)
    await until(bot, Phase.DONE)
    await reported(olga, "Deleted: 1 of 1")
    for way in ("recall", "again", "fix", "send", "edit", "see", "drop", "ok", "no"):
        await olga.presses_value(f"go:an-{way}:{recall.id}")
        assert (await latest(bot)).id == recall.id
        assert (await latest(bot)).phase is Phase.DONE
    await olga.says("/announce")
    assert olga.text.count("Hello everybody") == 1


async def test_while_it_is_sent_it_is_not_taken_back(bot: Bot, phones: Forgetful) -> None:
    olga = await organiser(bot, "olga")
    await drafted(olga)
    await olga.presses("Send")
    await olga.says("1")
    made = await latest(bot)
    await olga.presses_value(f"go:an-recall:{made.id}")
    # Said on the screen, and said again once the recipients are settled.
    assert "until then it can be undone" in olga.text.lower()
    assert (await latest(bot)).id == made.id
    await olga.presses_value("go:an-recall:1")
    assert (await latest(bot)).id == made.id


async def test_only_organisers_may(bot: Bot, phones: Forgetful) -> None:
    olga, anna = await organiser(bot, "olga"), await joined(bot, "anna")
    made = await announced(olga, 1)
    await anna.presses_value(f"+go:an-recall:{made.id}")
    assert "taken back" not in anna.text
    assert has_it(anna)


async def test_in_arabic_everything_is_said_in_arabic(bot: Bot, phones: Forgetful) -> None:
    nour = await organiser(bot, "nour", "ar")
    await crowd(bot, 2)
    await nour.presses_value("go:an-new")
    await nour.presses("كل من يرغب", "لا، إعلان عام")
    await nour.says("مرحبا بالجميع", "Hello everybody")
    assert Announcement.of(await latest(bot)).texts["ar"] == "مرحبا بالجميع"
    await nour.presses_value(f"go:an-send:{(await latest(bot)).id}")
    await nour.says("3")
    bot.calendar.passes(UNDO)
    await until(bot, Phase.DONE)
    await seen(nour, "اكتمل الإرسال.")
    await nour.presses("سحب الإعلان")
    assert "هل يُسحب هذا الإعلان؟" in nour.text
    assert "عدد المحادثات التي يمكن حذفه منها: 3" in nour.text
    await nour.presses("نعم، سحب الإعلان")
    assert "يبدأ سحب الإعلان بعد" in nour.text
    bot.calendar.passes(UNDO)
    await until(bot, Phase.DONE)
    await seen(nour, "اكتمل سحب الإعلان.")
    assert "تم الحذف: 3 من 3" in nour.text
