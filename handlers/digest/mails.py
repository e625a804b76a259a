"""What the experts read in their mail, and what they are asked before anything else goes there.

No sentence tells who asked, and nothing that an asker wrote can be pressed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dialogue.fold import clean
from dialogue.hosts import not_to_press
from dialogue.marked import mark
from dialogue.words import Button, Localised, Reply, Text, text
from handlers.digest.content import Digest, Entry, Put, Said
from handlers.receipts import reasons
from storage.series.webinars import Webinar

LONGEST = 60_000
"""Characters of questions in one mail, well below what is ever cut."""


def before(webinar: Webinar, digest: Digest, *, answerable: bool) -> Reply:
    """What is to be put, in its order; `answerable` where a reply to the mail is read."""
    count = len(digest.waiting)
    return Reply(
        (
            text("digest-mail", webinar=webinar.title),
            text("digest-mail-when", at=webinar.starts_at),
            Text("digest-mail-count", {"count": count}),
            *entries(digest.waiting, marked=answerable),
            *under(text("digest-ideas"), digest.ideas),
            *((text("digest-reply", mark=mark(37)),) if answerable else ()),
            text("digest-mail-note"),
        ),
        language=digest.language,
    )


def after(webinar: Webinar, digest: Digest) -> Reply:
    """What became of the questions."""
    return Reply(
        (
            text("digest-after-mail", webinar=webinar.title),
            text("lines", lines=figures(digest)),
            *under(text("digest-answered"), digest.answered),
            *under(text("digest-later"), digest.later),
            *under(text("digest-left"), digest.waiting),
            *declined(digest),
            *under(text("digest-ideas"), digest.ideas),
        ),
        language=digest.language,
    )


def figures(digest: Digest) -> tuple[Text, ...]:
    """How many came how far."""
    numbers = {
        "answered": len(digest.answered),
        "later": len(digest.later),
        "left": len(digest.waiting),
        "declined": sum(number for _, number in digest.declined),
    }
    return tuple(
        text("digest-figure", what=Text(f"digest-{what}"), number=number)
        for what, number in numbers.items()
    )


def declined(digest: Digest) -> tuple[Text, ...]:
    """How many were declined for which reason; of the questions themselves nothing."""
    if not digest.declined:
        return ()
    lines = tuple(
        text("digest-figure", what=reason(why), number=number) for why, number in digest.declined
    )
    return (text("digest-declined"), text("lines", lines=lines))


def reason(stored: str | None) -> Text:
    """Why, in everybody's words."""
    name = next((each for each in reasons.REASONS if reasons.kept(each) == stored), None)
    return text("digest-reason-other") if name is None else Text(f"btn-reason-{name}")


def under(heading: Text, listed: Sequence[Entry]) -> tuple[Text, ...]:
    """These under their heading, if there are any."""
    return (heading, *entries(listed)) if listed else ()


def entries(listed: Sequence[Entry], *, marked: bool = False) -> tuple[Text, ...]:
    """Each with its number, and how many want to know; as many as one mail should hold."""
    shown: list[Text] = []
    length = 0
    for entry in listed:
        length += len(entry.question.text) + len(entry.answer.text if entry.answer else "")
        if length > LONGEST:
            break
        shown.append(_entry(entry, marked=marked))
    more = len(listed) - len(shown)
    return (*shown, Text("digest-more", {"count": more})) if more else tuple(shown)


def _entry(entry: Entry, *, marked: bool) -> Text:
    note = _note(entry)
    words: str | Text = not_to_press(clean(entry.question.text))
    if marked:
        # Beside the words, not among them: their direction is their own.
        words = text("digest-marked", question=words, mark=mark(entry.reference))
    asked = text("digest-entry", number=entry.number, question=words)
    if note is not None:
        asked = text("digest-noted", number=entry.number, question=words, note=note)
    if entry.answer is None:
        return asked
    return text("digest-with-answer", question=asked, answer=_quoted(entry.answer))


def _note(entry: Entry) -> Text | None:
    """How many want to know, where it is more than one, and whether it was translated."""
    voices = Text("digest-voices", {"count": entry.voices}) if entry.voices > 1 else None
    put = entry.question.put
    state = None if put is Put.ORIGINAL else Text(f"digest-is-{put}")
    if voices is None or state is None:
        return voices or state
    return text("digest-both", voices=voices, state=state)


def _quoted(said: Said) -> str | Localised:
    words = not_to_press(clean(said.text))
    return Localised({said.language: words}) if said.put is Put.MISSING else words


def asking(webinar: Webinar, community: Localised, language: str, link: str) -> Reply:
    """Whether they want to be sent the questions; `link` leads to the page of this address."""
    return Reply(
        (
            text("guest-mail", webinar=webinar.title),
            text("guest-mail-why", community=community, at=webinar.starts_at),
            text("guest-mail-how"),
        ),
        ((Button(text("btn-guest-yes"), url=f"{link}?lang={language}"), _no(link, language)),),
        language=language,
    )


def with_a_way_out(mail: Reply, link: str) -> Reply:
    """The mail, with the button that ends them for this address."""
    return replace(mail, rows=(*mail.rows, (_no(link, mail.language or ""),)))


def _no(link: str, language: str) -> Button:
    return Button(text("btn-guest-no"), url=f"{link}/no?lang={language}")
