"""What goes to many: announcements, reminders and notices, in both languages."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dialogue.fold import utf16_length
from dialogue.words import Message
from handlers.house import Rules
from handlers.wording.broadcast_words import BroadcastWords
from locales import Languages
from storage import Storage, Transaction
from storage.broadcasting.broadcast import FAULTS
from storage.broadcasting.broadcasts import Broadcast, Counts, Kind, Phase, Rule
from storage.engines.times import epoch_ms
from storage.outbox import State
from storage.series.webinars import WayIn
from tests.handlers.chatting import NOW, SERIES, both, plain, webinar
from tests.handlers.organising import moment
from tests.safety.seen import says

LANGUAGES = ("ar", "en")

VIRUS = webinar(
    "virus",
    1,
    way_in=WayIn("https://meet.example.org/a", "+39 06 123", "4711"),
    starts_at=datetime(2026, 11, 23, 16, tzinfo=UTC),
)
LONG = webinar("w" * 40, 2, title=both("t" * 120, "ن" * 120))
WORK = webinar("work", 1, starts_at=datetime(2026, 11, 23, 16, 15, tzinfo=UTC))


@pytest.fixture
async def tx(tmp_path: Path) -> AsyncGenerator[Transaction]:
    """A programme of two webinars on one afternoon."""
    database = f"sqlite:///{tmp_path}/data/tadamun.db"
    keyring = tmp_path / "keys" / "keyring.json"
    async with (
        await Storage.open(database, keyring, None, lambda: NOW) as storage,
        storage.transaction() as tx,
    ):
        await tx.webinars.put_series(SERIES)
        for each in (VIRUS, WORK, LONG):
            await tx.webinars.put(each)
        yield tx


@pytest.fixture(scope="module")
def words() -> BroadcastWords:
    """What the post office is given."""
    return BroadcastWords(Languages.load(LANGUAGES, "Asia/Baghdad"), Rules())


def broadcast(kind: Kind, content: Mapping[str, Any] | None = None, **given: Any) -> Broadcast:
    """One that is on its way."""
    told: dict[str, Any] = {
        "id": 7,
        "kind": kind,
        "phase": Phase.RUNNING,
        "webinar": "virus",
        "rule": Rule(),
        "content": content or {},
        "change": None,
        "about": None,
        "made_by": 1,
        "made": NOW,
        "starts_at": NOW,
        "not_after": None,
        "counts": None,
        "began": NOW,
        "ended": None,
        "progress": None,
    }
    return Broadcast(**{**told, **given})


def values(message: Message) -> list[str]:
    """What the buttons carry."""
    return [button.value for row in message.rows for button in row if not button.url]


def reminder(minutes: int, before: timedelta, *others: tuple[str, int]) -> Broadcast:
    """A reminder of the virus webinar, made so long before its start."""
    made = VIRUS.starts_at - before
    return broadcast(Kind.REMINDER, made=made, reminders=(("virus", minutes), *others))


BOTH_TEXTS = {"texts": {"ar": "مرحبا بالجميع", "en": "Hello everybody"}, "webinar": "virus"}


async def test_everybody_reads_an_announcement_in_their_language(
    tx: Transaction, words: BroadcastWords
) -> None:
    made = broadcast(Kind.ANNOUNCEMENT, BOTH_TEXTS)
    said = {code: await words.message(tx, made, code, None, False) for code in LANGUAGES}
    assert plain(said["ar"].text) == "مرحبا بالجميع"
    assert plain(said["en"].text) == "Hello everybody"
    assert {message.language for message in said.values()} == set(LANGUAGES)


async def test_what_is_written_in_one_language_only_says_so(
    tx: Transaction, words: BroadcastWords
) -> None:
    made = broadcast(Kind.ANNOUNCEMENT, {"texts": {"ar": "مرحبا\nبالجميع"}, "webinar": None})
    message = await words.message(tx, made, "en", "Europe/Rome", False)
    assert plain(message.text) == "مرحبا\nبالجميع\n(Arabic)"
    message = await words.message(tx, made, "ar", None, False)
    assert plain(message.text) == "مرحبا\nبالجميع"


@pytest.mark.parametrize(
    ("who", "label"),
    [("all", "Details and registration"), ("registered", "Details")],
)
async def test_the_button_says_what_is_there(
    tx: Transaction, words: BroadcastWords, who: Any, label: str
) -> None:
    made = broadcast(Kind.ANNOUNCEMENT, BOTH_TEXTS, rule=Rule(who, webinar="virus"))
    message = await words.message(tx, made, "en", None, False)
    assert next(button.label for row in message.rows for button in row) == label
    assert values(message) == ["+go:w:virus", "+go:set:announcements:off"]


async def test_a_picture_goes_to_those_who_wish_for_pictures(
    tx: Transaction, words: BroadcastWords
) -> None:
    content = {**BOTH_TEXTS, "posters": {"en": 5}, "photos": {"en": "hash"}}
    made = broadcast(Kind.ANNOUNCEMENT, content)
    shown = await words.message(tx, made, "en", None, False)
    spared = await words.message(tx, made, "en", None, True)
    other = await words.message(tx, made, "ar", None, False)
    assert (shown.photo, spared.photo, other.photo) == ("hash", None, None)
    assert "+go:poster:5" in values(spared)
    assert "+go:poster:5" not in values(shown)


@pytest.mark.parametrize(
    ("before", "english", "arabic"),
    [
        (timedelta(days=1), "A reminder: Webinar virus", "تذكير: ندوة virus"),
        (timedelta(hours=1), "Coming up: Webinar virus", "قريبًا: ندوة virus"),
        (timedelta(minutes=10), "Starting shortly: Webinar virus", "تبدأ بعد قليل: ندوة virus"),
        (timedelta(0), "Starting now: Webinar virus", "تبدأ الآن: ندوة virus"),
        (timedelta(minutes=-5), "Starting now: Webinar virus", "تبدأ الآن: ندوة virus"),
    ],
)
async def test_a_reminder_says_how_near_it_is(
    tx: Transaction, words: BroadcastWords, before: timedelta, english: str, arabic: str
) -> None:
    made = reminder(60, before)
    assert english in plain((await words.message(tx, made, "en", None, False)).text)
    assert arabic in plain((await words.message(tx, made, "ar", None, False)).text)


async def test_a_reminder_tells_the_time_by_both_clocks(
    tx: Transaction, words: BroadcastWords
) -> None:
    message = await words.message(tx, reminder(60, timedelta(hours=1)), "en", "Europe/Rome", False)
    assert "Monday, 23 November 2026, 19:00 Baghdad time (17:00 Rome time)" in plain(message.text)
    message = await words.message(tx, reminder(60, timedelta(hours=1)), "ar", None, False)
    assert "الساعة 7:00 مساءً بتوقيت بغداد" in plain(message.text)


@pytest.mark.parametrize(
    ("minutes", "carried"), [(1440, False), (60, False), (15, True), (0, True)]
)
async def test_the_last_reminders_carry_the_way_in(
    tx: Transaction, words: BroadcastWords, minutes: int, carried: bool
) -> None:
    for language in LANGUAGES:
        message = await words.message(
            tx, reminder(minutes, timedelta(minutes=minutes)), language, None, False
        )
        for part in ("https://meet.example.org/a", "+39 06 123", "4711"):
            assert (part in plain(message.text)) is carried


async def test_one_that_leaves_before_a_cut_carries_the_way_in_all_the_same(
    tx: Transaction, words: BroadcastWords
) -> None:
    message = await words.message(tx, reminder(10, timedelta(hours=5)), "en", None, False)
    assert "A reminder: Webinar virus" in plain(message.text)
    assert "4711" in plain(message.text)


async def test_nothing_is_noted_of_everybody_while_one_message_is_made(
    tmp_path: Path, words: BroadcastWords
) -> None:
    keyring = tmp_path / "keys" / "keyring.json"
    database = f"sqlite:///{tmp_path}/data/tadamun.db"
    async with await Storage.open(database, keyring, None, lambda: NOW) as storage:
        async with storage.transaction() as tx:
            await tx.webinars.put_series(SERIES)
            await tx.webinars.put(VIRUS)
        async with storage.reading() as tx:
            made = reminder(10, timedelta(minutes=10))
            message = await words.message(tx, made, "en", None, False)
    assert "4711" in plain(message.text)


async def test_a_webinar_without_a_way_in_yet_is_reminded_of(
    tx: Transaction, words: BroadcastWords
) -> None:
    made = broadcast(Kind.REMINDER, made=WORK.starts_at, reminders=(("work", 0),))
    message = await words.message(tx, made, "en", None, False)
    assert plain(message.text).startswith("Starting now: Webinar work")


async def test_two_webinars_are_reminded_of_in_one_message(
    tx: Transaction, words: BroadcastWords
) -> None:
    made = reminder(10, timedelta(minutes=10), ("work", 60))
    message = await words.message(tx, made, "en", None, False)
    said = plain(message.text)
    assert said.index("Webinar virus") < said.index("4711") < said.index("Webinar work")
    assert values(message) == ["+go:w:virus", "+go:w:work", "+go:set:reminders:off"]
    labels = [plain(button.label) for row in message.rows for button in row]
    assert {"Webinar virus", "Webinar work", "No more reminders"} <= set(labels)


@pytest.mark.parametrize("notice", ["moved", "cancelled", "way-in"])
async def test_a_notice_says_what_changed(
    tx: Transaction, words: BroadcastWords, notice: str
) -> None:
    before = VIRUS.starts_at - timedelta(days=1)
    made = broadcast(Kind.NOTICE, {"notice": notice, "before": epoch_ms(before)})
    said = {
        code: plain((await words.message(tx, made, code, None, False)).text) for code in LANGUAGES
    }
    assert "Webinar virus" in said["en"]
    assert "ندوة virus" in said["ar"]
    assert ("22 November" in said["en"]) is (notice != "way-in")
    assert ("23 November" in said["en"]) is (notice == "moved")
    assert ("4711" in said["ar"]) is (notice == "way-in")


@pytest.mark.parametrize("notice", ["moved", "cancelled"])
async def test_a_notice_brings_the_date_for_a_calendar(
    tx: Transaction, words: BroadcastWords, notice: str
) -> None:
    made = broadcast(Kind.NOTICE, {"notice": notice, "before": epoch_ms(NOW)})
    (date,) = (await words.message(tx, made, "ar", None, False)).meetings
    assert (date.id, plain(date.title), date.starts_at) == ("virus", "ندوة virus", VIRUS.starts_at)
    assert date.cancelled is (notice == "cancelled")


async def test_a_late_notice_brings_no_date_back_that_was_cancelled_since(
    tx: Transaction, words: BroadcastWords
) -> None:
    await tx.webinars.put(replace(VIRUS, state="cancelled", version=3))
    made = broadcast(Kind.NOTICE, {"notice": "moved", "before": epoch_ms(NOW)})
    (date,) = (await words.message(tx, made, "ar", None, False)).meetings
    assert (date.version, date.cancelled) == (3, True)


async def test_a_webinar_that_is_not_there_is_no_message(
    tx: Transaction, words: BroadcastWords
) -> None:
    with pytest.raises(LookupError):
        await words.message(
            tx, broadcast(Kind.NOTICE, {"notice": "moved"}, webinar="no"), "en", None, False
        )
    with pytest.raises(LookupError):
        await words.message(tx, broadcast(Kind.REMINDER, reminders=(("no", 0),)), "en", None, False)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("text_only", [True, False])
async def test_the_longest_ids_fit_into_buttons(
    words: BroadcastWords, tx: Transaction, kind: Kind, text_only: bool
) -> None:
    posters = {"en": 2**63 - 1, "ar": 2**63 - 1}
    content = {**BOTH_TEXTS, "webinar": LONG.id, "posters": posters, "notice": "moved"}
    made = broadcast(kind, content, webinar=LONG.id, reminders=((LONG.id, 0),))
    for language in LANGUAGES:
        message = await words.message(tx, made, language, None, text_only)
        assert values(message)
        assert all(len(value.encode()) <= 64 for value in values(message))


EVERYTHING = Counts(
    by_state=dict.fromkeys(State, 1_000_000),
    by_fault=dict.fromkeys((*FAULTS, "something new"), 1_000_000),
    by_channel={"telegram": 1_000_000, "web": 1_000_000},
    by_language={"ar": 1_000_000, "en": 1_000_000},
    total=8_000_000,
)


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("kind", list(Kind))
def test_progress_and_report_have_words_for_everything(
    words: BroadcastWords, kind: Kind, phase: Phase
) -> None:
    content = {"texts": {"ar": "م" * 4000}} if kind is not Kind.REMINDER else {}
    made = broadcast(kind, content, phase=phase)
    for language in LANGUAGES:
        if phase not in {Phase.DRAFT, Phase.WAITING, Phase.HELD}:
            told = words.progress(made, EVERYTHING, 28.6, timedelta(hours=77), language)
            assert utf16_length(told.text) <= 4096
            assert all(len(value.encode()) <= 64 for value in values(told))
        if phase in {Phase.DONE, Phase.CANCELLED}:
            told = words.report(made, EVERYTHING, language)
            assert utf16_length(told.text) <= 4096


@pytest.mark.parametrize(
    ("sent", "bar"),
    [
        (0, "░░░░░░░░░░ 0%"),
        (55, "█████░░░░░ 55%"),
        (99, "█████████░ 99%"),
        (100, "██████████ 100%"),
    ],
)
def test_the_bar_fills_block_by_block(words: BroadcastWords, sent: int, bar: str) -> None:
    counts = Counts({State.SENT: sent, State.QUEUED: 100 - sent}, total=100)
    made = broadcast(Kind.ANNOUNCEMENT, BOTH_TEXTS)
    said = plain(words.progress(made, counts, 29.4, timedelta(seconds=95), "en").text)
    assert bar in said
    assert f"Sent: {sent} of 100" in said
    assert "Messages per second: 29" in said
    assert ("Time left: about 2 minutes" in said) is (sent < 100)


def test_what_has_arrived_or_was_read_was_sent(words: BroadcastWords) -> None:
    counts = Counts({State.SENT: 3, State.DELIVERED: 2, State.READ: 1, State.FAILED: 1}, total=7)
    made = broadcast(Kind.ANNOUNCEMENT, BOTH_TEXTS, phase=Phase.DONE)
    said = plain(words.report(made, counts, "en").text)
    for line in ("Sent: 6 of 7", "Known to have arrived: 3", "Known to have been read: 1"):
        assert line in said
    only_read = Counts({State.READ: 1}, total=1)
    assert "nobody got it" not in plain(words.report(made, only_read, "en").text)
    assert len(words.report(made, only_read, "en").rows) == 2


@pytest.mark.parametrize("fault", ["closed", "no-marketing", "held-back"])
def test_what_only_whatsapp_refuses_is_no_mistake_of_ours(
    words: BroadcastWords, fault: str
) -> None:
    counts = Counts({State.FAILED: 2}, {fault: 2}, total=2)
    made = broadcast(Kind.ANNOUNCEMENT, BOTH_TEXTS, phase=Phase.DONE)
    for language in LANGUAGES:
        said = plain(words.report(made, counts, language).text)
        assert not says(said, "fault-error", language)


def test_nobody_at_all_is_no_division(words: BroadcastWords) -> None:
    made = broadcast(Kind.ANNOUNCEMENT, BOTH_TEXTS)
    assert "0%" in plain(words.progress(made, Counts(), None, None, "en").text)
    assert "Sent: 0 of 0" in plain(
        words.report(replace(made, phase=Phase.DONE), Counts(), "en").text
    )


def test_what_was_erased_can_be_neither_retried_nor_corrected(words: BroadcastWords) -> None:
    over = broadcast(Kind.ANNOUNCEMENT, {}, phase=Phase.DONE)
    assert words.report(over, EVERYTHING, "ar").rows == ()
    kept = broadcast(Kind.ANNOUNCEMENT, BOTH_TEXTS, phase=Phase.DONE)
    assert len(words.report(kept, EVERYTHING, "ar").rows) == 3
    notice = broadcast(Kind.NOTICE, {"notice": "moved"}, phase=Phase.DONE)
    assert words.report(notice, EVERYTHING, "en").rows == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_on_a_reminder_names_what_it_was_about(
    words: BroadcastWords, language: str
) -> None:
    titles = [{"en": "Health", "ar": "الصحة"}, {"en": "Only in English"}]
    late = broadcast(Kind.REMINDER, {"titles": titles}, phase=Phase.DONE)
    counts = Counts({State.EXPIRED: 3}, {State.EXPIRED: 3}, total=3)
    said = plain(words.report(late, counts, language).text)
    assert titles[0][language] in said
    assert "Only in English" in said
    assert titles[0][language] not in plain(words.progress(late, counts, 1, None, language).text)


def test_the_report_on_a_reminder_that_was_erased_does_without_a_name(
    words: BroadcastWords,
) -> None:
    late = broadcast(Kind.REMINDER, {}, phase=Phase.DONE)
    said = plain(words.report(late, EVERYTHING, "en").text)
    assert says(said, "report-of-reminder")
    assert not says(said, "report-reminded-of")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", ["moved", "cancelled", "way-in", "answer", "offline"])
def test_the_report_on_every_notice_says_what_was_told(
    words: BroadcastWords, notice: str, language: str
) -> None:
    title = {"en": "Health", "ar": "الصحة"}
    told = broadcast(Kind.NOTICE, {"notice": notice, "title": title}, phase=Phase.DONE)
    assert says(
        plain(words.report(told, EVERYTHING, language).text), f"report-of-{notice}", language
    )


def test_a_report_that_comes_days_later_may_be_said_by_template(words: BroadcastWords) -> None:
    made = broadcast(Kind.ANNOUNCEMENT, BOTH_TEXTS, phase=Phase.DONE)
    for language in LANGUAGES:
        for said in (
            words.report(made, EVERYTHING, language),
            words.outgrown(made, 1000, language),
            words.missed(made, language, None),
        ):
            assert said.template is not None
            assert said.template.name == "notice"


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_confirmed_what_nobody_sent_reads_when_it_was_to_leave(
    words: BroadcastWords, language: str
) -> None:
    made = broadcast(Kind.ANNOUNCEMENT, BOTH_TEXTS, phase=Phase.DRAFT)
    said = plain(words.missed(made, language, None).text)
    assert says(said, "announce-not-begun", language)
    assert says(said, "announce-missed", language)
    assert moment(made.starts_at, language) in said


@pytest.mark.parametrize("reader", ["ar", "en"])
def test_a_picture_that_goes_ahead_is_known_by_the_language_of_those_who_get_it_afterwards(
    words: BroadcastWords, reader: str
) -> None:
    brought = words.brought(Message("News", language="ar", photo="hash"), reader)
    assert (brought.language, brought.photo, brought.rows) == ("ar", "hash", ())
    assert says(brought.text, "told-picture-first", reader)
