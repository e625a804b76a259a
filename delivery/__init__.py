"""The post office: one postman for each sender, and one door out for everything the bot says.

Imports channels, storage, locales and dialogue; never handlers, never web.
"""

from delivery.alarm import Alarm, without_words
from delivery.clock import Clock
from delivery.counts import Counts
from delivery.duty import Duty
from delivery.grapevine import Grapevine
from delivery.office import PostOffice
from delivery.postman import Postman
from delivery.wording import Words

__all__ = [
    "Alarm",
    "Clock",
    "Counts",
    "Duty",
    "Grapevine",
    "PostOffice",
    "Postman",
    "Words",
    "without_words",
]
