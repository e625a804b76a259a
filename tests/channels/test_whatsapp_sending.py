"""Writing to WhatsApp over real HTTP, by Twilio's rules and through its failures."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest

from channels import (
    NO_SLIP,
    Barred,
    Busy,
    Gone,
    Lists,
    NoPicture,
    OptedOut,
    Refused,
    Slip,
    TargetGone,
    Unfit,
    Unreachable,
    Unsure,
)
from channels.whatsapp import (
    Contents,
    Post,
    Timeouts,
    TwilioApi,
    WhatsApp,
    meaning_of,
    of_a_part,
)
from dialogue.words import Act, Message, MessageButton
from tests.platforms.twilio import (
    ACCOUNT,
    SENDER,
    TOKEN,
    Chat,
    Fault,
    Held,
    TwilioServer,
    garbled,
    gateway,
    refuses,
    reset,
    too_many,
)

ANNA = "+9647701234567"
HI = Message("Hi 👋")
NOW = datetime.now(UTC)


def writing(
    api: TwilioApi,
    clock: Callable[[], datetime] = lambda: NOW,
    monotonic: Callable[[], float] = lambda: 0.0,
) -> WhatsApp:
    return WhatsApp(
        api,
        SENDER.removeprefix("whatsapp:"),
        Contents(),
        80,
        lambda delivery: f"https://bot.example.org/whatsapp/status?d={delivery}",
        lambda hash: f"https://bot.example.org/media/{hash}",
        clock=clock,
        chance=lambda: 0.0,
        monotonic=monotonic,
    )


@pytest.fixture
def whatsapp(account: TwilioApi) -> WhatsApp:
    """The channel over that line."""
    return writing(account)


@pytest.fixture
def anna(twilio: TwilioServer) -> Chat:
    """Somebody who has just written."""
    chat = twilio.people.joins(ANNA)
    twilio.people.says(chat, "hello")
    return chat


async def send(whatsapp: WhatsApp, chat: Chat, message: Message = HI, slip: Slip = NO_SLIP) -> str:
    return await whatsapp.send(chat.sender, Act.SEND, None, message, slip)


async def test_a_message_arrives_and_its_id_comes_back(
    twilio: TwilioServer, whatsapp: WhatsApp, anna: Chat
) -> None:
    sid = await send(whatsapp, anna)
    await twilio.wait_for(lambda: not twilio.busy)
    assert (anna.last.sid, anna.last.text) == (sid, "Hi 👋")
    assert twilio.violations == []


async def test_a_users_id_is_written_to_as_it_is(
    twilio: TwilioServer, whatsapp: WhatsApp, anna: Chat
) -> None:
    await whatsapp.send(f"whatsapp:{anna.user}", Act.SEND, None, HI)
    await twilio.wait_for(lambda: bool(anna.sent))
    assert twilio.violations == []


async def test_the_slip_tells_where_to_report_and_how_long_to_try(
    twilio: TwilioServer, whatsapp: WhatsApp, anna: Chat
) -> None:
    slip = Slip(delivery=7, not_after=NOW + timedelta(minutes=5))
    await send(whatsapp, anna, slip=slip)
    (call,) = twilio.called("send")
    assert call.fields == {
        "To": [f"whatsapp:{ANNA}"],
        "From": [SENDER],
        "Body": ["Hi 👋"],
        "StatusCallback": ["https://bot.example.org/whatsapp/status?d=7"],
        "ValidityPeriod": ["300"],
    }


async def test_what_is_not_stored_has_nobody_to_report_to(
    twilio: TwilioServer, whatsapp: WhatsApp, anna: Chat
) -> None:
    await send(whatsapp, anna)
    assert "StatusCallback" not in twilio.called("send")[0].fields


async def test_half_of_a_surrogate_pair_does_not_stop_the_rest(
    twilio: TwilioServer, whatsapp: WhatsApp, anna: Chat
) -> None:
    await send(whatsapp, anna, Message("a\ud83db & c=d\r\nBcc: x\0"))
    await twilio.wait_for(lambda: bool(anna.sent))
    assert anna.last.text == "a?b & c=d\r\nBcc: x\0"


async def test_a_long_message_arrives_in_parts_and_the_last_one_is_its_id(
    twilio: TwilioServer, whatsapp: WhatsApp, anna: Chat
) -> None:
    long = Message("It is so. " * 158, rows=((MessageButton("A" * 60, "a", number=1),),))
    sid = await send(whatsapp, anna, long, Slip(delivery=7))
    await twilio.wait_for(lambda: len(anna.sent) == 2)
    assert anna.last.sid == sid
    assert anna.texts[1] == "1. " + "A" * 60
    assert twilio.violations == []


async def test_only_the_last_part_reports_that_it_arrived(
    twilio: TwilioServer, whatsapp: WhatsApp, anna: Chat
) -> None:
    await send(whatsapp, anna, Message("It is so. " * 300), Slip(delivery=7))
    places = [call.fields["StatusCallback"][0] for call in twilio.called("send")]
    whole = "https://bot.example.org/whatsapp/status?d=7"
    assert places == [of_a_part(whole), whole]


async def test_a_part_that_has_left_does_not_leave_again(
    twilio: TwilioServer, whatsapp: WhatsApp, anna: Chat
) -> None:
    held = Held()
    twilio.fail("send", held.fault())
    long, slip = Message("It is so. " * 300), Slip(delivery=7)
    sending = asyncio.ensure_future(send(whatsapp, anna, long, slip))
    await twilio.wait_for(lambda: bool(twilio.called("send")))
    twilio.fail("send", too_many())
    held.release()
    with pytest.raises(Busy):
        await sending
    await send(whatsapp, anna, long, slip)
    await twilio.wait_for(lambda: len(anna.sent) == 2)
    assert len(set(anna.texts)) == 2
    # Whoever hears the same another time hears all of it.
    await send(whatsapp, anna, long, slip)
    await twilio.wait_for(lambda: len(anna.sent) == 4)


@pytest.mark.parametrize("left", [0, 1, 2, 3])
async def test_after_a_death_between_two_parts_those_go_that_had_not_left(
    twilio: TwilioServer, account: TwilioApi, anna: Chat, left: int
) -> None:
    dead, alive = writing(account), writing(account)
    words = (f"It is so, {number}. " for number in range(300))
    long, slip = Message("".join(words)), Slip(delivery=7)
    since, sids = NOW - timedelta(minutes=1), list[str]()
    for body in (post.body for post in dead.parts(anna.sender, long, slip)[:left]):
        sids.append(await account.send(Post(anna.sender, SENDER, body=body)))
    listed = await alive.outbound_since(anna.sender, since, long, slip)
    assert [id for id, _, _ in listed] == sids[2:]
    if left < 3:
        await send(alive, anna, long, slip)
    await twilio.wait_for(lambda: len(anna.sent) == 3)
    assert len(set(anna.texts)) == 3
    assert twilio.violations == []


@pytest.mark.usefixtures("unfetched")
async def test_after_a_death_a_picture_apart_from_its_words_counts_as_a_part(
    twilio: TwilioServer, account: TwilioApi, anna: Chat
) -> None:
    come, slip = Message("It is so. " * 150, photo="abc"), Slip(delivery=7)
    alive, since = writing(account), NOW - timedelta(minutes=1)
    picture, _ = alive.parts(anna.sender, come, slip)
    sid = await account.send(picture)
    await twilio.wait_for(lambda: not twilio.busy)
    twilio.log.by_sid[sid].status = "delivered"
    assert await alive.outbound_since(anna.sender, since, come, slip) == []
    await send(alive, anna, come, slip)
    assert [("MediaUrl" in call.fields) for call in twilio.called("send")] == [True, False]


@pytest.mark.usefixtures("unfetched")
async def test_words_that_a_pause_held_back_go_though_their_picture_fails_meanwhile(
    twilio: TwilioServer, whatsapp: WhatsApp, anna: Chat
) -> None:
    come, slip = Message("It is so. " * 150, photo="abc"), Slip(delivery=7)
    held = Held()
    twilio.fail("send", held.fault())
    sending = asyncio.ensure_future(send(whatsapp, anna, come, slip))
    await twilio.wait_for(lambda: bool(twilio.called("send")))
    twilio.fail("send", too_many())
    held.release()
    with pytest.raises(Busy):
        await sending
    whatsapp.told(7, meaning_of(63019))
    await send(whatsapp, anna, come, slip)
    await twilio.wait_for(lambda: bool(anna.sent))
    assert anna.texts == [come.text]


async def test_the_list_of_what_left_holds_one_id_for_each_delivery(
    twilio: TwilioServer, whatsapp: WhatsApp, anna: Chat
) -> None:
    since = NOW - timedelta(minutes=1)
    long = await send(whatsapp, anna, Message("It is so. " * 300), Slip(delivery=7))
    await send(whatsapp, anna, Message("Before consent, nothing is stored."))
    short = await send(whatsapp, anna, HI, Slip(delivery=8))
    listed = await whatsapp.outbound_since(anna.sender, since, HI, NO_SLIP)
    assert {id for id, _, _ in listed} == {long, short}
    assert isinstance(whatsapp, Lists)


# --- what cannot be done --------------------------------------------------------------------------


@pytest.mark.parametrize("act", [Act.EDIT, Act.STRIP])
async def test_what_was_said_cannot_be_changed(whatsapp: WhatsApp, anna: Chat, act: Act) -> None:
    assert not whatsapp.limits.edits
    with pytest.raises(TargetGone):
        await whatsapp.send(anna.sender, act, "SM1", HI)


async def test_a_deletion_has_twilio_forget_the_message(
    twilio: TwilioServer, whatsapp: WhatsApp, anna: Chat
) -> None:
    sid = await send(whatsapp, anna)
    await twilio.wait_for(lambda: not twilio.busy)
    assert await whatsapp.send(anna.sender, Act.DELETE, sid, Message()) == sid
    assert sid not in twilio.log.by_sid
    with pytest.raises(TargetGone):
        await whatsapp.send(anna.sender, Act.DELETE, sid, Message())


async def test_a_message_that_is_on_its_way_is_forgotten_later(
    twilio: TwilioServer, whatsapp: WhatsApp, anna: Chat
) -> None:
    sid = await send(whatsapp, anna)
    await twilio.wait_for(lambda: not twilio.busy)
    twilio.log.by_sid[sid].status = "sending"
    with pytest.raises(Unreachable):
        await whatsapp.send(anna.sender, Act.DELETE, sid, Message())


@pytest.mark.parametrize("target", [None, ""])
async def test_a_deletion_of_nothing_finds_nothing(
    whatsapp: WhatsApp, anna: Chat, target: str | None
) -> None:
    with pytest.raises(TargetGone):
        await whatsapp.send(anna.sender, Act.DELETE, target, Message())


async def test_there_are_no_groups_to_leave(whatsapp: WhatsApp, anna: Chat) -> None:
    assert await whatsapp.send(anna.sender, Act.LEAVE, None, Message()) == ""


# --- failures -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (refuses(21610), OptedOut),
        (refuses(21211), Gone),
        (refuses(21656), Unfit),
        (refuses(63019), NoPicture),
        (refuses(12345), Refused),
        (refuses(20003, status=401), Barred),
        (refuses(20404, status=404), Barred),
        (too_many(), Busy),
        (refuses(20500, status=500), Unreachable),
        (gateway(), Unsure),
        (gateway(504), Unsure),
        (Fault(status=503, body=b"<html>"), Unreachable),
        (Fault(status=307), Unreachable),
        (garbled(body=b"{"), Unsure),
        (garbled(body=b"[1]"), Unsure),
        (garbled(body=b'{"sid": 7}'), Unsure),
        (garbled(body=b"{}"), Unsure),
        (garbled(body=b'{"sid": "../../Accounts"}'), Unsure),
        (Fault(status=400, body=b'["no object"]'), Refused),
        (Fault(status=400, body=b'{"code": "x"}'), Refused),
        (Fault(status=400, body=b"[" * 100_000), Refused),
        (reset(taken=True), Unsure),
        (reset(taken=False), Unsure),
    ],
    ids=range(23),
)
async def test_each_failure_is_told_apart(
    twilio: TwilioServer, whatsapp: WhatsApp, anna: Chat, fault: Fault, kind: type[Exception]
) -> None:
    twilio.fail("send", fault)
    with pytest.raises(kind) as failed:
        await send(whatsapp, anna)
    assert type(failed.value) is kind
    await send(whatsapp, anna)


async def test_what_was_never_answered_may_have_arrived(twilio: TwilioServer, anna: Chat) -> None:
    timeouts = Timeouts(connect=30, answer=0.1)
    api = TwilioApi(ACCOUNT, TOKEN, twilio.url, twilio.url, timeouts=timeouts)
    held = Held()
    twilio.fail("send", held.fault())
    with pytest.raises(Unsure):
        await send(writing(api), anna)
    held.release()
    await api.close()


async def test_a_server_that_is_not_there_was_not_reached(anna: Chat) -> None:
    for url in (
        "http://127.0.0.1:1",
        "http://nowhere.invalid",
        "http://127.0.0.1:99999",
        "http://",
    ):
        api = TwilioApi(ACCOUNT, TOKEN, url, url, timeouts=Timeouts(connect=1, answer=1))
        with pytest.raises(Unreachable):
            await send(writing(api), anna)
        await api.close()


async def test_a_line_that_was_closed_stays_closed(account: TwilioApi, anna: Chat) -> None:
    await account.close()
    with pytest.raises(Unreachable):
        await send(writing(account), anna)


async def test_another_server_in_the_environment_changes_nothing(
    twilio: TwilioServer, anna: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("EDGE", "dublin"), ("REGION", "ie1"), ("ACCOUNT_SID", "AC1")):
        monkeypatch.setenv(f"TWILIO_{name}", value)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    api = TwilioApi(ACCOUNT, TOKEN, twilio.url, twilio.url)
    await send(writing(api), anna)
    await api.close()


async def test_a_wrong_token_is_barred(twilio: TwilioServer, anna: Chat) -> None:
    api = TwilioApi(ACCOUNT, TOKEN[::-1], twilio.url, twilio.url)
    with pytest.raises(Barred):
        await send(writing(api), anna)
    await api.close()


@pytest.fixture
async def unfetched(twilio: TwilioServer) -> AsyncIterator[None]:
    """Nobody is where the pictures should be; ends once that has been found out."""
    twilio.webhooks.behind["https://bot.example.org"] = "http://127.0.0.1:1"
    yield
    await twilio.wait_for(lambda: not twilio.busy)


@pytest.mark.usefixtures("unfetched")
async def test_a_picture_that_was_refused_stays_away_and_the_words_go(
    twilio: TwilioServer, whatsapp: WhatsApp, anna: Chat
) -> None:
    twilio.fail("send", refuses(63019))
    with pytest.raises(NoPicture):
        await send(whatsapp, anna, Message("Come!", photo="abc"))
    await send(whatsapp, anna, Message("Come!", photo="abc"), Slip(plain=True))
    sent = [call.fields.get("MediaUrl") for call in twilio.called("send")]
    assert sent == [["https://bot.example.org/media/abc"], None]
    await twilio.wait_for(lambda: bool(anna.sent))
    assert anna.last.text == "Come!"


@pytest.mark.usefixtures("unfetched")
async def test_a_picture_that_failed_afterwards_stays_away_for_a_while(
    twilio: TwilioServer, account: TwilioApi, anna: Chat
) -> None:
    now = [NOW]
    whatsapp = writing(account, clock=lambda: now[0])
    come = Message("Come!", photo="abc")
    await send(whatsapp, anna, come, Slip(delivery=7))
    await send(whatsapp, anna, Message("Other", photo="def"), Slip(delivery=8))
    whatsapp.told(8, None)
    whatsapp.told(8, meaning_of(63016))
    whatsapp.told(7, meaning_of(63019))
    whatsapp.told(9, meaning_of(63019))
    for photo in ("abc", "def"):
        await send(whatsapp, anna, Message("Come!", photo=photo), Slip(delivery=10))
    now[0] += timedelta(minutes=10)
    await send(whatsapp, anna, come, Slip(delivery=11))
    sent = [call.fields.get("MediaUrl", ["none"])[0][-3:] for call in twilio.called("send")]
    assert sent == ["abc", "def", "one", "def", "abc"]


async def test_pauses_grow_while_twilio_has_too_much_at_once(
    twilio: TwilioServer, account: TwilioApi, anna: Chat
) -> None:
    seconds = [100.0]
    whatsapp = writing(account, monotonic=lambda: seconds[0])
    twilio.fail("send", too_many(), times=3)
    pauses: list[float] = []
    # The second leaves before the first pause is over: they share it.
    for passed in (0.25, 0.75, 0):
        with pytest.raises(Busy) as busy:
            await send(whatsapp, anna)
        pauses.append(busy.value.seconds)
        seconds[0] += passed
    assert pauses == [1, 0.75, 2]


async def test_many_at_once_share_the_line(
    twilio: TwilioServer, whatsapp: WhatsApp, anna: Chat
) -> None:
    sids = await asyncio.gather(*[send(whatsapp, anna) for _ in range(40)])
    assert len(set(sids)) == 40
    assert twilio.violations == []


# --- the account ----------------------------------------------------------------------------------


async def test_the_account_says_that_it_works(account: TwilioApi) -> None:
    assert await account.check() == "active"


async def test_what_is_looked_up_is_never_unsure(twilio: TwilioServer, account: TwilioApi) -> None:
    for fault in (gateway(), garbled(body=b"{"), garbled(body=b'{"x": 1}'), garbled(body=b"{}")):
        twilio.fail("list", fault)
        with pytest.raises(Unreachable):
            [each async for each in account.logged()]
    twilio.fail("account", gateway())
    with pytest.raises(Unreachable):
        await account.check()


async def test_a_next_page_at_another_server_is_not_fetched(
    twilio: TwilioServer, account: TwilioApi
) -> None:
    meta = {"key": "messages", "next_page_url": "http://169.254.169.254/"}
    page: dict[str, object] = {"messages": [], "meta": meta}
    twilio.fail("list", garbled(body=json.dumps(page).encode()))
    with pytest.raises(Unreachable):
        [each async for each in account.logged()]
