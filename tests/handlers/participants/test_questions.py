"""Questions and ideas: asked, listed, changed, withdrawn, and not too many at once."""

from __future__ import annotations

from datetime import timedelta

from storage.asking.asked import AskedQuestion
from tests.handlers.chatting import Bot, Chat
from tests.safety.seen import word


async def questions_of(bot: Bot, account: str = "anna") -> list[AskedQuestion]:
    """What the person behind an account has asked."""
    async with bot.storage.reading() as tx:
        address = await tx.people.find("web", account)
        assert address is not None
        return await tx.questions.of(address.person)


async def ask(anna: Chat, words: str) -> None:
    """Ask about the first webinar."""
    await anna.says("/ask", words)
    await anna.presses("Webinar virus", "Question", "Confirm")


async def test_a_question_is_received(bot: Bot, anna: Chat) -> None:
    await ask(anna, "How do we protect workers?")
    assert "Received" in anna.text
    (kept,) = await questions_of(bot)
    assert (kept.text, kept.webinar, kept.kind) == (
        "How do we protect workers?",
        "virus",
        "question",
    )
    assert kept.anonymous


async def test_a_question_is_in_the_language_that_it_is_written_in(bot: Bot, anna: Chat) -> None:
    await ask(anna, "متى تفتح المدارس؟")
    (kept,) = await questions_of(bot)
    assert kept.language == "ar", "although she reads English"
    await anna.says("/questions", "1")
    await anna.presses("Change it")
    await anna.says("When do the schools open?")
    (kept,) = await questions_of(bot)
    assert kept.language == "en"


async def test_a_text_out_of_the_blue_is_offered_as_a_question(bot: Bot, anna: Chat) -> None:
    await anna.says("How do we protect workers?")
    assert "as a question?" in anna.text
    await anna.presses("Yes, as a question", "series as a whole", "Idea", "Confirm")
    (kept,) = await questions_of(bot)
    assert (kept.text, kept.webinar, kept.kind) == ("How do we protect workers?", None, "idea")


async def test_the_list_shows_states_and_leads_to_each(anna: Chat) -> None:
    await anna.says("/questions")
    assert "You have not sent a question yet" in anna.text
    await ask(anna, "First?")
    await ask(anna, "Second?")
    said = await anna.says("/questions")
    assert said.index("Second?") < said.index("First?")
    assert "received" in said
    assert "First?" in await anna.says("2")


async def test_a_question_can_be_changed_and_withdrawn(bot: Bot, anna: Chat) -> None:
    await ask(anna, "Frist?")
    await anna.says("/questions")
    await anna.presses("Frist?", "Change it")
    await anna.says("First?")
    assert "was changed" in anna.text
    assert [kept.text for kept in await questions_of(bot)] == ["First?"]
    await anna.presses("Withdraw")
    assert [kept.state for kept in await questions_of(bot)] == ["withdrawn"]


async def test_editing_the_message_edits_the_question(bot: Bot, anna: Chat) -> None:
    await anna.says("/ask")
    await anna.takes(text="Frist?", message="77")
    await anna.presses("Webinar virus", "Question", "Confirm")
    await anna.takes(text="First?", message="77", edited=True)
    assert "was changed" in anna.text
    assert [kept.text for kept in await questions_of(bot)] == ["First?"]


async def test_editing_the_message_before_it_is_sent_edits_the_answer(bot: Bot, anna: Chat) -> None:
    await anna.says("/ask")
    await anna.takes(text="Frist?", message="77")
    await anna.presses("Webinar virus")
    await anna.takes(text="First?", message="77", edited=True)
    await anna.presses("Question", "Confirm")
    assert [kept.text for kept in await questions_of(bot)] == ["First?"]


async def test_too_long_a_text_can_be_sent_in_two(bot: Bot, anna: Chat) -> None:
    long = "What about the workers in the markets? " * 40
    await anna.says("/ask", long)
    assert "characters" in anna.text
    await anna.presses("Send in two parts", "Webinar virus", "Question", "Confirm")
    kept = await questions_of(bot)
    assert len(kept) == 2
    assert all(len(each.text) <= 1000 for each in kept)
    words = " ".join(each.text for each in reversed(kept))
    assert " ".join(words.split()) == " ".join(long.split())


