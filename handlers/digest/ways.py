"""Where the buttons about the experts' digest lead."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.digest import guests, proposed, screen
from handlers.roles import MODERATORS, ORGANISERS, Roles
from handlers.turn import StaffWay
from storage.roles import Role

CONVERSATIONS = (guests.CONVERSATION,)
PAGES: Roles = MODERATORS | {Role.SPEAKER}
"""Whoever may sit at the stage of a board, too."""

WAYS: Mapping[str, StaffWay] = {
    "di": StaffWay(screen.open_one, MODERATORS),
    "di-send": StaffWay(screen.send, MODERATORS),
    "di-page": StaffWay(screen.page, PAGES),
    "di-take": StaffWay(proposed.show, MODERATORS),
    "di-give": StaffWay(proposed.give, MODERATORS),
    "di-leave": StaffWay(proposed.leave, MODERATORS),
    "di-who": StaffWay(guests.listed, ORGANISERS),
    "di-add": StaffWay(guests.add, ORGANISERS),
    "di-drop": StaffWay(guests.remove, ORGANISERS),
}
