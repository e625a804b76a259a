"""The stand-in holds senders to Twilio's and WhatsApp's rules; a bug in it would hide bugs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.platforms.twilio import (
    ACCOUNT,
    SENDER,
    SIGNATURE,
    TOKEN,
    Chat,
    Ending,
    Pace,
    Reach,
    Statuses,
    TwilioServer,
    refuses,
    reset,
    too_many,
)

NOW = 1_800_000_000.0
DAY = 24 * 3600.0
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages"


def basic(token: str) -> dict[str, str]:
    return {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, token)}


class Bot:
    """Takes whatever it is told, and sends whatever it is told to."""

    def __init__(self, platform: TwilioServer, session: aiohttp.ClientSession) -> None:
        self.platform = platform
        self.session = session
        self.told: list[tuple[str, dict[str, str], str]] = []
        self.answer = b"<Response/>"

    async def hears(self, request: web.BaseRequest) -> web.Response:
        form = {key: str(value) for key, value in (await request.post()).items()}
        self.told.append((str(request.url), form, request.headers[SIGNATURE]))
        return web.Response(body=self.answer, content_type="text/xml")

    async def ask(self, method: str, path: str, **body: Any) -> tuple[int, Any]:
        url = self.platform.url + path
        async with self.session.request(method, url, **body) as answer:
            return answer.status, await answer.json() if answer.status != 204 else None

    async def send(self, to: Chat, **fields: Any) -> tuple[int, Any]:
        form = {"From": SENDER, "To": to.sender, **fields}
        status, told = await self.ask("POST", f"{MESSAGES}.json", data=form)
        await self.platform.wait_for(lambda: not self.platform.busy)
        return status, told

    async def make(self, **fields: Any) -> tuple[int, Any]:
        return await self.ask("POST", "/v1/Content", json=fields)

    async def submit(self, sid: str, name: str, category: str = "MARKETING") -> tuple[int, Any]:
        path = f"/v1/Content/{sid}/ApprovalRequests/whatsapp"
        return await self.ask("POST", path, json={"name": name, "category": category})


@pytest.fixture
async def platform() -> AsyncIterator[TwilioServer]:
    async with TwilioServer() as server:
        server.people.clock = lambda: NOW
        yield server


@pytest.fixture
async def bot(platform: TwilioServer) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession(headers=basic(TOKEN)) as session:
        bot = Bot(platform, session)
        runner = web.ServerRunner(web.Server(bot.hears), shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        platform.webhooks.url = f"http://127.0.0.1:{runner.addresses[0][1]}/whatsapp"
        yield bot
        await runner.cleanup()


@pytest.fixture
def nour(platform: TwilioServer, bot: Bot) -> Chat:
    """Somebody who wrote just now."""
    nour = platform.people.joins("+9647700000001", name="Nour")
    platform.people.says(nour, "hello")
    return nour


@pytest.fixture
def omar(platform: TwilioServer, bot: Bot) -> Chat:
    """Somebody who has not written for long."""
    return platform.people.joins("+9647700000002")


def replies(count: int, body: str = "What?", **more: Any) -> dict[str, Any]:
    actions = [
        {"type": "QUICK_REPLY", "title": f"This {n}", "id": f"{{{{{n}}}}}"}
        for n in range(1, count + 1)
    ]
    samples = {str(n): f"v{n}" for n in range(1, count + 1)}
    types = {"twilio/quick-reply": {"body": body, "actions": actions}}
    return {"language": "en", "variables": samples, "types": types, **more}


def template(body: str = "News: {{1}}. Yours.") -> dict[str, Any]:
    types = {"twilio/text": {"body": body}}
    return {"language": "en", "variables": {"1": "a talk"}, "types": types}


BROKEN: list[tuple[dict[str, Any], int]] = [
    ({"Boddy": "x", "Body": "x"}, 20422),
    ({}, 21619),
    ({"Body": " "}, 21619),
    ({"Body": "😀" * 801}, 21617),
    ({"Body": "x" * 1025, "MediaUrl": "http://127.0.0.1/a.png"}, 21617),
    ({"Body": "x", "To": "+9647700000001"}, 21211),
    ({"Body": "x", "To": "whatsapp:+IQ.7"}, 21211),
    ({"Body": "x", "From": "whatsapp:+15550000000"}, 63007),
    ({"Body": "x", "ContentVariables": "{}"}, 21654),
    ({"Body": "x", "ContentSid": "HX" + "0" * 32}, 20422),
    ({"ContentSid": "HX12"}, 21655),
    ({"ContentSid": "HX" + "0" * 32}, 21655),
    ({"Body": "x", "StatusCallback": "https://my_bot.example.org/"}, 21609),
    ({"Body": "x", "StatusCallback": "/whatsapp/status"}, 21609),
    ({"Body": "x", "ValidityPeriod": "36001"}, 20422),
    ({"Body": "x", "ValidityPeriod": "1.5"}, 20422),
    ({"Body": "x", "MediaUrl": "poster.png"}, 21620),
]


@pytest.mark.parametrize(("fields", "code"), BROKEN)
async def test_a_broken_rule_is_refused_and_noted(
    platform: TwilioServer, bot: Bot, nour: Chat, fields: dict[str, Any], code: int
) -> None:
    status, told = await bot.send(nour, **fields)
    assert (status, told["code"]) == (400, code)
    assert len(platform.violations) == 1
    assert nour.texts == []


BAD_VARIABLES = ['{"1": "a"}', '{"1": "a", "2": ""}', '{"1": "a", "2": 5}', "[]", "{", ""]


@pytest.mark.parametrize("variables", BAD_VARIABLES)
async def test_variables_that_do_not_fit_are_refused(
    platform: TwilioServer, bot: Bot, nour: Chat, variables: str
) -> None:
    _, made = await bot.make(**replies(2))
    fields = {"ContentVariables": variables} if variables else {}
    status, told = await bot.send(nour, ContentSid=made["sid"], **fields)
    assert (status, told["code"]) == (400, 21656)


LONG = "x" * 21
ACTION = {"type": "QUICK_REPLY", "title": "Yes", "id": "y"}
BAD_CONTENTS: list[dict[str, Any]] = [
    {"language": "Arabic"},
    {"types": {"twilio/quick-reply": {"body": "x", "actions": []}}},
    {"types": {"twilio/quick-reply": {"body": "x" * 1025, "actions": [ACTION]}}, "variables": {}},
    {"types": {"twilio/quick-reply": {"body": "x", "actions": [{**ACTION, "title": LONG}]}}},
    {"types": {"twilio/text": {"body": "{{2}}"}}, "variables": {"2": "x"}},
    {"types": {"twilio/text": {"body": "{{1}}"}}, "variables": {"1": ""}},
    {"types": {"twilio/text": {"body": "{{1}}"}}, "variables": {}},
    {"types": {"twilio/list-picker": {"body": "x", "items": [{"item": "a", "id": "b"}]}}},
    {"kinds": {}},
]


@pytest.mark.parametrize("fields", BAD_CONTENTS)
async def test_a_content_that_whatsapp_does_not_show_is_not_made(
    platform: TwilioServer, bot: Bot, fields: dict[str, Any]
) -> None:
    assert (await bot.make(**{**replies(1), **fields}))[0] == 400
    assert len(platform.violations) == 1


async def test_a_form_where_json_belongs_is_refused(platform: TwilioServer, bot: Bot) -> None:
    assert (await bot.ask("POST", "/v1/Content", data={"language": "en"}))[0] == 400
    assert len(platform.violations) == 1


BAD_TEMPLATES = ["{{1}} is new.", "New: {{1}}", "New {{1}}{{2}}."]


@pytest.mark.parametrize("body", BAD_TEMPLATES)
async def test_what_whatsapp_always_rejects_may_not_be_submitted(
    platform: TwilioServer, bot: Bot, body: str
) -> None:
    samples = {"1": "x", "2": "y"} if "2" in body else {"1": "x"}
    _, made = await bot.make(**{**template(body), "variables": samples})
    assert (await bot.submit(made["sid"], "news"))[0] == 400


async def test_a_rejected_name_is_never_taken_again(platform: TwilioServer, bot: Bot) -> None:
    first, second = [(await bot.make(**template()))[1]["sid"] for _ in range(2)]
    assert (await bot.submit(first, "news"))[1]["status"] == "received"
    platform.contents.decides("rejected", reason="INVALID_FORMAT")
    _, told = await bot.ask("GET", f"/v1/Content/{first}/ApprovalRequests")
    assert told["whatsapp"]["status"] == "rejected"
    assert (await bot.submit(second, "news"))[0] == 400
    assert (await bot.submit(second, "news_2"))[0] == 201


async def test_once_the_window_is_closed_only_a_template_arrives(
    platform: TwilioServer, bot: Bot, omar: Chat
) -> None:
    _, made = await bot.make(**template())
    await bot.submit(made["sid"], "news")
    fields = {"ContentSid": made["sid"], "ContentVariables": '{"1": "Rivers"}'}
    _, first = await bot.send(omar, Body="x")
    _, second = await bot.send(omar, **fields)
    assert len(platform.violations) == 2
    platform.contents.decides("approved")
    assert (await bot.send(omar, **fields))[0] == 201
    assert omar.texts == ["News: Rivers. Yours."]
    assert omar.last.template == "MARKETING"
    ends = [platform.log.by_sid[each["sid"]] for each in (first, second)]
    assert [(each.status, each.error) for each in ends] == [("failed", 63016)] * 2


async def test_the_window_is_open_for_a_day_after_each_message(
    platform: TwilioServer, bot: Bot, nour: Chat
) -> None:
    platform.people.clock = lambda: NOW + DAY - 1
    await bot.send(nour, Body="still")
    platform.people.clock = lambda: NOW + DAY
    await bot.send(nour, Body="no more")
    assert nour.texts == ["still"]
    platform.people.says(nour, "again")
    await bot.send(nour, Body="again")
    assert nour.texts == ["still", "again"]


async def test_spoilt_and_long_values_are_nothing_for_a_template(
    platform: TwilioServer, bot: Bot, omar: Chat
) -> None:
    _, made = await bot.make(**template())
    await bot.submit(made["sid"], "news")
    platform.contents.decides("approved")
    for value in ("two\nlines", "a\tb", "a    b", "x" * 1020):
        variables = json.dumps({"1": value})
        fields = {"ContentSid": made["sid"], "ContentVariables": variables}
        assert (await bot.send(omar, **fields))[1]["code"] == 63021
    assert omar.texts == []


async def test_three_quick_replies_need_no_approval_and_four_do(
    platform: TwilioServer, bot: Bot, nour: Chat
) -> None:
    for count, status in ((3, 201), (4, 400)):
        _, made = await bot.make(**replies(count))
        variables = json.dumps({str(n): f"q:{n}" for n in range(1, count + 1)})
        fields = {"ContentSid": made["sid"], "ContentVariables": variables}
        assert (await bot.send(nour, **fields))[0] == status
    assert [(b.label, b.value) for b in nour.last.buttons] == [
        (f"This {n}", f"q:{n}") for n in (1, 2, 3)
    ]


async def test_of_more_people_than_the_tier_allows_the_last_gets_nothing(
    platform: TwilioServer, bot: Bot, omar: Chat, nour: Chat
) -> None:
    platform.sending.reach = Reach(1)
    _, made = await bot.make(**template())
    await bot.submit(made["sid"], "news")
    platform.contents.decides("approved")
    fields = {"ContentSid": made["sid"], "ContentVariables": '{"1": "Rivers"}'}
    other = platform.people.joins("+9647700000003")
    for chat in (omar, omar, nour, other):
        await bot.send(chat, **fields)
    assert [len(chat.texts) for chat in (omar, nour, other)] == [2, 1, 0]
    assert len(platform.violations) == 1


async def test_what_people_do_is_told_signed_and_with_everything_that_twilio_adds(
    platform: TwilioServer, bot: Bot, nour: Chat
) -> None:
    _, made = await bot.make(**replies(1))
    variables = '{"1": "q:1"}'
    await bot.send(nour, ContentSid=made["sid"], ContentVariables=variables)
    platform.people.presses(nour, nour.last, "This 1")
    platform.people.sends(nour, "document", "application/pdf")
    platform.people.sends_place(nour)
    await platform.wait_for(lambda: not platform.busy)
    hello, press, media, place = [form for _, form, _ in bot.told]
    for url, form, signature in bot.told:
        assert signature == platform.webhooks.sign(url, form)
    assert hello["From"] == "whatsapp:+9647700000001"
    assert hello["ExternalUserId"].startswith("whatsapp:IQ.")
    assert (hello["ProfileName"], hello["FromZip"], hello["ToCity"]) == ("Nour", "10001", "")
    assert (press["ButtonPayload"], press["ButtonText"]) == ("q:1", "This 1")
    assert press["OriginalRepliedMessageSid"] == nour.last.sid
    assert (media["NumMedia"], place["Latitude"]) == ("1", "33.3128")
    assert platform.violations == []


async def test_an_answer_that_says_something_is_noted(
    platform: TwilioServer, bot: Bot, nour: Chat
) -> None:
    bot.answer = b"<Response><Message>x</Message></Response>"
    await platform.wait_for(lambda: not platform.busy)
    assert len(platform.violations) == 1


async def test_somebody_with_a_username_is_known_by_an_id_alone(
    platform: TwilioServer, bot: Bot
) -> None:
    huda = platform.people.joins("+9647700000009", shows_number=False, user="IQ.77")
    platform.people.says(huda, "hello")
    assert (await bot.send(huda, Body="hello"))[0] == 201
    ((_, form, _),) = bot.told
    assert (form["From"], form["ExternalUserId"]) == ("whatsapp:IQ.77", "whatsapp:IQ.77")
    assert "WaId" not in form
    assert huda.texts == ["hello"]


async def test_statuses_are_told_in_any_order_more_than_once_and_before_the_answer(
    platform: TwilioServer, bot: Bot, nour: Chat
) -> None:
    await platform.wait_for(lambda: not platform.busy)
    platform.sending.statuses = Statuses(times=2, early=True, order=lambda steps: steps[::-1])
    callback = f"{platform.webhooks.url}/status?d=1z"
    form = {"From": SENDER, "To": nour.sender, "Body": "x", "StatusCallback": callback}
    _, sent = await bot.ask("POST", f"{MESSAGES}.json", data=form)
    told = [form["MessageStatus"] for url, form, _ in bot.told if url == callback]
    assert told == ["read", "delivered", "sent"] * 2
    assert {form["MessageSid"] for _, form, _ in bot.told[1:]} == {sent["sid"]}
    assert sent["status"] == "queued"


async def test_what_goes_wrong_later_is_told_with_its_code(
    platform: TwilioServer, bot: Bot, nour: Chat
) -> None:
    callback = f"{platform.webhooks.url}/status"
    platform.fail_later(Ending(63024), Ending(63018, "failed"))
    for _ in range(2):
        assert (await bot.send(nour, Body="x", StatusCallback=callback))[0] == 201
    told = [(f["MessageStatus"], f.get("ErrorCode")) for _, f, _ in bot.told[1:]]
    assert told == [("sent", None), ("undelivered", "63024"), ("failed", "63018")]
    assert nour.texts == []
    assert platform.violations == []


async def test_faults_befall_as_many_requests_as_they_should(
    platform: TwilioServer, bot: Bot, nour: Chat
) -> None:
    platform.fail("send", too_many(), refuses(63038, status=429))
    answers = [await bot.send(nour, Body="x") for _ in range(3)]
    assert [told.get("code") for _, told in answers] == [20429, 63038, None]
    for taken in (False, True):
        platform.fail("send", reset(taken=taken))
        with pytest.raises(aiohttp.ClientError):
            await bot.send(nour, Body=f"taken: {taken}")
    await platform.wait_for(lambda: not platform.busy)
    assert nour.texts == ["x", "taken: True"]


async def test_the_log_is_read_in_pages_newest_first_and_by_time(
    platform: TwilioServer, bot: Bot, nour: Chat
) -> None:
    for minute in range(1, 5):
        at = NOW + 60 * minute
        platform.people.clock = lambda at=at: at
        platform.people.says(nour, f"at {minute}")
    query = "?To=whatsapp%3A%2B14155238886&DateSent%3E=2027-01-15T08:02:00Z&PageSize=2"
    _, page = await bot.ask("GET", f"{MESSAGES}.json{query}")
    assert [each["body"] for each in page["messages"]] == ["at 4", "at 3"]
    _, page = await bot.ask("GET", page["next_page_uri"])
    assert [each["body"] for each in page["messages"]] == ["at 2"]
    assert page["next_page_uri"] is None
    sid = page["messages"][0]["sid"]
    assert (await bot.ask("DELETE", f"{MESSAGES}/{sid}.json"))[0] == 204
    assert (await bot.ask("GET", f"{MESSAGES}/{sid}.json"))[0] == 404
    await platform.wait_for(lambda: not platform.busy)


async def test_too_fast_and_a_wrong_token_are_refused(
    platform: TwilioServer, bot: Bot, nour: Chat
) -> None:
    platform.pace, platform.monotonic = Pace(per_second=80, chat_burst=2), lambda: 7.0
    answers = [(await bot.send(nour, Body="x"))[0] for _ in range(3)]
    assert answers == [201, 201, 429]
    assert platform.counts["429"] == 1
    async with aiohttp.ClientSession(headers=basic("x")) as stranger:
        url = f"{platform.url}/2010-04-01/Accounts/{ACCOUNT}.json"
        async with stranger.get(url) as answer:
            assert answer.status == 401
