"""Questions by mail: who has agreed asks at once; of who has not, nothing is kept before."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dialogue.incoming import Mailed
from handlers.house import Rules
from handlers.mail.strangers import A_DAY, AN_HOUR, Strangers
from handlers.mail.tickets import LASTING, ticket, ticket_in
from handlers.participants import privacy
from storage.asking.intake import Taking
from tests.handlers.chatting import NOW, Bot, Phones, both
from tests.handlers.chatting import webinar as programmed
from tests.handlers.mail.writers import QUESTION, Writer, bot_with_mail, floods
from tests.safety.people import newcomer
from tests.safety.rows import everything
from tests.safety.seen import LANGUAGES, says

DAY = timedelta(days=1)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncGenerator[Bot]:
    async with bot_with_mail(tmp_path) as bot:
        yield bot


@pytest.fixture
def stranger(bot: Bot) -> Writer:
    return Writer(bot)


@pytest.fixture
async def layla(bot: Bot) -> Writer:
    """Somebody who has asked by mail before."""
    layla = Writer(bot)
    await layla.writes("May I ask by mail?")
    await layla.agrees("May I ask by mail?")
    return layla


# --- who has not agreed -------------------------------------------------------------------------


async def test_a_stranger_gets_a_link_in_both_languages_and_nothing_is_kept(
    stranger: Writer, tmp_path: Path
) -> None:
    before = everything(tmp_path / "data" / "tadamun.db")
    text = await stranger.writes("كيف تُحمى الممرضات؟", subject="سؤال")
    assert everything(tmp_path / "data" / "tadamun.db") == before
    assert all(says(text, "mail-question-asks", language) for language in LANGUAGES)
    assert [link[-8:] for link in stranger.links] == ["?lang=ar", "?lang=en"]
    assert stranger.ticket().account == stranger.account
    assert stranger.ticket().lies_at == "7.1"


async def test_the_button_keeps_consent_and_question_and_the_receipt_comes_once(
    stranger: Writer,
) -> None:
    await stranger.writes()
    text = await stranger.agrees(language="ar")
    assert says(text, "mail-question-received", "ar")
    (question,) = await stranger.questions()
    assert (question.text, question.webinar, question.anonymous) == (QUESTION, "virus", True)
    assert question.language == "en", "as it is written, whatever its asker reads"
    address = await stranger.address()
    assert address is not None
    async with stranger.bot.storage.reading() as tx:
        (consent,) = await tx.people.consents(address.person)
        person = await tx.people.get(address.person)
    expected = privacy.consent(stranger.bot.receiver.house, "ar")
    assert (consent.version, consent.hash, consent.language, consent.channel) == (
        expected.version,
        expected.hash,
        "ar",
        "email",
    )
    assert person is not None
    assert (person.language, person.notice) == ("ar", expected.version)
    mails = len(stranger.mails)
    await stranger.agrees(language="ar")
    assert len(await stranger.questions()) == 1
    assert len(stranger.mails) == mails


async def test_the_same_mail_is_answered_once_although_it_is_fetched_again(
    stranger: Writer,
) -> None:
    await stranger.writes(id="1")
    await stranger.writes(id="1")
    assert len(stranger.mails) == 1


async def test_of_a_thousand_mails_of_a_stranger_three_a_day_are_answered(
    stranger: Writer,
) -> None:
    await floods(stranger, 1000)
    assert len(stranger.mails) == A_DAY
    await stranger.writes(later=timedelta(hours=23))
    assert len(stranger.mails) == A_DAY
    await stranger.writes(later=timedelta(hours=2))
    assert len(stranger.mails) == A_DAY + 1


def test_whoever_forges_many_senders_has_us_write_to_few() -> None:
    strangers = Strangers()
    asked = [strangers.may_be_asked(f"{n}@example.net", "1", NOW) for n in range(2 * AN_HOUR)]
    assert sum(asked) == AN_HOUR
    assert strangers.may_be_asked("0@example.net", "1", NOW)
    assert strangers.may_be_asked("new@example.net", "1", NOW + timedelta(hours=1))


@pytest.mark.parametrize("words", ["", "STOP", "/forget", "/help"])
async def test_a_stranger_who_asks_nothing_gets_no_link(stranger: Writer, words: str) -> None:
    await stranger.writes(words)
    assert stranger.mails == []


def test_a_link_is_good_for_a_day_and_for_what_was_sealed_in_it() -> None:
    good = ticket("layla@example.net", NOW, "7.12")
    assert ticket_in(str(good), NOW + LASTING - timedelta(seconds=1)) == good
    assert ticket_in(str(good), NOW + LASTING) is None
    for words in (None, "", "x", "1 2", "²  a", f"-{good}"):
        assert ticket_in(words, NOW) is None


# --- who has agreed -----------------------------------------------------------------------------


async def test_who_has_agreed_asks_at_once_for_what_is_next(layla: Writer) -> None:
    text = await layla.writes()
    assert says(text, "mail-question-received")
    assert "Webinar virus" in text
    assert [each.webinar for each in await layla.questions()] == ["virus", "virus"]
    assert QUESTION not in text


@pytest.mark.parametrize(
    ("mail", "webinar"),
    [
        (Mailed(aim="w-small"), "small"),
        (Mailed(subject="Re: Webinar work begins tomorrow"), "work"),
        (Mailed(subject="رد: نُدوة past"), "past"),
        (Mailed(aim="w-work", subject="Webinar small"), "work"),
        (Mailed(subject="Re: Tomorrow, 18:00: A long way from here to t…"), "long"),
        (Mailed(subject="Re: Tomorrow, 18:00: A long way…"), "virus"),
        (Mailed(aim="w-off"), "virus"),
        (Mailed(aim="w-nothing", subject="Webinar smaller"), "virus"),
    ],
)
async def test_address_and_subject_name_the_webinar(
    layla: Writer, mail: Mailed, webinar: str
) -> None:
    titled = both("A long way from here to there", "طريق طويل من هنا إلى هناك")
    async with layla.bot.storage.transaction() as tx:
        await tx.webinars.put(programmed("long", 14, title=titled))
    await layla.sends(QUESTION, mail)
    assert (await layla.questions())[0].webinar == webinar


async def test_moderators_see_that_it_came_by_mail_and_not_from_whom(layla: Writer) -> None:
    async with layla.bot.storage.reading() as tx:
        (seen,) = await tx.moderation.changed_since("virus", 0)
    assert seen.source == "mail"
    assert layla.account not in repr(seen)


async def test_of_a_thousand_mails_five_are_taken_and_few_are_answered(layla: Writer) -> None:
    layla.bot.calendar.passes(DAY)
    before = len(layla.mails)
    await floods(layla, 1000)
    limits = Rules()
    assert len(await layla.questions()) == 1 + limits.questions_per_window
    assert len(layla.mails) - before == limits.messages_per_minute + 1
    assert says(layla.text, "too-fast")


async def test_an_empty_and_an_endless_mail_are_answered_and_not_taken(layla: Writer) -> None:
    assert says(await layla.writes(""), "mail-empty")
    assert says(await layla.writes("a question? " * 600), "mail-too-long")
    assert len(await layla.questions()) == 1


async def test_where_nothing_is_taken_the_mail_says_why(layla: Writer) -> None:
    async with layla.bot.storage.transaction() as tx:
        await tx.intake.set("virus", Taking(paused=True))
    text = await layla.writes()
    assert says(text, "ask-paused")
    assert says(text, "mail-not-taken")
    assert not says(text, "ask-kept"), "it lies in no chat"
    assert len(await layla.questions()) == 1


async def test_a_mail_in_somebody_elses_name_waits_for_the_button(layla: Writer) -> None:
    text = await layla.sends(QUESTION, Mailed("7.2", doubtful=True))
    assert says(text, "mail-question-asks")
    assert len(await layla.questions()) == 1
    await layla.agrees()
    assert len(await layla.questions()) == 2


async def test_what_somebody_else_may_have_sent_is_obeyed_by_a_link_alone(layla: Writer) -> None:
    layla.bot.calendar.passes(DAY)
    forged = Mailed("7.2", doubtful=True)
    assert says(await layla.sends("STOP", forged), "mail-stop")
    assert layla.links == ["https://tadamun.example.org/mail/stop/layla%40example.net"]
    assert says(await layla.sends("/forget", forged), "mail-forget")
    assert layla.ticket().account == layla.account
    assert says(await layla.sends("/mydata", forged), "mydata")
    address = await layla.address()
    assert address is not None
    assert not address.stopped
    assert len(await layla.questions()) == 1
    # Whoever forges senders could have us write to people without end.
    answered = len(layla.mails)
    await layla.sends("STOP", forged)
    assert len(layla.mails) == answered


async def test_a_changed_notice_is_agreed_to_first(layla: Writer) -> None:
    bot = layla.bot
    bot.receiver.house = replace(
        bot.receiver.house, rules=replace(bot.receiver.house.rules, retention_days=31)
    )
    assert says(await layla.writes(), "mail-question-asks")
    assert len(await layla.questions()) == 1
    await layla.agrees()
    assert len(await layla.questions()) == 2
    address = await layla.address()
    assert address is not None
    async with bot.storage.reading() as tx:
        assert len(await tx.people.consents(address.person)) == 2
    assert says(await layla.writes("Another one?"), "mail-question-received")


# --- the few words that are obeyed --------------------------------------------------------------


@pytest.mark.parametrize("words", ["STOP", "إيقاف", "/stop"])
async def test_stop_ends_all_that_is_sent_unasked(layla: Writer, words: str) -> None:
    assert says(await layla.writes(words), "mail-stopped")
    address = await layla.address()
    assert address is not None
    async with layla.bot.storage.reading() as tx:
        person = await tx.people.get(address.person)
    assert person is not None
    assert (address.stopped, person.announcements, person.reminders) == (True, False, False)
    assert len(await layla.questions()) == 1
    assert says(await layla.writes(), "mail-question-received")


async def test_stop_by_mail_leaves_other_chats_as_they_are(tmp_path: Path) -> None:
    async with bot_with_mail(tmp_path, None, Phones()) as bot:
        await newcomer(bot.on("web"), "nour")
        layla = Writer(bot)
        async with bot.storage.reading() as tx:
            web = await tx.people.find("web", "nour")
        assert web is not None
        async with bot.storage.transaction() as tx:
            await tx.proofs.want(web.person, layla.account, bot.calendar.now, 3)
            (waiting,) = await tx.proofs.waiting(bot.calendar.now)
            token = await tx.proofs.begin(waiting.id, bot.calendar.now)
            assert await tx.proofs.redeem(token or "", bot.calendar.now)
        await layla.writes("STOP")
        address = await layla.address()
        async with bot.storage.reading() as tx:
            person = await tx.people.get(web.person)
        assert address is not None
        assert person is not None
        assert (address.stopped, person.announcements, person.reminders) == (True, True, True)


async def test_mydata_and_privacy_come_by_mail_without_buttons(layla: Writer) -> None:
    text = await layla.writes("/mydata")
    assert says(text, "mydata")
    assert layla.mails[-1].rows == ()
    text = await layla.writes("/privacy")
    assert says(text, "notice-mailbox")
    assert layla.mails[-1].rows == ()


async def test_the_words_that_a_receipt_names_in_arabic_are_obeyed(layla: Writer) -> None:
    assert says(await layla.writes("«بياناتي»"), "mydata")
    assert says(await layla.writes("حذف بياناتي"), "mail-forget")


async def test_forget_sends_a_link_and_its_button_erases_everything(
    layla: Writer, tmp_path: Path
) -> None:
    assert says(await layla.writes("/forget"), "mail-forget")
    assert await layla.address() is not None
    assert layla.ticket().account == layla.account
    assert "/mail/forget/" in layla.links[0]
    await layla.sends("", Mailed(erases=True), "pressed")
    assert says(layla.text, "forgotten")
    assert await layla.address() is None
    await layla.bot.storage.scrub()
    rows = everything(tmp_path / "data" / "tadamun.db")
    for table in ("people", "addresses", "address_keys", "consents", "questions", "outbox"):
        assert rows[table] == [], table
    mails = len(layla.mails)
    await layla.sends("", Mailed(erases=True), "pressed once more")
    assert len(layla.mails) == mails
