"""/interpret: one text after the other, with every way on."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import blake2b

from dialogue.words import Button, Localised, Reply, Text, text
from handlers.deed import Outcome
from handlers.interpreting import languages, texts
from handlers.interpreting.texts import Wanted
from handlers.receipts import receipts
from handlers.receipts.translated import in_languages
from handlers.series import programme
from handlers.speaking import lists, menus
from handlers.stints import Stint
from handlers.turn import Turn
from storage.asking.texts import ANYWHERE, Claimed
from storage.ids import id_in

_ONE = re.compile(r"(.+):([0-9a-f]{8})")
_DRAFT = re.compile(r"(.+):([0-9a-f]{8})")


async def interpret(turn: Turn) -> list[Reply]:
    """The text that is needed first; before that, once, between which languages they work."""
    await put_down(turn)
    known = languages.of(turn)
    if not known:
        return languages.ask(turn)
    begun = replace(turn.desk.stint or Stint(), languages=known, skipped=(), last=None)
    turn.desk = replace(turn.desk, stint=begun)
    turn.house.interpreting.begin(turn.person.id, None, turn.now, known)
    return await next_one(turn)


async def again(turn: Turn, _value: str) -> list[Reply]:
    """The same, by the button under the message that counts."""
    return await interpret(turn)


async def next_one(turn: Turn, *before: Text) -> list[Reply]:
    """The next text of this stint, claimed; or that nothing waits."""
    at = turn.desk.stint or Stint()
    found = await turn.storage.texts.next(
        ANYWHERE, turn.person.id, languages.of(turn), turn.now, at.skipped
    )
    if found is not None:
        return [await show(turn, found, *before)]
    note = text("interpret-through") if at.skipped else text("interpret-none")
    ways: list[tuple[Button, ...]] = [(menus.command_button("interpret"),)] if at.skipped else []
    rows = (*ways, *_to_last(turn), (*languages.way(turn), menus.command_button("menu")))
    return [lists.menu(turn, (*before, note), rows)]


async def show(turn: Turn, wanted: Wanted, *before: Text) -> Reply:
    """This text, which is in hand now."""
    at = turn.desk.stint or Stint()
    turn.desk = replace(turn.desk, stint=replace(at, text=wanted.id))
    named = name(wanted)
    ways = [Button(text("btn-in-own"), f"go:in-own:{named}")]
    if wanted.draft and not wanted.approved:
        drafted = f"go:in-take:{named}:{_mark(wanted.draft)}"
        ways.insert(0, Button(text("btn-in-take"), drafted))
    rows = (
        tuple(ways),
        (Button(text("btn-next-one"), "go:in-skip:"), Button(text("btn-in-stop"), "go:in-stop:")),
        *_to_last(turn),
    )
    return lists.menu(turn, (*before, *await told(turn, wanted)), rows)


async def told(turn: Turn, wanted: Wanted) -> tuple[Text, ...]:
    """The text in full, and what helps to put it into words; nothing of who asked."""
    webinar = programme.find(turn.programme, wanted.webinar) if wanted.webinar else None
    head = text(
        f"interpret-{wanted.part}",
        webinar=webinar.title if webinar else text("btn-series"),
        source=Text(f"language-{wanted.original_language}"),
        target=Text(f"language-{wanted.language}"),
    )
    said = [head, text("words", words=wanted.original)]
    if wanted.part == "answer":
        said.append(text("interpret-asked", question=await _asked(turn, wanted)))
    if wanted.text:
        key = "interpret-approved" if wanted.approved else "interpret-earlier"
        said.append(text(key, words=wanted.text))
    if wanted.draft and not wanted.approved:
        said.append(text("interpret-draft", draft=wanted.draft))
    others = await turn.storage.texts.waiting(ANYWHERE, languages.of(turn)) - (not wanted.approved)
    if others > 0:
        said.append(text("interpret-others", number=others))
    return tuple(said)


async def _asked(turn: Turn, wanted: Wanted) -> Localised:
    question = await turn.storage.moderation.get(wanted.question)
    if question is None:
        return Localised({})
    return (await in_languages(turn.storage, question)).question


def _to_last(turn: Turn) -> tuple[tuple[Button, ...], ...]:
    """The way back to what they approved last."""
    last = turn.desk.stint.last if turn.desk.stint else None
    if last is None:
        return ()
    return ((Button(text("btn-in-fix"), f"go:in-fix:{last:x}"),),)


async def skip(turn: Turn, _value: str) -> list[Reply]:
    """Leave the one in hand to others, or for later."""
    at = turn.desk.stint
    if at is not None and at.text is not None:
        await put_down(turn)
        turn.desk = replace(turn.desk, stint=at.passing(at.text))
    return await next_one(turn)


async def stop(turn: Turn, _value: str) -> list[Reply]:
    """Enough for now: others may have the one in hand, and nothing more is counted for them."""
    await put_down(turn)
    turn.house.interpreting.end(turn.person.id)
    return [menus.main_menu(turn, text("interpret-stopped"))]


async def fix(turn: Turn, value: str) -> list[Reply]:
    """Back to one that was approved, to put it right."""
    id = id_in(value, 16)
    found = await (next_one(turn) if id is None else take(turn, id))
    return [await show(turn, found)] if isinstance(found, Wanted) else found


async def take_draft(turn: Turn, value: str) -> list[Reply]:
    """What the machine made of it is right as it is."""
    parts = _DRAFT.fullmatch(value)
    found = await in_hand(turn, parts[1] if parts else "")
    if not isinstance(found, Wanted):
        return found
    if parts is None or not found.draft or _mark(found.draft) != parts[2]:
        return [await show(turn, found, text("interpret-changed"))]
    return await approve(turn, found, found.draft)


async def approve(turn: Turn, wanted: Wanted, words: str) -> list[Reply]:
    """Have these words stand for it, and go on with the next one."""
    result = await texts.approve(
        turn.storage, ANYWHERE, turn.person.id, wanted.id, texts.mark(wanted), words, turn.now
    )
    if result.outcome is not Outcome.DONE or result.text is None:
        return await refused(turn, result, words)
    at = turn.desk.stint or Stint()
    turn.desk = replace(turn.desk, stint=replace(at, text=None, last=wanted.id))
    await receipts.tell(turn, [result.text.question])
    return await next_one(turn, result.said)


async def refused(turn: Turn, result: texts.Result, words: str) -> list[Reply]:
    """Why these words stand for nothing; they are shown, so that they need not be found again."""
    said = (result.said, *([text("interpret-yours", words=words)] if words else []))
    if result.text is not None:
        return [await show(turn, result.text, *said)]
    return await next_one(turn, *said)


async def in_hand(turn: Turn, value: str) -> Wanted | list[Reply]:
    """The text that a button names, claimed; else what is to be said instead.

    A button counts only for the text as it was shown: one that has changed is shown anew.
    """
    found = _ONE.fullmatch(value)
    id = id_in(found[1], 16) if found else None
    if found is None or id is None:
        return await next_one(turn)
    wanted = await take(turn, id)
    if isinstance(wanted, Wanted) and texts.mark(wanted) != found[2]:
        return [await show(turn, wanted, text("interpret-changed"))]
    return wanted


async def take(turn: Turn, text_id: int) -> Wanted | list[Reply]:
    """This text, claimed; else what is said of whose it is, and the next one."""
    at = turn.desk.stint
    if at is not None and at.text not in (None, text_id):
        await put_down(turn)
    claimed = await texts.claim(turn.storage, ANYWHERE, turn.person.id, text_id, turn.now)
    if isinstance(claimed, Claimed):
        return await next_one(turn, texts.taken(claimed))
    return await next_one(turn, text("interpret-gone")) if claimed is None else claimed


async def put_down(turn: Turn) -> None:
    """Let others have the text that was in hand."""
    at = turn.desk.stint
    if at is not None and at.text is not None:
        await texts.release(turn.storage, turn.person.id, at.text)
        turn.desk = replace(turn.desk, stint=replace(at, text=None))


def name(wanted: Wanted) -> str:
    """How buttons name a text: its id, and what of it was shown."""
    return f"{wanted.id:x}:{texts.mark(wanted)}"


def _mark(words: str) -> str:
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
