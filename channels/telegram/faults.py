"""What Telegram's errors mean to the rooms above: one of the errors of `channels`."""

from __future__ import annotations

import re
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from channels import Barred, Busy, Gone, Moved, Refused, TargetGone, Unreachable, Unsure
from channels.telegram.answers import MaybeTaken, Paused


class SecondCopy(Unreachable):
    """Somebody else asks for this bot's updates, or a webhook is set."""


class Unchanged(Refused):
    """The edit would change nothing: the message already looks like that."""


class WrongPicture(Refused):
    """Telegram does not take this picture, or does not know the id that it was named by."""


FAULTS = (Barred, Busy, Gone, Moved, Refused, Unreachable, Unsure)
"""All that a call of the Bot API may raise."""

# Parts of the descriptions, lower case: https://github.com/tdlib/telegram-bot-api (Client.cpp)
_GONE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "input_user_deactivated",
    "peer_id_invalid",
    "user_is_blocked",
    "group chat was deactivated",
    "chat_write_forbidden",
    "have no rights to send",
    "not enough rights to send",
)
_TARGET_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message to delete not found",
    "message can't be deleted",
    "message_id_invalid",
    "message identifier is not specified",
    "there is no text in the message to edit",
    "there is no caption in the message to edit",
    "message not found",
)


_WRONG_PICTURE = (
    "wrong file identifier",
    "wrong file_id",
    "wrong remote file",
    "wrong type of the web page content",
    "failed to get http url content",
    "can't use file of type",
    "file_reference_",
    "file is too big",
    "image_process_failed",
    "photo_",
)


def meaning(error: TelegramError) -> Exception:
    """The error of `channels` that this stands for; its text holds no token, address or content."""
    match error:
        case Paused():
            return Busy(error.seconds)
        case RetryAfter():
            pause = error.retry_after  # which of the two depends on the library's environment
            return Busy(pause.total_seconds() if isinstance(pause, timedelta) else pause)
        case MaybeTaken():
            return Unsure(error.message)
        case ChatMigrated():
            return Moved(str(error.new_chat_id))
        case Forbidden():
            return Gone("The account does not let us write.")
        case InvalidToken() | EndPointNotFound():
            return Barred("Telegram does not accept the bot's token.")
        case Conflict():
            return SecondCopy("Another copy of the bot asks for its updates.")
        case BadRequest():
            return _refusal(error.message)
        case _:
            return Unreachable("The platform could not be reached.")


def _refusal(description: str) -> Exception:
    said = description.lower()
    if "message is not modified" in said:
        return Unchanged("The message is as it should be.")
    if any(part in said for part in _TARGET_GONE):
        return TargetGone("The message is not there, or cannot be changed.")
    if any(part in said for part in _GONE):
        return Gone("The account cannot be written to.")
    if any(part in said for part in _WRONG_PICTURE):
        return WrongPicture("The picture cannot be sent or had.")
    if said == "logged out":
        return Barred("The bot was logged out of this server.")
    return Refused(_bare(description))


def _bare(description: str) -> str:
    """The description without what it quotes: that may be somebody's text or a personal link."""
    bare = re.sub(r"(['\"`]).*\1|\S*(://|\d{5})\S*", "…", description, flags=re.DOTALL)
    return f"Telegram refuses: {bare[:120]}"
