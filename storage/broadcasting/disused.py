"""Posters that nothing shows any more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from storage.broadcasting.broadcast import opened
from storage.desk import Desk
from storage.errors import Unreadable

CONTENTS = "SELECT content FROM webinars UNION ALL SELECT content FROM series"
BROADCASTS = "SELECT id, content FROM broadcasts WHERE length(content) > 0"
OLD = "SELECT id FROM posters WHERE hour <= :before"
DELETE = "DELETE FROM posters WHERE id IN (SELECT value FROM each_id(:ids) AS given)"
FILES = """
DELETE FROM poster_files
WHERE hash NOT IN (SELECT hash FROM posters WHERE hash IS NOT NULL)
"""


async def remove_disused(desk: Desk, before: int) -> int:
    """Remove the posters from before (epoch ms) that no webinar, series or broadcast shows."""
    old: set[int] = {row[0] for row in await desk.connection.fetch(OLD, {"before": before})}
    gone = old - await shown(desk) if old else old
    if gone:
        await desk.connection.run(DELETE, {"ids": sorted(gone)})
        await desk.connection.run(FILES)
    return len(gone)


async def shown(desk: Desk) -> set[int]:
    """The ids of all posters that something shows."""
    contents: list[Mapping[str, Any]] = [
        json.loads(content) for (content,) in await desk.connection.fetch(CONTENTS)
    ]
    for id, sealed in await desk.connection.fetch(BROADCASTS):
        try:
            contents.append(opened(desk.vault, id, sealed))
        except Unreadable:
            # It can be sent no more, so it shows nothing.
            continue
    posters: list[Mapping[str, int]] = [content.get("posters") or {} for content in contents]
    return {id for by_language in posters for id in by_language.values()}
