"""What a machine made of texts that are wanted, unread until an interpreter has approved it."""

from __future__ import annotations

from collections.abc import Collection

from storage.asking.changing import mark_changed, next_change
from storage.asking.translating import STANDING, get_text
from storage.desk import Desk
from storage.engines.port import Value
from storage.sealing.vault import Field

DRAFT = """
UPDATE texts SET draft = :draft WHERE id = :id AND state <> 'approved' RETURNING question
"""
UNDRAFTED = f"""
SELECT t.id FROM texts t JOIN questions q ON q.id = t.question
WHERE t.state <> 'approved' AND t.draft IS NULL AND {STANDING}
  AND t.id NOT IN (SELECT value FROM each_id(:skip) AS passed)
ORDER BY t.id LIMIT :limit
"""  # noqa: S608 - constants


async def put_draft(desk: Desk, text_id: int, draft: str, original: str | None) -> bool:
    """As `Texts.put_draft`."""
    changed = await next_change(desk)
    known = await get_text(desk, text_id)
    if known is None or original not in (None, known.original):
        return False
    sealed = desk.vault.seal_for(known.webinar, draft, Field("texts", "draft", text_id))
    rows = await desk.connection.fetch(DRAFT, {"id": text_id, "draft": sealed})
    await mark_changed(desk, [row[0] for row in rows], changed)
    return bool(rows)


async def undrafted(desk: Desk, limit: int, skip: Collection[int]) -> list[int]:
    """As `Texts.undrafted`."""
    values: dict[str, Value] = {"limit": limit, "skip": [*skip]}
    return [row[0] for row in await desk.connection.fetch(UNDRAFTED, values)]
