"""Taking a picture where the conversation asked for one, and only there."""

from __future__ import annotations

from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels import Unreachable
from channels.webchat import WebChat
from dialogue.pictures import picture
from web.bubbles import fold
from web.chat import ChatRoom
from web.posters import Posters
from web.sent import read_sent_picture
from web.uploads import read_upload


class PictureDesk:
    """The route that pictures are sent to."""

    def __init__(self, room: ChatRoom, posters: Posters, chat: WebChat) -> None:
        self._room = room
        self._posters = posters
        self._chat = chat

    async def take(self, request: Request) -> Response:
        """Keep the picture, and hand in that it came; 403 when nobody asked this visitor for one.

        That is found out before the first byte of it is read.
        """
        visitor = self._room.visitor(request)
        if visitor.new or not await self._is_asked(visitor.account):
            raise HTTPException(403)
        form, content = await read_upload(request)
        if not self._room.is_ours(visitor, form):
            return await self._room.refuse(request, visitor, form, "web-stale", 403)
        sent = read_sent_picture(form)
        if picture(content) is None:
            return await self._room.refuse(request, visitor, form, "web-picture-unfit", 415)
        if not self._chat.was_taken(visitor.account, sent.id):
            try:
                poster = await self._posters.put(content)
            except Unreachable:
                return await self._room.refuse(request, visitor, form, "web-try-again", 503)
            sent = replace(sent, photo=f"upload:{poster}")
        return await self._room.hand_in(request, visitor, form, sent)

    async def _is_asked(self, account: str) -> bool:
        bubbles = fold(await self._chat.after(account, 0))
        return bool(bubbles) and bubbles[-1].wants_photo
