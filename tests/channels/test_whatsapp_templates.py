"""Prompts and templates as Twilio is given them, and how they reach a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from channels import NO_SLIP, Refused, Slip, TargetGone
from channels.whatsapp import (
    FIXED_UNITS,
    Approval,
    Contents,
    Draft,
    TwilioApi,
    Unfitting,
    WhatsApp,
    kind_of,
    prompt_draft,
    template_draft,
)
from dialogue.words import Act, Filled, Message, MessageButton
from tests.platforms.twilio import SENDER, TwilioServer, refuses, reset

ANNA = "+9647701234567"
NOW = datetime.now(UTC)
SHUT = Slip(open_until=NOW - timedelta(hours=1))


def asking(*labels: str, text: str = "Where?", **more: object) -> Message:
    rows = tuple((MessageButton(label, f"r1:{label[:20]}"),) for label in labels)
    return Message(text, rows=rows, **more)  # pyright: ignore[reportArgumentType]


TEN = [f"Place {at}" for at in range(10)]


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (asking("Yes"), "quick-reply"),
        (asking("x" * 20, "y" * 20, "z" * 20), "quick-reply"),
        (asking("x" * 21), "list-picker"),
        (asking("ي" * 24), "list-picker"),
        (asking("a", "b", "c", "d"), "list-picker"),
        (asking(*TEN), "list-picker"),
        (asking("x" * 25), None),
        (asking("👍" * 13), None),  # two UTF-16 units each
        (asking(*TEN, "One more"), None),
        (asking("Yes", "Yes"), None),
        (asking(" "), None),
        (asking("Yes", text=""), None),
        (asking("Yes", text="x" * 1025), None),
        (asking("Yes", text="{{1}}"), None),
        (asking("{{1}}"), None),
        (asking("Yes", photo="abc"), None),
        (Message("Where?"), None),
        (Message("Where?", rows=((MessageButton("Site", url="https://x.org"),),)), None),
    ],
    ids=range(18),
)
def test_buttons_are_shown_as_whatsapp_can(message: Message, kind: str | None) -> None:
    assert kind_of(message) == kind
    draft = prompt_draft(message, "prompt", "Choose")
    assert (draft.kind if draft else None) == kind


def test_a_list_needs_words_on_the_button_that_opens_it() -> None:
    assert prompt_draft(asking(*TEN), "prompt", "") is None
    assert prompt_draft(asking(*TEN), "prompt", "x" * 21) is None
    assert prompt_draft(asking("Yes"), "prompt", "") is not None


def test_a_prompt_leaves_open_what_its_buttons_carry() -> None:
    draft = prompt_draft(asking("Yes", "No"), "confirm", "")
    assert draft is not None
    assert draft.payload() == {
        "friendly_name": draft.approval_name,
        "language": "en",
        "variables": {"1": "choice-1", "2": "choice-2"},
        "types": {
            "twilio/quick-reply": {
                "body": "Where?",
                "actions": [
                    {"type": "QUICK_REPLY", "title": "Yes", "id": "{{1}}"},
                    {"type": "QUICK_REPLY", "title": "No", "id": "{{2}}"},
                ],
            }
        },
    }


STOP = MessageButton("No more news", "+go:set:announcements:off")
SENTENCE = "News from {{1}}: {{2}} For more, please answer with any word."


def template(
    body: str = SENTENCE,
    samples: Sequence[str] = ("Tadamun", "A talk on Friday."),
    buttons: Sequence[MessageButton] = (STOP,),
) -> Draft:
    return template_draft("announcement", "MARKETING", "en", body, samples, buttons)


def test_a_template_keeps_what_its_buttons_carry() -> None:
    draft = template()
    assert draft.kind == "quick-reply"
    assert draft.buttons == (("+go:set:announcements:off", "No more news"),)
    assert template(buttons=()).kind == "text"


def test_another_word_makes_another_template_of_another_name() -> None:
    names = {template().approval_name, template(SENTENCE + "!").approval_name}
    assert len(names) == 2
    assert all(name.startswith("announcement_en_") for name in names)


@pytest.mark.parametrize(
    ("body", "samples"),
    [
        ("{{1}} is first", ["a"]),
        ("Last is {{1}}", ["a"]),
        ("Last is {{1}} \n", ["a"]),
        ("Two {{1}}{{2}} touch", ["a", "b"]),
        ("Two {{1}} {{2}} touch", ["a", "b"]),
        ("One {{2}} is missing", ["a"]),
        ("One {{1}} is missing", ["a", "b"]),
        ("None is missing", ["a"]),
        ("x" * (FIXED_UNITS + 1), []),
    ],
)
def test_a_sentence_that_whatsapp_would_not_approve_does_not_get_there(
    body: str, samples: list[str]
) -> None:
    with pytest.raises(Unfitting):
        template(body, samples)


@pytest.mark.parametrize(
    "buttons",
    [
        [MessageButton("x" * 21, "v")],
        [MessageButton("", "v")],
        [MessageButton("x", "")],
        [MessageButton("Stop 🛑", "v")],
        [MessageButton("x", url="https://x.org")],
        [MessageButton(str(at), str(at)) for at in range(4)],
    ],
    ids=range(6),
)
def test_neither_do_buttons_that_it_would_not_approve(buttons: list[MessageButton]) -> None:
    with pytest.raises(Unfitting):
        template(buttons=buttons)


# --- over real HTTP -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """A Content as it is stored."""

    key: str
    name: str
    language: str
    category: str | None
    sid: str
    state: str


async def made(api: TwilioApi, draft: Draft, state: str = "session") -> Known:
    sid = await api.create(draft)
    return Known(draft.key, draft.name, draft.language, draft.category, sid, state)


def writing(api: TwilioApi, *known: Known) -> WhatsApp:
    return WhatsApp(
        api,
        SENDER,
        Contents(known),
        80,
        lambda delivery: f"https://bot.example.org/whatsapp/status?d={delivery}",
        lambda hash: f"https://bot.example.org/media/{hash}",
        clock=lambda: NOW,
        chance=lambda: 0.0,
    )


@pytest.mark.parametrize("labels", [["نعم", "لا"], [f"محافظة {at}" for at in range(10)]])
async def test_a_prompt_arrives_with_buttons_that_carry_what_they_should(
    twilio: TwilioServer, account: TwilioApi, labels: list[str]
) -> None:
    anna = twilio.people.joins(ANNA)
    twilio.people.says(anna, "hello")
    message = asking(*labels, text="أين؟", language="ar")
    draft = prompt_draft(message, "gov", "اختيار")
    assert draft is not None
    whatsapp = writing(account, await made(account, draft))
    await whatsapp.send(anna.sender, Act.SEND, None, message, NO_SLIP)
    await twilio.wait_for(lambda: bool(anna.sent))
    assert anna.last.labels == tuple(labels)
    assert [button.value for button in anna.last.buttons] == [f"r1:{each}" for each in labels]
    assert twilio.violations == []


async def approved(twilio: TwilioServer, api: TwilioApi, draft: Draft) -> Known:
    known = await made(api, draft)
    assert draft.category is not None
    asked = await api.approve(known.sid, draft.approval_name, draft.category)
    assert asked == Approval("received")
    twilio.contents.decides("approved")
    approval = await api.approval(known.sid)
    return replace(known, state=approval.state)


async def test_a_template_gets_through_a_closed_window(
    twilio: TwilioServer, account: TwilioApi
) -> None:
    anna = twilio.people.joins(ANNA)
    whatsapp = writing(account, await approved(twilio, account, template()))
    text = "It is on Friday.\n\tCome  all!\n\n" * 60
    message = Message("Hi", template=Filled("announcement", ("Tadamun", text)))
    await whatsapp.send(anna.sender, Act.SEND, None, message, SHUT)
    await twilio.wait_for(lambda: bool(anna.sent))
    assert anna.last.template == "MARKETING"
    assert anna.last.text.startswith("News from Tadamun: It is on Friday. Come all! ")
    assert anna.last.text.endswith("… For more, please answer with any word.")
    assert anna.last.labels == ("No more news",)
    assert twilio.violations == []


async def test_a_template_says_how_far_its_approval_is(
    twilio: TwilioServer, account: TwilioApi
) -> None:
    draft = template()
    sid = await account.create(draft)
    assert await account.approval(sid) == Approval("unsubmitted")
    await account.approve(sid, draft.approval_name, "MARKETING")
    assert await account.approval(sid) == Approval("received")
    twilio.contents.decides("rejected", reason="It sells something.")
    assert await account.approval(sid) == Approval("rejected", "It sells something.")


async def test_a_template_whose_submission_was_not_answered_is_not_submitted_twice(
    twilio: TwilioServer, account: TwilioApi
) -> None:
    draft = template()
    sid = await account.create(draft)
    for fault in (reset(taken=True), None):
        if fault is not None:
            twilio.fail("approve", fault)
        approval = await account.approve(sid, draft.approval_name, "MARKETING")
        assert approval == Approval("received")


async def test_a_template_that_could_not_be_submitted_is_not(
    twilio: TwilioServer, account: TwilioApi
) -> None:
    draft = template()
    sid = await account.create(draft)
    twilio.fail("approve", refuses(20001))
    with pytest.raises(Refused):
        await account.approve(sid, draft.approval_name, "MARKETING")


async def test_a_content_that_twilio_does_not_take_is_refused(
    twilio: TwilioServer, account: TwilioApi
) -> None:
    twilio.fail("make", refuses(20001))
    with pytest.raises(Refused):
        await account.create(template())
    twilio.fail("approval", refuses(20404, status=404))
    with pytest.raises(TargetGone):
        await account.approval("HX" + "0" * 32)
