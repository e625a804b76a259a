"""What the API does: a message sent, listed, deleted; a Content made, submitted, looked at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tests.platforms.twilio.content import Contents
from tests.platforms.twilio.faults import refuses
from tests.platforms.twilio.making import made, submit
from tests.platforms.twilio.messages import UNFINISHED, Log
from tests.platforms.twilio.people import People
from tests.platforms.twilio.sending import NotTaken, Sending

Fields = dict[str, Any]

CREATED = frozenset({"send", "make", "approve"})
"""What is answered with 201."""


class Operations:
    """The operations by name in `table`; each takes the sid of the path and what was told."""

    def __init__(
        self, account: str, people: People, contents: Contents, log: Log, sending: Sending
    ) -> None:
        self._account = account
        self._people = people
        self._contents = contents
        self._log = log
        self._sending = sending
        self.table: Mapping[str, Callable[[str, Fields], Awaitable[Any]]] = {
            "send": self._send,
            "list": self._list,
            "fetch": self._fetch,
            "delete": self._delete,
            "account": self._show_account,
            "make": self._make,
            "content": self._content,
            "contents": self._all_contents,
            "approve": self._approve,
            "approval": self._approval,
        }

    async def _send(self, sid: str, fields: Fields) -> Any:
        letter = self._sending.take(fields)
        answer = letter.record.json()
        await self._sending.carry(letter)
        return answer

    async def _list(self, sid: str, fields: Fields) -> Any:
        return self._log.page(self._account, fields)

    async def _fetch(self, sid: str, fields: Fields) -> Any:
        if sid not in self._log.by_sid:
            raise NotTaken(refuses(20404, "The requested resource was not found", 404))
        return self._log.by_sid[sid].json()

    async def _delete(self, sid: str, fields: Fields) -> None:
        await self._fetch(sid, fields)
        if self._log.by_sid[sid].status in UNFINISHED:
            raise NotTaken(refuses(20009, "Cannot delete message resource in progress", 409))
        del self._log.by_sid[sid]

    async def _show_account(self, sid: str, fields: Fields) -> Any:
        return {"sid": self._account, "status": "active", "type": "Full", "friendly_name": "Ours"}

    async def _make(self, sid: str, fields: Fields) -> Any:
        content = made(fields, self._people.new_sid("HX"), self._account)
        self._contents.by_sid[content.sid] = content
        return content.json()

    async def _content(self, sid: str, fields: Fields) -> Any:
        return self._contents.get(sid).json()

    async def _all_contents(self, sid: str, fields: Fields) -> Any:
        shown = [each.json() for each in self._contents.by_sid.values()]
        return {"contents": shown, "meta": {"key": "contents", "next_page_url": None}}

    async def _approve(self, sid: str, fields: Fields) -> Any:
        submit(self._contents.get(sid), fields, self._contents)
        return self._contents.get(sid).approval()

    async def _approval(self, sid: str, fields: Fields) -> Any:
        told = {"type": "whatsapp", **self._contents.get(sid).approval()}
        return {"sid": sid, "account_sid": self._account, "whatsapp": told, "url": ""}
