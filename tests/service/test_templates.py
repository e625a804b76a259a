"""What Twilio is to hold for us is made once, submitted once, and its fate is known."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from channels import FAULTS
from channels.whatsapp import TwilioApi
from delivery import Clock
from handlers.house import House
from handlers.telling import templates as forms
from locales import Languages
from service import Wrong, check, given, open_storage, submit_templates, templates
from service.checking import NO_OWNER
from settings import SHIPPED, Settings, load
from storage import Storage
from storage.post.contents import Content
from tests.platforms.twilio import ACCOUNT, SENDER, TOKEN, TwilioServer, gateway, refuses
from tests.ports import free_port


@pytest.fixture
async def twilio() -> AsyncIterator[TwilioServer]:
    async with TwilioServer() as server:
        yield server
        assert server.violations == []


@pytest.fixture
def settings(tmp_path: Path, twilio: TwilioServer) -> Settings:
    told = {
        "TADAMUN_KEYRING": f"{tmp_path}/keys/keyring.json",
        "TADAMUN_STORAGE__URL": f"sqlite:///{tmp_path}/data/tadamun.db",
        "TADAMUN_WEB__PORT": str(free_port()),
        "TADAMUN_WHATSAPP__ACCOUNT_SID": ACCOUNT,
        "TADAMUN_WHATSAPP__AUTH_TOKEN": TOKEN,
        "TADAMUN_WHATSAPP__SENDER": SENDER,
        "TADAMUN_WHATSAPP__API_URL": twilio.url,
        "TADAMUN_WHATSAPP__CONTENT_API_URL": twilio.url,
    }
    return load(SHIPPED, told, dotenv=None)


@pytest.fixture
async def storage(settings: Settings) -> AsyncIterator[Storage]:
    async with open_storage(settings, Clock()) as storage:
        yield storage


@pytest.fixture
async def api(twilio: TwilioServer) -> AsyncIterator[TwilioApi]:
    api = TwilioApi(ACCOUNT, TOKEN, twilio.url, twilio.url)
    yield api
    await api.close()


@pytest.fixture
def house(settings: Settings) -> House:
    languages = Languages.load(settings.community.languages, settings.community.time_zone)
    return given.house(settings, languages, given.Told(lambda: "https://t.example"))


def states(held: templates.Held) -> set[str]:
    """How far the templates are."""
    return {content.state for content in held.templates}


async def test_what_is_missing_is_made_and_submitted_once(
    storage: Storage, api: TwilioApi, house: House, twilio: TwilioServer
) -> None:
    first = await templates.lay_down(storage, api, house, Clock().now())
    assert first.prompts > 20
    assert {(each.name, each.language, each.category) for each in first.templates} == {
        (form.name, code, form.category.value) for form in forms.FORMS for code in ("ar", "en")
    }
    made = len(twilio.called("make"))
    assert made == first.prompts + 6
    assert len(twilio.called("approve")) == 6
    again = await templates.lay_down(storage, api, house, Clock().now())
    assert again == first
    assert len(twilio.called("make")) == made
    assert len(twilio.called("approve")) == 6


async def test_what_whatsapp_decides_is_learnt(
    storage: Storage, api: TwilioApi, house: House, twilio: TwilioServer
) -> None:
    held = await templates.lay_down(storage, api, house, Clock().now())
    assert "approved" not in states(held)
    twilio.contents.decides("approved")
    assert states(await templates.lay_down(storage, api, house, Clock().now())) == {"approved"}
    asked = len(twilio.called("approval"))
    held = await templates.held(storage)
    assert not await templates.refresh(storage, api, held.templates)
    assert len(twilio.called("approval")) == asked


async def test_a_rejection_is_told_with_its_reason(
    storage: Storage, api: TwilioApi, house: House, twilio: TwilioServer
) -> None:
    await templates.lay_down(storage, api, house, Clock().now())
    twilio.contents.decides("rejected", reason="too promotional")
    held = await templates.lay_down(storage, api, house, Clock().now())
    assert "announcement (ar): rejected (too promotional)" in held.lines


async def test_what_ends_half_way_goes_on_from_there(
    storage: Storage, api: TwilioApi, house: House, twilio: TwilioServer
) -> None:
    twilio.fail("approve", refuses(20003, "Authenticate", 401))
    with pytest.raises(FAULTS):
        await templates.lay_down(storage, api, house, Clock().now())
    made = len(twilio.called("make"))
    held = await templates.lay_down(storage, api, house, Clock().now())
    assert made < len(twilio.called("make")) == held.prompts + 6
    assert len(twilio.called("approve")) == 7


async def test_other_words_take_the_place_of_those_before_once_they_are_approved(
    storage: Storage, api: TwilioApi, house: House, twilio: TwilioServer
) -> None:
    before = Content("k", "announcement", "text", "ar", "marketing", "HX" + "0" * 32, "approved")
    outdated = Content("p", "ask-nick", "quick-reply", "ar", None, "HX" + "1" * 32, "session")
    async with storage.transaction() as tx:
        await tx.contents.put(before)
        await tx.contents.put(outdated)
    both = await templates.lay_down(storage, api, house, Clock().now())
    assert len(both.templates) == 7
    assert before in both.templates
    twilio.contents.decides("approved")
    after = await templates.lay_down(storage, api, house, Clock().now())
    assert len(after.templates) == 6
    assert before not in after.templates
    assert after.prompts == len(twilio.called("make")) - 6


async def test_the_command_line_does_it_without_a_bot(
    settings: Settings, storage: Storage, twilio: TwilioServer
) -> None:
    answer = await submit_templates(settings, storage, Clock())
    assert any(line.startswith("reminder (en): ") for line in answer["lines"])
    assert len(twilio.called("approve")) == 6


async def test_what_twilio_refuses_is_told(
    settings: Settings, storage: Storage, twilio: TwilioServer
) -> None:
    twilio.fail("make", refuses(20003, "Authenticate", 401))
    answer = await submit_templates(settings, storage, Clock())
    assert answer == {"error": "Twilio: Twilio does not accept the account or its token."}


# --- bot.py check --------------------------------------------------------------------------------


async def test_a_check_says_what_is_still_to_be_done(settings: Settings) -> None:
    lines = [line async for line in check(settings)]
    said = [line for line in lines if line.startswith("whatsapp: ")]
    address = settings.web.address
    assert lines[0] == f"storage: fine, {NO_OWNER}"
    assert said[0].startswith("whatsapp: the account is active, and writes as +14155238886")
    assert "sandbox" in said[0]
    assert any(line.endswith(f"{address}/whatsapp for messages that come in") for line in said)
    assert any(f"{address}/whatsapp/status" in line for line in said)
    assert said[-1] == ("whatsapp: templates: none yet; make them with: bot.py whatsapp templates")


async def test_a_check_says_when_the_credentials_are_wrong(
    settings: Settings, twilio: TwilioServer
) -> None:
    twilio.fail("account", refuses(20003, "Authenticate", 401))
    with pytest.raises(Wrong, match="auth_token"):
        [line async for line in check(settings)]


async def test_a_check_says_when_twilio_cannot_be_reached(
    settings: Settings, twilio: TwilioServer
) -> None:
    twilio.fail("account", gateway(), times=5)
    with pytest.raises(Wrong, match="network"):
        [line async for line in check(settings)]
