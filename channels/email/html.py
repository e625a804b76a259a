"""A mail in HTML as the words that somebody wrote into it: no markup, no signature, no quotes.

Every mail program marks what it quotes and what it adds; those marks are used here, since in plain
text they are gone. Nothing is fetched, run or kept of the markup. Reading takes time in proportion
to the length, whatever it holds.
"""

from __future__ import annotations

import re
from html import unescape

_TAGS_AT_MOST = 20_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})")
_ATTRIBUTES = re.compile(r"""(?:[^>"']|"[^"]{0,4000}"|'[^']{0,4000}'){0,4000}+>""")
_NAMED = re.compile(r"""\b(?:class|id)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|\shidden(?=[\s=>/]|$)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_EMPTY_LINES = re.compile(r"\n{3,}")

_NEVER_READ = frozenset({"head", "style", "script", "title", "template", "noscript", "svg"})
_RAW = frozenset({"style", "script", "title"})
"""In these a `<` is a letter."""
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "wbr", "col", "area", "base"})
_LINES = frozenset({"div", "p", "tr", "table", "ul", "ol", "li", "blockquote", "pre", "center",
                    "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer",
                    "hr", "dl", "dt", "dd", "figure", "address"})  # fmt: skip
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul"})

_NOT_THEIRS = frozenset(
    {
        *("gmail_quote", "gmail_quote_container", "gmail_attr", "gmail_signature", "gmail_extra"),
        *("yahoo_quoted", "ydp-yahoo-quoted", "ymail_android_signature", "yahoo-signature"),
        *("moz-cite-prefix", "moz-signature", "moz-forward-container"),
        *("signature", "x_signature", "ms-outlook-mobile-signature", "applemailsignature"),
        *("protonmail_quote", "protonmail_signature_block", "zmail_extra", "quote"),
        *("mail-editor-reference-message-container", "olk_src_body_section", "tutanota_quote"),
        "ms-outlook-mobile-body-separator-line",
    }
)
"""Classes and ids of what a program quotes or adds, in small letters."""
_NOTHING_BEHIND = frozenset({"appendonsend", "divrplyfwdmsg", "x_divrplyfwdmsg", "x_appendonsend"})
"""What Outlook puts before all that it quotes."""


def to_text(html: str) -> str:
    """What somebody wrote, line by line; other people's words that are left begin with "> "."""
    reader = _Reader()
    _scan(html, reader)
    return reader.text()


class _Reader:
    """Puts lines together while tags and words go by."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._left_out = ""
        """The tag within which nothing is read."""
        self._depth = 0
        """How many of the same name are open within it."""
        self._quotes = 0
        self.over = False

    def words(self, words: str) -> None:
        if self._left_out or self.over:
            return
        shown = _SPACE.sub(" ", words)
        if shown.strip(" ") or (shown and not self._at_the_edge):
            self._parts.append(shown)

    def opens(self, name: str, attributes: str) -> None:
        if self._left_out:
            self._depth += name == self._left_out
            return
        if name == "br":
            self._break(again=True)
            return
        named = {
            one.lower() for each in _NAMED.findall(attributes) for one in " ".join(each).split()
        }
        if named & _NOTHING_BEHIND:
            self.over = True
        elif name not in _VOID and (name in _NEVER_READ or named & _NOT_THEIRS
                                    or _HIDDEN.search(attributes)):  # fmt: skip
            self._left_out, self._depth = name, 1
        elif name in _LINES:
            self._quotes += name == "blockquote"
            self._break(name in _PARAGRAPHS)
            if name == "li":
                self.words("- ")
        elif name in {"td", "th"}:
            self.words(" ")

    def closes(self, name: str) -> None:
        if self._left_out:
            self._depth -= name == self._left_out
            if not self._depth:
                self._left_out = ""
        elif name in _LINES:
            if name == "blockquote":
                self._quotes = max(0, self._quotes - 1)
            self._break(name in _PARAGRAPHS)

    @property
    def _at_the_edge(self) -> bool:
        """Whether nothing stands in this line yet."""
        return not self._parts or self._parts[-1][-1] in "\n\x00"

    def _break(self, paragraph: bool = False, *, again: bool = False) -> None:
        if paragraph:
            self._parts.append("\n\n")
        elif again or not self._at_the_edge:
            self._parts.append("\n")
        if self._quotes:
            self._parts.append("\x00")

    def text(self) -> str:
        lines = unescape("".join(self._parts)).split("\n")
        return _EMPTY_LINES.sub("\n\n", "\n".join(map(_line, lines))).strip()


def _line(line: str) -> str:
    words = " ".join(line.replace("\x00", " ").split())
    return f"> {words}" if line.startswith("\x00") else words


def _scan(html: str, reader: _Reader) -> None:
    html = html.replace("\x00", "")
    at = 0
    for _ in range(_TAGS_AT_MOST):
        start = html.find("<", at)
        if start < 0 or reader.over:
            reader.words(html[at:])
            return
        reader.words(html[at:start])
        at = _one(html, start, reader)
        if at < 0:
            return


def _one(html: str, start: int, reader: _Reader) -> int:
    """Reads what begins with this `<`; where to go on, or -1 when nothing is left."""
    if html.startswith("<!--", start):
        end = html.find("-->", start + 4)
        return end + 3 if end >= 0 else -1
    tag = _TAG.match(html, start)
    if tag is None and html[start + 1 : start + 2] not in {"!", "?", "/"}:
        reader.words("<")
        return start + 1
    whole = _ATTRIBUTES.match(html, tag.end()) if tag else None
    end = whole.end() if whole else html.find(">", start) + 1
    if end <= 0:
        return -1
    if tag is None:
        return end
    name, attributes = tag[2].lower(), html[tag.end() : end - 1]
    if tag[1]:
        reader.closes(name)
        return end
    if not attributes.endswith("/") or name not in _RAW:
        reader.opens(name, attributes)
        if name in _RAW:
            return _behind_raw(html, name, end)
    return end


def _behind_raw(html: str, name: str, at: int) -> int:
    found = re.compile(f"</{name}", re.IGNORECASE).search(html, at)
    return found.start() if found else -1
