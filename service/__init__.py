"""The running bot: every room put together, started in order, and stopped so that nothing is lost.

Only `bot` imports it; it may import every room, and besides `bot` it alone reads settings.
"""

from service.checking import check
from service.inviting import bot_name, invite, invited, lacks_owner, shown
from service.process import Service
from service.series import EXAMPLE, answering, import_series, load_example, socket_path, told
from service.storing import open_storage
from service.submitting import submit_templates
from service.wrong import Wrong

__all__ = [
    "EXAMPLE",
    "Service",
    "Wrong",
    "answering",
    "bot_name",
    "check",
    "import_series",
    "invite",
    "invited",
    "lacks_owner",
    "load_example",
    "open_storage",
    "shown",
    "socket_path",
    "submit_templates",
    "told",
]
