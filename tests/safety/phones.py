"""A platform that minds Telegram's limits."""

from __future__ import annotations

from channels import NO_SLIP, Slip
from dialogue.fold import utf16_length
from dialogue.words import Act, Message, MessageButton
from tests.handlers.chatting import Phones, plain
from tests.safety.seen import LANGUAGES, says

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
BUTTONS = 100
VALUE_BYTES = 64


class StrictPhones(Phones):
    """Notes in `violations` whatever Telegram would have refused."""

    def __init__(self, name: str = "telegram") -> None:
        super().__init__()
        self.name = name
        self.violations: list[str] = []
        self.acts: list[tuple[str, Act, str | None]] = []
        """Everything that was done, in order: account, act, target."""

    async def send(
        self, account: str, act: Act, target: str | None, message: Message, slip: Slip = NO_SLIP
    ) -> str:
        """Look closely, then show it."""
        self.acts.append((account, act, target))
        if act in (Act.SEND, Act.EDIT):
            self.violations += wrong_with(message)
        return await super().send(account, act, target, message, slip)


def wrong_with(message: Message) -> list[str]:
    """What Telegram would not take of this message."""
    most = CAPTION_UNITS if message.file else TEXT_UNITS
    wrong: list[str] = []
    if not message.text.strip():
        wrong.append("an empty text")
    if utf16_length(message.text) > most:
        wrong.append(f"a text of {utf16_length(message.text)} units")
    if any(says(plain(message.text), "something-failed", code) for code in LANGUAGES):
        wrong.append("a failure reached a person")
    buttons = [button for row in message.rows for button in row]
    if len(buttons) > BUTTONS:
        wrong.append(f"{len(buttons)} buttons")
    return wrong + [line for button in buttons for line in wrong_with_button(button)]


def wrong_with_button(button: MessageButton) -> list[str]:
    """What Telegram would not take of this button."""
    wrong = [] if button.label.strip() else ["a button without a label"]
    if button.url is None and not 1 <= len(button.value.encode("utf-8", "replace")) <= VALUE_BYTES:
        wrong.append(f"a button that carries {button.value!r}")
    return wrong
