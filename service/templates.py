"""What Twilio is to hold for us: prompts with buttons, and templates that WhatsApp approves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from channels.whatsapp import Draft, TwilioApi, prompt_draft, template_draft
from handlers.house import House
from handlers.receiving import prompts
from handlers.telling import templates
from storage import Storage
from storage.post.contents import Approval, Category, Content, ContentKind

SESSION, UNSUBMITTED, APPROVED = "session", "unsubmitted", "approved"
UNDECIDED = frozenset({UNSUBMITTED, "received", "pending", "paused"})
"""States of a template that WhatsApp may still change."""


@dataclass(frozen=True, slots=True)
class Held:
    """What Twilio holds by now."""

    prompts: int
    templates: tuple[Content, ...]

    @property
    def lines(self) -> list[str]:
        """The same, to be read."""
        if not self.prompts and not self.templates:
            return ["templates: none yet; make them with: bot.py whatsapp templates"]
        said = [f"{each.name} ({each.language}): {_state(each)}" for each in self.templates]
        return [f"prompts with buttons: {self.prompts}", *said]


async def held(storage: Storage) -> Held:
    """What Twilio holds, as far as is known. Raises Unavailable."""
    async with storage.reading() as tx:
        return _held(await tx.contents.get_all())


async def lay_down(storage: Storage, api: TwilioApi, house: House, now: datetime) -> Held:
    """Make what is missing, submit what is to be approved, and ask what WhatsApp has decided.

    Done again it makes nothing twice. Raises Unavailable, or one of the channel's `FAULTS`.
    """
    wanted = {draft.key: draft for draft in await _drafts(storage, house, now)}
    async with storage.reading() as tx:
        known = {content.key: content for content in await tx.contents.get_all()}
    for key, draft in wanted.items():
        if key not in known:
            known[key] = await _make(storage, api, draft)
        if known[key].state == UNSUBMITTED:
            await _submit(storage, api, draft, known[key])
    async with storage.reading() as tx:
        current = await tx.contents.get_all()
    await refresh(storage, api, current)
    await _drop_replaced(storage, wanted)
    return await held(storage)


async def refresh(storage: Storage, api: TwilioApi, known: Sequence[Content]) -> bool:
    """Ask what became of the templates that WhatsApp was still to decide on; whether any has.

    Raises Unavailable, or one of the channel's `FAULTS`.
    """
    changed = False
    for content in known:
        if content.category is None or content.state not in UNDECIDED:
            continue
        approval = await api.approval(content.sid)
        if (approval.state, approval.reason) != (content.state, content.reason):
            async with storage.transaction() as tx:
                state = cast(Approval, approval.state)
                await tx.contents.set_state(content.key, state, approval.reason)
            changed = True
    return changed


async def _drafts(storage: Storage, house: House, now: datetime) -> list[Draft]:
    async with storage.reading() as tx:
        house = replace(house, programme=await tx.webinars.programme())
        said = await prompts.fixed(house, tx, now)
    shown = [prompt_draft(each.message, each.name, each.opener) for each in said]
    approved = [
        template_draft(
            wording.name,
            wording.category.upper(),
            wording.language,
            wording.body,
            wording.samples,
            wording.buttons,
        )
        for wording in templates.wordings(house.languages)
    ]
    return [*(draft for draft in shown if draft is not None), *approved]


async def _make(storage: Storage, api: TwilioApi, draft: Draft) -> Content:
    category = None if draft.category is None else cast(Category, draft.category.lower())
    content = Content(
        key=draft.key,
        name=draft.name,
        kind=cast(ContentKind, draft.kind),
        language=draft.language,
        category=category,
        sid=await api.create(draft),
        state=SESSION if category is None else UNSUBMITTED,
    )
    # Each by itself: what ends half-way goes on from here.
    async with storage.transaction() as tx:
        await tx.contents.put(content)
    return content


async def _submit(storage: Storage, api: TwilioApi, draft: Draft, content: Content) -> None:
    approval = await api.approve(content.sid, draft.approval_name, draft.category or "")
    async with storage.transaction() as tx:
        state = cast(Approval, approval.state)
        await tx.contents.set_state(content.key, state, approval.reason)


async def _drop_replaced(storage: Storage, wanted: dict[str, Draft]) -> None:
    """Other words are said now; a template's earlier ones are, until the new ones are approved."""
    async with storage.transaction() as tx:
        known = await tx.contents.get_all()
        approved = {
            (each.name, each.language)
            for each in known
            if each.key in wanted and each.state == APPROVED
        }
        for each in known:
            outdated = each.category is None or (each.name, each.language) in approved
            if each.key not in wanted and outdated:
                await tx.contents.remove(each.key)


def _held(known: Sequence[Content]) -> Held:
    made = tuple(content for content in known if content.category is not None)
    return Held(len(known) - len(made), made)


def _state(content: Content) -> str:
    return f"{content.state} ({content.reason})" if content.reason else content.state
