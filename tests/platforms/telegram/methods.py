"""What the methods of the Bot API do to the chats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from tests.platforms.telegram.chats import Chat, Shown, content_of
from tests.platforms.telegram.people import People
from tests.platforms.telegram.pictures import DOWNLOAD_BYTES, WRONG_FILE, Files

Fields = Mapping[str, Any]

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)


class Refusal(Exception):
    """The platform does not do this; the text is Telegram's."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


def bad(description: str) -> Refusal:
    """400."""
    return Refusal(400, f"Bad Request: {description}")


class Methods:
    """The methods that act on chats, by name in `table`."""

    def __init__(self, bot: dict[str, Any], people: People, files: Files) -> None:
        self._bot = bot
        self._files = files
        self._people = people
        self.profile: dict[str, Any] = {}
        """What was set by setMy…, by method and language."""
        self.answered: list[str] = []
        """The queries that were answered."""
        self.table: Mapping[str, Callable[[Fields], Any]] = {
            "getMe": lambda _: self._bot,
            "sendMessage": self._send_message,
            "sendDocument": self._send_document,
            "sendPhoto": self._send_photo,
            "editMessageText": self._edit_text,
            "editMessageCaption": self._edit_caption,
            "getFile": self._get_file,
            "editMessageReplyMarkup": self._edit_markup,
            "deleteMessage": self._delete,
            "leaveChat": self._leave,
            "answerCallbackQuery": self._answer,
            "setMyCommands": lambda fields: self._set("commands", fields),
            "setMyDescription": lambda fields: self._set("description", fields),
            "setMyShortDescription": lambda fields: self._set("short_description", fields),
        }

    def _chat(self, fields: Fields) -> Chat:
        chat = self._people.chats.get(fields["chat_id"])
        if chat is None:
            raise bad("chat not found")
        if chat.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if chat.left:
            raise Refusal(403, "Forbidden: bot is not a member of the supergroup chat")
        return chat

    def _mine(self, fields: Fields, purpose: str) -> Shown:
        chat = self._chat(fields)
        number = fields["message_id"]
        if number in chat.said:
            raise bad(f"message can't be {purpose}ed")
        message = chat.sent.get(number)
        if message is None or message.deleted:
            raise bad(f"message to {purpose} not found")
        return message

    def _send_message(self, fields: Fields) -> Any:
        chat = self._chat(fields)
        return self._shown(chat, Shown(chat.id, chat.next_id(), fields["text"].strip()), fields)

    def _send_document(self, fields: Fields) -> Any:
        chat, document = self._chat(fields), fields["document"]
        shown = Shown(chat.id, chat.next_id(), fields.get("caption", ""))
        shown.document = document if isinstance(document, tuple) else (str(document), b"")
        return self._shown(chat, shown, fields)

    def _send_photo(self, fields: Fields) -> Any:
        chat, photo = self._chat(fields), fields["photo"]
        if isinstance(photo, tuple):
            sizes = self._files.keep_photo(cast("tuple[str, bytes]", photo)[1])
        else:
            sizes = self._files.photo(photo)
        if sizes is None:
            raise bad(WRONG_FILE)
        shown = Shown(chat.id, chat.next_id(), fields.get("caption", "").strip(), photo=sizes)
        return self._shown(chat, shown, fields)

    def _get_file(self, fields: Fields) -> Any:
        file = self._files.by_id.get(fields["file_id"])
        if file is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if len(file.content) > DOWNLOAD_BYTES:
            raise bad("file is too big")
        return file.json() | {"file_path": self._files.paths.get(file.id, file.path)}

    def _shown(self, chat: Chat, message: Shown, fields: Fields) -> Any:
        message.markup, message.fields = fields.get("reply_markup"), fields
        chat.sent[message.id] = message
        return self._json(chat, message)

    def _edit_text(self, fields: Fields) -> Any:
        message = self._mine(fields, "edit")
        if message.document is not None or message.photo is not None:
            raise bad("there is no text in the message to edit")
        return self._rewritten(message, fields["text"].strip(), fields)

    def _edit_caption(self, fields: Fields) -> Any:
        message = self._mine(fields, "edit")
        if message.document is None and message.photo is None:
            raise bad("there is no caption in the message to edit")
        return self._rewritten(message, fields.get("caption", "").strip(), fields)

    def _rewritten(self, message: Shown, text: str, fields: Fields) -> Any:
        markup = fields.get("reply_markup")
        if (text, _rows(markup)) == (message.text, _rows(message.markup)):
            raise bad(NOT_MODIFIED)
        message.text, message.markup = text, markup
        message.edits += 1
        return self._json(self._people.chats[message.chat], message)

    def _edit_markup(self, fields: Fields) -> Any:
        message = self._mine(fields, "edit")
        if _rows(fields.get("reply_markup")) == _rows(message.markup):
            raise bad(NOT_MODIFIED)
        message.markup = fields.get("reply_markup")
        message.edits += 1
        return self._json(self._people.chats[message.chat], message)

    def _delete(self, fields: Fields) -> Any:
        message = self._mine(fields, "delete")
        if message.too_old:
            raise bad("message can't be deleted for everyone")
        message.deleted = True
        return True

    def _leave(self, fields: Fields) -> Any:
        chat = self._chat(fields)
        if chat.id > 0:
            raise bad("chat member status can't be changed in private chats")
        chat.left = True
        return True

    def _answer(self, fields: Fields) -> Any:
        query = fields["callback_query_id"]
        if self._people.queries.pop(query, None) is None:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self.answered.append(query)
        return True

    def _set(self, name: str, fields: Fields) -> Any:
        self.profile[f"{name}:{fields.get('language_code', '')}"] = fields.get(name)
        return True

    def _json(self, chat: Chat, message: Shown) -> Any:
        answer: dict[str, Any] = {
            "message_id": message.id,
            "from": self._bot,
            "chat": chat.json(),
            "date": int(self._people.clock()),
        }
        answer |= content_of(message)
        if message.markup:
            answer["reply_markup"] = message.markup
        return answer


def _rows(markup: Fields | None) -> Any:
    return (markup or {}).get("inline_keyboard") or []
