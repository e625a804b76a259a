"""Experts answer the digest by mail: proposals, of which moderators make answers or nothing."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from channels import Unreachable
from dialogue.fold import utf16_length
from dialogue.incoming import Mailed, TryAgain
from dialogue.stages import Stage
from handlers.house import Rules
from handlers.wording import to_many
from storage.asking.proposals import Proposal
from storage.roles import Role
from tests.handlers.chatting import Bot, Chat, bot_at_work, plain
from tests.handlers.digest.test_digest import (
    HUDA,
    Mails,
    agrees,
    approves,
    guest,
    mails,
    opens,
    proves,
    settled,
)
from tests.handlers.mail.writers import Writer
from tests.handlers.moderating.moderators import all_of, asker, moderator
from tests.handlers.moderating.test_counter import counted
from tests.handlers.moderating.test_counter import waiting as new
from tests.handlers.organising import said
from tests.handlers.receipts.test_receipts import hears
from tests.handlers.staff.team import becomes
from tests.safety.people import newcomer
from tests.safety.seen import says, shows, word

SARA = "sara@example.org"
MASKS = "Do masks help?"
YES = "Yes, if they are washed."


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncGenerator[Bot]:
    """The bot, which writes and reads mails."""
    rules = Rules(mail_is_set_up=True, mailbox_days=7)
    async with bot_at_work(tmp_path, None, rules, None, Mails()) as bot:
        bot.receiver.house = replace(bot.receiver.house, mail_link=a_link)
        yield bot


@pytest.fixture
async def mona(bot: Bot) -> Chat:
    """A moderator who has approved a question and had it sent to an expert's mail."""
    await asker(bot, MASKS)
    mona = await moderator(bot)
    await approves(bot, mona, MASKS)
    await becomes(await newcomer(bot, "sara", "en"), Role.SPEAKER)
    await proves(bot, bot.person("sara"), SARA)
    await mona.presses_value("go:di-send:virus:0")
    await settled(bot)
    return mona


def a_link(page: str, words: str) -> str:
    """Where strangers are led; nobody goes there."""
    return f"https://tadamun.example.org/mail/{page}/x"


def mark(bot: Bot, account: str = SARA) -> str:
    """What stands beside the question in the mail that came there."""
    found = re.search(r"\[#\d+\]", plain(mails(bot, account)[-1].text))
    assert found
    return found[0]


async def replies(bot: Bot, words: str, account: str = SARA) -> str:
    """Somebody answers the mail that came there; what comes back."""
    return await writer(bot, account).sends(words, Mailed("7.1", answers_ours=True))


def writer(bot: Bot, account: str = SARA) -> Writer:
    """Whoever writes from there."""
    return Writer(bot.on("email"), account, count=int(bot.calendar.now.timestamp()))


async def waiting(bot: Bot) -> list[Proposal]:
    """The answers that wait for a moderator."""
    async with bot.storage.reading() as tx:
        return await tx.proposals.of("virus")


async def test_the_mail_says_how_it_is_answered(bot: Bot, mona: Chat) -> None:
    (mail,) = mails(bot, SARA)
    assert says(plain(mail.text), "digest-reply")
    assert f"{MASKS} {mark(bot)}" in plain(mail.text).replace("\n", " ")


async def test_an_answer_by_mail_reaches_the_asker_once_a_moderator_takes_it(
    bot: Bot, mona: Chat
) -> None:
    said = await replies(bot, f"Dear all,\n{mark(bot)} {YES}")
    assert says(said, "proposals-kept")
    assert [each.text for each in await waiting(bot)] == [YES]
    await opens(mona)
    await mona.presses("Mail answers: 1")
    for words in (MASKS, YES):
        assert words in mona.text
    assert "sara" not in mona.text.lower()
    await mona.presses(word("btn-answer-private"))
    assert shows(mona, "moderated-private")
    assert shows(mona, "proposals-none")
    anna = bot.person("anna")
    await hears(anna)
    assert YES in anna.text
    question = (await all_of(bot))[MASKS]
    assert (question.stage, question.answer) == (Stage.ANSWERED, YES)
    assert await waiting(bot) == []


async def test_however_much_an_expert_writes_the_last_answer_is_kept_as_well(
    bot: Bot, mona: Chat
) -> None:
    said = await replies(bot, f"{'A long story. ' * 1000}\n{mark(bot)} {YES}")
    assert says(said, "proposals-kept")
    assert [each.text for each in await waiting(bot)] == [YES]


