"""Whether what Twilio is told to call leads here: the bot calls itself as Twilio would."""

from __future__ import annotations

import aiohttp

from channels.whatsapp.signing import SIGNATURE_HEADER, signer
from channels.whatsapp.statuses import PATH

PATIENCE = 15.0
"""Seconds, after which Twilio gives up, too.

https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""
_NOTHING = {"MessageSid": "SM" + "0" * 32, "MessageStatus": "sent"}
"""A status of no delivery: it has no effect."""


async def answered(public_url: str, auth_token: str) -> int | None:
    """The status with which a signed call is answered at the public address; None for no answer."""
    place = f"{public_url.rstrip('/')}{PATH}"
    headers = {SIGNATURE_HEADER: signer(auth_token)(place, _NOTHING)}
    whole = aiohttp.ClientTimeout(total=PATIENCE)
    try:
        async with (
            aiohttp.ClientSession(timeout=whole) as session,
            session.post(place, data=_NOTHING, headers=headers, allow_redirects=False) as answer,
        ):
            return answer.status
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
        return None
