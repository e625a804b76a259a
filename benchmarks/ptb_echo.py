"""An echo bot with python-telegram-bot, as its examples `echobot` and `customwebhookbot` do it."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes, MessageHandler, filters


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say the same."""
    assert update.message is not None
    assert update.message.text is not None
    await update.message.reply_text(update.message.text)


async def by_webhook(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Serve the webhook until told to stop."""

    async def telegram(request: Request) -> Response:
        update = Update.de_json(data=await request.json(), bot=application.bot)
        await application.update_queue.put(update)
        return Response()

    app = Starlette(routes=[Route("/telegram", telegram, methods=["POST"])])
    port = int(os.environ["PORT"])
    config = uvicorn.Config(app, port=port, host="127.0.0.1", log_level="warning", access_log=False)
    async with application:
        await application.start()
        await application.bot.set_webhook(
            "https://bot.example/telegram", allowed_updates=Update.ALL_TYPES
        )
        await uvicorn.Server(config).serve()
        await application.stop()


def main() -> None:
    """Run until told to stop."""
    base = f"{os.environ['SERVER']}/bot"
    webhook = os.environ["MODE"] == "webhook"
    builder = ApplicationBuilder().token(os.environ["TOKEN"]).base_url(base)
    application = (builder.updater(None) if webhook else builder).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    if webhook:
        asyncio.run(by_webhook(application))
    else:
        application.run_polling(allowed_updates=Update.ALL_TYPES)


if __name__ == "__main__":
    main()
