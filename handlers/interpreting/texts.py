"""Texts in the hands of interpreters, wherever they work: in their chat or on the board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from dialogue.fold import LONGEST_TEXT, clean, utf16_length
from dialogue.words import Text
from handlers.deed import Outcome
from storage import Transaction
from storage.asking.texts import ANYWHERE, Claimed
from storage.asking.texts import Text as Wanted
from storage.series.webinars import Webinar


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it, what is said of it, and the text as it is now, where it is still there."""

    outcome: Outcome
    said: Text
    text: Wanted | None = None


def languages_of(webinar: Webinar | None, community: Sequence[str]) -> tuple[str, ...]:
    """The languages that what is asked about this webinar may be in, or be wanted in."""
    held = (*webinar.languages, *webinar.interpreted) if webinar else ()
    return (*dict.fromkeys((*held, *community)),)


def mark(text: Wanted) -> str:
    """What of a text was shown, so that nothing else is approved: 8 letters of a-f and 0-9."""
    shown = f"{text.part}|{text.original_language}|{text.language}|{text.original}"
    return blake2b(shown.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


async def claim(
    tx: Transaction, webinar: str | None, staff_id: int, text_id: int, now: datetime
) -> Wanted | Claimed | None:
    """Take a text of this webinar (None: of the series; ANYWHERE) for five minutes.

    Or who else has it, by their role; None when it is gone. Taking it again lengthens the time.
    """
    known = await tx.texts.get(text_id)
    if known is None or webinar not in (ANYWHERE, known.webinar):
        return None
    return await tx.texts.claim(text_id, staff_id, now)


async def release(tx: Transaction, staff_id: int, text_id: int) -> bool:
    """Let others have it; False when this member of staff did not have it."""
    return await tx.texts.release(text_id, staff_id)


async def approve(
    tx: Transaction,
    webinar: str | None,
    staff_id: int,
    text_id: int,
    shown: str,
    words: str,
    now: datetime,
) -> Result:
    """Have these words stand for the text of which `shown` is the `mark`, as `claim` names it.

    After DONE its question (`Result.text.question`) is to be told of, in the same commit: by
    `receipts.tell`, or on the board by `tell_askers`. Then whoever waited for an answer in this
    language gets it.
    """
    words = clean(words)
    found = await claim(tx, webinar, staff_id, text_id, now)
    if isinstance(found, Claimed):
        return Result(Outcome.TAKEN, taken(found))
    if found is None:
        return Result(Outcome.GONE, Text("interpret-gone"))
    if not words:
        return Result(Outcome.UNFIT, Text("reject-empty"), found)
    if (length := utf16_length(words)) > LONGEST_TEXT:
        said = Text("interpret-too-long", {"length": length, "most": LONGEST_TEXT})
        return Result(Outcome.UNFIT, said, found)
    if mark(found) != shown or not await tx.texts.approve(
        text_id, staff_id, words, now, found.original
    ):
        return Result(Outcome.CHANGED, Text("interpret-changed"), found)
    return Result(Outcome.DONE, Text("interpreted"), await tx.texts.get(text_id))


def taken(by: Claimed) -> Text:
    """That somebody else has it; nobody is told who, only what they are."""
    return Text("interpret-taken", {"role": Text(f"role-{by.role}")})
