"""What the command line does at Twilio, beside a running bot and without one."""

from __future__ import annotations

from tests.faults.home import Home
from tests.faults.whatsapp import meets_on_whatsapp
from tests.platforms.twilio import TwilioServer, refuses

NOUR = 9_647_704_000_001


async def test_templates_are_made_once_and_shown_as_far_as_they_are(
    home: Home, twilio: TwilioServer
) -> None:
    await home.load_example()
    first = await home.command("whatsapp", "templates")
    assert first.ended == 0, first.logged
    made = len(twilio.contents.by_sid)
    twilio.contents.decides("approved")
    second = await home.command("whatsapp", "templates")
    assert len(twilio.contents.by_sid) == made
    for name in ("announcement", "notice", "reminder"):
        for language in ("ar", "en"):
            assert f"{name} ({language}): received" in first.said
            assert f"{name} ({language}): approved" in second.said
    assert twilio.violations == []


async def test_what_is_made_beside_a_running_bot_is_pressed_at_once(
    home: Home, twilio: TwilioServer
) -> None:
    await home.load_example()
    async with home.running():
        nour = await meets_on_whatsapp(twilio, NOUR)
        assert nour.chat.last.buttons == ()
        made = await home.command("whatsapp", "templates")
        assert made.ended == 0, made.logged
        await nour.follows([("/help", "Here you can")])
        assert nour.chat.last.buttons
    assert twilio.violations == []


async def test_the_check_says_what_works_and_what_is_missing(
    home: Home, twilio: TwilioServer
) -> None:
    await home.load_example()
    checked = await home.command("check")
    assert checked.ended == 0
    said = "\n".join(checked.said)
    for words in ("the account is active", f"{home.web}/whatsapp for", "bot.py whatsapp templates"):
        assert words in said
    async with home.running():
        beside = await home.command("check")
        assert beside.ended == 0, beside.logged
    twilio.fail("account", refuses(20003, "Authenticate", 401))
    refused = await home.command("check")
    assert refused.ended == 1
    assert "does not accept the account" in refused.logged[-1]
    assert twilio.violations == []
