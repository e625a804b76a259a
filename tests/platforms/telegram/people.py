"""What people do to the bot: they write, press, edit, block, add it to groups."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.platforms.telegram.chats import Chat, Shown, content_of
from tests.platforms.telegram.pictures import Files
from tests.platforms.telegram.updates import Updates


class People:
    """The people of the stand-in, by id; each has one private chat with the bot."""

    def __init__(self, bot: dict[str, Any], updates: Updates, files: Files) -> None:
        self._files = files
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, int] = {}
        """Pressed buttons that wait for an answer: query id to person."""
        self._bot = bot
        self._updates = updates
        self._pressed = 0
        self.clock: Callable[[], float] = time.time

    def chat(self, user: int) -> Chat:
        """The person's chat; made on first use, with a name and no language."""
        chat = self.chats.get(user)
        if chat is None:
            chat = self.chats[user] = Chat(user, {"first_name": f"Person {user}"})
        return chat

    def introduce(self, user: int, **person: str) -> Chat:
        """Gives a person a first_name, username or language_code."""
        chat = self.chat(user)
        chat.person.update(person)
        return chat

    def says(self, user: int, text: str) -> int:
        """The person writes to the bot; returns the update's id."""
        return self._message(user, {"text": text, **_command(text)}, text)

    def sends(self, user: int, **content: Any) -> int:
        """The person sends something that is not text, e.g. `location={…}`."""
        return self._message(user, content, str(next(iter(content))))

    def sends_photo(
        self, user: int, caption: str | None = None, content: bytes = b"\xff\xd8\xff\xe0"
    ) -> int:
        """The person sends a photo."""
        photo = [size.json() for size in self._files.keep_photo(content)]
        return self.sends(user, photo=photo, **({"caption": caption} if caption else {}))

    def sends_file(self, user: int, name: str, kind: str, content: bytes) -> int:
        """The person sends a file of this MIME type as it is."""
        kept = self._files.keep_document(name, content).json()
        return self.sends(user, document={**kept, "file_name": name, "mime_type": kind})

    def edits(self, user: int, message: int, text: str) -> int:
        """The person edits what they wrote as `message` (an id in `Chat.said`)."""
        chat = self.chat(user)
        assert message in chat.said, f"{user} wrote no message {message}"
        chat.said[message] = text
        content = {"text": text, **_command(text), "edit_date": int(self.clock())}
        return self._updates.add("edited_message", self._envelope(chat, message, content), user)

    def presses(self, user: int, message: Shown, label: str) -> str:
        """The person presses a button that they see; returns the query's id."""
        assert not message.deleted, "the message is not there any more"
        value = message.button(label).value
        assert value is not None, f"{label!r} only opens a link"
        return self.presses_value(user, message, value)

    def presses_value(self, user: int, message: Shown, value: str) -> str:
        """The person presses a button that they saw some time ago, or forges one."""
        self._pressed += 1
        query = f"{user}-{self._pressed}"
        self.queries[query] = user
        chat = self.chat(user)
        shown = {**self._envelope(chat, message.id, content_of(message)), "from": self._bot}
        self._updates.add(
            "callback_query",
            {
                "id": query,
                "from": self._person(chat),
                "message": shown,
                "chat_instance": str(user),
                "data": value,
            },
            user,
        )
        return query

    def blocks(self, user: int) -> int:
        """The person blocks the bot."""
        self.chat(user).blocked = True
        return self._membership(user, user, "member", "kicked")

    def unblocks(self, user: int) -> int:
        """The person lets the bot write again."""
        self.chat(user).blocked = False
        return self._membership(user, user, "kicked", "member")

    def adds_to_group(self, user: int, group: int) -> int:
        """The person adds the bot to a group (a negative id)."""
        assert group < 0, "groups have negative ids"
        self.chats.setdefault(group, Chat(group)).left = False
        number = self._membership(group, user, "left", "member")
        self._group_message(user, group, {"new_chat_members": [self._bot]})
        return number

    def says_in_group(self, user: int, group: int, text: str) -> int:
        """The person writes in a group that the bot is in."""
        return self._group_message(user, group, {"text": text, **_command(text)})

    def _message(self, user: int, content: dict[str, Any], said: str) -> int:
        chat = self.chat(user)
        number = chat.next_id()
        chat.said[number] = said
        return self._updates.add("message", self._envelope(chat, number, content), user)

    def _group_message(self, user: int, group: int, content: dict[str, Any]) -> int:
        chat = self.chats[group]
        message = self._envelope(chat, chat.next_id(), content)
        message["from"] = self._person(self.chat(user))
        return self._updates.add("message", message, group)

    def _membership(self, chat_id: int, user: int, before: str, after: str) -> int:
        chat = self.chats[chat_id]
        change = {
            "chat": chat.json(),
            "from": self._person(self.chat(user)),
            "date": int(self.clock()),
            "old_chat_member": {"user": self._bot, "status": before},
            "new_chat_member": {"user": self._bot, "status": after, "until_date": 0},
        }
        return self._updates.add("my_chat_member", change, chat_id)

    def _envelope(self, chat: Chat, message: int, content: dict[str, Any]) -> dict[str, Any]:
        return {
            "message_id": message,
            "from": self._person(chat),
            "chat": chat.json(),
            "date": int(self.clock()),
            **content,
        }

    def _person(self, chat: Chat) -> dict[str, Any]:
        return {"id": chat.id, "is_bot": False, **chat.person}


def _command(text: str) -> dict[str, Any]:
    if not text.startswith("/"):
        return {}
    length = len(text.split(maxsplit=1)[0])
    return {"entities": [{"type": "bot_command", "offset": 0, "length": length}]}
