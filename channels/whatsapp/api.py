"""One account at Twilio."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable
from datetime import datetime
from typing import Any, TypeVar

# The library says nothing of its types.
from twilio.base.exceptions import TwilioException  # pyright: ignore[reportMissingTypeStubs]
from twilio.rest import Client  # pyright: ignore[reportMissingTypeStubs]
from twilio.rest.content.v1.content import (  # pyright: ignore[reportMissingTypeStubs]
    ContentList,
)
from twilio.rest.content.v1.content.approval_create import (  # pyright: ignore[reportMissingTypeStubs]
    ApprovalCreateList,
)

from channels import Barred, Refused, TargetGone, Unreachable, Unsure
from channels.whatsapp.drafts import Draft
from channels.whatsapp.line import Timeouts, TwilioLine
from channels.whatsapp.quiet import quiet_loggers
from channels.whatsapp.records import Approval, Logged, all_of, logged_in
from channels.whatsapp.writing import Post

PUBLIC_API = "https://api.twilio.com"
PUBLIC_CONTENT_API = "https://content.twilio.com"

PAGE = 200
UNSUBMITTED = "unsubmitted"
MOST_PAGES = 500

T = TypeVar("T")

_SID = re.compile(r"[A-Za-z0-9]{2,64}")


class TwilioApi:
    """The account's calls. Opened by the first of them, closed by `close`.

    Every method raises one of `FAULTS`; none of them holds a token, a number or a text.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        api_url: str = PUBLIC_API,
        content_api_url: str = PUBLIC_CONTENT_API,
        *,
        timeouts: Timeouts | None = None,
        connections: int = 256,
    ) -> None:
        quiet_loggers()
        self.account_sid = account_sid
        self._auth_token = auth_token
        self._servers = {PUBLIC_API: api_url, PUBLIC_CONTENT_API: content_api_url}
        self._timeouts = timeouts or Timeouts()
        self._connections = connections
        self._line: TwilioLine | None = None
        self._client: Client | None = None
        self._closed = False

    async def send(self, post: Post) -> str:
        """Twilio's id of the message that it took."""
        given = {
            "body": post.body,
            "media_url": None if post.media is None else [post.media],
            "content_sid": post.content,
            "content_variables": post.variables,
            "status_callback": post.callback,
            "validity_period": post.validity,
        }
        fields = {name: value for name, value in given.items() if value is not None}
        try:
            sent = await _read(
                self._opened().messages.create_async(to=post.to, from_=post.sender, **fields)
            )
        except TargetGone:
            sent = None
        if sent is None:  # outside of the except
            raise Barred("Twilio does not know the account.")
        return _sid(sent.sid)

    async def delete(self, sid: str) -> None:
        """Has Twilio forget this message; on the phones it stays. Raises TargetGone."""
        await _look(self._opened().messages(sid).delete_async())

    async def logged(
        self,
        *,
        to: str | None = None,
        sender: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> AsyncGenerator[Logged, None]:
        """The messages of these accounts, the latest first as far as Twilio keeps to it.

        With `since`, those that were sent by then or later, with `until` by then or earlier; Twilio
        may give some of others.
        """
        given = {
            "to": to,
            "from_": sender,
            "date_sent_after": since,
            "date_sent_before": until,
            "page_size": PAGE,
        }
        fields: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        page = await _look(self._opened().messages.page_async(**fields))
        for _ in range(MOST_PAGES):
            for message in all_of(page):
                yield logged_in(message)
            page = await _look(page.next_page_async())
            if page is None:
                return

    async def check(self) -> str:
        """Asks whether the account and its token are accepted; returns its state: `active` …"""
        account = await _look(self._opened().api.accounts(self.account_sid).fetch_async())
        return str(account.status)

    async def create(self, draft: Draft) -> str:
        """Makes a Content, and returns Twilio's id of it."""
        request = ContentList.ContentCreateRequest(draft.payload())
        contents = self._opened().content.v1.contents
        made = await _read(contents.create_async(request))
        return _sid(made.sid)

    async def approve(self, sid: str, name: str, category: str) -> Approval:
        """Submits a Content to WhatsApp as a template of this category; done again, only looks."""
        request = ApprovalCreateList.ContentApprovalRequest({"name": name, "category": category})
        content = self._opened().content.v1.contents(sid)
        try:
            asked = await _read(content.approval_create.create_async(request))
        except (Refused, Unsure) as error:
            before = await self.approval(sid)
            if before.state == UNSUBMITTED:
                raise error from None
            return before
        return Approval(asked.status or "received", asked.rejection_reason or None)

    async def approval(self, sid: str) -> Approval:
        """How far WhatsApp is with it. Raises TargetGone when there is no such Content."""
        content = self._opened().content.v1.contents(sid)
        fetched = await _look(content.approval_fetch().fetch_async())
        asked: dict[str, Any] = fetched.whatsapp or {}
        state, reason = asked.get("status"), asked.get("rejection_reason")
        return Approval(str(state or UNSUBMITTED), str(reason) if reason else None)

    async def close(self) -> None:
        """Closes the connections; nothing is sent any more."""
        self._closed = True
        line, self._line, self._client = self._line, None, None
        if line is not None:
            await line.close()

    def _opened(self) -> Client:
        if self._closed:
            raise Unreachable("The line is closed.")
        if self._client is None:
            sid, token = self.account_sid, self._auth_token
            line = TwilioLine(self._servers, sid, token, self._timeouts, self._connections)
            # Not the process's environment: a variable there could name another server.
            self._line = line
            self._client = Client(sid, token, http_client=line, environment={"TWILIO": ""})
        return self._client


async def _read(asked: Awaitable[T]) -> T:
    """The library's answer, with what it makes of one that it cannot read put in our terms."""
    try:
        return await asked
    except (TwilioException, ValueError, KeyError, TypeError, AttributeError):
        pass
    # Outside of the except: that error may hold what was answered.
    raise Unsure("The platform's answer cannot be read.")


async def _look(asked: Awaitable[T]) -> T:
    """The same for what may be asked again without harm: then no answer is none that was lost."""
    try:
        return await _read(asked)
    except Unsure:
        pass
    raise Unreachable("The platform's answer was lost.")


def _sid(value: object) -> str:
    # It becomes part of an address when the message is deleted.
    if not isinstance(value, str) or _SID.fullmatch(value) is None:
        raise Unsure("The platform's answer cannot be read.")
    return value
