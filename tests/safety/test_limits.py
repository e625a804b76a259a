"""What a platform takes: texts, and what buttons carry, however long the names are."""

from __future__ import annotations

from dialogue.fold import utf16_length
from handlers.content import reading
from handlers.content.table import LONGEST
from handlers.desk import Desk
from storage.series.webinars import ExtraQuestion
from storage.turns import Arrival, Kept
from tests.handlers.chatting import Bot, Chat, both, webinar
from tests.hostile import FAMILY
from tests.safety.people import newcomer, taps
from tests.safety.seen import all_text, shows, word

LONG = 40
WIDE = "ن" * reading.LONGEST_TITLE


def longest(number: int) -> str:
    """An id as long as ids may be."""
    return f"{number}-".ljust(LONG, "x")


async def fills_the_programme(bot: Bot) -> None:
    """Eight webinars whose every word is as long as it may be."""
    prompt = "ما" * (reading.LONGEST_PROMPT // 2)
    values = tuple(
        (f"{n}-".ljust(reading.LONGEST_VALUE, "v"), both("v" * 24, "ن" * 24)) for n in range(8)
    )
    extra = (
        ExtraQuestion("k".ljust(reading.LONGEST_VALUE, "k"), both(prompt, prompt), values),
        ExtraQuestion("f".ljust(reading.LONGEST_VALUE, "f"), both(prompt, prompt)),
    )
    async with bot.storage.transaction() as tx:
        for number in range(8):
            await tx.webinars.put(
                webinar(
                    longest(number),
                    1,
                    title=both(f"{number} {WIDE}"[:80], f"{number} {WIDE}"[:80]),
                    description=both("و" * LONGEST, "و" * LONGEST),
                    questions=extra,
                )
            )


async def has_talked_for_years(bot: Bot, chat: Chat) -> None:
    """The numbers of the talks have as many digits as they can have."""
    async with bot.storage.transaction() as tx:
        address = await tx.people.find(bot.phones.name, chat.account)
        assert address is not None
        arrival = Arrival(address.channel, address.account, "long-ago")
        state = Desk(numbers=999_999_990).to_json()
        kept = Kept(arrival, person_id=address.person, state=state)
        await tx.turns.save([kept], bot.calendar.now)


async def test_the_longest_names_fit_every_screen_before_consent(bot: Bot, stranger: Chat) -> None:
    await fills_the_programme(bot)
    await stranger.opens(longest(0))
    await taps(stranger, "language-own-ar")
    for key in ("btn-read-more", "btn-no-thanks", "btn-webinars"):
        await stranger.says(word(key, "ar"))
    for number in range(8):
        await stranger.presses_value(f"pg:ar:{longest(number)}")


async def test_the_longest_names_fit_every_screen_afterwards(bot: Bot) -> None:
    await fills_the_programme(bot)
    anna = await newcomer(bot, "7000000002", "ar")
    await has_talked_for_years(bot, anna)
    await anna.says("/webinars")
    for number in range(8):
        await anna.presses_value(f"go:w:{longest(number)}")
        await anna.presses_value(f"go:ask:{longest(number)}")
        await anna.says("/cancel")


async def test_a_summary_of_the_longest_answers_is_split_and_confirmed(bot: Bot) -> None:
    await fills_the_programme(bot)
    anna = await newcomer(bot, "7000000002", "ar")
    await has_talked_for_years(bot, anna)
    await anna.says("/register", "n" * 40, "بغداد", word("btn-all-future", "ar"))
    while not shows(anna, "ask-question-too", "ar"):
        await anna.says("1" if len(anna.labels) > 4 else (FAMILY * 60)[:1000])
    await anna.says("و" * 1000)
    await anna.presses(longest_title(0))
    await anna.says(word("btn-question", "ar"), word("btn-anon", "ar"))
    whole = all_text(anna)
    assert utf16_length(whole) > 8000
    assert "و" * 1000 in "".join(whole.split())
    number, _ = anna.button(word("btn-confirm", "ar"))
    assert number == anna.last
    await anna.says(word("btn-confirm", "ar"))
    assert shows(anna, "saved", "ar")
    await anna.says("/mydata", "/questions", "1", word("btn-rewrite", "ar"), "anew")
    await anna.says("/settings", word("btn-zone", "ar"), "الأرجنتين", "/help", "/privacy")


def longest_title(number: int) -> str:
    return f"{number} {WIDE}"[:80]
