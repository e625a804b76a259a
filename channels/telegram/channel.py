"""Writing to Telegram."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from telegram import InputFile

from channels import NO_SLIP, Gone, Limits, Refused, Slip, TargetGone, Unsure
from channels.telegram.api import BotApi
from channels.telegram.faults import Unchanged
from channels.telegram.photos import Photos, Pictures
from dialogue.fold import utf16_length
from dialogue.words import Act, File, Message, MessageButton

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
VALUE_BYTES = 64
AT_ONCE = 32
"""Messages; at a higher pace, what leaves in a twentieth of a second, while the disk is busy."""
MOST_AT_ONCE = 200


class Telegram:
    """The `Channel` of one bot token; accounts are chat ids."""

    name: str = "telegram"

    def __init__(self, api: BotApi, per_second: int = 30, pictures: Pictures | None = None) -> None:
        """Without `pictures`, messages that would show one are texts alone."""
        self._api = api
        self._photos = None if pictures is None else Photos(api, pictures)
        at_once = min(max(AT_ONCE, per_second // 20), MOST_AT_ONCE)
        self.limits = Limits(
            text_units=TEXT_UNITS,
            per_second=per_second,
            at_once=at_once,
            pictures_of=None if pictures is None else api.bot_id,
        )

    async def send(
        self, account: str, act: Act, target: str | None, message: Message, slip: Slip = NO_SLIP
    ) -> str:
        """Carry this out and return Telegram's id of the message ("" after leaving a group).

        An edit that changes nothing has succeeded. Raises as `Channel.send` says.
        """
        chat = _chat(account)
        match act:
            case Act.SEND if message.file is not None:
                return await self._send("sendDocument", _document(chat, message, message.file))
            case Act.SEND if message.photo is not None:
                return await self._send_photo(chat, message, message.photo)
            case Act.SEND:
                return await self._send("sendMessage", _with_buttons(_text(chat, message), message))
            case Act.EDIT if message.photo is not None:
                fields = _captioned(chat, message) | _message(target)
                return await self._change("editMessageCaption", target, fields)
            case Act.EDIT:
                fields = _text(chat, message) | _message(target)
                return await self._change("editMessageText", target, _with_buttons(fields, message))
            case Act.STRIP:
                fields = {"chat_id": chat} | _message(target)
                return await self._change("editMessageReplyMarkup", target, fields)
            case Act.DELETE:
                fields = {"chat_id": chat} | _message(target)
                return await self._change("deleteMessage", target, fields)
            case Act.LEAVE:
                return await self._change("leaveChat", None, {"chat_id": chat})

    async def _send(self, method: str, fields: dict[str, Any]) -> str:
        return _number(await self._api.call(method, fields))

    async def _send_photo(self, chat: int, message: Message, hash: str) -> str:
        fields = _captioned(chat, message)
        if self._photos is not None:
            sent = await self._photos.send(hash, message.language, fields)
            if sent is not None:
                return _number(sent)
        # Better the words alone than nothing.
        return await self._send("sendMessage", _with_buttons(_text(chat, message), message))

    async def _change(self, method: str, target: str | None, fields: dict[str, Any]) -> str:
        with suppress(Unchanged):
            await self._api.call(method, fields)
        return target or ""


def _number(sent: Any) -> str:
    number = sent.get("message_id") if isinstance(sent, dict) else None  # pyright: ignore
    if not isinstance(number, int):
        raise Unsure("The platform's answer cannot be read.")
    return str(number)


def _chat(account: str) -> int:
    try:
        return int(account)
    except ValueError:
        pass
    raise Gone("There is no such account on Telegram.")


def _message(target: str | None) -> dict[str, Any]:
    if target is None or not target.isascii() or not target.isdigit() or len(target) > 18:
        raise TargetGone("There is no such message on Telegram.")
    return {"message_id": int(target)}


def _text(chat: int, message: Message) -> dict[str, Any]:
    # No parse_mode, ever: what people wrote is relayed as it is.
    return {
        "chat_id": chat,
        "text": message.text,
        "link_preview_options": {"is_disabled": True},
    }


def _document(chat: int, message: Message, file: File) -> dict[str, Any]:
    document = InputFile(file.content, filename=file.name)
    return _captioned(chat, message) | {"document": document}


def _captioned(chat: int, message: Message) -> dict[str, Any]:
    if utf16_length(message.text) > CAPTION_UNITS:
        raise Refused("The text beside a file or a picture is too long.")
    fields: dict[str, Any] = {"chat_id": chat}
    if message.text:
        fields["caption"] = message.text
    return _with_buttons(fields, message)


def _with_buttons(fields: dict[str, Any], message: Message) -> dict[str, Any]:
    if message.rows:
        rows = [[_button(button) for button in row] for row in message.rows]
        fields["reply_markup"] = {"inline_keyboard": rows}
    return fields


def _button(button: MessageButton) -> dict[str, str]:
    if button.url is not None:
        return {"text": button.label, "url": button.url}
    if not 1 <= len(button.value.encode("utf-8", "replace")) <= VALUE_BYTES:
        raise Refused("What a button carries must be 1 to 64 bytes.")
    return {"text": button.label, "callback_data": button.value}
