"""The interpreters' desk on the phone: one text after the other, and nothing unread goes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import locales
from channels import Limits
from dialogue.fold import LONGEST_TEXT
from dialogue.stages import Stage
from dialogue.words import Text
from locales import Languages
from storage.asking.texts import Translated
from storage.roles import Role
from tests.handlers.chatting import Bot, Chat, Phones, bot_at_work
from tests.handlers.interpreting.interpreters import approves, drafted, interpreter, wanted, writes
from tests.handlers.moderating.moderators import all_of, asker, does, moderator, views
from tests.handlers.organising import said
from tests.handlers.staff.team import becomes
from tests.safety.seen import LANGUAGES, all_text, shows, word

MASKS = "Do masks help?"
KAMAMAT = "هل تفيد الكمامات؟"
WORK = "Who pays the workers?"


@pytest.fixture
async def mona(bot: Bot) -> Chat:
    """Somebody who moderates and speaks English."""
    return await moderator(bot)


async def translated(bot: Bot) -> list[str]:
    """What interpreters have approved, of all questions."""
    async with bot.storage.reading() as tx:
        ids = [each.id for each in await tx.moderation.changed_since("virus", 0)]
        found: list[Translated] = await tx.texts.approved(ids)
    return [each.text for each in found]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_approved_question_is_translated_in_a_few_taps(
    bot: Bot, mona: Chat, language: str
) -> None:
    ines = await interpreter(bot, language=language)
    await asker(bot, MASKS, WORK)
    await ines.says("/interpret")
    assert shows(ines, "interpret-none", language)
    await approves(mona)
    await ines.says(word("btn-interpret", language))
    target, source = (Text(f"language-{code}") for code in ("ar", "en"))
    title = {"en": "Webinar virus", "ar": "ندوة virus"}[language]
    head = said("interpret-question", language, webinar=title, source=source, target=target)
    assert head in ines.text
    assert MASKS in ines.text
    assert not shows(ines, "interpret-others", language)
    await ines.presses(word("btn-in-own", language))
    assert said("ask-interpret", language, language=target) in ines.text
    await ines.says(KAMAMAT)
    assert shows(ines, "summary-interpret", language)
    assert await translated(bot) == []
    await ines.presses(word("btn-confirm", language))
    assert shows(ines, "interpreted", language)
    assert shows(ines, "interpret-none", language)
    assert await translated(bot) == [KAMAMAT]


async def test_nobody_translates_what_no_moderator_has_approved(bot: Bot, mona: Chat) -> None:
    ines = await interpreter(bot)
    anna = await asker(bot, MASKS)
    await ines.says("/interpret")
    assert MASKS not in all_text(ines)
    await approves(mona)
    await ines.says("/interpret")
    assert MASKS in ines.text
    # The asker takes it back while it lies there.
    await anna.says("/questions", "1")
    await anna.presses(word("btn-withdraw"))
    await ines.presses(word("btn-in-own"))
    assert shows(ines, "interpret-gone")
    assert shows(ines, "interpret-none")
    assert await wanted(bot) == []


async def test_a_draft_is_taken_with_one_tap_and_only_the_one_that_was_read(
    bot: Bot, mona: Chat
) -> None:
    ines = await interpreter(bot)
    await asker(bot, MASKS)
    await approves(mona)
    await drafted(bot, "هل تساعد الأقنعة؟")
    await ines.says("/interpret")
    assert said("interpret-draft", draft="هل تساعد الأقنعة؟") in ines.text
    _, take = ines.button(word("btn-in-take"))
    await drafted(bot, KAMAMAT)
    await ines.presses_value(take)
    assert shows(ines, "interpret-changed")
    assert await translated(bot) == []
    await ines.presses(word("btn-in-take"))
    assert shows(ines, "interpreted")
    assert await translated(bot) == [KAMAMAT]


async def test_what_a_moderator_edits_meanwhile_is_shown_anew_and_no_word_is_lost(
    bot: Bot, mona: Chat
) -> None:
    ines = await interpreter(bot)
    await asker(bot, MASKS)
    await approves(mona)
    await ines.says("/interpret")
    await ines.presses(word("btn-in-own"))
    await ines.says(KAMAMAT)
    await views(mona, "approved")
    await does(mona, "edit")
    await mona.says("Do masks help children?")
    await ines.presses(word("btn-confirm"))
    assert shows(ines, "interpret-changed")
    assert "Do masks help children?" in ines.text
    assert said("interpret-yours", words=KAMAMAT) in ines.text
    assert await translated(bot) == []


async def test_two_interpreters_do_not_translate_the_same_text(bot: Bot, mona: Chat) -> None:
    ines, omar = await interpreter(bot), await interpreter(bot, "omar")
    await asker(bot, MASKS, WORK)
    for _ in range(2):
        await approves(mona)
    await ines.says("/interpret")
    assert said("interpret-others", number=1) in ines.text
    await omar.says("/interpret")
    mine, theirs = (MASKS, WORK) if MASKS in ines.text else (WORK, MASKS)
    assert mine in ines.text
    assert theirs in omar.text
    _, own = ines.button(word("btn-in-own"))
    await omar.presses_value(own)
    # By their role, never by their name.
    assert said("interpret-taken", role=Text("role-interpreter")) in omar.text
    await ines.presses(word("btn-in-stop"))
    assert shows(ines, "interpret-stopped")
    await omar.presses_value(own)
    assert mine in omar.text


async def test_what_was_taken_for_five_minutes_may_be_anothers(bot: Bot, mona: Chat) -> None:
    ines, omar = await interpreter(bot), await interpreter(bot, "omar")
    await asker(bot, MASKS)
    await approves(mona)
    await ines.says("/interpret")
    await ines.presses(word("btn-in-own"))
    await ines.says(KAMAMAT)
    await omar.says("/interpret")
    assert shows(omar, "interpret-none")
    bot.calendar.passes(timedelta(minutes=5))
    await omar.says("/interpret")
    assert MASKS in omar.text
    await ines.presses(word("btn-confirm"))
    assert said("interpret-taken", role=Text("role-interpreter")) in ines.text
    assert said("interpret-yours", words=KAMAMAT) in ines.text
    assert await translated(bot) == []


async def test_what_is_passed_over_comes_again_with_the_next_look(bot: Bot, mona: Chat) -> None:
    ines = await interpreter(bot)
    await asker(bot, MASKS)
    await approves(mona)
    await ines.says("/interpret")
    await ines.presses(word("btn-next-one"))
    assert shows(ines, "interpret-through")
    await ines.presses(word("btn-interpret"))
    assert MASKS in ines.text


async def test_a_slip_is_put_right_by_whoever_made_it(bot: Bot, mona: Chat) -> None:
    ines = await interpreter(bot)
    await asker(bot, MASKS)
    await approves(mona)
    await ines.says("/interpret")
    await writes(ines, "هل تفيد الكمامت؟")
    await ines.presses(word("btn-in-fix"))
    assert said("interpret-approved", words="هل تفيد الكمامت؟") in ines.text
    await writes(ines, KAMAMAT)
    assert await translated(bot) == [KAMAMAT]


async def test_cancelling_leads_back_to_the_text(bot: Bot, mona: Chat) -> None:
    ines = await interpreter(bot)
    await asker(bot, MASKS)
    await approves(mona)
    await ines.says("/interpret")
    await ines.presses(word("btn-in-own"))
    await ines.says("x" * (LONGEST_TEXT + 1))
    assert shows(ines, "interpret-too-long")
    await ines.says("/cancel")
    assert shows(ines, "cancelled")
    assert MASKS in ines.text
    assert await translated(bot) == []


async def test_what_was_heard_in_the_session_is_translated_as_well(bot: Bot, mona: Chat) -> None:
    ines = await interpreter(bot)
    await mona.says("/moderate")
    await mona.presses_value("go:mo:virus")
    await does(mona, "heard")
    await mona.says(KAMAMAT)
    await ines.says("/interpret")
    assert KAMAMAT in ines.text
    (text,) = await wanted(bot)
    assert (text.original_language, text.language) == ("ar", "en")


async def test_what_somebody_wrote_in_the_other_language_is_put_into_their_own(
    bot: Bot, mona: Chat
) -> None:
    await asker(bot, MASKS, account="omar", language="ar")
    await approves(mona)
    (text,) = await wanted(bot)
    assert (text.original_language, text.language) == ("en", "ar")


async def test_a_moderator_reads_what_was_translated_into_their_language(
    bot: Bot, mona: Chat
) -> None:
    omar = await moderator(bot, "omar", "ar")
    ines = await interpreter(bot)
    await asker(bot, MASKS)
    await approves(mona)
    await ines.says("/interpret")
    await writes(ines, KAMAMAT)
    await views(mona, "approved")
    assert MASKS in mona.text
    assert KAMAMAT not in mona.text, "she reads it as it was asked"
    await mona.says("/moderate")
    await views(omar, "approved")
    assert said("moderate-translated", "ar", words=KAMAMAT) in omar.text
    assert MASKS in omar.text


async def test_nothing_is_said_of_who_asked(bot: Bot, mona: Chat) -> None:
    ines = await interpreter(bot)
    anna = await asker(bot)
    await anna.says("/register", "Nourhan")
    await anna.says("/cancel", "/ask", MASKS)
    await anna.presses("Webinar virus", word("btn-question"), word("btn-confirm"))
    await approves(mona)
    await ines.says("/interpret")
    (question,) = (await all_of(bot)).values()
    assert MASKS in ines.text
    assert question.asker not in ines.text
    assert "Nourhan" not in all_text(ines)


async def test_what_is_put_now_is_needed_first(bot: Bot, mona: Chat) -> None:
    ines = await interpreter(bot)
    await asker(bot, MASKS, WORK)
    await approves(mona)
    (first,) = await wanted(bot)
    await approves(mona, "put")
    await ines.says("/interpret")
    other = {MASKS: WORK, WORK: MASKS}[first.original]
    assert other in ines.text


async def test_moderators_may_help_and_speakers_may_not(bot: Bot) -> None:
    mona = await moderator(bot)
    speaker = await moderator(bot, "sami", role=Role.SPEAKER)
    await asker(bot, MASKS)
    await approves(mona)
    await mona.says("/interpret")
    assert MASKS in mona.text
    await speaker.says("/interpret")
    assert MASKS not in all_text(speaker)


async def test_of_three_languages_one_chooses_those_that_one_knows(
    bot: Bot, tmp_path: Path
) -> None:
    house = bot.receiver.house
    bot.receiver.house = replace(house, languages=with_italian(tmp_path))
    ines, mona = await interpreter(bot), await moderator(bot)
    await asker(bot, MASKS)
    await approves(mona)
    await ines.says("/interpret")
    assert shows(ines, "ask-interpret-languages")
    await ines.presses("Arabic", word("btn-done"))
    assert shows(ines, "interpret-two-languages")
    await ines.presses("Italian", "Arabic", word("btn-done"))
    # It is English, and not for them.
    assert shows(ines, "interpret-none")
    await ines.presses(word("btn-in-languages"), "English", "Arabic", word("btn-done"))
    assert MASKS in ines.text
    # It is asked once.
    await ines.says("/menu", "/interpret")
    assert MASKS in ines.text


def with_italian(folder: Path) -> Languages:
    """A community that speaks a third language, in the words of the second one."""
    for code in ("ar", "en", "it"):
        source = Path(locales.__file__).parent / ("ar" if code == "ar" else "en") / NAME
        words = source.read_text("utf-8").replace("Language: en", f"Language: {code}")
        names = "\n".join(f'msgid "{key}"\nmsgstr "Italian"\n' for key in ITALIAN)
        (folder / code / NAME).parent.mkdir(parents=True)
        (folder / code / NAME).write_text(f"{words}\n{names}", "utf-8")
    return Languages.load(("ar", "en", "it"), "Asia/Baghdad", folder)


NAME = Path("LC_MESSAGES", "tadamun.po")
ITALIAN = ("language-it", "language-own-it")


async def test_whoever_works_sees_how_many_wait(bot: Bot, mona: Chat) -> None:
    ines = await interpreter(bot)
    await ines.says("/interpret")
    before = ines.last
    await asker(bot, MASKS, WORK)
    await approves(mona)
    bot.office.look()
    await bot.quiet("ines")
    assert ines.last > before
    assert ines.text == said("interpret-waiting", number=1)
    count = ines.last
    bot.calendar.passes(timedelta(seconds=-60))
    await approves(mona)
    bot.calendar.passes(timedelta(seconds=10))
    bot.office.look()
    await bot.quiet("ines")
    assert (ines.last, ines.text) == (count, said("interpret-waiting", number=2))
    await ines.presses(word("btn-in-look"))
    assert MASKS in ines.text or WORK in ines.text
    await ines.presses(word("btn-in-stop"))
    await asker(bot, "Another?", account="zoe")
    last = ines.last
    await approves(mona)
    bot.office.look()
    await bot.quiet("ines")
    assert ines.last == last


async def test_whoever_is_no_interpreter_any_more_hears_of_nothing(bot: Bot, mona: Chat) -> None:
    ines = await interpreter(bot)
    await ines.says("/interpret")
    await becomes(ines, None)
    last = ines.last
    await asker(bot, MASKS)
    await approves(mona)
    bot.office.look()
    await bot.quiet("ines")
    assert ines.last == last
    assert Stage.APPROVED in {each.stage for each in (await all_of(bot)).values()}


class WhatsApp(Phones):
    """A platform where nothing that was said can be changed, and texts are short."""

    name = "whatsapp"
    limits = Limits(text_units=1600, per_second=1000, chat_burst=100, chat_seconds=0.0, edits=False)


async def test_where_nothing_can_be_edited_it_goes_by_numbers_as_well(tmp_path: Path) -> None:
    async with bot_at_work(tmp_path, phones=WhatsApp()) as bot:
        ines, mona = await interpreter(bot), await moderator(bot)
        await ines.says("/interpret")
        long = f"{MASKS} {'x' * 900}"
        await asker(bot, long)
        await approves(mona)
        await drafted(bot, f"{KAMAMAT} {'x' * 900}")
        bot.office.look()
        await bot.quiet("ines")
        assert ines.text == said("interpret-waiting", number=1)
        await ines.says("/interpret")
        # In two messages, with the buttons under the last one.
        assert long in all_text(ines)
        assert said("interpret-draft", draft="")[:20] in all_text(ines)
        assert word("btn-in-take") in ines.labels
        await ines.says("2", KAMAMAT)
        assert shows(ines, "summary-interpret")
        await ines.says("1")
        assert shows(ines, "interpreted")
        assert await translated(bot) == [KAMAMAT]
