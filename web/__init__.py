"""The Starlette app: webhook, web chat and health, each a thin way in to the handlers.

Imports every room below it; never bot, never settings.
"""
