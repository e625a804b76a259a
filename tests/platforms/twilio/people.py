"""What people do: they write, press, send pictures and places, and the webhook is told."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from hashlib import sha256

from tests.platforms.twilio.chats import DAY, Chat, Shown
from tests.platforms.twilio.faults import Ending, refuses
from tests.platforms.twilio.messages import VERSION, Log, Record
from tests.platforms.twilio.webhooks import Webhooks


class People:
    """Everybody with WhatsApp; each has one chat with the bot's number."""

    def __init__(self, account: str, sender: str, log: Log, webhooks: Webhooks) -> None:
        self.chats: dict[str, Chat] = {}
        """By each address that they can be written to."""
        self.clock: Callable[[], float] = time.time
        self._account = account
        self._sender = sender
        self._log = log
        self._webhooks = webhooks
        self._made = 0

    def new_sid(self, kind: str) -> str:
        """An id of this kind: SM, MM, HX."""
        self._made += 1
        return kind + sha256(f"{self._account} {self._made}".encode()).hexdigest()[:32]

    def joins(
        self, number: str, *, name: str = "Somebody", shows_number: bool = True, user: str = ""
    ) -> Chat:
        """Somebody who has WhatsApp."""
        user = user or f"IQ.{sha256(number.encode()).hexdigest()[:16]}"
        chat = Chat(number, user, name, shows_number)
        self.chats.update(dict.fromkeys(chat.addresses, chat))
        return chat

    def says(self, chat: Chat, text: str, reply_to: Shown | None = None, **extra: str) -> str:
        """They write this, maybe as a reply to a message of the bot; returns the sid."""
        if reply_to is not None:
            extra |= self._replied(reply_to)
        return self._comes(chat, {"MessageType": "text", "Body": text, **extra})

    def presses(self, chat: Chat, message: Shown, label: str) -> str:
        """They press a button, or choose from the list."""
        value = message.button(label).value
        if message.kind == "list-picker":
            pressed = {"MessageType": "interactive", "ListId": value or "", "ListTitle": label}
        else:
            kind = "interactive" if message.template is None else "button"
            pressed = {"MessageType": kind, "ButtonText": label}
            if value is not None:
                pressed["ButtonPayload"] = value
        return self._comes(chat, {"Body": label, **pressed, **self._replied(message)})

    def sends(self, chat: Chat, kind: str = "image", mime: str = "image/jpeg") -> str:
        """They send a picture, a voice, a file …; a document's name comes as its text."""
        body = "a file.pdf" if kind == "document" else ""
        url = f"https://api.twilio.com/{VERSION}/Accounts/{self._account}/Messages/MM/Media/ME"
        media = {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": mime}
        return self._comes(chat, {"MessageType": kind, "Body": body, **media}, "MM")

    def sends_place(self, chat: Chat) -> str:
        """They send where they are."""
        place = {"Latitude": "33.3128", "Longitude": "44.3615", "Address": "", "Label": ""}
        return self._comes(chat, {"MessageType": "location", "Body": "", **place})

    # --- what is not so any more ---------------------------------------------------------------

    def blocks(self, chat: Chat) -> None:
        """They block the bot's number."""
        chat.ends, chat.ends_only_marketing = Ending(63014), False

    def leaves(self, chat: Chat) -> None:
        """They have no WhatsApp any more."""
        chat.ends, chat.ends_only_marketing = Ending(63003), False

    def opts_out(self, chat: Chat) -> None:
        """They told Twilio STOP."""
        chat.refuses = refuses(21610, "Attempt to send to unsubscribed recipient")

    def wants_no_marketing(self, chat: Chat) -> None:
        """They told WhatsApp that they want no announcements from this number."""
        chat.ends, chat.ends_only_marketing = Ending(63033), True

    def forgives(self, chat: Chat) -> None:
        """None of this is so any more."""
        chat.ends = chat.refuses = None

    # --- the form -------------------------------------------------------------------------------

    def form(self, chat: Chat, sid: str, told: dict[str, str]) -> dict[str, str]:
        """Everything that Twilio tells of a message, some of it blank."""
        context = {"ProfileName": chat.name, "WaId": chat.number[1:]}
        form = {
            "SmsMessageSid": sid,
            "SmsSid": sid,
            "MessageSid": sid,
            "AccountSid": self._account,
            "ApiVersion": VERSION,
            "SmsStatus": "received",
            "From": chat.sender,
            "To": self._sender,
            "NumMedia": "0",
            "NumSegments": "1",
            "ReferralNumMedia": "0",
            "ProfileName": chat.name,
            "FromCity": "BAGHDAD",
            "FromState": "",
            "FromZip": "10001",
            "FromCountry": "IQ",
            "ToCity": "",
            "ToState": "",
            "ToZip": "",
            "ToCountry": "",
            "ChannelMetadata": json.dumps({"type": "whatsapp", "data": {"context": context}}),
            **told,
        }
        if chat.shows_number:
            form["WaId"] = chat.number[1:]
        if chat.shows_user:
            form["ExternalUserId"] = f"whatsapp:{chat.user}"
        return form

    def _comes(self, chat: Chat, told: dict[str, str], kind: str = "SM") -> str:
        sid, now = self.new_sid(kind), self.clock()
        form = self.form(chat, sid, told)
        chat.open_until, chat.closed_unnoticed = now + DAY, False
        chat.said.append(form["Body"])
        self._log.by_sid[sid] = Record(
            sid,
            self._account,
            inbound=True,
            sender=chat.sender,
            recipient=self._sender,
            body=form["Body"],
            at=now,
            status="received",
            media=int(form["NumMedia"]),
            form={name: [value] for name, value in form.items()},
        )
        self._webhooks.tell(chat.sender, self._webhooks.url, form)
        return sid

    def _replied(self, message: Shown) -> dict[str, str]:
        return {
            "OriginalRepliedMessageSid": message.sid,
            "OriginalRepliedMessageSender": self._sender,
        }
