"""An echo bot with aiogram 3, as its examples `echo_bot` and `echo_bot_webhook` do it."""

from __future__ import annotations

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

dispatcher = Dispatcher()


@dispatcher.message()
async def echo(message: Message) -> None:
    """Say the same."""
    await message.send_copy(chat_id=message.chat.id)


async def on_startup(bot: Bot) -> None:
    """Ask for deliveries."""
    await bot.set_webhook("https://bot.example/telegram", secret_token=os.environ["SECRET"])


def main() -> None:
    """Run until told to stop."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["SERVER"]))
    bot = Bot(os.environ["TOKEN"], session=session)
    if os.environ["MODE"] == "polling":
        asyncio.run(dispatcher.start_polling(bot))  # pyright: ignore
        return
    dispatcher.startup.register(on_startup)
    app = web.Application()
    handler = SimpleRequestHandler(dispatcher, bot, secret_token=os.environ["SECRET"])
    handler.register(app, path="/telegram")
    setup_application(app, dispatcher, bot=bot)
    web.run_app(app, host="127.0.0.1", port=int(os.environ["PORT"]))


if __name__ == "__main__":
    main()
