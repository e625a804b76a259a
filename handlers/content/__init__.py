"""A series of webinars as a file that people write: reading it, checking it, loading it.

`read` is pure; `load` puts what was read into the programme. The sentences here are for whoever
runs the bot, in English like the rest of the command line; nobody reads them in a chat.
"""

from handlers.content.loading import Report, load
from handlers.content.reading import Content, read
from handlers.content.table import ContentError

__all__ = ["Content", "ContentError", "Report", "load", "read"]
