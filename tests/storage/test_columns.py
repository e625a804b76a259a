"""What the database holds at all, column by column, and that no plain word of a person is in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from storage import Storage
from tests.storage.conftest import Clock
from tests.storage.needles import on_disk
from tests.storage.test_forgetting import lived, with_the_webinar

# A column that is not here needs a reason first: SAFETY asks for as little as can be.
ALLOWED = {
    "address_keys": "key address",
    "addresses": "id person channel account reachable stopped last_delivery letters"
    " open_until preferred marketing rests_until linked",
    "alike": "question other score",
    "awaited": "question key due told",
    "board_doors": "key person role seat webinar secret expires",
    "board_forms": "key said at",
    "board_links": "key person role seat webinar expires",
    "board_sessions": "key person role seat webinar began seen",
    "broadcasts": "id kind state webinar rule content change about made_by made starts_at"
    " not_after frozen_to counts began ended progress confirmed frozen stale agreed"
    " ahead_on ahead",
    "code_tries": "id person at",
    "codes": "person secret step",
    "consents": "id person version hash language hour channel",
    "contents": "key name kind language category sid state reason hour",
    "counters": "name value",
    "covers": "reminder broadcast",
    "digests": "webinar version part sent at unasked",
    "erased": "key hour",
    "erasures": "id channel job at",
    "guests": "id webinar key address language state expires",
    "hushed": "key webinar kind until",
    "intake": "webinar paused slow_seconds",
    "invite_tries": "id at",
    "invites": "key code_key role made_by expires",
    "joined": "gone person hour",
    "link_codes": "person key expires",
    "link_tries": "id person at",
    "mailbox": "id address number act target message hour acknowledged",
    "meta": "name value",
    "outages": "id starts_at ends_at",
    "outbox": "id address channel lane act target target_delivery slot message state attempts"
    " ambiguous due not_after platform_id reason settled broadcast person fault taken detours",
    "people": "id language profile governorate_key announcements reminders text_only all_future"
    " notice hour",
    "poster_files": "hash language sender file",
    "posters": "id source hash content state hour",
    "proofs": "id person mail mail_key key state hour expires",
    "proposals": "id question key text hour",
    "quarantine": "id channel account_key raw reason at",
    "questions": "id webinar kind text anonymous language state asker asker_key message"
    " message_key reason answer ordinal hour claimed_by claimed_until merged_into original source"
    " supports changed told answer_public answered_language sent_in place_key flagged"
    " revealable queued",
    "reached": "address at",
    "registrations": "id person webinar extra hour approved told not_before",
    "reminders": "id webinar version minutes due not_after state",
    "reveals": "id person role question asker_key key reason at",
    "seen": "key at",
    "series": "id position content",
    "staff": "person role state words hour",
    "strikes": "key webinar count",
    "supports": "question supporter_key supporter sent_in",
    "talks": "person state hour",
    "texts": "id question part language text state claimed_by claimed_until draft",
    "versions": "version applied",
    "webinars": "id series starts_at minutes state capacity content version approval way_in",
}
SEALED = {
    "account", "answer", "asker", "draft", "extra", "file", "job", "mail", "original",
    "platform_id", "profile", "raw", "secret", "sent_in", "source", "supporter", "way_in",
}  # fmt: skip


async def test_only_allowed_columns_exist(sqlite: Storage, sqlite_file: Path) -> None:
    with closing(sqlite3.connect(sqlite_file)) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        columns = {
            name: database.execute(
                "SELECT name, type FROM pragma_table_info(?)", (name,)
            ).fetchall()
            for (name,) in tables
        }
    assert {name: " ".join(c for c, _ in found) for name, found in columns.items()} == ALLOWED
    plain = {
        (table, name)
        for table, found in columns.items()
        for name, kind in found
        if name in SEALED and kind != "BLOB"
    }
    # Which way a question came tells of nobody.
    assert plain == {("questions", "source")}


async def test_no_plain_word_of_a_person_reaches_the_disk(
    sqlite: Storage, sqlite_file: Path, clock: Clock
) -> None:
    await with_the_webinar(sqlite)
    await lived(sqlite, "an-account-nobody-may-read", clock)
    content = on_disk(sqlite_file)
    words = ["an-account-nobody-may-read", "a@example.org", "Europe/Rome", "نورا", "سؤال", "فكرة"]
    for word in words:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            assert word.encode(encoding) not in content, word