async def test_a_long_answer_fits_into_one_message_with_its_question(bot: Bot) -> None:
    words = " ".join(["Why?"] * 200)
    await asker(bot, words)
    mona = await moderator(bot)
    await approves(bot, mona, words)
    await becomes(await newcomer(bot, "sara", "en"), Role.SPEAKER)
    await proves(bot, bot.person("sara"), SARA)
    await mona.presses_value("go:di-send:virus:0")
    await settled(bot)
    await replies(bot, f"{mark(bot)} {'Because 👩‍👩‍👧. ' * 500}")
    await opens(mona)
    await mona.presses("Mail answers: 1", word("btn-answer-public"))
    async with bot.storage.reading() as tx:
        question = (await all_of(bot))[words]
        virus = await tx.webinars.get("virus")
        assert virus is not None
        reply = await to_many.answer(tx, virus, question.id)
    said = bot.receiver.house.languages.voice("en").render(reply).text
    # No platform splits what goes to many, and Telegram takes no more.
    assert 3000 < utf16_length(said) <= 4096


async def test_whoever_moderates_sees_that_answers_wait(bot: Bot, mona: Chat) -> None:
    await mona.says("/moderate")
    await mona.presses_value("go:mo:virus")
    assert not any("Mail answers" in label for label in mona.labels)
    await replies(bot, f"{mark(bot)} {YES}")
    await mona.presses_value("go:mo:virus")
    await mona.presses("Mail answers: 1")
    assert YES in mona.text


async def test_a_guest_answers_and_stays_a_stranger(bot: Bot, mona: Chat) -> None:
    ola = await moderator(bot, "ola", role=Role.ORGANISER)
    huda = await guest(bot, ola)
    answer = f"{mark(bot)} {YES}"
    assert not says(await replies(bot, answer, HUDA), "proposals-kept"), "not agreed yet"
    assert await waiting(bot) == []
    await agrees(bot, huda)
    assert says(await replies(bot, answer, HUDA), "proposals-kept")
    assert [each.text for each in await waiting(bot)] == [YES]
    async with bot.storage.reading() as tx:
        assert await tx.people.find("email", HUDA) is None


async def test_nobody_else_answers_for_the_experts(bot: Bot, mona: Chat) -> None:
    answer = f"{mark(bot)} {YES}"
    await replies(bot, answer, "anybody@example.net")
    ben = await newcomer(bot, "ben", "en")
    await proves(bot, ben, "ben@example.org")
    await replies(bot, answer, "ben@example.org")
    await becomes(bot.person("sara"), None)
    await replies(bot, answer, SARA)
    assert await waiting(bot) == []


@pytest.mark.parametrize("doubtful", [False, True])
async def test_nobody_answers_in_an_experts_name_but_they_themselves(
    bot: Bot, mona: Chat, doubtful: bool
) -> None:
    marked = mark(bot)
    await replies(bot, f"{marked} {YES}")
    sara = writer(bot)
    said = await sara.sends(f"{marked} No.", Mailed("7.2", doubtful=doubtful))
    assert says(said, "mail-answers-asks")
    assert not says(said, "mail-question-asks"), "they have asked nothing"
    assert [each.text for each in await waiting(bot)] == [YES], "nothing took its place"
    said = await sara.vouches(f"{marked} No.")
    assert says(said, "proposals-kept")
    assert [each.text for each in await waiting(bot)] == ["No."], "the button was theirs to press"
    assert len(await all_of(bot)) == 1, "it is no question"


async def test_a_guest_who_writes_anew_says_first_that_it_was_them(bot: Bot, mona: Chat) -> None:
    ola = await moderator(bot, "ola", role=Role.ORGANISER)
    await agrees(bot, await guest(bot, ola))
    huda = writer(bot, HUDA)
    await huda.sends(f"{mark(bot)} {YES}", Mailed("7.2"))
    assert await waiting(bot) == []
    await huda.vouches(f"{mark(bot)} {YES}")
    assert [each.text for each in await waiting(bot)] == [YES]
    assert await huda.address() is None, "they have answered, and stay a stranger"


