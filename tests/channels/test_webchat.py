"""The web chat's channel: where letters go, who is woken, and what memory forgets."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from channels import TargetGone
from channels.webbells import Crowded
from channels.webchat import Letter, WebChat
from channels.webmemory import Bounds, HeldLetter, OwnWords
from dialogue.words import Act, File, Message

START = datetime(2026, 4, 3, 16, 30, tzinfo=UTC)
HOUR = datetime(2026, 4, 3, 16, tzinfo=UTC)
FIRST = int(HOUR.timestamp() * 1000) + 1


class Clock:
    """A clock that a test winds."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


class Box:
    """The stored mailbox of whoever agreed."""

    def __init__(self) -> None:
        self.agreed = False
        self.letters: list[HeldLetter] = []

    async def append(
        self, account: str, act: Act, target: int | None, message: Message, above: int
    ) -> int | None:
        """As the protocol says."""
        if not self.agreed:
            return None
        number = max(above, self.letters[-1].number if self.letters else 0) + 1
        self.letters.append(HeldLetter(number, act, target, message))
        return number

    async def after(self, account: str, number: int) -> Sequence[Letter]:
        """As the protocol says."""
        return [letter for letter in self.letters if letter.number > number]

    async def acknowledge(self, account: str, number: int) -> None:
        """As the protocol says."""


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def box() -> Box:
    """A person who has not agreed yet."""
    return Box()


@pytest.fixture
def chat(box: Box, clock: Clock) -> WebChat:
    """The channel."""
    return WebChat(box, clock)


def said(words: str) -> Message:
    """A message of these words alone."""
    return Message(words)


async def texts(chat: WebChat, account: str = "a", number: int = 0) -> list[str]:
    """What the account's letters say."""
    return [letter.message.text for letter in await chat.after(account, number)]


async def test_before_consent_letters_stay_in_memory(chat: WebChat, box: Box) -> None:
    await chat.send("a", Act.SEND, None, said("hello"))
    assert await texts(chat) == ["hello"]
    assert box.letters == []
    assert await texts(chat, "b") == []


async def test_numbers_start_from_the_hour_and_rise(chat: WebChat) -> None:
    numbers = [await chat.send("a", Act.SEND, None, said("x")) for _ in range(3)]
    assert numbers == [str(FIRST), str(FIRST + 1), str(FIRST + 2)]


async def test_consent_goes_on_counting_where_memory_was(chat: WebChat, box: Box) -> None:
    await chat.send("a", Act.SEND, None, said("greeting"))
    box.agreed = True
    number = await chat.send("a", Act.SEND, None, said("first question"))
    assert number == str(FIRST + 1)
    assert await texts(chat) == ["greeting", "first question"]
    assert await texts(chat, number=FIRST) == ["first question"]


async def test_an_edit_keeps_the_number_of_what_it_edits(chat: WebChat) -> None:
    sent = await chat.send("a", Act.SEND, None, said("before"))
    assert await chat.send("a", Act.EDIT, sent, said("after")) == sent
    assert await chat.send("a", Act.EDIT, sent, said("at last")) == sent
    assert await texts(chat) == ["at last"]


async def test_a_deletion_leaves_nothing_of_its_target_in_memory(chat: WebChat) -> None:
    sent = await chat.send("a", Act.SEND, None, said("secret"))
    await chat.send("a", Act.DELETE, sent, Message())
    assert [letter.act for letter in await chat.after("a", 0)] == [Act.DELETE]
    assert await texts(chat) == [""]


@pytest.mark.parametrize("act", [Act.EDIT, Act.STRIP, Act.DELETE])
@pytest.mark.parametrize("target", [None, "", "x", "-1", "²"])
async def test_what_changes_no_message_of_ours_is_refused(
    chat: WebChat, act: Act, target: str | None
) -> None:
    with pytest.raises(TargetGone):
        await chat.send("a", act, target, Message())


