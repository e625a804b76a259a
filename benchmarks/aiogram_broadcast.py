"""A broadcast with aiogram 3, in two ways that are in use, while the bot answers others.

`WAY=sleep` sends one after the other and sleeps 50 ms in between; `WAY=retry` sends thirty at a
time and waits when it is told to.
"""

from __future__ import annotations

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramRetryAfter
from aiogram.filters import Command
from aiogram.types import Message

PEOPLE = range(int(os.environ["FIRST"]), int(os.environ["FIRST"]) + int(os.environ["COUNT"]))
AT_ONCE = 30
dispatcher = Dispatcher()
running: set[asyncio.Task[None]] = set()


@dispatcher.message(Command("broadcast"))
async def announce(message: Message, bot: Bot) -> None:
    """Send to everybody, beside the handlers."""
    way = _one_by_one(bot) if os.environ["WAY"] == "sleep" else _side_by_side(bot)
    running.add(asyncio.create_task(way))


@dispatcher.message()
async def echo(message: Message, bot: Bot) -> None:
    """Say the same; try again when it is too fast."""
    while True:
        try:
            await message.send_copy(chat_id=message.chat.id)
        except TelegramRetryAfter as busy:
            await asyncio.sleep(busy.retry_after)
        else:
            return


async def _one_by_one(bot: Bot) -> None:
    for person in PEOPLE:
        await _send(bot, person)
        await asyncio.sleep(0.05)


async def _side_by_side(bot: Bot) -> None:
    few = asyncio.Semaphore(AT_ONCE)

    async def send(person: int) -> None:
        async with few:
            await _send(bot, person)

    await asyncio.gather(*(send(person) for person in PEOPLE))


async def _send(bot: Bot, person: int) -> None:
    while True:
        try:
            await bot.send_message(person, os.environ["MARK"])
        except TelegramRetryAfter as busy:
            await asyncio.sleep(busy.retry_after)
        else:
            return


def main() -> None:
    """Run until told to stop."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["SERVER"]))
    asyncio.run(dispatcher.start_polling(Bot(os.environ["TOKEN"], session=session)))  # pyright: ignore


if __name__ == "__main__":
    main()
