"""The body of a mail: its paragraphs, as plain text and as a page in simple HTML."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from channels.email.sheets import Words
from dialogue.words import Message

_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "fa", "he", "ur"})
_LINES = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_UNSAID = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Signs that no letter stands for, or that no mail can carry."""
_LINK = re.compile(r"https?://[^\s<>\"'\u2066-\u2069«»]+[^\s<>\"'\u2066-\u2069«».,:;!?)،؛؟]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What stands together; with a link, its words lead there."""

    text: str
    link: str | None = None
    small: bool = False


def paragraphs(
    message: Message, words: Words, chat: Callable[[], str], stop: str | None
) -> list[Paragraph]:
    """What the message says, then where its buttons lead, then how mail ends (`stop`), if it can.

    `chat` is where buttons without a link are answered; it is asked only when there are any.
    """
    text = _UNSAID.sub("", _LINES.sub("\n", message.text)).strip("\n")
    said = [Paragraph(part) for part in re.split(r"\n{2,}", text) if part]
    buttons = [button for row in message.rows for button in row]
    said += [Paragraph(button.label, button.url) for button in buttons if button.url is not None]
    if any(button.url is None for button in buttons):
        said.append(Paragraph(words.in_chat, chat()))
    if stop is not None:
        said += [Paragraph(words.about, small=True), Paragraph(words.stop, stop, small=True)]
    return said


def plain(said: Sequence[Paragraph]) -> str:
    """All of it for whoever reads words alone."""
    return "\n\n".join(_plain(each) for each in said) + "\n"


def _plain(said: Paragraph) -> str:
    return said.text if said.link is None else f"{said.text}: {said.link}"


def page(said: Sequence[Paragraph], language: str, image: str = "") -> str:
    """All of it as HTML that runs in the direction of this language, below the `image`."""
    way = "rtl" if language in _RIGHT_TO_LEFT else "ltr"
    # Programs of mail take styles from nowhere else than the elements themselves.
    style = "font: 16px/1.6 sans-serif; max-width: 36em; margin: 0 auto; padding: 1em"
    # What is said in every language has each paragraph in its own direction.
    inner = "\n".join(_paragraph(each, _way_of(each.text) or way) for each in said)
    return (
        f'<!doctype html>\n<html lang="{html.escape(language)}" dir="{way}">'
        f'<head><meta charset="utf-8"></head>\n<body dir="{way}" style="{style}">\n'
        f"{image}{inner}\n</body></html>\n"
    )


def image(id: str, instead: str) -> str:
    """The poster that comes along under this id, as HTML, and what is said in place of it."""
    style = "display: block; max-width: 100%; height: auto; margin: 0 auto"
    return f'<img src="cid:{html.escape(id)}" alt="{html.escape(instead)}" style="{style}">\n'


def _paragraph(said: Paragraph, way: str) -> str:
    align = f"text-align: {'right' if way == 'rtl' else 'left'}"
    style = f"{align}; font-size: 13px; color: #666" if said.small else align
    if said.link is None:
        inner = _linked(said.text).replace("\n", "<br>\n")
    else:
        inner = f'<a href="{html.escape(said.link)}">{html.escape(said.text)}</a>'
    return f'<p dir="{way}" style="{style}">{inner}</p>'


def _way_of(text: str) -> str | None:
    """The direction of the first letter outside what was inserted; None without any."""
    inserted = 0
    for char in text:
        if char in "\u2066\u2067\u2068":
            inserted += 1
        elif char == "\u2069":
            inserted = max(0, inserted - 1)
        elif not inserted and (kind := unicodedata.bidirectional(char)) in {"L", "R", "AL"}:
            return "ltr" if kind == "L" else "rtl"
    return None


def _linked(text: str) -> str:
    """The text as HTML, its https addresses to be pressed."""
    parts, end = list[str](), 0
    for found in _LINK.finditer(text):
        address = html.escape(found[0])
        parts += [html.escape(text[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    return "".join([*parts, html.escape(text[end:])])
