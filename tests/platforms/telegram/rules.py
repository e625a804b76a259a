"""What the Bot API accepts, for the methods that a bot like ours may call.

Written down from https://core.telegram.org/bots/api; the words of the refusals are Telegram's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from tests.platforms.telegram.pictures import photo_refusal

Fields = dict[str, Any]

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
BUTTONS = 100
VALUE_BYTES = 64

_SEND = (
    "chat_id! message_thread_id disable_notification:bool protect_content:bool parse_mode:str"
    " reply_parameters:object reply_markup:object"
)
_KINDS: Mapping[str, tuple[type, ...]] = {
    "int": (int,),
    "str": (str,),
    "bool": (bool,),
    "list": (list,),
    "object": (dict,),
    "chat": (int, str),
    "file": (str, tuple),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """The fields of a method: name to kind, and those that must be there."""

    kinds: Mapping[str, str]
    required: tuple[str, ...]


def _rule(fields: str) -> Rule:
    kinds: dict[str, str] = {}
    required: list[str] = []
    for word in fields.split():
        name, _, kind = word.rstrip("!").partition(":")
        kinds[name] = kind or ("chat" if name == "chat_id" else "int")
        if word.endswith("!"):
            required.append(name)
    return Rule(kinds, tuple(required))


RULES: Mapping[str, Rule] = {
    "getMe": _rule(""),
    "getUpdates": _rule("offset limit timeout allowed_updates:list"),
    "setWebhook": _rule(
        "url:str! ip_address:str max_connections allowed_updates:list drop_pending_updates:bool"
        " secret_token:str"
    ),
    "deleteWebhook": _rule("drop_pending_updates:bool"),
    "getWebhookInfo": _rule(""),
    "sendMessage": _rule(f"{_SEND} text:str! entities:list link_preview_options:object"),
    "sendDocument": _rule(
        f"{_SEND} document:file! caption:str caption_entities:list"
        " disable_content_type_detection:bool"
    ),
    "sendPhoto": _rule(
        f"{_SEND} photo:file! caption:str caption_entities:list show_caption_above_media:bool"
        " has_spoiler:bool"
    ),
    "editMessageText": _rule(
        "chat_id! message_id! text:str! parse_mode:str entities:list link_preview_options:object"
        " reply_markup:object"
    ),
    "editMessageCaption": _rule(
        "chat_id! message_id! caption:str parse_mode:str caption_entities:list"
        " show_caption_above_media:bool reply_markup:object"
    ),
    "getFile": _rule("file_id:str!"),
    "editMessageReplyMarkup": _rule("chat_id! message_id! reply_markup:object"),
    "deleteMessage": _rule("chat_id! message_id!"),
    "leaveChat": _rule("chat_id!"),
    "answerCallbackQuery": _rule(
        "callback_query_id:str! text:str show_alert:bool url:str cache_time"
    ),
    "setMyCommands": _rule("commands:list! scope:object language_code:str"),
    "setMyDescription": _rule("description:str language_code:str"),
    "setMyShortDescription": _rule("short_description:str language_code:str"),
}

BY_LOWER_CASE = {name.lower(): name for name in RULES}
"""Methods are called in any case."""


def units(text: str) -> int:
    """The length of a text as Telegram counts it: in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def typed(method: str, fields: Mapping[str, str | tuple[str, bytes]]) -> Fields:
    """The fields of a form, whose values are all text, as JSON would have carried them."""
    kinds = RULES[method].kinds
    values: Fields = {}
    for name, value in fields.items():
        kind = kinds.get(name, "str")
        if isinstance(value, tuple) or kind in ("str", "file"):
            values[name] = value
        elif kind == "chat":
            values[name] = int(value) if re.fullmatch(r"-?\d+", value) else value
        else:
            values[name] = json.loads(value)
    return values


