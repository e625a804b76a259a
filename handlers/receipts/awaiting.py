"""Answers that are put into other languages: who gets one at once, and who waits for the words."""

from __future__ import annotations

from datetime import timedelta

from handlers.receipts.translated import InLanguages, in_languages
from handlers.series import programme
from handlers.teller import Teller
from handlers.telling import changes
from storage.asking.awaited import Reached, Wait
from storage.asking.moderation import Handled
from storage.broadcasting.broadcasts import Kind, Phase
from storage.community.people import Person
from storage.roles import Role
from storage.series.webinars import Webinar

LASTING = timedelta(days=2)
"""Nobody registered gets a public answer later."""


async def is_any_interpreter(to: Teller) -> bool:
    """Whether there is somebody to wait for."""
    members = await to.storage.staff.members()
    return any(each.active and each.role is Role.INTERPRETER for each in members)


async def waits(to: Teller, root: Handled, words: InLanguages, reader: Person) -> Wait:
    """Whether this reader is to wait for the answer in their language; so they do from now on.

    They wait once, and no longer than the community has it: what they were given as it was
    written does not come again.
    """
    found = await to.storage.awaited.get(root.id, root.webinar, reader.id)
    if words.answer is None or reader.language in words.answer.by_language:
        if found is not Wait.NO:
            await to.storage.awaited.drop(root.id, root.webinar, reader.id)
        return Wait.NO
    if found is not Wait.NO or not to.house.rules.translation or not await is_any_interpreter(to):
        return found
    due = to.now + to.house.rules.translation
    await to.storage.awaited.put(root.id, root.webinar, reader.id, due)
    return Wait.YES


async def is_due(to: Teller, root: Handled, words: InLanguages, reader: Person) -> bool:
    """Whether somebody who waited gets the answer now: in their language, or as it was given."""
    if await to.storage.awaited.get(root.id, root.webinar, reader.id) is not Wait.YES:
        return False
    if words.answer is not None and reader.language in words.answer.by_language:
        return True
    return await to.storage.awaited.give_up(root.id, root.webinar, reader.id, to.now)


async def tell_registered(to: Teller, question: Handled) -> None:
    """All who registered for its webinar get question and answer: in each language once it is
    there, and as it was given when that takes too long."""
    webinar = programme.find(to.programme, question.webinar or "")
    if webinar is None:
        return
    there = await _languages(to, question)
    missing = set(to.house.languages.codes) - there
    if not missing or not to.house.rules.translation or not await is_any_interpreter(to):
        await _put(to, question, webinar, (), ())
        return
    languages = (*sorted(there),)
    first = await _put(to, question, webinar, languages, ())
    due = to.now + to.house.rules.translation
    await to.storage.awaited.put_for_all(question.id, Reached((first,), languages), due)


async def go_on(to: Teller, question: Handled) -> None:
    """Whoever of all registered waits gets it now, as far as it is in their language by now."""
    found = await to.storage.awaited.of_all(question.id)
    webinar = programme.find(to.programme, question.webinar or "")
    if found is None or webinar is None or not question.answer:
        return
    reached, due = found
    there = await _languages(to, question)
    if to.now >= due or there >= set(to.house.languages.codes):
        # Also whoever reads another language by now than when it went to others.
        await _put(to, question, webinar, (), reached.broadcasts)
        await to.storage.awaited.put_for_all(question.id, reached, to.now)
        await to.storage.awaited.lapse(question.id, to.now)
    elif new := there - {*reached.languages}:
        brought = await _put(to, question, webinar, (*sorted(new),), reached.broadcasts)
        reached = Reached((*reached.broadcasts, brought), (*reached.languages, *sorted(new)))
        await to.storage.awaited.put_for_all(question.id, reached, due)


async def _languages(to: Teller, question: Handled) -> set[str]:
    words = await in_languages(to.storage, question)
    return set(words.answer.by_language) if words.answer else set()


async def _put(
    to: Teller,
    question: Handled,
    webinar: Webinar,
    languages: tuple[str, ...],
    besides: tuple[int, ...],
) -> int:
    """The broadcast that brings it to whoever reads one of these languages; () is everybody."""
    put = await to.storage.broadcasts.put(
        Kind.NOTICE,
        changes.registered(webinar.id, languages, besides),
        {"notice": "answer", "question": question.id, **changes.called(webinar)},
        to.now,
        webinar=webinar.id,
        phase=Phase.HELD,
        starts_at=to.now,
        not_after=to.now + LASTING,
    )
    return put.id
