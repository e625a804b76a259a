"""What somebody who runs the bot gives it: the settings, as variables of the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from tests.platforms.telegram import TOKEN, TelegramServer
from tests.platforms.twilio import ACCOUNT, SENDER, TwilioServer
from tests.platforms.twilio import TOKEN as TWILIO_TOKEN
from tests.ports import free_port

SECRET = "a-secret-that-only-telegram-knows-0001"

Way = Literal["polling", "webhook", "forms", "scripts", "whatsapp"]
"""How people reach the bot: on Telegram by either mode, on the web with or without scripts, or
on WhatsApp."""


def on_whatsapp(twilio: TwilioServer) -> dict[str, str]:
    """The settings of a bot with a number on WhatsApp."""
    return {
        "TADAMUN_WHATSAPP__ACCOUNT_SID": ACCOUNT,
        "TADAMUN_WHATSAPP__AUTH_TOKEN": TWILIO_TOKEN,
        "TADAMUN_WHATSAPP__SENDER": SENDER,
        "TADAMUN_WHATSAPP__API_URL": twilio.url,
        "TADAMUN_WHATSAPP__CONTENT_API_URL": twilio.url,
    }


def environment(
    folder: Path, way: Way, telegram: TelegramServer, url: str | None
) -> dict[str, str]:
    """The settings, as somebody who runs the bot would give them."""
    told = {
        "TADAMUN_KEYRING": f"{folder}/keys/keyring.json",
        "TADAMUN_STORAGE__URL": url or f"sqlite:///{folder}/data/tadamun.db",
        "TADAMUN_WEB__PORT": str(free_port()),
        "TADAMUN_TELEGRAM__TOKEN": TOKEN,
        "TADAMUN_TELEGRAM__API_URL": telegram.url,
    }
    if way == "webhook":
        told["TADAMUN_TELEGRAM__MODE"] = "webhook"
        told["TADAMUN_TELEGRAM__WEBHOOK_SECRET"] = SECRET
    return told
