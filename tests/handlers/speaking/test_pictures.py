"""Pictures in a conversation: an answer where one is asked for, and shown beside the words."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dialogue.form import Answers, Form, Question, poster_of
from dialogue.incoming import Incoming
from dialogue.words import Act, Button, Message, Reply, text
from handlers.desk import Desk, Entry
from handlers.speaking import talking
from handlers.telling.outcome import placed, said, without_pictures
from handlers.turn import Conversation, Turn
from storage.community.people import Address, Arrival, Consent
from tests.handlers.chatting import NOW, Bot, bot_at_work

POSTER = Question("poster", text("ask-nick"), text("title-nick"), optional=True, takes_photo=True)
WORDS = Question("words", text("ask-nick"), text("title-nick"), read=str)


@dataclass
class Poster:
    """A form that asks for a picture and then for words, and what it was told in the end."""

    told: list[Answers] = field(default_factory=list[Answers])

    @property
    def conversation(self) -> Conversation:
        return Conversation("y", self._form, self._finish)

    def _form(self, _turn: Turn) -> Form:
        return (POSTER, WORDS)

    async def _finish(self, turn: Turn, answers: Answers) -> list[Reply]:
        self.told.append(answers)
        return []


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with bot_at_work(tmp_path) as bot:
        yield bot


@asynccontextmanager
async def turn_of(bot: Bot) -> AsyncGenerator[Turn]:
    """One turn of somebody who has agreed to the notice."""
    async with bot.storage.transaction() as tx:
        arrival, consent = Arrival("web", "anna", "1"), Consent("1", "0" * 64, "en")
        address, person = await tx.people.welcome(arrival, "en", consent, NOW)
        incoming = Incoming("web", "anna", "2", NOW, media="photo", message="5")
        yield Turn(incoming, person, address, Desk(), NOW, bot.receiver.house, tx)


async def test_a_picture_becomes_a_poster_that_is_still_to_be_fetched(bot: Bot) -> None:
    form = Poster()
    async with turn_of(bot) as turn:
        (asked,) = talking.begin(turn, form.conversation)
        assert asked.wants_photo
        replies = await talking.pictured(turn, form.conversation, "AgACAgQ")
        assert replies
        assert not replies[0].wants_photo
        assert turn.wants_posters
        (wanted,) = await turn.storage.posters.wanted()
        assert wanted.source == "AgACAgQ"
        await talking.typed(turn, form.conversation, "Words")
    assert [poster_of(answers["poster"]) for answers in form.told] == [wanted.id]


async def test_a_picture_that_is_here_already_is_not_fetched(bot: Bot) -> None:
    form = Poster()
    async with turn_of(bot) as turn:
        talking.begin(turn, form.conversation)
        assert await talking.pictured(turn, form.conversation, "upload:42")
        assert not turn.wants_posters
        assert await turn.storage.posters.wanted() == []
        await talking.typed(turn, form.conversation, "Words")
    assert form.told[0]["poster"] == "poster:42"


async def test_where_no_picture_is_asked_for_none_is_taken(bot: Bot) -> None:
    form = Poster()
    async with turn_of(bot) as turn:
        talking.begin(turn, form.conversation)
        await talking.step(turn, form.conversation, "skip")
        assert await talking.pictured(turn, form.conversation, "AgACAgQ") is None
        assert await turn.storage.posters.wanted() == []


async def test_beside_a_list_a_picture_is_no_answer(bot: Bot) -> None:
    form = Poster()
    async with turn_of(bot) as turn:
        talking.begin(turn, form.conversation)
        turn.desk = Desk(talks=turn.desk.talks, front="y", menu=(Entry("go:menu", ("menu",)),))
        assert await talking.pictured(turn, form.conversation, "AgACAgQ") is None


async def test_whoever_is_asked_nothing_is_told_that_pictures_are_not_read(bot: Bot) -> None:
    person = bot.person()
    await person.says("/start")
    await person.presses("English", "I agree")
    before = await person.says("/menu")
    assert await person.sends("photo") != before
    async with bot.storage.reading() as tx:
        assert await tx.posters.wanted() == []


# --- what is said --------------------------------------------------------------------------------

PICTURE = Reply((text("agreed"),), ((Button("Yes", "go:menu"),),), photo="hash")
PLAIN = Reply((text("agreed"),))
ADDRESS = Address(1, 1, "telegram", "7", last_message="5")


def pressed(*, on_photo: bool) -> Incoming:
    """The latest message's button was pressed."""
    return Incoming("telegram", "7", "2", NOW, choice="go:menu", message="5", on_photo=on_photo)


def test_words_take_the_place_of_words_alone() -> None:
    (edit,) = placed(pressed(on_photo=False), ADDRESS, [PLAIN], fleeting=False)
    assert (edit.act, edit.target) == (Act.EDIT, "5")


@pytest.mark.parametrize(("on_photo", "reply"), [(True, PLAIN), (False, PICTURE), (True, PICTURE)])
def test_what_is_or_was_a_picture_is_followed_by_a_new_message(
    on_photo: bool, reply: Reply
) -> None:
    strip, new = placed(pressed(on_photo=on_photo), ADDRESS, [reply], fleeting=False)
    assert (strip.act, strip.target) == (Act.STRIP, "5")
    assert new == reply


def test_whoever_wants_words_alone_gets_the_words_of_a_poster() -> None:
    assert without_pictures([PICTURE, PLAIN])[0].photo is None
    assert without_pictures([PLAIN]) == [PLAIN]


def test_of_words_in_parts_the_last_has_the_picture(bot: Bot) -> None:
    voice = bot.receiver.house.languages.voice("en", None)
    parts = [each.message for each in said(voice, [PICTURE], 20)]
    assert len(parts) > 1
    assert [part.photo for part in parts] == [*[None] * (len(parts) - 1), "hash"]
    assert {part.language for part in parts} == {"en"}
    assert parts[0] == Message(parts[0].text, language="en")
