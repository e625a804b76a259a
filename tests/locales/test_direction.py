"""Where the parts of each text lie on a real screen, with names and links of the other script.

The page knows no language and no direction: like many chat clients, it goes by each line's first
letter with a direction. Lines are kept from wrapping, so that the order of the parts can be seen.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright

from dialogue.words import Localised, Text, Value, text
from locales import Languages, Voice
from tests.locales import proofreading

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

ROOT = Path(__file__).parents[2]
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
INSERTED = {
    "ar": ("Anna B. (Roma)", "Workers' rights: what now?", "https://example.org/a?b=1#c"),
    "en": ("علي (بغداد).", "حقوق العمال: ماذا الآن؟", "أم حسن، 3"),
}
"""What people and organisers write in the script that the sentence is not in."""

HIDDEN = "\u200e\u200f\u2066\u2067\u2068\u2069"
OTHER = (
    Localised({"en": "Workers' rights (ILO) 2026."}),
    Localised({"ar": "حقوق العمال (ILO) 2026."}),
)
MIXED = Localised({"ar": "COVID-19 في العراق (ICSSI)", "en": "أم قصر: a port (Iraq)"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text: its parts, as places in the text, in the order of reading."""

    start: int
    parts: tuple[tuple[int, int], ...]


MEASURE = """
([said, lines]) => {
  const shown = document.createElement("div");
  shown.style.cssText = "white-space: pre-wrap; unicode-bidi: plaintext; width: 9000px; left: 0;"
    + "position: absolute; top: 0; font: 16px 'Noto Sans', 'Noto Sans Arabic', sans-serif";
  shown.textContent = said;
  document.body.replaceChildren(shown);
  const place = ([start, end]) => {
    const range = document.createRange();
    range.setStart(shown.firstChild, start);
    range.setEnd(shown.firstChild, end);
    const {left, right} = range.getBoundingClientRect();
    return [left, right];
  };
  return lines.map(line => line.parts.map(place));
}
"""


@pytest.fixture(scope="module")
def languages() -> Languages:
    return Languages.load(("ar", "en"), "Asia/Baghdad")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(chromium: str) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield await browser.new_page(viewport={"width": 9000, "height": 600})
        await browser.close()


def lines_of(said: str, inserted: Sequence[str]) -> list[Line]:
    """The lines of a text, taken apart where something was inserted."""
    found = "|".join(re.escape(words) for words in sorted(inserted, key=len, reverse=True))
    lines: list[Line] = []
    for line in re.finditer(r"[^\n]+", said):
        cuts = {0, len(line.group())}
        cuts.update(cut for run in re.finditer(found, line.group()) for cut in run.span())
        spans = itertools.pairwise(line.start() + cut for cut in sorted(cuts))
        parts = tuple(span for span in (_seen(said, *span) for span in spans) if span)
        if parts:
            lines.append(Line(line.start(), parts))
    return lines


def _seen(said: str, start: int, end: int) -> tuple[int, int] | None:
    """The part without space and invisible characters around it."""
    while start < end and said[start] in HIDDEN + " ":
        start += 1
    while start < end and said[end - 1] in HIDDEN + " ":
        end -= 1
    return (start, end) if start < end else None


async def misplaced(page: Page, language: str, said: str, inserted: Sequence[str]) -> list[str]:
    """The lines of a text that begin on the wrong side, or whose parts stand in a wrong order."""
    lines = lines_of(said, inserted)
    measured = await page.evaluate(MEASURE, [said, [asdict(line) for line in lines]])
    wrong: list[str] = []
    for line, places in zip(lines, measured, strict=True):
        shown = said[line.start :].split("\n", 1)[0]
        # In the order of reading, each part begins where the one before it ended, or beyond.
        ahead = [(-right, -left) if language == "ar" else (left, right) for left, right in places]
        if abs(ahead[0][0] - (-9000 if language == "ar" else 0)) > 2:
            wrong.append(f"begins on the wrong side: {shown!a}")
        if any(after[0] < before[1] - 2 for before, after in itertools.pairwise(ahead)):
            wrong.append(f"parts in a wrong order: {shown!a}")
    return wrong


def samples(language: str) -> list[tuple[Text, tuple[str, ...]]]:
    """Every text of the catalogue, each value in turn a name, a title and a link."""
    path = ROOT / "locales" / language / "LC_MESSAGES" / "tadamun.po"
    found: list[tuple[Text, tuple[str, ...]]] = []
    for entry in proofreading.read(path.read_text("utf-8")).values():
        names = sorted(entry.placeholders - {"count"})
        # These the room fills itself, never with anybody's words.
        if entry.key.startswith(("clock-", "moment", "note-other-language")):
            continue
        for turn in range(3 if names else 1):
            inserted = {name: INSERTED[language][(at + turn) % 3] for at, name in enumerate(names)}
            values: dict[str, Value] = {**inserted, "count": 11} if entry.counted else {**inserted}
            found.append((Text(entry.key, values), tuple(inserted.values())))
    return found


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_every_text_keeps_its_order_around_names_titles_and_links(
    page: Page, languages: Languages, language: str
) -> None:
    voice = languages.voice(language)
    wrong: list[str] = []
    for words, inserted in samples(language):
        said = voice.say(words)
        wrong += [
            f"{words.key}: {sentence}"
            for sentence in await misplaced(page, language, said, inserted or ("\0",))
        ]
    assert wrong == []


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("title", [*OTHER, MIXED])
async def test_titles_of_either_script_keep_their_place(
    page: Page, languages: Languages, language: str, title: Localised
) -> None:
    voice = languages.voice(language)
    at = datetime(2026, 4, 3, 15, tzinfo=UTC)
    line = text("webinar-line", number=1, title=title, at=at)
    for words in (title, line, text("saved-but-full", webinars=(title, title))):
        inserted = [title.by_language.get(language) or next(iter(title.by_language.values()))]
        assert await misplaced(page, language, voice.say(words), inserted) == []


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("zone", [None, "Europe/Rome", "Etc/GMT+3", "Australia/Sydney"])
async def test_times_keep_their_place(
    page: Page, languages: Languages, language: str, zone: str | None
) -> None:
    voice = languages.voice(language, zone)
    said = voice.moment(datetime(2026, 4, 3, 15, tzinfo=UTC))
    inserted = [voice.city("Asia/Baghdad").strip(HIDDEN)]
    if zone:
        inserted.append(voice.city(zone).strip(HIDDEN))
    line = voice.say(text("web-you")) + " " + said
    assert await misplaced(page, language, line, inserted) == []


async def test_a_question_in_latin_letters_reads_from_left_to_right_in_an_arabic_message(
    page: Page, languages: Languages
) -> None:
    voice: Voice = languages.voice("ar")
    said = voice.say(
        text("question-line", number=1, question="Is it safe?\n(I hope so.)", state="x")
    )
    begin, mark = said.index("Is"), said.index("?")
    parts = [Line(0, ((begin, begin + 2), (mark, mark + 1)))]
    [[word, question_mark]] = await page.evaluate(MEASURE, [said, [asdict(line) for line in parts]])
    assert word[1] < question_mark[0], "the question mark ends the English question on its right"


async def test_without_isolates_and_marks_the_same_page_shows_lines_in_disorder(page: Page) -> None:
    """The control: what these tests look for is seen when it is there."""
    assert await misplaced(page, "ar", "Anna B. كتبت السؤال", ["Anna B."])
    broken = "السؤال: Anna (1) (Roma) 2. كتبت"
    assert await misplaced(page, "ar", broken, ["Anna (1)", "(Roma) 2."])