async def test_an_erased_person_starts_anew_with_higher_numbers(chat: WebChat, box: Box) -> None:
    box.agreed = True
    last = int(await chat.send("a", Act.SEND, None, said("kept")))
    chat.echo("a", OwnWords("id", last, "my words"))
    box.agreed, box.letters = False, []
    goodbye = int(await chat.send("a", Act.SEND, None, said("erased")))
    assert goodbye > last
    assert chat.erased_until("a") == last
    assert chat.own_words("a") == ()
    assert await texts(chat) == ["erased"]


async def test_what_a_page_has_seen_is_never_counted_again(chat: WebChat) -> None:
    await chat.acknowledge("a", FIRST + 500)
    assert await chat.send("a", Act.SEND, None, said("after a restart")) == str(FIRST + 501)


async def test_memory_forgets_after_an_hour(chat: WebChat, clock: Clock) -> None:
    await chat.send("a", Act.SEND, None, said("hello"))
    chat.echo("a", OwnWords("id", 0, "words"))
    chat.note_taken("a", "id")
    clock.time += timedelta(hours=1)
    assert await texts(chat) == ["hello"]
    clock.time += timedelta(seconds=1)
    assert await texts(chat) == []
    assert chat.own_words("a") == ()
    assert not chat.was_taken("a", "id")


async def test_memory_keeps_the_latest_of_everything(box: Box, clock: Clock) -> None:
    chat = WebChat(box, clock, Bounds(accounts=2, letters=3, own=2, taken=2))
    for count in range(5):
        await chat.send("a", Act.SEND, None, said(str(count)))
        chat.echo("a", OwnWords(str(count), 0, str(count)))
        chat.note_taken("a", str(count))
    assert await texts(chat) == ["2", "3", "4"]
    assert [words.text for words in chat.own_words("a")] == ["3", "4"]
    assert [chat.was_taken("a", str(count)) for count in range(5)] == [False] * 3 + [True] * 2
    for account in ("b", "c"):
        await chat.send(account, Act.SEND, None, said("x"))
    assert await texts(chat, "a") == []
    assert await texts(chat, "b") == ["x"]


async def test_memory_is_bounded_in_size(box: Box, clock: Clock) -> None:
    chat = WebChat(box, clock, Bounds(size=1_000))
    large = Message("x" * 300, file=File("data", b"y" * 300))
    for account in ("a", "b"):
        await chat.send(account, Act.SEND, None, large)
    assert await texts(chat, "a") == []
    assert await texts(chat, "b") == ["x" * 300]


async def test_a_bell_rings_for_its_account_alone(chat: WebChat) -> None:
    with chat.bells.listen("a") as bell, chat.bells.listen("b") as other:
        await chat.send("a", Act.SEND, None, said("hello"))
        assert await bell.wait(60)
        assert not await other.wait(0)
        assert not await bell.wait(0)


async def test_waiting_is_woken_by_what_comes(chat: WebChat) -> None:
    with chat.bells.listen("a") as bell:
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(bell.wait(60))
            tasks.create_task(chat.send("a", Act.SEND, None, said("hello")))
        assert waiting.result()


async def test_the_newest_pages_displace_the_oldest(chat: WebChat) -> None:
    with chat.bells.stream("a", most=1) as old:
        with chat.bells.stream("a", most=1) as new:
            assert (old.displaced, new.displaced) == (True, False)
            assert await old.wait(0)
            with chat.bells.stream("b", most=1) as other:
                assert chat.bells.listening == 3
                assert not other.displaced
        assert chat.bells.listening == 1
    assert chat.bells.listening == 0


async def test_there_is_room_for_so_many_pages(box: Box, clock: Clock) -> None:
    chat = WebChat(box, clock, listeners=1)
    with chat.bells.stream("a"):
        assert not chat.bells.has_room
        with pytest.raises(Crowded), chat.bells.stream("b"):
            pass
    with chat.bells.stream("b"):
        assert chat.bells.listening == 1


async def test_closing_wakes_everybody_and_lets_nobody_wait_again(chat: WebChat) -> None:
    with chat.bells.stream("a") as bell:
        chat.close()
        assert bell.closed
        assert await bell.wait(0)
    with chat.bells.stream("a") as late:
        assert late.closed
