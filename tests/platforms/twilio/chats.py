"""The chats of the stand-in: people with WhatsApp, and what they see on their phones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.platforms.twilio.faults import Ending, Fault

DAY = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class ShownButton:
    """A quick reply, or a line of a list."""

    label: str
    value: str | None
    """What it sends; None when the Content gives it no id."""


@dataclass(slots=True)
class Shown:
    """A message of the bot on somebody's phone."""

    sid: str
    text: str
    kind: str = "text"
    """`text`, `quick-reply`, `list-picker`."""
    buttons: tuple[ShownButton, ...] = ()
    picture: bytes | None = None
    template: str | None = None
    """The category of the approved template that it was sent by."""
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """What the request that sent it carried."""

    @property
    def labels(self) -> tuple[str, ...]:
        """What is written on its buttons."""
        return tuple(button.label for button in self.buttons)

    def button(self, label: str) -> ShownButton:
        """The button with this label."""
        (found,) = [button for button in self.buttons if button.label == label]
        return found


@dataclass(slots=True)
class Chat:
    """One person's chat with the bot."""

    number: str
    """Their phone number, `+964…`."""
    user: str
    """Their business-scoped id, `IQ.…`."""
    name: str = "Somebody"
    shows_number: bool = True
    """False with a username and nobody's contact: then only the id is told."""
    shows_user: bool = True
    """False as it was before there were such ids."""
    open_until: float = 0.0
    """The window: until then anything may be written to them."""
    closed_unnoticed: bool = False
    """The platform takes the window for closed, which nobody could have known."""
    refuses: Fault | None = None
    """Whatever is sent to them is refused like this at once."""
    ends: Ending | None = None
    """Whatever is sent to them is accepted, and then ends like this."""
    ends_only_marketing: bool = False
    sent: dict[str, Shown] = field(default_factory=dict[str, Shown])
    """What reached them, by sid."""
    said: list[str] = field(default_factory=list[str])

    @property
    def sender(self) -> str:
        """`From` in what they write."""
        return f"whatsapp:{self.number if self.shows_number else self.user}"

    @property
    def addresses(self) -> tuple[str, str]:
        """What can be written `To`."""
        return f"whatsapp:{self.number}", f"whatsapp:{self.user}"

    def is_open(self, now: float) -> bool:
        """Whether anything may be written to them at this time."""
        return now < self.open_until and not self.closed_unnoticed

    def __iter__(self) -> Iterator[Shown]:
        """The bot's messages, oldest first."""
        return iter(list(self.sent.values()))

    @property
    def texts(self) -> list[str]:
        """Their texts."""
        return [message.text for message in self]

    @property
    def last(self) -> Shown:
        """The newest of them."""
        assert self.sent, f"the bot has sent nothing to {self.number}"
        return next(reversed(self.sent.values()))
