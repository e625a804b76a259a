"""What Twilio's log tells of the time when nobody listened, and of what was perhaps sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from channels import Unreachable
from channels.whatsapp import TwilioApi, inbound_since, outbound_since
from channels.whatsapp.writing import Post
from tests.platforms.twilio import SENDER, Chat, TwilioServer, refuses

ANNA, BASIM = "+9647701234567", "+9647801234567"
MORNING = datetime(2026, 4, 3, 6, tzinfo=UTC)


class Clock:
    """The platform's, which the test moves."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> float:
        return self.now.timestamp()

    def goes_on(self, minutes: float = 1) -> datetime:
        self.now += timedelta(minutes=minutes)
        return self.now


@pytest.fixture
def clock(twilio: TwilioServer) -> Clock:
    """Sets the platform's time."""
    twilio.people.clock = clock = Clock()
    return clock


@pytest.fixture
def anna(twilio: TwilioServer) -> Chat:
    """Somebody with WhatsApp."""
    return twilio.people.joins(ANNA)


async def test_what_was_missed_comes_in_the_order_in_which_it_was_said(
    twilio: TwilioServer, account: TwilioApi, anna: Chat, clock: Clock
) -> None:
    twilio.people.says(anna, "before")
    away = clock.goes_on()
    said = [twilio.people.says(anna, "one")]
    clock.goes_on(600)
    said.append(twilio.people.says(anna, "two"))
    basim = twilio.people.joins(BASIM)
    clock.goes_on()
    said.append(twilio.people.says(basim, "three"))
    missed = await inbound_since(account, SENDER, away)
    assert [(each.text, each.sender) for each in missed] == [
        ("one", f"whatsapp:{ANNA}"),
        ("two", f"whatsapp:{ANNA}"),
        ("three", f"whatsapp:{BASIM}"),
    ]
    assert [each.id for each in missed] == [each.message for each in missed] == said
    assert [each.at for each in missed] == [
        MORNING + timedelta(minutes=minutes) for minutes in (1, 601, 602)
    ]


async def test_hours_of_messages_come_over_many_pages(
    twilio: TwilioServer, account: TwilioApi, anna: Chat, clock: Clock
) -> None:
    for number in range(450):
        twilio.people.says(anna, str(number))
        clock.goes_on()
    missed = await inbound_since(account, SENDER, MORNING)
    assert [each.text for each in missed] == [str(number) for number in range(450)]
    assert twilio.counts["list"] == 3


async def test_what_we_wrote_is_not_what_we_missed(
    twilio: TwilioServer, account: TwilioApi, anna: Chat, clock: Clock
) -> None:
    twilio.people.says(anna, "hello")
    await account.send(Post(anna.sender, SENDER, body="hello"))
    assert len(await inbound_since(account, SENDER, MORNING)) == 1


async def test_of_a_pressed_button_the_log_has_its_words_and_of_media_that_there_are_some(
    twilio: TwilioServer, account: TwilioApi, anna: Chat, clock: Clock
) -> None:
    twilio.people.says(anna, "Yes", ButtonPayload="r1:!ok:7", ButtonText="Yes")
    clock.goes_on()
    twilio.people.sends(anna)
    clock.goes_on()
    twilio.people.says(anna, "start w-corona-1")
    missed = await inbound_since(account, SENDER, MORNING)
    assert [(each.text, each.media, each.start) for each in missed] == [
        ("Yes", None, None),
        (None, "unknown", None),
        ("/start", None, "w-corona-1"),
    ]


async def test_of_a_number_the_log_does_not_say_whose_it_is(
    twilio: TwilioServer, account: TwilioApi, anna: Chat, clock: Clock
) -> None:
    twilio.people.says(anna, "hello")
    sid = twilio.people.says(anna, "from behind a name")
    twilio.log.by_sid[sid].sender = "whatsapp:IQ.1234"
    missed = await inbound_since(account, SENDER, MORNING)
    assert [(each.text, each.bare) for each in missed] == [
        ("hello", True),
        ("from behind a name", False),
    ]


async def test_a_text_message_to_the_number_is_left_alone(
    twilio: TwilioServer, account: TwilioApi, anna: Chat, clock: Clock
) -> None:
    sid = twilio.people.says(anna, "sms")
    twilio.log.by_sid[sid].sender = ANNA
    assert await inbound_since(account, SENDER, MORNING) == []


async def test_a_log_that_cannot_be_had_is_asked_for_again_later(
    twilio: TwilioServer, account: TwilioApi
) -> None:
    twilio.fail("list", refuses(20500, status=500))
    with pytest.raises(Unreachable):
        await inbound_since(account, SENDER, MORNING)


# --- what left ------------------------------------------------------------------------------------


async def test_what_was_taken_for_somebody_is_found_whatever_became_of_it(
    twilio: TwilioServer, account: TwilioApi, anna: Chat, clock: Clock
) -> None:
    twilio.people.says(anna, "hello")
    other = twilio.people.joins(BASIM)
    twilio.people.says(other, "hello")
    await account.send(Post(anna.sender, SENDER, body="long ago"))
    since = clock.goes_on(60)
    sids: list[str] = []
    for status in ("queued", "sent", "delivered", "read", "undelivered"):
        sid = await account.send(Post(anna.sender, SENDER, body=status))
        await account.send(Post(other.sender, SENDER, body=status))
        await twilio.wait_for(lambda: not twilio.busy)
        twilio.log.by_sid[sid].status = status
        sids.append(sid)
        clock.goes_on()
    found = await outbound_since(account, SENDER, anna.sender, since)
    assert [(left.id, left.state) for left in found] == [
        (sids[0], "sent"),
        (sids[1], "sent"),
        (sids[2], "delivered"),
        (sids[3], "read"),
        (sids[4], "failed"),
    ]
    assert [left.at for left in found] == [since + timedelta(minutes=minute) for minute in range(5)]


async def test_what_waited_at_twilio_counts_from_when_twilio_took_it(
    twilio: TwilioServer, account: TwilioApi, anna: Chat, clock: Clock
) -> None:
    twilio.people.says(anna, "hello")
    post, sids = Post(anna.sender, SENDER, body="hi"), list[str]()
    for _ in range(3):
        sids.append(await account.send(post))
        clock.goes_on()
    # The first two had to wait for long, and stand above the third for that.
    for sid in sids[:2]:
        record = twilio.log.by_sid[sid]
        record.at, record.waited = record.at + 600, 600
    since = MORNING + timedelta(minutes=1)
    found = await outbound_since(account, SENDER, anna.sender, since)
    assert [(left.id, left.at) for left in found] == [
        (sids[1], since),
        (sids[2], since + timedelta(minutes=1)),
    ]


async def test_what_never_left_is_not_found(
    account: TwilioApi, anna: Chat, clock: Clock, twilio: TwilioServer
) -> None:
    twilio.people.says(anna, "hello")
    assert await outbound_since(account, SENDER, anna.sender, MORNING) == []
