"""What Twilio brings is taken once it is kept, refused when it is not Twilio's, set aside else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from channels import Closed
from channels.whatsapp import LARGEST_BODY, Report, Signed, Webhook, callback, of_a_part
from dialogue.incoming import Incoming, TryAgain
from tests.platforms.twilio import TOKEN, TwilioServer

PUBLIC = "https://bot.example.org"
NOW = datetime(2026, 4, 3, 18, tzinfo=UTC)
SID = "SM" + "0a" * 16
SAID = {"MessageSid": SID, "From": "whatsapp:+9647701234567", "Body": "hi", "NumMedia": "0"}
TWILIO = TwilioServer().webhooks


class Desk:
    """Keeps what is taken; while it is `shut`, nothing."""

    def __init__(self) -> None:
        self.taken: list[Incoming] = []
        self.poison: list[tuple[str, str]] = []
        self.told: list[tuple[int, Report]] = []
        self.read = 0
        self.shut = False
        self.webhook = Webhook(
            Signed(TOKEN, PUBLIC),
            clock=lambda: NOW,
            take=self._take,
            poison=self._poison,
            told=self._told,
        )

    async def _take(self, incoming: Incoming, /) -> None:
        self._open()
        self.taken.append(incoming)

    async def _poison(self, raw: str, reason: str, /) -> None:
        self._open()
        self.poison.append((raw, reason))

    async def _told(self, delivery: int, report: Report, /) -> None:
        self._open()
        self.told.append((delivery, report))

    def _open(self) -> None:
        if self.shut:
            raise TryAgain

    async def message(
        self, form: Mapping[str, str], *, body: bytes | None = None, signature: str | None = ""
    ) -> int:
        """Twilio brings a message; returns what it is answered."""
        signed = TWILIO.sign(f"{PUBLIC}/whatsapp", form) if signature == "" else signature
        return await self.webhook.message(signed, "", self._reader(form, body))

    async def status(self, delivery: int, form: Mapping[str, str], *, part: bool = False) -> int:
        """Twilio tells what became of a delivery, or of a part of it that others follow."""
        url = callback(PUBLIC, delivery)
        url = of_a_part(url) if part else url
        query = url.partition("?")[2]
        return await self.webhook.status(TWILIO.sign(url, form), query, self._reader(form, None))

    def _reader(
        self, form: Mapping[str, str], body: bytes | None
    ) -> Callable[[], Awaitable[bytes]]:
        async def read() -> bytes:
            self.read += 1
            return urlencode(form).encode() if body is None else body

        return read


@pytest.fixture
def desk() -> Desk:
    """Where it all goes."""
    return Desk()


async def test_what_somebody_wrote_is_taken(desk: Desk) -> None:
    assert await desk.message(SAID) == 200
    assert [each.text for each in desk.taken] == ["hi"]


async def test_what_could_not_be_kept_is_not_taken(desk: Desk) -> None:
    desk.shut = True
    assert await desk.message(SAID) == 503
    desk.shut = False
    assert await desk.message(SAID) == 200
    assert len(desk.taken) == 1


@pytest.mark.parametrize("signature", [None, "bogus"])
async def test_what_is_not_signed_is_refused(desk: Desk, signature: str | None) -> None:
    assert await desk.message(SAID, signature=signature) == 403
    assert desk.taken == desk.poison == []


async def test_without_a_signature_the_body_is_not_read(desk: Desk) -> None:
    await desk.message(SAID, signature=None)
    assert desk.read == 0


async def test_a_body_of_another_message_is_refused(desk: Desk) -> None:
    other = urlencode({**SAID, "Body": "bye"}).encode()
    assert await desk.message(SAID, body=other) == 403
    assert await desk.message(SAID, body=b"\xff") == 403
    assert desk.taken == []


async def test_a_body_that_is_too_large_is_refused(desk: Desk) -> None:
    assert await desk.message(SAID, body=b"a" * (LARGEST_BODY + 1)) == 413


async def test_what_twilio_signed_and_nobody_can_read_is_set_aside_and_done_with(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    poisonous = {**SAID, "MessageSid": "a canary"}
    assert await desk.message(poisonous) == 200
    assert desk.poison == [(urlencode(poisonous), "a message's number is missing or malformed")]
    assert "ALERT" in caplog.text
    assert "canary" not in caplog.text
    desk.shut = True
    assert await desk.message(poisonous) == 503


async def test_what_concerns_nobody_is_done_with(desk: Desk) -> None:
    assert await desk.message({**SAID, "From": "+9647701234567"}) == 200
    assert desk.taken == desk.poison == []


async def test_what_became_of_a_delivery_is_told(desk: Desk) -> None:
    told = {"MessageSid": SID, "MessageStatus": "failed", "ErrorCode": "63016"}
    assert await desk.status(2**40, told) == 200
    ((delivery, report),) = desk.told
    assert (delivery, report.id, report.state) == (2**40, SID, "failed")
    assert isinstance(report.error, Closed)


async def test_what_became_of_a_delivery_is_told_again_where_it_could_not_be_kept(
    desk: Desk,
) -> None:
    desk.shut = True
    assert await desk.status(7, {"MessageSid": SID, "MessageStatus": "sent"}) == 503


async def test_a_status_of_no_delivery_is_done_with(desk: Desk) -> None:
    form = {"MessageSid": SID, "MessageStatus": "sent"}
    signed = TWILIO.sign(f"{PUBLIC}/whatsapp/status", form)

    async def read() -> bytes:
        return urlencode(form).encode()

    assert await desk.webhook.status(signed, "", read) == 200
    assert desk.told == []


async def test_whoever_looks_after_the_bot_reads_once_that_signatures_do_not_fit(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        assert await desk.message(SAID, signature="of another token or address") == 403
    assert await desk.message(SAID, signature=None) == 403
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "public_url" in caplog.text
    assert "9647701234567" not in caplog.text


@pytest.mark.parametrize("state", ["sent", "delivered", "read"])
async def test_a_part_that_arrived_says_nothing_of_those_behind_it(desk: Desk, state: str) -> None:
    assert await desk.status(7, {"MessageSid": SID, "MessageStatus": state}, part=True) == 200
    assert desk.told == []


async def test_a_part_that_did_not_arrive_is_told_of(desk: Desk) -> None:
    told = {"MessageSid": SID, "MessageStatus": "failed", "ErrorCode": "63016"}
    assert await desk.status(7, told, part=True) == 200
    ((delivery, report),) = desk.told
    assert (delivery, report.state, type(report.error)) == (7, "failed", Closed)


async def test_a_status_for_one_delivery_is_refused_for_another(desk: Desk) -> None:
    form = {"MessageSid": SID, "MessageStatus": "sent"}
    signed = TWILIO.sign(callback(PUBLIC, 7), form)

    async def read() -> bytes:
        return urlencode(form).encode()

    assert await desk.webhook.status(signed, "d=8", read) == 403
    assert await desk.webhook.message(signed, "d=7", read) == 403