async def test_too_long_a_text_can_be_cut(bot: Bot, anna: Chat) -> None:
    await anna.says("/ask", "What about the workers? " * 200)
    assert "Send in two parts" not in anna.labels
    await anna.says("cut it")
    await anna.presses("Webinar virus", "Question", "Confirm")
    (kept,) = await questions_of(bot)
    assert 900 < len(kept.text) <= 1000


async def test_one_question_does_not_become_two_by_being_changed(bot: Bot, anna: Chat) -> None:
    await ask(anna, "Frist?")
    await anna.says("/questions")
    await anna.presses("Frist?", "Change it")
    await anna.says("What about the workers in the markets? " * 40)
    assert "Send in two parts" not in anna.labels
    await anna.says("cut it")
    (kept,) = await questions_of(bot)
    assert 900 < len(kept.text) <= 1000


async def test_a_message_edited_into_too_long_a_one_can_be_cut(bot: Bot, anna: Chat) -> None:
    await anna.says("/ask")
    await anna.takes(text="Frist?", message="77")
    await anna.presses("Webinar virus", "Question", "Confirm")
    await anna.takes(text="What about the workers? " * 200, message="77", edited=True)
    assert [kept.text for kept in await questions_of(bot)] == ["Frist?"]
    await anna.says("cut it")
    (kept,) = await questions_of(bot)
    assert 900 < len(kept.text) <= 1000


async def test_a_sixth_question_within_ten_minutes_is_refused_kindly(bot: Bot, anna: Chat) -> None:
    for number in range(5):
        await ask(anna, f"Question {number}?")
    await anna.says("/ask")
    assert "so that everybody gets a turn" in anna.text
    assert word("ask-kept") not in anna.text, "nothing was written yet"
    assert len(await questions_of(bot)) == 5
    await anna.says("A sixth?")
    await anna.presses("Yes, as a question")
    assert word("ask-kept") in anna.text
    bot.calendar.passes(timedelta(minutes=10))
    await anna.presses("Send it now", "Webinar virus", "Question", "Confirm")
    assert (await questions_of(bot))[0].text == "A sixth?"


async def test_with_a_nickname_one_may_ask_by_it(bot: Bot, anna: Chat) -> None:
    await anna.says("/register", "Nour", "Baghdad", "1", "skip", "confirm")
    await anna.says("/ask", "How?")
    await anna.presses("Webinar virus", "Question", "With my nickname", "Confirm")
    assert not (await questions_of(bot))[0].anonymous


async def test_a_question_in_registration_is_sent_with_it(bot: Bot, anna: Chat) -> None:
    await anna.says("/register", "skip", "Baghdad", "1", "How do we protect workers?")
    await anna.presses("Webinar virus", "Question", "Confirm")
    assert "Saved" in anna.text
    assert "Received" in anna.text
    assert len(await questions_of(bot)) == 1


async def test_the_message_with_the_new_words_is_the_question_s_from_then_on(
    bot: Bot, anna: Chat
) -> None:
    await ask(anna, "Frist?")
    await anna.says("/questions")
    await anna.presses("Frist?", "Change it")
    await anna.takes(text="Fisrt?", message="88")
    await anna.takes(text="First?", message="88", edited=True)
    assert [kept.text for kept in await questions_of(bot)] == ["First?"]


async def test_a_text_that_was_cut_is_not_changed_by_editing_an_older_message(
    bot: Bot, anna: Chat
) -> None:
    await anna.says("/ask")
    await anna.takes(text="First?", message="77")
    await anna.says("/back", "What about the workers? " * 200)
    await anna.presses("Cut it")
    await anna.takes(text="Second?", message="77", edited=True)
    await anna.presses("Webinar virus", "Question", "Confirm")
    (kept,) = await questions_of(bot)
    assert kept.text.startswith("What about the workers?")


async def test_none_of_ones_questions_is_out_of_sight(bot: Bot, anna: Chat) -> None:
    for number in range(12):
        await ask(anna, f"Question {number:02}?")
        bot.calendar.passes(timedelta(minutes=3))
    said = await anna.says("/questions")
    assert "Question 02?" in said
    assert "Question 01?" not in said
    said = await anna.presses("Earlier ones")
    assert "Question 01?" in said
    assert "Question 00?" in await anna.says("2")
    await anna.presses_value("go:qs:9")
    assert "Question 11?" in anna.text
