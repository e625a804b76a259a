"""What is wrong with the catalogues, as a list of plain sentences; nothing is an empty list."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)\}")
LABEL_LIMIT = 24
"""WhatsApp's limit for the title of a list's row; longer ones are cut on most phones anyway."""

TEXT_LIMIT = 1600
"""WhatsApp's limit for one message by way of Twilio."""
TEMPLATE_LIMIT = 400
"""Of the 1,024 characters of a filled template: the rest is for what is inserted."""

OWN_PLACEHOLDERS = ("clock-",)
"""Families whose texts take what they need of the values on offer: 12 or 24 hours."""

TYPED_WORDS = ("words-",)
"""Families that list what people type, not what they read."""

LATIN_IN_ARABIC = re.compile("ICSSI|Un Ponte Per|Iraqi Social Forum|STOP|English|JSON|Telegram")
"""Names and commands that have no Arabic form, and the name of the other language."""

GENDERED = re.compile(
    "[اأإ](كتب|ضغط|رسل|ختر|ختار|دخل|نقر|نتظر|قرأ|قرئ|فتح|غلق|سأل|جب|حذف|ستخدم|ضف|نضم|حفظ|نسخ|عد)ي?"
    "|(سجل|حدد|جرب|حاول|راجع|تأكد|شارك|عدل|تابع|صحح|غير(?=ي))ي?"
    "|أنت|عزيزي|عزيزتي|تستطيعين|تريدين|ترغبين"
)
"""Words that speak to one man or one woman only; «يرجى كتابة السؤال» speaks to all."""

PASSIVE = re.compile("[\u0628-\u064a]\u064f.*")
"""«سُجّل», «عُدّل» are not imperatives."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of one language."""

    key: str
    forms: tuple[str, ...]
    counted: bool
    fuzzy: bool
    wanted: int
    """How many forms this language counts in, as the file's header says."""

    @property
    def placeholders(self) -> frozenset[str]:
        """The names that any of the forms inserts."""
        return frozenset(name for form in self.forms for name in PLACEHOLDER.findall(form))


Catalogues = Mapping[str, Mapping[str, Entry]]


def read(source: str) -> dict[str, Entry]:
    """The entries of a `.po` file's text, without its header."""
    catalogue = read_po(BytesIO(source.encode()), domain="tadamun", abort_invalid=True)
    found = (_entry(message, catalogue.num_plurals) for message in catalogue)
    return {entry.key: entry for entry in found if entry.key}


def _entry(message: Message, wanted: int) -> Entry:
    counted = not isinstance(message.id, str)
    key = message.id if isinstance(message.id, str) else message.id[0]
    said = message.string
    forms = (said,) if isinstance(said, str) else tuple(said or ())
    return Entry(key, tuple(form or "" for form in forms), counted, message.fuzzy, wanted)


def twice(source: str) -> list[str]:
    """Keys that one file holds more than once; gettext would take one of them silently."""
    keys = Counter(re.findall(r'^msgid "(.+)"$', source, re.MULTILINE))
    return [f"{key} stands twice" for key, times in keys.items() if times > 1]


def missing_in_a_language(catalogues: Catalogues) -> list[str]:
    """Keys that not every language holds, or that only some count."""
    every = {key for entries in catalogues.values() for key in entries}
    wrong = [
        f"{language} has no {key}"
        for language, entries in catalogues.items()
        for key in sorted(every - set(entries))
    ]
    for key in sorted(every):
        counted = {entries[key].counted for entries in catalogues.values() if key in entries}
        if len(counted) > 1:
            wrong.append(f"{key} is counted in one language only")
    return wrong


def untranslated(catalogues: Catalogues) -> list[str]:
    """Empty or fuzzy texts, and counted ones without all forms."""
    wrong: list[str] = []
    for language, entry in _each(catalogues):
        if entry.fuzzy:
            wrong.append(f"{language} {entry.key} is fuzzy")
        if entry.counted and len(entry.forms) != entry.wanted:
            wrong.append(f"{language} {entry.key} has {len(entry.forms)} of {entry.wanted} forms")
        if not all(form.strip() for form in entry.forms):
            wrong.append(f"{language} {entry.key} is empty")
    return wrong


def wrong_placeholders(catalogues: Catalogues) -> list[str]:
    """Texts that insert other values than their translations, or hold a stray brace."""
    wrong: list[str] = []
    for language, entry in _each(catalogues):
        for form in entry.forms:
            if set("{}") & set(PLACEHOLDER.sub("", form)):
                wrong.append(f"{language} {entry.key} holds a stray brace")
            left_out = entry.placeholders - set(PLACEHOLDER.findall(form)) - {"count"}
            if left_out:
                wrong.append(f"{language} {entry.key} leaves out {sorted(left_out)} in a form")
        others = (entries.get(entry.key, entry) for entries in catalogues.values())
        if not entry.key.startswith(OWN_PLACEHOLDERS):
            missing = frozenset[str]().union(*(other.placeholders for other in others))
            missing -= entry.placeholders
            if missing:
                wrong.append(f"{language} {entry.key} lacks {sorted(missing)}")
        if entry.counted and "count" not in entry.placeholders:
            wrong.append(f"{language} {entry.key} is counted but never says how many")
    return wrong


