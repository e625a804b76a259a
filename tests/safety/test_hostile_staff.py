"""What nobody types or presses by mistake, where the staff may: kept as it is, or refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handlers.house import Rules
from handlers.interpreting import desk
from handlers.moderating import screen
from handlers.receiving import staff_routes
from storage.asking.moderation import Handled
from storage.broadcasting.broadcasts import Broadcast
from storage.roles import Role
from storage.series.webinars import Webinar
from tests.handlers.announcing.organisers import drafted
from tests.handlers.chatting import Bot, Chat, bot_at_work, webinar
from tests.handlers.organising import WAY_IN
from tests.handlers.staff.team import becomes, person_of
from tests.hostile import HOSTILE, HOSTILE_BUTTONS
from tests.safety.people import newcomer
from tests.safety.phones import StrictPhones
from tests.safety.seen import LANGUAGES

NEVER_KEPT = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
FIELDS = ("title-en", "about-ar", "speakers-en", "extras-ar", "length", "reminders")


async def organiser(bot: Bot) -> Chat:
    olga = await newcomer(bot, "7000000003")
    await becomes(olga, Role.ORGANISER)
    return olga


async def with_salma(bot: Bot) -> Webinar:
    one = webinar("salma", way_in=WAY_IN)
    async with bot.storage.transaction() as tx:
        await tx.webinars.put(one)
    return one


@pytest.fixture
async def olga(bot: Bot) -> Chat:
    """An organiser."""
    return await organiser(bot)


@pytest.fixture
async def salma(bot: Bot) -> Webinar:
    """A webinar of the programme, with a way in."""
    return await with_salma(bot)


async def kept(bot: Bot) -> Webinar:
    async with bot.storage.reading() as tx:
        found = await tx.webinars.get("salma")
    assert found is not None
    return found


def words_of(one: Webinar) -> list[str]:
    """Everything of it that somebody typed."""
    way = one.way_in
    localised = [one.title, one.description]
    localised += [each for speaker in one.speakers for each in (speaker.name, speaker.about)]
    localised += [q.prompt for q in one.questions]
    localised += [label for q in one.questions for _, label in q.choices]
    told = [words for each in localised for words in each.by_language.values()]
    return told + ([way.link, way.dial_in, way.passcode] if way else [])


async def shown_to_all(bot: Bot, anna: Chat) -> None:
    """Participants look at it, and organisers see what they see."""
    for language in LANGUAGES:
        await anna.presses_value(f"go:lang:{language}")
        await anna.presses_value("go:w:salma")


@pytest.mark.parametrize("field", FIELDS)
async def test_a_field_of_a_webinar_takes_or_refuses_them(
    bot: Bot, olga: Chat, anna: Chat, salma: Webinar, field: str
) -> None:
    for text in HOSTILE:
        await olga.presses_value(f"go:wf:{field}:salma")
        await olga.says(text)
        assert [ascii(w) for w in words_of(await kept(bot)) if NEVER_KEPT.search(w)] == []
        await olga.presses_value("go:cancel")
    await shown_to_all(bot, anna)
    assert (await kept(bot)).starts_at == salma.starts_at


async def test_the_way_in_takes_or_refuses_them(
    bot: Bot, olga: Chat, anna: Chat, salma: Webinar
) -> None:
    async with bot.storage.transaction() as tx:
        address = await tx.people.find(bot.phones.name, anna.account)
        assert address is not None
        await tx.registrations.put(address.person, "salma", {}, bot.calendar.now)
    for key in ("link", "phone", "passcode"):
        for text in HOSTILE:
            await olga.presses_value("go:wi:salma")
            await olga.presses(*(label for label in olga.labels if "dit" in label))
            await olga.presses_value(_of_talk(olga, f"!to:{key}"))
            await olga.says(text)
            await olga.presses(*(label for label in olga.labels if label == "Confirm"))
            assert [ascii(w) for w in words_of(await kept(bot)) if NEVER_KEPT.search(w)] == []
            await olga.presses_value("go:cancel")
    bot.calendar.now = salma.starts_at
    await shown_to_all(bot, anna)


def _of_talk(chat: Chat, move: str) -> str:
    """A button of the talk on the screen."""
    values = [button.value for row in chat.screen[chat.last].rows for button in row]
    talk = next((found[1] for v in values if (found := re.match(r"([a-z]\d+):", v))), "w0")
    return f"{talk}:{move}"


@pytest.mark.parametrize("way", ["wm:salma", "wg:salma", "unew", "wnew", "an-new"])
async def test_a_form_takes_or_refuses_them_all_the_way(
    bot: Bot, olga: Chat, phones: StrictPhones, salma: Webinar, way: str
) -> None:
    for text in HOSTILE:
        await olga.presses_value(f"go:{way}")
        for _ in range(3):
            done = len(phones.acts)
            await olga.says(text)
            assert len(phones.acts) > done or not text.strip(), ascii(text)
        await olga.presses_value("go:cancel")
    assert await kept(bot) == salma


async def test_an_announcement_says_them_or_refuses_them(bot: Bot, olga: Chat, anna: Chat) -> None:
    made = await drafted(olga)
    for text in HOSTILE:
        for key in ("t-en", "when"):
            await olga.presses_value(f"go:an-edit:{made.id}:{key}")
            await olga.says(text)
            await olga.presses_value("go:cancel")
        await olga.presses_value(f"go:an-send:{made.id}")
        await olga.says(text)
        assert [ascii(w) for w in await said(bot, made) if NEVER_KEPT.search(w)] == []


async def said(bot: Bot, made: Broadcast) -> list[str]:
    """The words of the announcement as they are kept."""
    async with bot.storage.reading() as tx:
        found = await tx.broadcasts.get(made.id)
    assert found is not None
    return list(found.content["texts"].values())


async def noted(bot: Bot, olga: Chat) -> Handled:
    """A question that was heard in the session."""
    async with bot.storage.transaction() as tx:
        person = await person_of(olga)
        return await tx.moderation.type_in("salma", "Why?", "en", person, bot.calendar.now)


async def wanted(bot: Bot, heard: Handled) -> str:
    """How buttons name the text that this question is wanted in."""
    async with bot.storage.transaction() as tx:
        await tx.texts.want(heard.id, "question", "ar")
        texts = await tx.texts.listed("salma", ["ar", "en"], 99)
    return next(desk.name(each) for each in texts if each.question == heard.id)


async def test_moderators_words_are_kept_clean_or_refused(
    bot: Bot, olga: Chat, phones: StrictPhones, salma: Webinar
) -> None:
    await olga.presses_value("go:mo:salma")
    for text in HOSTILE:
        for way in ("edit", "answer"):
            heard = await noted(bot, olga)
            done = len(phones.acts)
            await olga.presses_value(f"go:mo-{way}:{screen.name(heard)}")
            await olga.says(text)
            assert len(phones.acts) > done + 1 or not text.strip(), ascii(text)
            await olga.says("confirm")
            await olga.presses_value("go:cancel")
    async with bot.storage.reading() as tx:
        every = await tx.moderation.changed_since("salma", 0)
    words = [w for each in every for w in (each.text, each.original, each.answer, each.reason) if w]
    assert [ascii(w) for w in words if NEVER_KEPT.search(w)] == []
    assert len(words) > len(every)


async def test_translations_are_kept_clean_or_refused(
    bot: Bot, olga: Chat, phones: StrictPhones, salma: Webinar
) -> None:
    named = await wanted(bot, await noted(bot, olga))
    number = int(named.partition(":")[0], 16)
    words = ""
    for text in HOSTILE:
        done = len(phones.acts)
        await olga.presses_value(f"go:in-own:{named}")
        await olga.says(text)
        assert len(phones.acts) > done + 1 or not text.strip(), ascii(text)
        await olga.says("confirm")
        await olga.presses_value("go:cancel")
        async with bot.storage.reading() as tx:
            kept = await tx.texts.get(number)
        assert kept is not None
        words = kept.text or ""
        assert not NEVER_KEPT.search(words), ascii(text)
    assert words


VALUES = (
    *("", "x", "::", "1:2:3:4", "x:salma", "1:salma", "ffffffffffffffff:salma", "at:salma"),
    *("9223372036854775808", "-1", "²", "٣", "\ud83d", "\0", "xx:salma", "1:ffffffff:salma"),
    *("0:1-2-3", "1:99-99-99", "Owner"),
)


async def test_every_way_of_the_staff_answers_whatever_its_button_carries(
    bot: Bot, phones: StrictPhones, salma: Webinar
) -> None:
    olga = await newcomer(bot, "7000000003")
    await becomes(olga, Role.OWNER)
    made = await drafted(olga)
    for name in staff_routes.WAYS:
        for value in (*VALUES, str(made.id), f"{made.id}:x", f"{made.id}:0:{'0' * 16}"):
            done = len(phones.acts)
            await olga.presses_value(f"go:{name}:{value}")
            assert len(phones.acts) > done, (name, ascii(value))


async def test_every_form_of_the_staff_answers_whatever_its_button_carries(
    tmp_path: Path, phones: StrictPhones
) -> None:
    rules = Rules(mail_is_set_up=True)
    async with bot_at_work(tmp_path, rules=rules, phones=phones) as bot:
        await _answers_in_every_form(bot, await organiser(bot), await with_salma(bot))
    assert phones.violations == []


async def _answers_in_every_form(bot: Bot, olga: Chat, salma: Webinar) -> None:
    made = await drafted(olga)
    heard = await noted(bot, olga)
    opening = {
        "i": "go:mo-heard:",
        "j": f"go:mo-answer:{screen.name(heard)}",
        "n": "go:wnew",
        "f": "go:wf:at:salma",
        "w": "go:wi:salma",
        "m": "go:wm:salma",
        "y": "go:wg:salma",
        "b": "go:an-new",
        "k": f"go:an-send:{made.id}",
        "u": "go:unew",
        "t": f"go:in-own:{await wanted(bot, heard)}",
        "l": "go:in-languages:",
        "g": "go:di-add:salma",
    }
    assert set(opening) == {each.code for each in staff_routes.CONVERSATIONS}
    moves = [value.partition(":")[2] for value in HOSTILE_BUTTONS if value.startswith("r1:")]
    moves += ["at:x", "at:!", "who:x", "w:x", "t-en:x", "p-en:photo:1", "n:1", "@id:1", "@mark:x"]
    await olga.presses_value("go:mo:salma")
    for code, way in opening.items():
        for move in moves:
            await olga.presses_value(way)
            number = re.match(rf"{code}(\d+):", _of_talk(olga, ""))
            await olga.presses_value(f"{code}{number[1] if number else 1}:{move}")
        await olga.presses_value("go:cancel")
    assert await kept(bot) == salma
