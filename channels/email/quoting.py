"""What somebody wrote themselves, in a mail that also holds what its program put there.

Cut off are the messages that a reply or a forward quotes, in the words of English and Arabic
programs and of a few others, and what stands under somebody's words (`signatures.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from channels.email.signatures import without_signature
from dialogue.fold import fold

_MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff]")
"""Invisible marks of direction, with which Arabic programs begin most of their lines."""
_EMPTY_LINES = re.compile(r"\n{3,}")

# Where two gaps may stand beside each other, they are possessive (`\s*+`): else one wide gap would
# be divided between them in every way, for minutes.
_INTRODUCES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(on|le|am|el|il|op|em|den|dne)\b.{4,400}"
        r"\b(wrote|a écrit|schrieb|escribió|ha scritto|schreef|escreveu|skrev)\b.{0,120}[:：]",
        r".{2,200}<[^<>\s]{3,200}@[^<>\s]{3,200}>\s*(wrote|schrieb|a écrit)\s*[:：]",
        r"(و?في|بتاريخ|يوم)\s.{4,400}(كتب|كتبت|كتبوا|تمت كتابة|أرسل|أرسلت)\b.{0,300}[:：]",
        r"(كتب|كتبت)\s.{2,200}\s(في|بتاريخ|يوم)\s.{4,200}[:：]",
        r".{2,200}<[^<>\s]{3,200}@[^<>\s]{3,200}>\s*+،?+\s*+(كتب|كتبت).{0,120}[:：]",
        r"(در|له‌|لە).{4,400}(نوشت|نووسی|نووسیویەتی)\b.{0,120}[:：]",
    )
)
_RUNS_ON = re.compile(
    r"(on|في|بتاريخ)\b.{4,300}<[^<>\s]{3,200}@[^<>\s]{3,200}>\s*+،?+\s*+(wrote|كتب|كتبت)\s*[:：]\s*\S",
    re.IGNORECASE,
)
"""An introduction in one line with what it introduces."""
_NUMBERED = re.compile(r"[\s>＞]*(\[#\d{1,9}\])")
"""The mark of a question that somebody quotes: what they write under it is the answer to that."""
_BARE_NUMBER = re.compile(r"\[#\d{1,9}\]\s*")
_TELLS_WHEN_OR_WHO = re.compile(r"[0-9٠-٩۰-۹@]")
_WRAPPED = 4
"""Lines over which one introduction runs, at most."""

_FORWARDS = frozenset(
    fold(line)
    for line in (
        *("original message", "forwarded message", "begin forwarded message", "reply message"),
        *(
            "urspruengliche nachricht",
            "message d origine",
            "mensaje original",
            "original-nachricht",
        ),
        *("الرسالة الأصلية", "رسالة أصلية", "رسالة معاد توجيهها", "الرسالة المعاد توجيهها"),
        *("بداية الرسالة المعاد توجيهها", "بدء الرسالة المعاد توجيهها", "رسالة مُحوّلة"),
        *("رسالة محولة", "الرسالة المحولة", "الرسالة المرسلة"),
    )
)
_SENDER = re.compile(r"[*_\s]*(from|de|von|من|المرسل|از|لە)\s*+[*_]*+\s*+[:：]\s*\S", re.IGNORECASE)
_BELONGS = re.compile(
    r"[*_\s]*(sent|date|to|cc|subject|gesendet|an|betreff|datum|envoyé|à|objet|enviado|para|asunto"
    r"|تم الإرسال|تاريخ الإرسال|أُ?رسلت?|الإرسال|التاريخ|تاريخ|إلى|المستلم|نسخة|الموضوع|موضوع)"
    r"\s*+[*_]*+\s*+[:：]",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_\-=\u2500\u2014]{8,}")


def own_words(text: str) -> str:
    """The words that the sender wrote now, with nothing quoted and no signature; may be ""."""
    lines = [_bare(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept = without_signature(_without_quotes(lines))
    while kept and (not kept[-1].strip() or _BARE_NUMBER.fullmatch(kept[-1])):
        kept.pop()
    return _EMPTY_LINES.sub("\n\n", "\n".join(kept)).strip()


def _bare(line: str) -> str:
    return _MARKS.sub("", line).replace("\xa0", " ").rstrip(" \t") + (
        " " if line.rstrip("\r\n") == "-- " else ""
    )


def _without_quotes(lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    numbered: re.Match[str] | None = None
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.lstrip().startswith((">", "＞")):
            numbered = _NUMBERED.match(line) or numbered
            at += 1
            continue
        if _begins_message(lines, at):
            break
        if over := _introduction(lines, at):
            behind = (lines[each] for each in range(at + over, len(lines)))
            following = next((line for line in behind if line.strip()), "")
            if not following.lstrip().startswith(">"):
                # Nothing marks where the quoted words end: they go to the end of the mail.
                break
            at += over
            continue
        if numbered is not None and line.strip():
            kept.append(numbered[1])
            numbered = None
        kept.append(line)
        at += 1
    return kept


def _introduction(lines: Sequence[str], at: int) -> int:
    """How many lines, from this one on, introduce a quoted message; 0 when none does."""
    if not lines[at].strip():
        return 0
    said = ""
    for count, line in enumerate(lines[at : at + _WRAPPED], start=1):
        if not line.strip() or line.startswith(">"):
            return 0
        said = f"{said} {line.strip()}".strip()
        if said[-1] not in ":：" or not _TELLS_WHEN_OR_WHO.search(said):
            continue
        if any(pattern.fullmatch(said) for pattern in _INTRODUCES):
            return count
    return 0


def _begins_message(lines: Sequence[str], at: int) -> bool:
    """Whether from here on nothing but another message follows, which the program put there."""
    line = lines[at].strip()
    if not line:
        return False
    if fold(line) in _FORWARDS and (line[0] in "-_=*" or line[-1] in ":：-"):
        return True
    if _RUNS_ON.match(line):
        return True
    if _SENDER.match(line):
        return _has_headers(lines, at)
    if _RULE.fullmatch(line):
        after = next((n for n in range(at + 1, len(lines)) if lines[n].strip()), None)
        return (
            after is not None and bool(_SENDER.match(lines[after])) and _has_headers(lines, after)
        )
    return False


def _has_headers(lines: Sequence[str], at: int) -> bool:
    behind = [line for line in lines[at + 1 : at + 9] if line.strip()][:5]
    return sum(bool(_BELONGS.match(line)) for line in behind) >= 2
