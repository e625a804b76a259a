"""Which roles may do what; nobody else may."""

from __future__ import annotations

from typing import TypeAlias

from storage.roles import Role

Roles: TypeAlias = frozenset[Role]

OWNERS: Roles = frozenset({Role.OWNER})
ORGANISERS: Roles = OWNERS | {Role.ORGANISER}
MODERATORS: Roles = ORGANISERS | {Role.MODERATOR}
INTERPRETERS: Roles = MODERATORS | {Role.INTERPRETER}
BOARDS: Roles = MODERATORS | {Role.SPEAKER, Role.INTERPRETER}
"""Who has something to see on a board."""
