"""The messages of the account, those that came in and those that went out: Twilio's log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from tests.platforms.twilio.rules import one

VERSION = "2010-04-01"
UNFINISHED = ("queued", "sending", "receiving", "accepted")


@dataclass(slots=True)
class Record:
    """One message as the log has it."""

    sid: str
    account: str
    inbound: bool
    sender: str
    recipient: str
    body: str
    at: float
    status: str
    media: int = 0
    waited: float = 0.0
    """Seconds between its making and its sending."""
    error: int | None = None
    form: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """What the request that made it carried, or what the webhook was told."""

    @property
    def moment(self) -> datetime:
        """When it was sent, or came in."""
        return datetime.fromtimestamp(int(self.at), UTC)

    @property
    def callback(self) -> str:
        """Where its status is told."""
        return one(self.form, "StatusCallback")

    def json(self) -> dict[str, Any]:
        """As the API shows it: of a pressed button there is only what stood on it."""
        date = format_datetime(self.moment, usegmt=False)
        made = format_datetime(self.moment - timedelta(seconds=self.waited), usegmt=False)
        uri = f"/{VERSION}/Accounts/{self.account}/Messages/{self.sid}"
        return {
            "account_sid": self.account,
            "api_version": VERSION,
            "body": self.body,
            "date_created": made,
            "date_sent": None if self.status == "queued" else date,
            "date_updated": date,
            "direction": "inbound" if self.inbound else "outbound-api",
            "error_code": self.error,
            "error_message": None if self.error is None else "It went wrong",
            "from": self.sender,
            "messaging_service_sid": None,
            "num_media": str(self.media),
            "num_segments": "1",
            "price": None,
            "price_unit": None,
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.recipient,
            "uri": f"{uri}.json",
        }


@dataclass(slots=True)
class Log:
    """All records by sid."""

    by_sid: dict[str, Record] = field(default_factory=dict[str, Record])

    def page(self, account: str, query: Mapping[str, str]) -> dict[str, Any]:
        """One page of what the query asks for, newest first."""
        latest_first = reversed(self._asked_for(query))
        found = sorted(latest_first, key=lambda record: record.at, reverse=True)
        size, number = int(query.get("PageSize", "50")), int(query.get("Page", "0"))
        assert 1 <= size <= 1000, f"a page of {size}"
        shown = found[number * size : (number + 1) * size]
        more = len(found) > (number + 1) * size
        path = f"/{VERSION}/Accounts/{account}/Messages.json"
        again = {**query, "PageSize": str(size)}

        def uri(page: int) -> str:
            return f"{path}?{urlencode({**again, 'Page': str(page)})}"

        return {
            "messages": [record.json() for record in shown],
            "page": number,
            "page_size": size,
            "start": number * size,
            "end": number * size + max(0, len(shown) - 1),
            "uri": uri(number),
            "first_page_uri": uri(0),
            "next_page_uri": uri(number + 1) if more else None,
            "previous_page_uri": uri(number - 1) if number else None,
        }

    def _asked_for(self, query: Mapping[str, str]) -> list[Record]:
        return [
            record
            for record in self.by_sid.values()
            if query.get("To", record.recipient) == record.recipient
            and query.get("From", record.sender) == record.sender
            and _is_within(record.moment, query)
        ]


def _is_within(moment: datetime, query: Mapping[str, str]) -> bool:
    """Days and moments are both taken, and both include what is named."""
    for name, value in query.items():
        if not name.startswith("DateSent"):
            continue
        begins = datetime.fromisoformat(value.replace("Z", "+00:00"))
        begins = begins if begins.tzinfo else begins.replace(tzinfo=UTC)
        ends = begins + (timedelta(days=1) if len(value) == 10 else timedelta(seconds=1))
        before, after = moment < begins, moment >= ends
        if (name != "DateSent<" and before) or (name != "DateSent>" and after):
            return False
    return True
