"""A conversation as its page shows it, folded from the letters that tell how it came about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from channels.webchat import Letter
from channels.webmemory import OwnWords
from dialogue.pictures import Picture
from dialogue.words import Act, Message, MessageButton

NO_PICTURES: Mapping[str, Picture] = {}

_WIDEST, _HIGHEST = 480, 640
"""Pixels of a poster on the page; a narrow screen makes it smaller still."""


@dataclass(frozen=True, slots=True)
class Poster:
    """A picture in a bubble, and the room that it takes before it is there."""

    hash: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of ours, as it stands now."""

    id: int
    """The number of the letter that sent it; what its buttons refer to."""
    text: str
    language: str
    rows: tuple[tuple[MessageButton, ...], ...]
    file: str | None
    """The name of the document that came with it."""
    photo: Poster | None = None
    wants_photo: bool = False

    own = False


@dataclass(frozen=True, slots=True)
class OwnBubble:
    """One message of the person."""

    id: str
    text: str

    own = True


def bubble(letter: Letter, pictures: Mapping[str, Picture] = NO_PICTURES) -> Bubble:
    """The message that this letter sends, or makes of its target."""
    message = letter.message
    return Bubble(
        id=letter.number if letter.target is None else letter.target,
        text=message.text,
        language=message.language,
        rows=_safe_rows(message),
        file=message.file.name if message.file else None,
        photo=_poster(message.photo, pictures),
        wants_photo=message.wants_photo,
    )


def fold(letters: Iterable[Letter], pictures: Mapping[str, Picture] = NO_PICTURES) -> list[Bubble]:
    """The messages that are there after all these letters, in the order they were first sent.

    Only the last of them may want a picture: what an earlier one asked for is answered or over.
    """
    bubbles: dict[int, Bubble] = {}
    for letter in letters:
        match letter.act, letter.target:
            case (Act.SEND, _) | (Act.EDIT, _):
                made = bubble(letter, pictures)
                bubbles[made.id] = made
            case Act.STRIP, int(target) if target in bubbles:
                bubbles[target] = _stripped(bubbles[target])
            case Act.DELETE, int(target):
                bubbles.pop(target, None)
            case _:
                pass
    shown = sorted(bubbles.values(), key=lambda each: each.id)
    asked = [replace(each, wants_photo=False) if each.wants_photo else each for each in shown[:-1]]
    return asked + shown[-1:]


def woven(bubbles: Sequence[Bubble], own: Sequence[OwnWords]) -> list[Bubble | OwnBubble]:
    """Both sides of the conversation: each own message after what was seen when it was written."""
    waiting = list(own)
    both: list[Bubble | OwnBubble] = []
    for each in bubbles:
        while waiting and waiting[0].after < each.id:
            both.append(_own(waiting.pop(0)))
        both.append(each)
    return both + [_own(words) for words in waiting]


def _own(words: OwnWords) -> OwnBubble:
    return OwnBubble(words.id, words.text)


def _stripped(bubble: Bubble) -> Bubble:
    return replace(bubble, rows=(), wants_photo=False)


def _poster(hash: str | None, pictures: Mapping[str, Picture]) -> Poster | None:
    picture = pictures.get(hash) if hash else None
    if hash is None or picture is None:
        return None
    scale = min(1.0, _WIDEST / picture.width, _HIGHEST / picture.height)
    return Poster(hash, round(picture.width * scale), round(picture.height * scale))


def _safe_rows(message: Message) -> tuple[tuple[MessageButton, ...], ...]:
    # A link that is none of the web's would be a way to run a script, or to start another program.
    rows = (tuple(key for key in row if _is_safe(key)) for row in message.rows)
    return tuple(row for row in rows if row)


def _is_safe(key: MessageButton) -> bool:
    if key.url is None:
        return True
    try:
        return urlsplit(key.url).scheme in ("https", "http")
    except ValueError:
        return False
