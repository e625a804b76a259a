"""The names of what Twilio tells, as far as they are known.

https://www.twilio.com/docs/messaging/guides/webhook-request and
https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
"""

from __future__ import annotations

import re
from collections.abc import Collection

KNOWN = frozenset(
    {
        *("MessageSid", "SmsSid", "SmsMessageSid", "AccountSid", "MessagingServiceSid"),
        *("From", "To", "Body", "NumMedia", "NumSegments", "ApiVersion", "SmsStatus"),
        *("FromCity", "FromState", "FromZip", "FromCountry"),
        *("ToCity", "ToState", "ToZip", "ToCountry"),
        *("ProfileName", "WaId", "ExternalUserId", "MessageType", "ChannelMetadata"),
        *("ButtonText", "ButtonPayload", "ListId", "ListTitle", "InteractiveData", "FlowData"),
        *("Latitude", "Longitude", "Address", "Label", "Forwarded", "FrequentlyForwarded"),
        *("OriginalRepliedMessageSid", "OriginalRepliedMessageSender"),
        *("ReferralBody", "ReferralHeadline", "ReferralSourceId", "ReferralSourceType"),
        *("ReferralSourceUrl", "ReferralMediaId", "ReferralMediaContentType"),
        *("ReferralMediaUrl", "ReferralNumMedia", "ReferralCtwaClid"),
        *("MessageStatus", "ErrorCode", "ErrorMessage", "EventType", "StructuredMessage"),
        *("ChannelPrefix", "ChannelToAddress", "ChannelInstallSid", "ChannelStatusMessage"),
        *("ChannelStatusCode", "RawDlrDoneDate", "OptOutType"),
    }
)
A_FEW = 3
_COUNTED = re.compile(r"Media(Url|ContentType)\d{1,2}")


def lost_to_another(names: Collection[str]) -> str | None:
    """A known name that seems to have become another by taking from its value, or giving to it.

    What is signed are names and values run together, without a mark between them: `Bodyh=i` is
    signed like `Body=hi`. A name that is new to us is suspected only while the known one that it
    looks like is missing: a new field comes beside those that have always been there.
    """
    for name in names:
        if name in KNOWN or _COUNTED.fullmatch(name):
            continue
        for known in KNOWN:
            if known not in names and _looks_like(name, known):
                return known
    return None


def _looks_like(name: str, known: str) -> bool:
    """Whether a few letters at the border make the difference; what Twilio adds is named apart."""
    more = len(name) - len(known)
    if more > 0:
        return name.startswith(known) or (more == 1 and name.endswith(known))
    return (more >= -A_FEW and known.startswith(name)) or (more == -1 and known.endswith(name))
