"""What Telegram's updates say, and what happens to those that say nothing sensible."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.telegram import Reader, Unreadable
from channels.telegram.batch import Unparsable, number_of, raw_of, updates_in
from dialogue.incoming import Event, Incoming

NOW = datetime(2026, 4, 3, 18, tzinfo=UTC)
PRIVATE = {"id": 7, "type": "private", "first_name": "Anna"}
GROUP = {"id": -100, "type": "supergroup", "title": "Friends"}
ANNA = {"id": 7, "is_bot": False, "first_name": "Anna", "language_code": "ar"}
BOT = {"id": 42, "is_bot": True, "first_name": "Tadamun", "username": "tadamun_bot"}


async def forget(query: str) -> None:
    """Acknowledges nothing."""


READER = Reader("42", clock=lambda: NOW, acknowledge=forget)


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    envelope = {"message_id": 5, "date": 1, "chat": chat, "from": ANNA, **content}
    return {"update_id": 9, "message": envelope}


def membership(before: str, after: str, chat: dict[str, Any] = PRIVATE) -> dict[str, Any]:
    change = {
        "chat": chat,
        "from": ANNA,
        "date": 1,
        "old_chat_member": {"user": BOT, "status": before},
        "new_chat_member": {"user": BOT, "status": after},
    }
    return {"update_id": 9, "my_chat_member": change}


def pressed(data: str | None = "r7:gov:BA", chat: dict[str, Any] = PRIVATE) -> dict[str, Any]:
    query: dict[str, Any] = {"id": "77", "from": ANNA, "chat_instance": "1"}
    query["message"] = {"message_id": 6, "date": 0, "chat": chat}  # date 0: no longer accessible
    return {"update_id": 9, "callback_query": query | ({"data": data} if data else {})}


def read(update: object) -> Incoming:
    incoming = READER.read(update)
    assert incoming is not None
    return incoming


def test_a_text_is_read_whole() -> None:
    assert read(message(text="مرحبا 👋\n\u200c")) == Incoming(
        channel="telegram",
        sender="7",
        id="9",
        at=NOW,
        text="مرحبا 👋\n\u200c",
        message="5",
        hint="ar",
    )


def test_an_edited_text_says_which_message_it_was() -> None:
    update = {"update_id": 9, "edited_message": message(text="better")["message"]}
    assert (read(update).text, read(update).message, read(update).edited) == ("better", "5", True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/help", ("/help", None)),
        ("/help@tadamun_bot", ("/help", None)),
        ("/help@tadamun_bot me  now", ("/help me  now", None)),
        ("/start", ("/start", None)),
        ("/start@tadamun_bot w-corona-1", ("/start", "w-corona-1")),
        ("/start  w-corona-1 ", ("/start", "w-corona-1")),
        ("/start two words", ("/start", None)),
        ("/start ../etc", ("/start", None)),
        (f"/start {'x' * 65}", ("/start", None)),
        (
            "/ask@tadamun_bot\nWhat about me@example.org?",
            ("/ask\nWhat about me@example.org?", None),
        ),
        ("/ask\nme@example.org", ("/ask\nme@example.org", None)),
        ("/a@b@c d", ("/a@b@c d", None)),
        ("/", ("/", None)),
        ("/for\u200bget", ("/for\u200bget", None)),
        ("me@example.org", ("me@example.org", None)),
    ],
)
def test_commands_lose_the_name_of_the_bot_and_deep_links_give_their_payload(
    text: str, expected: tuple[str, str | None]
) -> None:
    incoming = read(message(text=text))
    assert (incoming.text, incoming.start) == expected


MEDIA: list[tuple[dict[str, Any], str]] = [
    ({"photo": [{}], "caption": "look"}, "photo"),
    ({"voice": {}}, "voice"),
    ({"video": {}}, "video"),
    ({"animation": {}, "document": {}}, "animation"),
    ({"document": {}}, "document"),
    ({"sticker": {}}, "sticker"),
    ({"venue": {}, "location": {}}, "venue"),
    ({"location": {}}, "location"),
    ({"contact": {"phone_number": "+9647701234567"}}, "contact"),
    ({"poll": {}}, "poll"),
]


@pytest.mark.parametrize(("content", "kind"), MEDIA)
def test_what_is_no_text_is_named_and_not_read(content: dict[str, Any], kind: str) -> None:
    incoming = read(message(**content))
    assert (incoming.media, incoming.text) == (kind, None)


async def test_a_press_carries_its_choice_and_is_acknowledged_when_asked() -> None:
    acknowledged: list[str] = []

    async def note(query: str) -> None:
        acknowledged.append(query)

    incoming = Reader("42", clock=lambda: NOW, acknowledge=note).read(pressed())
    assert incoming is not None
    assert incoming.ack is not None
    assert (incoming.choice, incoming.message, incoming.sender) == ("r7:gov:BA", "6", "7")
    assert acknowledged == []
    await incoming.ack()
    assert acknowledged == ["77"]


@pytest.mark.parametrize(
    ("update", "event"),
    [
        (membership("member", "kicked"), Event.BLOCKED),
        (membership("kicked", "member"), Event.UNBLOCKED),
        (membership("left", "member", GROUP), Event.GROUP),
        (membership("kicked", "administrator", GROUP), Event.GROUP),
        (membership("left", "administrator", {"id": -5, "type": "channel"}), Event.GROUP),
        (message(GROUP, text="/start@tadamun_bot"), Event.GROUP),
        (message(GROUP, text="hm", reply_to_message={"from": BOT}), Event.GROUP),
        (message(GROUP, new_chat_members=[ANNA, BOT]), Event.GROUP),
    ],
)
def test_what_happens_to_a_chat_is_an_event(update: dict[str, Any], event: Event) -> None:
    incoming = read(update)
    assert (incoming.event, incoming.text, incoming.media) == (event, None, None)
    change = update.get("my_chat_member") or update["message"]
    assert incoming.sender == str(change["chat"]["id"])


@pytest.mark.parametrize(
    "update",
    [
        message(GROUP, text="as we were saying"),
        message(GROUP, text="hm", reply_to_message={"from": ANNA}),
        message(GROUP, new_chat_members=[ANNA]),
        message(pinned_message={}),
        membership("member", "left", GROUP),
        membership("member", "administrator", GROUP),
        pressed(chat=GROUP),
        pressed(data=None),
        {"update_id": 9, "callback_query": {"id": "1", "from": ANNA, "data": "x"}},
        {"update_id": 9, "channel_post": {"text": "news"}},
        {"update_id": 9, "something_new": {}},
        {"update_id": 9},
    ],
)
def test_what_concerns_nobody_is_nothing(update: dict[str, Any]) -> None:
    assert READER.read(update) is None


SECRET = "c4n4ry"
HOSTILE: list[bytes] = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"c4n4ry"',
    b"\xff\xfe\xfa",
    b"[" * 100_000,
    b'{"update_id":9,"message":' + b'{"c4n4ry":' * 100_000,
    b'{"update_id":9,"message":{"c4n4ry":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    b'{"update_id":' + b"9" * 5000 + b"}",
    b'{"update_id":9223372036854775808}',
    b'{"update_id":true}',
    b'{"update_id":"9"}',
    b'{"update_id":9.5}',
    b'{"message":{}}',
    b'{"update_id":9,"message":null}',
    b'{"update_id":9,"message":[]}',
    b'{"update_id":9,"message":{"chat":7}}',
    json.dumps(message(text="c4n4ry \ud83d")).encode(),
    json.dumps(message(text=["c4n4ry"])).encode(),
    json.dumps(message({"id": 2**63, "type": "private"}, text="c4n4ry")).encode(),
    json.dumps(message({"id": "7", "type": "private"}, text="c4n4ry")).encode(),
    json.dumps(message({"type": "private"}, text="c4n4ry")).encode(),
    json.dumps(message(text="c4n4ry") | {"update_id": None}).encode(),
    json.dumps(pressed("\ud83d c4n4ry")).encode(),
    json.dumps({"update_id": 9, "callback_query": {"data": "q:999:approve"}}).encode(),
    json.dumps({"update_id": 9, "my_chat_member": {"chat": PRIVATE}}).encode(),
    b'{"update_id":9,"message":{"chat":{"id":7,"type":"private"},"from":null,"text":"c4n4ry"}}',
    json.dumps(message(text="x", **{"from": {"language_code": {"c4n4ry": 1}}})).encode(),
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_updates_are_unreadable_and_the_error_does_not_quote_them(body: bytes) -> None:
    with pytest.raises(Unreadable) as unreadable:
        READER.read_body(body)
    assert SECRET not in repr(unreadable.value)
    assert unreadable.value.__cause__ is None
    assert unreadable.value.__context__ is None


SIZES = [
    {"file_id": "small", "width": 90, "height": 60, "file_size": 900},
    {"file_id": "large", "width": 1280, "height": 853, "file_size": 5_000_000},
    {"file_id": "huge", "width": 2560, "height": 1706, "file_size": 5_000_001},
]


@pytest.mark.parametrize(
    ("content", "photo"),
    [
        ({"photo": SIZES, "caption": "look"}, "large"),
        ({"photo": SIZES[::-1]}, "large"),
        ({"photo": SIZES[2:]}, None),
        ({"photo": [{"file_id": "one"}]}, "one"),
        ({"photo": [{"file_id": "../etc"}, {"file_id": 5}, None, {}]}, None),
        ({"photo": {}}, None),
        ({"document": {"file_id": "file", "mime_type": "image/png"}}, "file"),
        ({"document": {"file_id": "file", "mime_type": "image/gif"}}, None),
        ({"document": {"file_id": "f", "mime_type": "image/png", "file_size": 5_000_001}}, None),
        ({"voice": {"file_id": "voice"}}, None),
        ({"sticker": {"file_id": "sticker"}, "text": "hello"}, None),
    ],
)
def test_a_picture_is_named_by_its_largest_size_that_may_be_kept(
    content: dict[str, Any], photo: str | None
) -> None:
    assert read(message(**content)).photo == photo


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [
        *("update_id", "message", "edited_message", "callback_query", "my_chat_member"),
        *("chat", "from", "id", "type", "text", "data", "photo", "message_id"),
        *("document", "file_id", "file_size", "mime_type", "width"),
        *("old_chat_member", "new_chat_member", "status", "language_code"),
    ]
)
LIKE_UPDATES = st.recursive(
    JSON | st.just("private") | st.integers(1, 9),
    lambda inner: st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=20,
)


@given(LIKE_UPDATES)
def test_any_json_is_read_or_unreadable_and_nothing_else(update: object) -> None:
    try:
        incoming = READER.read(update)
    except Unreadable:
        return
    if incoming is not None:
        said = (incoming.text, incoming.choice, incoming.media, incoming.event)
        assert sum(thing is not None for thing in said) == 1


def batch(*pieces: bytes) -> bytes:
    return b'{"ok":true, "result": [' + b",".join(pieces) + b"]}"


GOOD = json.dumps(message(text='quoted "update_id": 99 [{ \\')).encode()


@pytest.mark.parametrize(
    "poison",
    [
        b'{"update_id":8,"n":%b}' % (b"9" * 5000),
        b'{"update_id":8,"n":%b%b}' % (b"[" * 9999, b"]" * 9999),
        b'{"update_id":8,"text":"\xff{["}',
    ],
)
def test_one_poisonous_update_does_not_spoil_its_batch(poison: bytes) -> None:
    found = updates_in(batch(GOOD, poison, GOOD))
    assert [number_of(update) for update in found] == [9, 8, 9]
    assert found[1] == Unparsable(poison)
    assert raw_of(found[1]) == poison.decode("utf-8", "replace")
    assert found[0] == found[2] == json.loads(GOOD)


def test_what_is_never_closed_is_given_as_it_is() -> None:
    poison = b'{"update_id":8,"n":' + b"[" * 100_000
    found = updates_in(batch(GOOD, poison, GOOD))
    assert number_of(found[0]) == 9
    assert number_of(found[1]) == 8
    assert len(found) == 2


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"ok":true}', b"<html>", b'{"result":{}}'])
def test_what_is_no_list_of_updates_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        updates_in(body)


@pytest.mark.parametrize(
    "update",
    [
        {},
        [],
        None,
        5,
        {"update_id": "9"},
        {"update_id": 2**63},
        {"update_id": -1},
        Unparsable(b'{"update_id": 9' + b"9" * 40),
    ],
)
def test_an_update_without_a_number_has_none(update: object) -> None:
    assert number_of(update) is None