def long_labels(catalogues: Catalogues) -> list[str]:
    """Labels of buttons that do not fit."""
    return [
        f"{language} {entry.key} is {len(form)} characters long: {form}"
        for language, entry in _each(catalogues)
        for form in entry.forms
        if entry.key.startswith(("btn-", "governorate-")) and len(form) > LABEL_LIMIT
    ]


def long_texts(catalogues: Catalogues) -> list[str]:
    """Texts that the shortest message of all platforms does not hold."""
    return [
        f"{language} {entry.key} is {len(form)} characters long"
        for language, entry in _each(catalogues)
        for form in entry.forms
        if not entry.key.startswith(TYPED_WORDS) and len(form) > _limit(entry.key)
    ]


def _limit(key: str) -> int:
    return TEMPLATE_LIMIT if key.startswith("template-") else TEXT_LIMIT


def hidden_characters(catalogues: Catalogues) -> list[str]:
    """Texts with direction marks or isolates of their own, which the code adds where needed."""
    return [
        f"{language} {entry.key} holds U+{ord(found):04X}"
        for language, entry in _each(catalogues)
        for form in entry.forms
        for found in re.findall("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad]", form)
    ]


def unfit_arabic(entries: Mapping[str, Entry]) -> list[str]:
    """Arabic texts that speak to one gender, use Eastern digits, or hold stray Latin words."""
    wrong: list[str] = []
    for entry in entries.values():
        for form in entry.forms:
            bare = re.sub(r"\{\w+\}|https?://\S+|/[a-z]+", " ", form)
            wrong += [f"{entry.key}: digit {digit}" for digit in re.findall("[٠-٩۰-۹]", bare)]
            if entry.key.startswith(TYPED_WORDS):
                continue
            latin = re.findall("[A-Za-z]+", LATIN_IN_ARABIC.sub(" ", bare))
            wrong += [f"{entry.key}: Latin {word}" for word in latin]
            wrong += [f"{entry.key}: gendered {word}" for word in _gendered(bare)]
    return wrong


def _gendered(words: str) -> list[str]:
    active = (word for word in re.findall("[\u0621-\u0652]+", words) if not PASSIVE.match(word))
    bare = (re.sub("[\u0640\u064b-\u0652]", "", word) for word in active)
    return [word for word in bare if GENDERED.fullmatch(word)]


@dataclass(slots=True)
class Code:
    """What the program's files say of keys."""

    asked_for: set[str] = field(default_factory=set[str])
    """Keys that a text is made of."""
    families: set[str] = field(default_factory=set[str])
    """Beginnings of keys that end in something else's name."""
    words: set[str] = field(default_factory=set[str])
    """All string constants, among them keys that are handed on, and the ends of family keys."""

    def uses(self, key: str) -> bool:
        """Whether the key is named in full, or as the end of a family's beginning."""
        return (
            key in self.words
            or any(
                key.startswith(family) and (key.removeprefix(family) in self.words | {""})
                for family in self.families
            )
            or self._uses_in_parts(key)
        )

    def _uses_in_parts(self, key: str) -> bool:
        """Whether a family key ends in two names, as in `setting-reminders-on`."""
        for family in self.families:
            first, dash, second = key.removeprefix(family).partition("-")
            if key.startswith(family) and dash and {first, second} <= self.words:
                return True
        return False


def read_code(sources: Iterable[str], templates: Iterable[str] = ()) -> Code:
    """What Python sources and page templates say of keys."""
    code = Code()
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            _read_node(node, code)
    for template in templates:
        code.words.update(re.findall(r"""["'`]([a-z0-9-]+)["'`]""", template))
        code.words.update(re.findall(r"words\.([a-z_]+)", template))
    return code


def _read_node(node: ast.AST, code: Code) -> None:
    match node:
        case ast.Constant(value=str(word)):
            code.words.add(word)
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]):
            if re.fullmatch(r"[a-z][a-z-]*-", start):
                code.families.add(start)
        case ast.Call(func=ast.Name(id="text" | "Text"), args=[ast.Constant(value=str(key)), *_]):
            code.asked_for.add(key)
        case _:
            pass


def unused(catalogues: Catalogues, code: Code) -> list[str]:
    """Keys that no file of the program uses."""
    keys = {entry.key for _, entry in _each(catalogues)}
    return [f"{key} is not used" for key in sorted(keys) if not code.uses(key)]


def not_written(catalogues: Catalogues, code: Code) -> list[str]:
    """Keys that the program asks for and a language lacks."""
    return [
        f"{language} has no {key}, which the program says"
        for language, entries in catalogues.items()
        for key in sorted(code.asked_for - set(entries))
    ]


def sources(root: Path, suffixes: tuple[str, ...]) -> list[str]:
    """The program's files with these endings, without its tests and benchmarks."""
    rooms = ("handlers", "dialogue", "delivery", "channels", "storage", "locales", "web", "service")
    paths = [path for room in rooms for path in sorted((root / room).rglob("*"))]
    paths += sorted(root.glob("*.py"))
    return [path.read_text("utf-8") for path in paths if path.suffix in suffixes]


def _each(catalogues: Catalogues) -> list[tuple[str, Entry]]:
    return [
        (language, entry) for language, entries in catalogues.items() for entry in entries.values()
    ]
