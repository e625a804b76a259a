"""The experts' digest in the chat: what is ready, who gets it, and that it leaves once."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from channels import NO_SLIP, Limits, Slip
from dialogue.stages import Stage
from dialogue.words import Act, Message
from handlers.house import Rules
from storage.asking.guest import Guest, Wanted
from storage.asking.moderation import Handled
from storage.community.people import Profile
from storage.roles import Role
from tests.handlers.chatting import NOW, Bot, Chat, Phones, bot_at_work, plain
from tests.handlers.moderating.moderators import all_of, asker, moderator
from tests.handlers.organising import put
from tests.handlers.staff.team import becomes, person_of
from tests.safety.people import newcomer
from tests.safety.seen import LANGUAGES, says, shows, word

HUDA = "huda.nasser@hospital.example"
CANARY = "Canarina"
VIRUS = "virus"


class Mails(Phones):
    """A mail server: what each address has got."""

    name = "email"
    limits = Limits(
        text_units=100_000, per_second=1000, chat_burst=100, chat_seconds=0.0, edits=False
    )

    async def send(
        self, account: str, act: Act, target: str | None, message: Message, slip: Slip = NO_SLIP
    ) -> str:
        """Nothing but new mails goes there."""
        assert act is Act.SEND
        return await super().send(account, act, target, message, slip)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncGenerator[Bot]:
    """The bot, with mail set up."""
    mails, rules = Mails(), Rules(mail_is_set_up=True)
    async with bot_at_work(tmp_path, None, rules, None, mails) as bot:
        yield bot


async def approves(bot: Bot, mona: Chat, *words: str, stage: Stage = Stage.APPROVED) -> None:
    """A moderator has let these through."""
    member = await person_of(mona)
    known = await all_of(bot)
    ways = [Stage.APPROVED, Stage.QUEUED, Stage.LIVE, Stage.ANSWERED]
    async with bot.storage.transaction() as tx:
        for each in words:
            await tx.moderation.claim(known[each].id, member, bot.calendar.now)
            for step in ways[: ways.index(stage) + 1]:
                assert await tx.moderation.move(known[each].id, member, step, bot.calendar.now)


async def translates(bot: Bot, question: Handled, language: str, words: str) -> None:
    """An interpreter has approved this."""
    async with bot.storage.transaction() as tx:
        wanted = await tx.texts.want(question.id, "question", language)
        assert wanted is not None
        assert await tx.texts.approve(wanted, 1, words, bot.calendar.now)


async def opens(mona: Chat, webinar: str = VIRUS) -> str:
    """The digest of a webinar, by the way that a phone shows."""
    await mona.says("/moderate")
    await mona.presses_value(f"go:mo:{webinar}")
    await mona.presses(word("btn-digest"))
    return mona.text


async def guest(bot: Bot, ola: Chat, account: str = HUDA, language: str = "English") -> Guest:
    """An organiser names an address."""
    await opens(ola)
    await ola.presses(word("btn-digest-guests"), word("btn-guest-add"))
    await ola.says(account)
    await ola.presses(language)
    assert shows(ola, "guest-asked")
    await bot.on("email").quiet(account)
    return (await guests(bot))[-1]


async def guests(bot: Bot, webinar: str = VIRUS) -> list[Guest]:
    """All that were named."""
    async with bot.storage.reading() as tx:
        return await tx.guests.of(webinar)


async def agrees(bot: Bot, who: Guest) -> None:
    """They press yes on their page."""
    async with bot.storage.transaction() as tx:
        assert await tx.guests.agree(tx.guests.link(who), bot.calendar.now)


async def proves(bot: Bot, chat: Chat, account: str) -> None:
    """Somebody on the team proves an address of theirs."""
    async with bot.storage.transaction() as tx:
        assert await tx.proofs.want(await person_of(chat), account, bot.calendar.now)
        (proof,) = await tx.proofs.waiting(bot.calendar.now)
        token = await tx.proofs.begin(proof.id, bot.calendar.now)
        assert token is not None
        assert await tx.proofs.redeem(token, bot.calendar.now)


def mails(bot: Bot, account: str) -> list[Message]:
    """What came there."""
    return list(bot.on("email").phones.screens[account].values())


async def settled(bot: Bot) -> None:
    """Everything that is due has left."""
    bot.office.look()
    for each in (bot, bot.on("email")):
        await each.quiet("nobody")


# --- what there is ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_moderator_sees_what_is_ready_and_who_gets_it(bot: Bot, language: str) -> None:
    await asker(bot, "Do masks help?", "What of schools?")
    mona = await moderator(bot, language=language)
    await mona.presses_value("go:di:virus")
    assert shows(mona, "digest-none", language)
    await approves(bot, mona, "Do masks help?")
    sara = await newcomer(bot, "sara", "en")
    await becomes(sara, Role.SPEAKER)
    await mona.presses_value("go:di:virus")
    assert "Webinar virus" in mona.text or "ندوة virus" in mona.text
    for key in ("digest-ready", "digest-by-mail", "digest-in-chat", "digest-by-itself"):
        assert says(mona.text, key, language), key
    assert says(mona.text, "digest-missing-in", language)


async def test_the_addresses_are_for_organisers_alone(bot: Bot) -> None:
    mona = await moderator(bot)
    await opens(mona)
    assert word("btn-digest-guests") not in mona.labels
    ola = await moderator(bot, "ola", role=Role.ORGANISER)
    await opens(ola)
    assert word("btn-digest-guests") in ola.labels


async def test_without_mail_nothing_is_said_of_mail(tmp_path: Path) -> None:
    async with bot_at_work(tmp_path) as bot:
        ola = await moderator(bot, role=Role.ORGANISER)
        await opens(ola)
        assert word("btn-digest-guests") not in ola.labels
        assert not says(ola.text, "digest-by-mail")
        await ola.presses_value("go:di-add:virus")
        assert not shows(ola, "ask-guest")


async def test_a_speaker_opens_the_page_and_sends_nothing(bot: Bot) -> None:
    sara = await newcomer(bot, "sara", "en")
    await becomes(sara, Role.SPEAKER)
    await sara.says("/board")
    await sara.presses("Webinar virus", word("btn-digest-page"))
    assert shows(sara, "digest-page")
    assert "https://tadamun.example.org/board/digest/" in sara.text
    await sara.presses_value("go:di:virus")
    assert shows(sara, "stale")


# --- sending ------------------------------------------------------------------------------------


async def test_the_experts_get_it_in_their_language_by_mail_or_in_their_chat(bot: Bot) -> None:
    await asker(bot, "Do masks help?")
    mona = await moderator(bot)
    await approves(bot, mona, "Do masks help?")
    question = (await all_of(bot))["Do masks help?"]
    await translates(bot, question, "ar", "هل تفيد الكمامات؟")
    sara, samir = await newcomer(bot, "sara", "ar"), await newcomer(bot, "samir", "en")
    for each in (sara, samir):
        await becomes(each, Role.SPEAKER)
    await proves(bot, sara, "sara@example.org")
    await opens(mona)
    await mona.presses(word("btn-digest-send"))
    assert says(mona.text, "digest-leaves")
    await settled(bot)
    (mail,) = mails(bot, "sara@example.org")
    assert mail.language == "ar"
    assert "هل تفيد الكمامات؟" in plain(mail.text)
    assert "Do masks help?" not in mail.text
    assert not shows(sara, "digest-told")
    assert says(samir.text, "digest-told")
    await samir.presses(word("btn-digest-page"))
    assert shows(samir, "digest-page")


async def test_the_mail_ranks_the_questions_and_says_what_is_not_translated(bot: Bot) -> None:
    anna = await asker(bot, "First?", "Wanted?", "Not yet?")
    mona = await moderator(bot, language="ar")
    await approves(bot, mona, "First?", "Wanted?")
    wanted = (await all_of(bot))["Wanted?"]
    await translates(bot, wanted, "ar", "المطلوب؟")
    ben = await newcomer(bot, "ben", "en")
    async with bot.storage.transaction() as tx:
        assert await tx.support.add(wanted.id, await person_of(ben))
    sara = await newcomer(bot, "sara", "ar")
    await becomes(sara, Role.SPEAKER)
    await proves(bot, sara, "sara@example.org")
    await mona.presses_value("go:di-send:virus:0")
    await settled(bot)
    (mail,) = mails(bot, "sara@example.org")
    said = plain(mail.text)
    assert said.index("1. المطلوب؟") < said.index("2. First?")
    assert "نص مترجم" in said.split("2. First?")[0]
    assert "لم يُترجم بعد" in said.split("2. First?")[1]
    assert "Not yet?" not in said
    assert anna.account not in said


async def test_ideas_come_with_the_questions_and_are_not_to_be_answered(bot: Bot) -> None:
    await asker(bot, "First?")
    anna = await newcomer(bot, "ben", "en")
    await anna.says("/ask", "Plant trees.")
    await anna.presses("Webinar virus", word("btn-idea"), word("btn-confirm"))
    mona = await moderator(bot)
    await approves(bot, mona, "First?", "Plant trees.")
    sara = await newcomer(bot, "sara", "en")
    await becomes(sara, Role.SPEAKER)
    await proves(bot, sara, "sara@example.org")
    await mona.presses_value("go:di-send:virus:0")
    await settled(bot)
    (mail,) = mails(bot, "sara@example.org")
    ideas = plain(mail.text).split(word("digest-ideas"))[1]
    assert "1. Plant trees." in ideas
    assert "[#" not in ideas.split("\n\n")[0]


async def test_nothing_that_an_asker_wrote_can_be_pressed(bot: Bot) -> None:
    await asker(bot, "See https://еvil.example/x ?")
    mona = await moderator(bot)
    await approves(bot, mona, "See https://еvil.example/x ?")
    sara = await newcomer(bot, "sara", "en")
    await becomes(sara, Role.SPEAKER)
    await proves(bot, sara, "sara@example.org")
    await mona.presses_value("go:di-send:virus:0")
    await settled(bot)
    (mail,) = mails(bot, "sara@example.org")
    assert "https: //xn--vil-qdd.example/x" in mail.text
    assert "https://xn" not in mail.text


async def test_no_words_turn_those_beside_them_round(bot: Bot) -> None:
    mona = await moderator(bot)
    async with bot.storage.transaction() as tx:
        await tx.moderation.type_in(VIRUS, "\u202etxt.exe \u2067", "en", 1, bot.calendar.now)
    sara = await newcomer(bot, "sara", "en")
    await becomes(sara, Role.SPEAKER)
    await proves(bot, sara, "sara@example.org")
    await mona.presses_value("go:di-send:virus:0")
    await settled(bot)
    (mail,) = mails(bot, "sara@example.org")
    assert "\u202e" not in mail.text
    opened = sum(mail.text.count(mark) for mark in "\u2066\u2067\u2068")
    assert opened == mail.text.count("\u2069")


async def test_no_mail_and_no_word_tells_who_asked(bot: Bot) -> None:
    anna, words = await newcomer(bot, "anna-canary", "en"), "Who is safe?"
    async with bot.storage.transaction() as tx:
        person = await tx.people.get(await person_of(anna))
        assert person is not None
        named = replace(person, profile=Profile(CANARY, "BA"))
        await tx.people.update(named, bot.calendar.now)
        await tx.questions.add(
            person.id, VIRUS, "question", words, False, "en", None, bot.calendar.now
        )
    mona = await moderator(bot)
    await approves(bot, mona, words)
    known = (await all_of(bot))[words]
    assert known.nickname == CANARY
    sara, samir = await newcomer(bot, "sara", "en"), await newcomer(bot, "samir", "en")
    for each in (sara, samir):
        await becomes(each, Role.SPEAKER)
    await proves(bot, sara, "sara@example.org")
    await mona.presses_value("go:di-send:virus:0")
    await settled(bot)
    read = [message.text for message in mails(bot, "sara@example.org")] + [samir.text]
    for needle in (CANARY, "anna-canary", known.asker, word("governorate-BA"), str(known.id)):
        assert needle not in "\n".join(read), needle


async def test_what_was_sent_is_not_sent_by_an_older_button(bot: Bot) -> None:
    await asker(bot, "Do masks help?")
    mona, mila = await moderator(bot), await moderator(bot, "mila")
    await approves(bot, mona, "Do masks help?")
    sara = await newcomer(bot, "sara", "en")
    await becomes(sara, Role.SPEAKER)
    await proves(bot, sara, "sara@example.org")
    for each in (mona, mila):
        await opens(each)
    await mona.presses(word("btn-digest-send"))
    await mila.presses(word("btn-digest-send"))
    assert shows(mila, "digest-was-sent")
    assert says(mila.text, "digest-sent")
    await settled(bot)
    assert len(mails(bot, "sara@example.org")) == 1
    # Whoever sees that may send it again.
    await mila.presses(word("btn-digest-send"))
    await settled(bot)
    assert len(mails(bot, "sara@example.org")) == 2


async def test_a_button_from_before_something_else_is_noted_as_no_sending(bot: Bot) -> None:
    await asker(bot, "Do masks help?")
    mona = await moderator(bot)
    await approves(bot, mona, "Do masks help?")
    sara = await newcomer(bot, "sara", "en")
    await becomes(sara, Role.SPEAKER)
    await proves(bot, sara, "sara@example.org")
    await mona.presses_value("go:di-send:virus:1")
    assert shows(mona, "stale")
    assert not says(mona.text, "digest-sent")
    await mona.presses(word("btn-digest-send"))
    await settled(bot)
    assert len(mails(bot, "sara@example.org")) == 1


async def test_with_nobody_to_send_it_to_nothing_is_noted_as_sent(bot: Bot) -> None:
    await asker(bot, "Do masks help?")
    mona = await moderator(bot)
    await mona.presses_value("go:di-send:virus:0")
    assert shows(mona, "digest-none")
    await approves(bot, mona, "Do masks help?")
    await mona.presses_value("go:di-send:virus:0")
    assert shows(mona, "digest-nobody")
    assert not says(mona.text, "digest-sent")


async def test_afterwards_the_staff_hears_how_it_went(bot: Bot) -> None:
    await put(bot, "virus", starts_at=NOW + timedelta(hours=1))
    await asker(bot, "Do masks help?", "What of schools?")
    mona, ola = await moderator(bot), await moderator(bot, "ola", role=Role.ORGANISER)
    await approves(bot, mona, "Do masks help?", stage=Stage.ANSWERED)
    await approves(bot, mona, "What of schools?")
    sara = await newcomer(bot, "sara", "en")
    await becomes(sara, Role.SPEAKER)
    await proves(bot, sara, "sara@example.org")
    bot.calendar.passes(timedelta(hours=4))
    await mona.presses_value("go:di:virus")
    assert says(mona.text, "digest-of-after")
    await mona.presses(word("btn-digest-send"))
    await settled(bot)
    assert says(ola.text, "digest-after")
    assert f"{word('digest-answered')}: 1" in ola.text
    (mail,) = mails(bot, "sara@example.org")
    said = plain(mail.text)
    assert said.index("1. Do masks help?") < said.index("1. What of schools?")


# --- addresses of guests ------------------------------------------------------------------------


async def test_an_address_is_asked_before_anything_else_goes_there(bot: Bot) -> None:
    await asker(bot, "Do masks help?")
    ola = await moderator(bot, "ola", role=Role.ORGANISER)
    await approves(bot, ola, "Do masks help?")
    huda = await guest(bot, ola, language="Arabic")
    (mail,) = mails(bot, HUDA)
    assert mail.language == "ar"
    assert "Do masks help?" not in mail.text
    links = [button.url for row in mail.rows for button in row]
    assert [str(link).rpartition("/mail/guest/")[0] for link in links] == [
        "https://tadamun.example.org"
    ] * 2
    await opens(ola)
    assert says(ola.text, "digest-asked")
    await ola.presses(word("btn-digest-send"))
    assert shows(ola, "digest-nobody")
    await agrees(bot, huda)
    await opens(ola)
    await ola.presses(word("btn-digest-send"))
    await settled(bot)
    _, digest = mails(bot, HUDA)
    assert "Do masks help?" in digest.text
    assert [button.url for row in digest.rows for button in row] == links[1:]


async def test_the_list_shows_addresses_to_be_known_again_and_no_more(bot: Bot) -> None:
    ola = await moderator(bot, "ola", role=Role.ORGANISER)
    huda = await guest(bot, ola)
    assert "h…@hospital.example" in ola.text
    assert HUDA not in ola.text
    assert says(ola.text, "guest-is-asked")
    await ola.presses("Remove 1")
    assert shows(ola, "guest-removed")
    assert await guests(bot) == []
    async with bot.storage.transaction() as tx:
        assert await tx.guests.agree(tx.guests.link(huda), bot.calendar.now) is None


async def test_whoever_refused_is_not_asked_again(bot: Bot) -> None:
    ola = await moderator(bot, "ola", role=Role.ORGANISER)
    huda = await guest(bot, ola)
    async with bot.storage.transaction() as tx:
        assert await tx.guests.refuse(tx.guests.link(huda))
    await opens(ola)
    await ola.presses(word("btn-digest-guests"))
    assert says(ola.text, "guest-is-refused")
    assert not any(label.startswith("Remove") for label in ola.labels)
    await ola.presses(word("btn-guest-add"))
    await ola.says(HUDA)
    await ola.presses("English")
    assert shows(ola, "guest-not-asked")
    await settled(bot)
    assert len(mails(bot, HUDA)) == 1
    assert [each.wanted for each in await guests(bot)] == [Wanted.REFUSED]


async def test_what_is_no_address_is_asked_again(bot: Bot) -> None:
    ola = await moderator(bot, "ola", role=Role.ORGANISER)
    await opens(ola)
    await ola.presses(word("btn-digest-guests"), word("btn-guest-add"))
    for nonsense in ("huda", "@hospital", f"{HUDA}\nBcc: other@example.org"):
        await ola.says(nonsense)
        assert not shows(ola, "ask-guest-language"), nonsense
    await ola.says("/cancel")
    assert shows(ola, "guests-none")
    assert await guests(bot) == []
