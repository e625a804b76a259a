"""A broadcast with python-telegram-bot and its AIORateLimiter, while the bot answers others."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from telegram import Update
from telegram.ext import (
    AIORateLimiter,
    ApplicationBuilder,
    CommandHandler,
    ContextTypes,
    ExtBot,
    MessageHandler,
    filters,
)

FIRST, COUNT = int(os.environ["FIRST"]), int(os.environ["COUNT"])


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say the same."""
    assert update.message is not None
    assert update.message.text is not None
    await update.message.reply_text(update.message.text)


async def announce(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Send to everybody, beside the handlers, at the limiter's pace."""
    context.application.create_task(_to_everybody(context.bot))  # pyright: ignore


async def _to_everybody(bot: ExtBot[Any]) -> None:
    text = os.environ["MARK"]
    await asyncio.gather(
        *(bot.send_message(person, text) for person in range(FIRST, FIRST + COUNT)),
        return_exceptions=True,
    )


def main() -> None:
    """Run until told to stop."""
    limiter = AIORateLimiter(max_retries=100)
    builder = (
        ApplicationBuilder().token(os.environ["TOKEN"]).base_url(f"{os.environ['SERVER']}/bot")
    )
    application = builder.rate_limiter(limiter).concurrent_updates(True).build()
    application.add_handler(CommandHandler("broadcast", announce))
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling(allowed_updates=Update.ALL_TYPES)


if __name__ == "__main__":
    main()
