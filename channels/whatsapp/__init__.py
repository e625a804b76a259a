"""WhatsApp, by way of Twilio: reading its webhooks and its log, and writing to phones.

The only home of its library. `TwilioApi` is the line to the account; `WhatsApp` writes over it;
`Signed` tells Twilio's requests from others, `read` and `report` say what is in them. Imports
`channels` and `dialogue`, nothing else of ours.
"""

from channels.whatsapp.api import PUBLIC_API, PUBLIC_CONTENT_API, TwilioApi
from channels.whatsapp.channel import WhatsApp, account_of
from channels.whatsapp.contents import Content, Contents
from channels.whatsapp.drafts import (
    FIXED_UNITS,
    VALUES_UNITS,
    Draft,
    Unfitting,
    kind_of,
    prompt_draft,
    prompt_key,
    template_draft,
)
from channels.whatsapp.faults import TABLE, NotJoined, meaning, meaning_of
from channels.whatsapp.forms import LARGEST_BODY, Form, TooLarge, form_in
from channels.whatsapp.line import Timeouts
from channels.whatsapp.log import delete_before, inbound_since, outbound_since
from channels.whatsapp.numbered import numbered
from channels.whatsapp.quiet import quiet_loggers
from channels.whatsapp.reading import CHANNEL, Unreadable, read
from channels.whatsapp.records import Approval, Logged
from channels.whatsapp.signing import SIGNATURE_HEADER, Signed
from channels.whatsapp.statuses import PATH as STATUS_PATH
from channels.whatsapp.statuses import (
    STATES,
    Report,
    callback,
    delivery_in,
    of_a_part,
    report,
)
from channels.whatsapp.trial import answered
from channels.whatsapp.variables import as_variables, variables
from channels.whatsapp.webhook import ANSWER, ANSWER_TYPE, PATH, Webhook, account_in
from channels.whatsapp.writing import TEXT_UNITS, Post, posts

__all__ = [
    "ANSWER",
    "ANSWER_TYPE",
    "CHANNEL",
    "FIXED_UNITS",
    "LARGEST_BODY",
    "PATH",
    "PUBLIC_API",
    "PUBLIC_CONTENT_API",
    "SIGNATURE_HEADER",
    "STATES",
    "STATUS_PATH",
    "TABLE",
    "TEXT_UNITS",
    "VALUES_UNITS",
    "Approval",
    "Content",
    "Contents",
    "Draft",
    "Form",
    "Logged",
    "NotJoined",
    "Post",
    "Report",
    "Signed",
    "Timeouts",
    "TooLarge",
    "TwilioApi",
    "Unfitting",
    "Unreadable",
    "Webhook",
    "WhatsApp",
    "account_in",
    "account_of",
    "answered",
    "as_variables",
    "callback",
    "delete_before",
    "delivery_in",
    "form_in",
    "inbound_since",
    "kind_of",
    "meaning",
    "meaning_of",
    "numbered",
    "of_a_part",
    "outbound_since",
    "posts",
    "prompt_draft",
    "prompt_key",
    "quiet_loggers",
    "read",
    "report",
    "template_draft",
    "variables",
]