async def test_a_guest_has_answered_even_if_no_mail_can_say_so(
    bot: Bot, mona: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    ola = await moderator(bot, "ola", role=Role.ORGANISER)
    await agrees(bot, await guest(bot, ola))
    huda, answer = writer(bot, HUDA), f"{mark(bot)} {YES}"

    async def away(*_: object) -> str:
        raise Unreachable("The mail server cannot be reached.")

    monkeypatch.setattr(huda.bot.phones, "send", away)
    # Taken again every minute, it would come back to moderators who had left it out.
    await huda.sends(answer, Mailed("7.2", answers_ours=True))
    await huda.vouches(answer)
    assert [each.text for each in await waiting(bot)] == [YES]
    with pytest.raises(TryAgain):
        await huda.sends(answer, Mailed("7.3"))


async def test_a_mail_without_marks_is_a_question_as_ever(bot: Bot, mona: Chat) -> None:
    said = await replies(bot, "When does it begin?")
    assert says(said, "mail-question-received")
    assert await waiting(bot) == []


async def test_what_a_moderator_leaves_out_is_erased(bot: Bot, mona: Chat) -> None:
    await replies(bot, f"{mark(bot)} {YES}")
    await opens(mona)
    await mona.presses("Mail answers: 1", word("btn-proposal-leave"))
    assert shows(mona, "proposal-left")
    assert await waiting(bot) == []
    assert (await all_of(bot))[MASKS].stage is Stage.APPROVED


async def test_of_two_moderators_one_takes_it(bot: Bot, mona: Chat) -> None:
    await replies(bot, f"{mark(bot)} {YES}")
    mila = await moderator(bot, "mila")
    for each in (mona, mila):
        await opens(each)
        await each.presses("Mail answers: 1")
    await mona.presses(word("btn-answer-private"))
    await mila.presses(word("btn-answer-public"))
    assert shows(mila, "proposals-gone")
    assert not (await all_of(bot))[MASKS].answer_public


async def test_what_another_moderator_has_in_hand_waits(bot: Bot, mona: Chat) -> None:
    await replies(bot, f"{mark(bot)} {YES}")
    question = (await all_of(bot))[MASKS]
    async with bot.storage.transaction() as tx:
        await tx.moderation.claim(question.id, 4711, bot.calendar.now)
    await opens(mona)
    await mona.presses("Mail answers: 1", word("btn-answer-private"))
    assert shows(mona, "moderate-taken")
    assert [each.text for each in await waiting(bot)] == [YES]


async def test_who_answers_no_more_is_asked_whether_it_shall_be_a_question(
    bot: Bot, mona: Chat
) -> None:
    words = f"{mark(bot)} {YES}"
    sara = writer(bot)
    await sara.sends(words, Mailed("7.2"))
    await becomes(bot.person("sara"), None)
    assert says(await sara.vouches(words), "mail-question-asks")
    assert await waiting(bot) == []
    assert len(await all_of(bot)) == 1


async def lines(mona: Chat) -> list[str]:
    """What the one message says that counts for a moderator."""
    (told,) = await counted(mona)
    return [line for line in told.splitlines() if line]


@pytest.mark.parametrize("by", ["speaker", "guest"])
async def test_moderators_at_work_are_told_at_once_and_see_what_is_left(
    bot: Bot, mona: Chat, by: str
) -> None:
    account = SARA
    if by == "guest":
        ola = await moderator(bot, "ola", role=Role.ORGANISER)
        await agrees(bot, await guest(bot, ola))
        account = HUDA
    await mona.says("/moderate")
    await mona.presses_value("go:mo:virus")
    assert await counted(mona) == []
    marked = mark(bot)
    await replies(bot, f"{marked} {YES}", account)
    assert await lines(mona) == [new(0), said("moderate-by-mail", number=1)]
    await mona.presses("Mail answers: 1")
    assert YES in mona.text
    await mona.presses(word("btn-proposal-leave"))
    assert await counted(mona) == [new(0)]
    await replies(bot, f"{marked} No.", account)
    assert await lines(mona) == [new(0), said("moderate-by-mail", number=1)]
    await mona.presses("Mail answers: 1", word("btn-answer-private"))
    assert await counted(mona) == [new(0)]


async def test_only_moderators_of_that_webinar_are_told(bot: Bot, mona: Chat) -> None:
    await mona.says("/moderate")
    await mona.presses_value("go:mo:work")
    await replies(bot, f"{mark(bot)} {YES}")
    assert await counted(mona) == []


@pytest.mark.parametrize("way", ["di-give", "di-leave"])
async def test_a_button_that_is_pressed_twice_counts_once(bot: Bot, mona: Chat, way: str) -> None:
    await replies(bot, f"{mark(bot)} {YES}")
    (proposal,) = await waiting(bot)
    value = f"go:{way}:{proposal.id:x}" + (":private" if way == "di-give" else "")
    await opens(mona)
    await mona.presses_value(value)
    question = (await all_of(bot))[MASKS]
    await mona.presses_value(value)
    assert shows(mona, "proposals-gone")
    assert (await all_of(bot))[MASKS] == question
