"""What may be an address of mail, and what becomes of one that is given in the chat."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from itertools import count
from pathlib import Path

import pytest

from dialogue.form import Rejected
from dialogue.words import Reply, text
from handlers.house import Rules
from handlers.participants import mail_address
from handlers.receiving import public_routes, staff_routes
from handlers.teller import Told
from handlers.telling.telling import drafts_for_others
from storage.persons import MAILED
from tests.handlers.chatting import Bot, Chat, Phones, bot_at_work
from tests.handlers.participants.test_registration import person_of

NOUR = "nour@example.org"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (NOUR, NOUR),
        (" Nour@Example.ORG ", NOUR),
        ("<nour@example.org>", NOUR),
        ("mailto:nour@example.org", NOUR),
        ("\u200fnour@example.org\u200f", NOUR),
        ("nour@تضامن.example", "nour@" + "تضامن".encode("idna").decode() + ".example"),
    ],
)
def test_an_address_is_taken_as_people_write_it(typed: str, kept: str):
    assert mail_address.checked(typed) == kept
    assert mail_address.checked(kept) == kept


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("nour", "reject-mail"),
        ("nour@", "reject-mail"),
        ("@example.org", "reject-mail"),
        ("nour@example", "reject-mail"),
        ("a@b.example, c@d.example", "reject-mail"),
        ("Nour <nour@example.org>", "reject-mail"),
        ("nour@127.0.0.1", "reject-mail"),
        ("nour@[127.0.0.1]", "reject-mail"),
        ('"a b"@example.org', "reject-mail"),
        ("علي\r\nBcc: x@y.example", "reject-mail"),
        ("nour@example.org\nBcc: x@y.example", "reject-mail"),
        ("nour@example.org%0aBcc:x@y.example", "reject-mail"),
        ("علي@example.org", "reject-mail-letters"),
    ],
)
def test_what_is_no_address_is_refused(typed: str, why: str):
    with pytest.raises(Rejected) as refused:
        mail_address.checked(typed)
    assert refused.value.reason.key == why


def test_no_large_provider_counts_as_mistyped():
    meant = set(mail_address.MISTYPED.values())
    assert meant.isdisjoint(mail_address.MISTYPED)


def test_no_two_conversations_mark_their_buttons_alike():
    codes = [each.code for each in (*public_routes.CONVERSATIONS, *staff_routes.CONVERSATIONS)]
    assert sorted(codes) == sorted(set(codes))


@pytest.fixture
async def mailing(tmp_path: Path) -> AsyncGenerator[Bot]:
    """The bot where mail is set up."""
    async with bot_at_work(tmp_path, rules=Rules(mail_is_set_up=True)) as bot:
        yield bot


@pytest.fixture
async def anna(mailing: Bot) -> Chat:
    """Somebody who has agreed."""
    chat = mailing.person()
    await chat.says("/start")
    await chat.presses("English", "I agree")
    return chat


async def pending(bot: Bot, account: str = "anna") -> str | None:
    person = await person_of(bot, account)
    async with bot.storage.reading() as tx:
        return await tx.proofs.pending(person.id, bot.calendar.now)


async def proves(bot: Bot) -> None:
    """The mail leaves, and its button is pressed."""
    async with bot.storage.transaction() as tx:
        (proof,) = await tx.proofs.waiting(bot.calendar.now)
        token = await tx.proofs.begin(proof.id, bot.calendar.now)
        assert token is not None
        assert await tx.proofs.redeem(token, bot.calendar.now)


async def test_what_was_perhaps_mistyped_is_asked_about(mailing: Bot, anna: Chat) -> None:
    await anna.says("/settings")
    await anna.presses("E-mail")
    await anna.says("nour@gmial.com")
    assert "Did you mean nour@gmail.com?" in anna.text
    await anna.presses("No, as I wrote it")
    assert await pending(mailing) == "nour@gmial.com"


async def test_giving_it_again_sends_no_second_mail(mailing: Bot, anna: Chat) -> None:
    for _ in range(2):
        await anna.says("/settings")
        await anna.presses("E-mail")
        await anna.says(NOUR)
        assert "To confirm" in anna.text
    async with mailing.storage.reading() as tx:
        assert len(await tx.proofs.waiting(mailing.calendar.now)) == 1


async def test_whoever_was_too_often_mailed_reads_the_same(mailing: Bot, anna: Chat) -> None:
    said: list[str] = []
    for name in "abcd":
        await anna.says("/settings")
        await anna.presses("E-mail")
        await anna.says(f"{name}@example.org")
        said.append(anna.text.replace(f"{name}@", "x@"))
    assert len(set(said)) == 1
    assert await pending(mailing) is None


async def test_registering_without_one_takes_the_old_one_away(mailing: Bot, anna: Chat) -> None:
    await anna.says("register", "skip", "الناصرية", "1", NOUR, "skip", "confirm")
    await proves(mailing)
    await anna.says("register")
    await anna.presses("Change an answer", "E-mail", "Skip", "Confirm")
    assert "Nothing more comes to you by e-mail" in anna.text
    async with mailing.storage.reading() as tx:
        assert await tx.people.find(MAILED, NOUR) is None
    assert (await person_of(mailing)).profile.email is None


async def test_stop_in_the_chat_stops_mail_and_resuming_lets_it_go_on(
    mailing: Bot, anna: Chat
) -> None:
    await anna.says("/settings")
    await anna.presses("E-mail")
    await anna.says(NOUR)
    await proves(mailing)
    for words, stopped in (("/stop", True), ("Messages on again", False)):
        await (anna.says(words) if stopped else anna.presses(words))
        async with mailing.storage.reading() as tx:
            address = await tx.people.find(MAILED, NOUR)
        assert address is not None
        assert address.stopped is stopped
    await anna.says("/stop", "/settings")
    await anna.presses("Turn e-mail on again")
    async with mailing.storage.reading() as tx:
        address = await tx.people.find(MAILED, NOUR)
    assert address is not None
    assert not address.stopped


async def test_answers_go_by_mail_and_what_is_edited_again_and_again_stays_in_the_chat(
    tmp_path: Path,
) -> None:
    mails = Phones()
    mails.name = MAILED
    rules = Rules(mail_is_set_up=True)
    async with bot_at_work(tmp_path, None, rules, None, mails) as bot:
        anna = bot.person()
        await anna.says("/start")
        await anna.presses("English", "I agree")
        await anna.says("/settings")
        await anna.presses("E-mail")
        await anna.says(NOUR)
        await proves(bot)
        person = (await person_of(bot)).id
        reply = Reply((text("saved"),))
        told = [Told(person, reply), Told(person, reply, slot="count", sent=lambda id: None)]
        async with bot.storage.transaction() as tx:
            channels = {each.id: each.channel for each in await tx.people.addresses(person)}
            rows = await drafts_for_others(
                bot.receiver.house,
                tx,
                bot.office,
                told,
                bot.calendar.now,
                count(1).__next__,
            )
        assert [channels[row.address] for row in rows] == [MAILED, "web"]
