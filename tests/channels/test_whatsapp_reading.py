"""What Twilio's forms say, and what happens to those that say nothing sensible."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.whatsapp import (
    Report,
    Unreadable,
    account_in,
    callback,
    delivery_in,
    meaning_of,
    read,
    report,
)
from dialogue.incoming import Incoming
from tests.hostile import HOSTILE, HOSTILE_BUTTONS
from tests.platforms.twilio import TwilioServer

NOW = datetime(2026, 4, 3, 18, tzinfo=UTC)
SID = "SM" + "0a" * 16
EARLIER = "SM" + "0b" * 16
PHONE = "whatsapp:+9647701234567"
USER = "whatsapp:IQ.Abc123"
PLAIN = {
    "SmsMessageSid": SID,
    "MessageSid": SID,
    "AccountSid": "AC" + "5a" * 16,
    "From": PHONE,
    "To": "whatsapp:+14155238886",
    "WaId": "9647701234567",
    "ProfileName": "Anna",
    "FromCity": "BAGHDAD",
    "NumMedia": "0",
    "MessageType": "text",
    "Body": "",
    "SomethingNew": "1",
}


def form(**told: str) -> list[tuple[str, str]]:
    return list({**PLAIN, **told}.items())


def said(**told: str) -> Incoming:
    incoming = read(form(**told), NOW)
    assert incoming is not None
    return incoming


def test_a_text_is_read_whole_and_nothing_else_of_the_person() -> None:
    assert said(Body=" مرحبا 👋\n\u200c") == Incoming(
        channel="whatsapp", sender=PHONE, id=SID, at=NOW, text=" مرحبا 👋\n\u200c", message=SID
    )


def test_with_a_users_id_that_is_the_account_and_the_number_another_name_for_it() -> None:
    incoming = said(Body="hi", ExternalUserId=USER)
    assert (incoming.sender, incoming.alias) == (USER, PHONE)


def test_somebody_who_hides_their_number_has_one_name() -> None:
    incoming = said(Body="hi", From=USER, ExternalUserId=USER)
    assert (incoming.sender, incoming.alias) == (USER, None)
    assert said(Body="hi", ExternalUserId="").sender == PHONE


def test_a_reply_names_the_message_that_it_replies_to() -> None:
    assert said(Body="yes", OriginalRepliedMessageSid=EARLIER).message == EARLIER


def test_a_pressed_button_says_what_it_carries() -> None:
    incoming = said(
        MessageType="interactive",
        Body="Yes",
        ButtonText="Yes",
        ButtonPayload="r7:gov:BA",
        OriginalRepliedMessageSid=EARLIER,
    )
    assert (incoming.choice, incoming.text, incoming.message) == ("r7:gov:BA", None, EARLIER)


def test_a_chosen_line_of_a_list_says_what_it_carries() -> None:
    incoming = said(MessageType="interactive", Body="Basra", ListId="r7:gov:BA", ListTitle="Basra")
    assert (incoming.choice, incoming.text) == ("r7:gov:BA", None)


@pytest.mark.parametrize("told", [{"Body": "Stop"}, {"Body": ""}])
def test_a_button_that_carries_nothing_says_what_stands_on_it(told: dict[str, str]) -> None:
    incoming = said(MessageType="button", ButtonText="Stop", **told)
    assert (incoming.text, incoming.choice) == ("Stop", None)


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"MessageType": "image", "NumMedia": "1", "MediaContentType0": "image/jpeg"}, "photo"),
        ({"MessageType": "image", "NumMedia": "2", "MediaContentType0": "image/png"}, "photo"),
        ({"MessageType": "audio", "NumMedia": "1", "MediaContentType0": "audio/ogg"}, "voice"),
        ({"MessageType": "video", "NumMedia": "1", "MediaContentType0": "video/mp4"}, "video"),
        ({"MessageType": "document", "NumMedia": "1", "Body": "cv.pdf"}, "document"),
        ({"MessageType": "sticker", "NumMedia": "1", "MediaContentType0": "image/webp"}, "sticker"),
        ({"NumMedia": "1", "MediaContentType0": "Image/JPEG; x", "Body": "look"}, "photo"),
        ({"MessageType": "location", "Latitude": "33.3", "Longitude": "44.3"}, "location"),
        ({"MessageType": "contacts"}, "contacts"),
        ({"MessageType": "unsupported"}, "unsupported"),
        ({"MessageType": "<b>" * 20}, "unknown"),
    ],
)
def test_what_is_no_text_is_named_and_never_fetched(told: dict[str, str], kind: str) -> None:
    url = {"MediaUrl0": "http://169.254.169.254/latest/meta-data"}
    incoming = said(**url, **told)
    assert (incoming.media, incoming.text, incoming.choice) == (kind, None, None)


@pytest.mark.parametrize("kind", ["reaction", "system"])
def test_what_happens_to_the_chat_itself_concerns_nobody(kind: str) -> None:
    assert read(form(MessageType=kind), NOW) is None


def test_a_text_message_to_the_same_number_concerns_nobody() -> None:
    assert read(form(From="+9647701234567", Body="hi"), NOW) is None


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("w-corona-1", "w-corona-1"),
        ("start w-corona-1", "w-corona-1"),
        ("Start  w-corona-1 \n", "w-corona-1"),
        ("/start w-corona-1", "w-corona-1"),
        ("\u200fstart w-corona-1\u200f", "w-corona-1"),
        ("start l-ABCDEFGH", "l-ABCDEFGH"),
        ("start", None),
        ("start with me", None),
        ("start e-mail w-x", None),
        ("t-shirt", None),
        ("w-", None),
        (f"w-{'x' * 63}", None),
        ("w-../etc", None),
        ("see w-corona-1", None),
    ],
)
def test_the_text_of_a_link_is_a_start(text: str, payload: str | None) -> None:
    incoming = said(Body=text)
    assert incoming.start == payload
    assert incoming.text == (text if payload is None else "/start")


@pytest.mark.parametrize(
    "told",
    [
        {"MessageSid": ""},
        {"MessageSid": "SM 1"},
        {"MessageSid": "x" * 65},
        {"From": "whatsapp:"},
        {"From": "whatsapp:+964 770"},
        {"From": "whatsapp:" + "1" * 161},
        {"From": PHONE + "\n"},
        {"ExternalUserId": "IQ.abc"},
        {"ExternalUserId": "whatsapp:IQ.ا"},
        {"OriginalRepliedMessageSid": "../1"},
        {"Body": "\ud83d"},
        {"ButtonPayload": "\udc00"},
    ],
    ids=repr,
)
def test_what_no_message_of_twilios_holds_cannot_be_read(told: dict[str, str]) -> None:
    with pytest.raises(Unreadable) as failed:
        read(form(**{"Body": "a canary", **told}), NOW)
    assert "canary" not in str(failed.value)
    assert "964" not in str(failed.value)


def test_a_field_that_comes_twice_cannot_be_read() -> None:
    with pytest.raises(Unreadable):
        read([*form(Body="hi"), ("From", "whatsapp:+9647709999999")], NOW)


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_come_through_as_they_are_or_not_at_all(words: str) -> None:
    for told in ({"Body": words}, {"Body": "hi", "ProfileName": words}):
        try:
            incoming = read(form(**told), NOW)
        except Unreadable:
            assert "\ud83d" in words
            continue
        assert incoming is not None
        assert incoming.text == told["Body"]


@pytest.mark.parametrize("value", HOSTILE_BUTTONS, ids=range(len(HOSTILE_BUTTONS)))
def test_hostile_buttons_come_through_as_they_are_or_not_at_all(value: str) -> None:
    try:
        incoming = said(Body="Yes", ButtonPayload=value)
    except Unreadable:
        assert any("\ud800" <= char <= "\udfff" for char in value)
    else:
        assert incoming.choice == (value or None)


@given(st.dictionaries(st.sampled_from(sorted({*PLAIN, "ListId", "NumMedia"})), st.text()))
def test_whatever_a_form_holds_it_is_read_or_refused(told: dict[str, str]) -> None:
    try:
        incoming = read(form(**told), NOW)
    except Unreadable:
        return
    if incoming is not None:
        ways = (incoming.text, incoming.choice, incoming.media, incoming.event)
        assert len([each for each in ways if each is not None]) == 1


async def test_all_that_people_do_on_the_stand_in_is_read() -> None:
    twilio = TwilioServer()
    anna = twilio.people.joins("+9647701234567")
    told = twilio.people.form(anna, SID, {"MessageType": "text", "Body": "hi"})
    incoming = read(list(told.items()), NOW)
    assert incoming is not None
    assert (incoming.sender, incoming.alias) == (f"whatsapp:{anna.user}", PHONE)
    assert incoming.text == "hi"


@pytest.mark.parametrize(
    ("raw", "account"),
    [
        ("From=whatsapp%3A%2B9647701234567&Body=%ff", PHONE),
        ("ExternalUserId=whatsapp%3AIQ.Abc123&From=whatsapp%3A%2B1", USER),
        ("Body=1", None),
        ("&" * 2_000, None),
        ("", None),
    ],
)
def test_whose_a_poisonous_request_is_can_be_told(raw: str, account: str | None) -> None:
    assert account_in(raw) == account


# --- statuses -------------------------------------------------------------------------------------


def status(**told: str) -> list[tuple[str, str]]:
    return list({"MessageSid": SID, "MessageStatus": "sent", **told}.items())


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("accepted", "sent"),
        ("queued", "sent"),
        ("sending", "sent"),
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("read", "read"),
        ("Read ", "read"),
    ],
)
def test_a_status_says_how_far_a_message_has_come(word: str, state: str) -> None:
    assert report(status(MessageStatus=word)) == Report(SID, state)


@pytest.mark.parametrize("word", ["failed", "undelivered", "canceled"])
def test_a_message_that_failed_says_why_as_if_it_had_been_refused_at_once(word: str) -> None:
    said = report(status(MessageStatus=word, ErrorCode="63016"))
    assert said is not None
    assert (said.state, type(said.error)) == ("failed", type(meaning_of(63016)))


@pytest.mark.parametrize("code", ["", "x", "²", "٦٣٠١٦", "9" * 5_000, "-1"])
def test_a_code_that_is_none_is_an_unknown_one(code: str) -> None:
    said = report(status(MessageStatus="failed", ErrorCode=code))
    assert said is not None
    assert type(said.error) is type(meaning_of(0))


@pytest.mark.parametrize("word", ["", "receiving", "exploded"])
def test_a_word_that_means_nothing_to_us_is_let_pass(word: str) -> None:
    assert report(status(MessageStatus=word)) is None


def test_a_status_of_no_message_cannot_be_read() -> None:
    with pytest.raises(Unreadable):
        report(status(MessageSid="../x"))


@pytest.mark.parametrize("delivery", [1, 35, 36, 2**40, 2**63 - 1])
def test_a_callback_names_its_delivery(delivery: int) -> None:
    url = callback("https://bot.example.org/", delivery)
    place, _, query = url.partition("?")
    assert place == "https://bot.example.org/whatsapp/status"
    assert delivery_in(query) == delivery


@pytest.mark.parametrize(
    "query", ["", "d=", "d=0", "d=A", "d=1&d=2", "e=1", "d=1 ", "d=" + "z" * 13, "d=" + "9" * 5_000]
)
def test_a_query_that_names_no_delivery_names_none(query: str) -> None:
    assert delivery_in(query) is None


def test_a_callback_is_found_again_whatever_the_number() -> None:
    chance = random.Random(1)
    for _ in range(1_000):
        delivery = chance.getrandbits(chance.randrange(1, 63)) or 1
        assert delivery_in(callback("https://x.org", delivery).partition("?")[2]) == delivery