def refusal(method: str, fields: Fields) -> str | None:
    """Why Telegram would refuse these fields, None if it would not."""
    rule = RULES[method]
    for name in rule.required:
        if name not in fields:
            return f'parameter "{name}" is required'
    for name, value in fields.items():
        kind = rule.kinds.get(name)
        if kind is None:
            return f'parameter "{name}" is not known to {method}'
        if not isinstance(value, _KINDS[kind]) or (kind == "int" and isinstance(value, bool)):
            return f'parameter "{name}" must be of type {kind}'
    check = _CHECKS.get(method)
    wrong = check(fields) if check else None
    return wrong or _markup_refusal(fields.get("reply_markup"))


def _text_refusal(fields: Fields) -> str | None:
    text = str(fields["text"]).strip()
    if not text:
        return "message text is empty"
    return "message is too long" if units(text) > TEXT_UNITS else None


def _caption_refusal(fields: Fields) -> str | None:
    long = units(str(fields.get("caption", "")).strip()) > CAPTION_UNITS
    return "message caption is too long" if long else None


def _document_refusal(fields: Fields) -> str | None:
    return _caption_refusal(fields) or (None if fields["document"] else "file must be non-empty")


def _photo_refusal(fields: Fields) -> str | None:
    photo = fields["photo"]
    if isinstance(photo, tuple):
        return _caption_refusal(fields) or photo_refusal(cast("tuple[str, bytes]", photo)[1])
    return _caption_refusal(fields) or (None if photo else "file must be non-empty")


def _webhook_refusal(fields: Fields) -> str | None:
    if not re.fullmatch(r"(https|http)://\S+|", fields["url"]):
        return "bad webhook: An HTTPS URL must be provided for webhook"
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", fields.get("secret_token", "none")):
        return "secret token contains unallowed characters"
    return None if 1 <= fields.get("max_connections", 40) <= 100 else "wrong max_connections"


def _commands_refusal(fields: Fields) -> str | None:
    commands = cast("list[Any]", fields["commands"])
    if len(commands) > 100:
        return "too many commands specified"
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command"))):
            return "BOT_COMMAND_INVALID"
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            return "BOT_COMMAND_DESCRIPTION_INVALID"
    return _language_refusal(fields)


def _language_refusal(fields: Fields) -> str | None:
    if not re.fullmatch(r"[a-z]{2}|", fields.get("language_code", "")):
        return "invalid language code specified"
    if len(fields.get("description", "")) > 512 or len(fields.get("short_description", "")) > 120:
        return "the description is too long"
    return None


_CHECKS: Mapping[str, Callable[[Fields], str | None]] = {
    "sendMessage": _text_refusal,
    "editMessageText": _text_refusal,
    "editMessageCaption": _caption_refusal,
    "sendDocument": _document_refusal,
    "sendPhoto": _photo_refusal,
    "setWebhook": _webhook_refusal,
    "setMyCommands": _commands_refusal,
    "setMyDescription": _language_refusal,
    "setMyShortDescription": _language_refusal,
}


def _markup_refusal(markup: object) -> str | None:
    if markup is None:
        return None
    rows = cast("Fields", markup).get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list):
        return "object expected as reply markup"
    buttons: list[object] = []
    for row in cast("list[object]", rows):
        if not isinstance(row, list):
            return 'field "inline_keyboard" of type Array expected'
        buttons.extend(cast("list[object]", row))
    if len(buttons) > BUTTONS:
        return "reply markup is too long"
    return next((wrong for wrong in map(_button_refusal, buttons) if wrong), None)


def _button_refusal(button: object) -> str | None:
    if not isinstance(button, dict):
        return "inline keyboard button must be an Object"
    fields = cast("Fields", button)
    if not str(fields.get("text", "")).strip():
        return 'field "text" of the button must be non-empty'
    actions = [name for name in fields if name not in ("text", "style")]
    if len(actions) != 1 or actions[0] not in ("callback_data", "url"):
        return "text buttons must have exactly one action"
    value = fields[actions[0]]
    if actions[0] == "url":
        usable = isinstance(value, str) and re.match(r"(https?|tg)://[^\s/]", value)
        return None if usable else "inline keyboard button URL is invalid: Wrong HTTP URL"
    held = len(value.encode()) if isinstance(value, str) else 0
    return None if 1 <= held <= VALUE_BYTES else "BUTTON_DATA_INVALID"
