"""The board in a real browser: hostile words, live, by keyboard, with a thousand questions."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, Page, Route, async_playwright, expect

from dialogue.stages import Stage
from storage.community.boards import Seat
from storage.roles import Role
from tests.codes import let_in_by
from tests.web.community import WEBINAR, Community
from tests.web.slowness import Work
from tests.web.test_browser import CONTRAST, HOSTILE, SWITCHES

pytestmark = pytest.mark.browser

BOARD = f"/board/{WEBINAR}"


@pytest.fixture
async def browser(chromium: str) -> AsyncGenerator[Browser]:
    """A browser of one's own."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        yield running
        await running.close()


@dataclass
class Watched:
    """A page, and what it ran and asked for that it should not."""

    page: Page
    ran: list[str] = field(default_factory=list[str])
    asked: list[str] = field(default_factory=list[str])


async def watched(browser: Browser, **context: Any) -> Watched:
    """A new page in a new context."""
    page = await (await browser.new_context(**context)).new_page()
    told = Watched(page)
    page.on("request", lambda request: told.asked.append(request.url))
    page.on("dialog", lambda dialog: told.ran.append(dialog.message))
    page.on("pageerror", lambda error: told.ran.append(str(error)))
    page.on("console", lambda message: told.ran.append(message.text))
    return told


async def enters(
    page: Page, community: Community, seat: Seat = Seat.DESK, role: Role = Role.MODERATOR
) -> None:
    """Come in by a link."""
    person = await community.staff(role, f"member-{len(community.people)}")
    await page.goto(community.site.url + await community.link(person, seat))
    await page.get_by_role("button").click()
    await let_in_by(page, community.apps[person], community.clock)


DIRECTIONS = """() => [document.documentElement.dir, getComputedStyle(document.querySelector(
    ".ways, .none, h2")).direction, document.documentElement.scrollWidth <= innerWidth]"""
COLUMNS = "() => [...document.querySelectorAll('.column')].map((each) => each.id)"


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_hostile_words_are_shown_and_nothing_more(
    browser: Browser, community: Community, language: str
) -> None:
    live = [await community.ask(words, stage=Stage.LIVE) for words in HOSTILE[:3]]
    await community.ask_many(HOSTILE)
    async with community.storage.transaction() as tx:
        for words in HOSTILE:
            heard = await tx.moderation.type_in(WEBINAR, words, "en", 1, community.clock())
            await tx.moderation.edit(heard.id, 1, words + " edited", community.clock())
            await tx.moderation.answer(live[0].id, 1, words, "en", True, community.clock())
            wanted = await tx.texts.want(heard.id, "question", "ar")
            assert wanted is not None
            assert await tx.texts.put_draft(wanted, words)
            again = await tx.moderation.type_in(WEBINAR, words, "en", 1, community.clock())
            assert await tx.moderation.merge(again.id, heard.id, 1, community.clock())
    told = await watched(browser, viewport={"width": 1280, "height": 800})
    page = told.page
    await enters(page, community)
    for way in ("", "/stage", "/projector", "/interpret"):
        await page.goto(f"{community.site.url}{BOARD}{way}?lang={language}")
        marked = page.locator("main bdi").filter(has_text=HOSTILE[2])
        assert await marked.count() >= 1
        assert await page.locator("main :is(img, script, svg, a, iframe)").count() == 0
        direction = {"ar": "rtl", "en": "ltr"}[language]
        assert await page.evaluate(DIRECTIONS) == [direction, direction, True]
    for number in range(len(HOSTILE)):
        await page.goto(f"{community.site.url}{BOARD}/interpret?lang={language}")
        await page.locator("main .main").nth(number).click()
        await expect(page.locator(".draft bdi")).to_have_count(1)
        await page.locator("[data-draft]").click()
        assert await page.locator("#sheet :is(img, script, a, iframe)").count() == 0
        assert await page.locator("#sheet svg:not([aria-hidden])").count() == 0
    await page.goto(f"{community.site.url}{BOARD}?lang={language}")
    for key in ("e", "m"):
        await page.locator("#approved .card").nth(2).press(key)
        await expect(page.get_by_role("dialog")).to_be_visible()
        if key == "m":
            await page.get_by_role("dialog").get_by_role("searchbox").fill("script")
        assert await page.locator("#sheet :is(img, script, a, iframe)").count() == 0
        # The first time it may have emptied the field.
        await page.keyboard.press("Escape")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
    order = await page.evaluate(COLUMNS)
    # What comes by the open line is held to the same.
    await community.ask("arrived <img src=x onerror=alert(2)><script>alert(3)</script>")
    await expect(page.get_by_text("arrived <img")).to_be_visible()
    assert await page.locator("main :is(img, script, svg, a, iframe)").count() == 0
    assert await page.evaluate(COLUMNS) == order
    shown = "".join(await page.locator("main").all_text_contents())
    assert not set("\u202e\u2066\u2067\u200b") & set(shown.replace("\u2068", ""))
    assert told.ran == []
    assert all(url.startswith(community.site.url + "/") for url in told.asked), told.asked


async def test_a_question_goes_from_the_phone_to_the_projector_by_keyboard(
    browser: Browser, community: Community
) -> None:
    desk = (await watched(browser, viewport={"width": 1280, "height": 800})).page
    screen = (await watched(browser, viewport={"width": 1280, "height": 720})).page
    await enters(desk, community)
    await enters(screen, community, Seat.STAGE)
    await screen.goto(f"{community.site.url}{BOARD}/projector")
    assert await screen.locator("button, a, input, form").count() == 0
    first, second = await community.ask("First?"), await community.ask("ثانيًا؟", language="ar")
    await expect(desk.locator("#new .card")).to_have_count(2)
    await expect(desk.locator("#said")).to_have_text("There are new questions.")
    await desk.keyboard.press("ArrowDown")
    for key, column in (("a", "approved"), ("n", "next"), ("l", "now")):
        await desk.locator(f"#q{first.id}").focus()
        await desk.keyboard.press(key)
        await expect(desk.locator(f"#{column} #q{first.id}")).to_be_visible()
    await expect(screen.locator(".now bdi")).to_have_text("First?")
    assert await community.stage_of(first.id) is Stage.LIVE
    # The next one is in focus where the first one was handled.
    await desk.locator(f"#q{second.id}").focus()
    await desk.keyboard.press("d")
    await desk.get_by_role("dialog").get_by_role("button", name="Off topic").click()
    await expect(desk.locator(f"#done #q{second.id}")).to_contain_text("Off topic")
    assert await community.stage_of(second.id) is Stage.DECLINED
    # A reason may be somebody's own words as well.
    third = await community.ask("Third?", by="third")
    await desk.locator(f"#q{third.id}").press("d")
    await desk.get_by_role("dialog").get_by_text("In your own words").click()
    await desk.get_by_role("dialog").get_by_role("textbox").fill("It was answered <b>before</b>.")
    await desk.get_by_role("dialog").get_by_role("button", name="Decline").click()
    await expect(desk.locator(f"#done #q{third.id}")).to_contain_text("answered <b>before</b>.")
    # No key does anything while no question is in focus.
    await desk.locator("h1").click()
    await desk.keyboard.press("w")
    await expect(desk.locator(f"#now #q{first.id}")).to_be_visible()


async def test_a_question_is_mended_merged_and_answered_without_a_mouse(
    browser: Browser, community: Community
) -> None:
    first = await community.ask("Do masks help?", stage=Stage.APPROVED, by="one")
    second = await community.ask("do msks halp", by="two")
    told = await watched(browser, viewport={"width": 1280, "height": 800})
    page, sheet = told.page, told.page.get_by_role("dialog")
    await enters(page, community)
    await page.locator(f"#q{second.id}").press("e")
    await expect(sheet.get_by_role("textbox")).to_be_focused()
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type("Do cloth masks help?")
    await page.keyboard.press("ControlOrMeta+Enter")
    # To be saved and approved is what stands first.
    await expect(page.locator(f"#approved #q{second.id}")).to_contain_text("Do cloth masks help?")
    await expect(sheet).to_have_count(0)
    await page.locator(f"#q{second.id}").press("m")
    await sheet.get_by_role("searchbox").fill("MASKS")
    await expect(sheet.get_by_role("radio")).to_have_count(1)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await page.keyboard.press("ControlOrMeta+Enter")
    await expect(page.locator(f"#q{second.id}")).to_have_count(0)
    await expect(page.locator(f"#q{first.id}")).to_contain_text("1 merged into it")
    await page.locator(f"#q{first.id}").press("t")
    await expect(sheet.get_by_role("textbox")).to_be_focused()
    await page.keyboard.type("Yes, two layers do.")
    await page.keyboard.press("ControlOrMeta+Enter")
    await expect(page.locator(f"#done #q{first.id}")).to_contain_text("Yes, two layers do.")
    assert community.answers == [first.id]
    assert told.ran == []


async def test_what_was_written_survives_a_sheet_that_is_closed_and_opened_again(
    browser: Browser, community: Community
) -> None:
    question = await community.ask("Why?", stage=Stage.LIVE)
    page = (await watched(browser)).page
    await enters(page, community)
    card, sheet = page.locator(f"#q{question.id}"), page.get_by_role("dialog")
    await card.press("t")
    await expect(sheet.get_by_role("textbox")).to_be_focused()
    await page.keyboard.type("Half an answer")
    await page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    # Nobody has it in hand any more, and the keyboard is where it was.
    await expect(card.get_by_text("In hand")).to_have_count(0)
    await expect(card.get_by_role("button", name="Write an answer")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(sheet.get_by_role("textbox")).to_have_value("Half an answer")


async def test_what_may_have_arrived_is_sent_again_and_counts_once(
    browser: Browser, community: Community
) -> None:
    page = (await watched(browser)).page
    await enters(page, community)
    sheet, heard = page.get_by_role("dialog"), page.locator("button.add")

    async def loses_the_answer(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await heard.click()
    await sheet.get_by_role("textbox").fill("Who pays?")
    await page.route("**/act?*", loses_the_answer, times=1)
    await sheet.get_by_role("button", name="Save").click()
    await expect(sheet.get_by_role("alert")).to_contain_text("Please try again")
    # Whoever closes the sheet and opens it anew finds the words, and sends them once more.
    await page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    await heard.click()
    await expect(sheet.get_by_role("textbox")).to_have_value("Who pays?")
    await sheet.get_by_role("button", name="Save").dblclick()
    await expect(sheet).to_have_count(0)
    await expect(page.locator("#approved .card")).to_have_count(1)
    async with community.storage.reading() as tx:
        assert len(await tx.moderation.ids(WEBINAR)) == 1


async def test_words_are_kept_when_somebody_else_was_faster(
    browser: Browser, community: Community
) -> None:
    question = await community.ask("Why?", stage=Stage.LIVE)
    told = await watched(browser)
    page, sheet = told.page, told.page.get_by_role("dialog")
    await enters(page, community)
    await page.locator(f"#q{question.id}").press("t")
    await expect(sheet.get_by_role("textbox")).to_be_focused()
    await page.keyboard.type("Mine")
    community.clock.forward(timedelta(minutes=6))
    async with community.storage.transaction() as tx:
        assert await tx.moderation.answer(question.id, 9, "Theirs", "en", True, community.clock())
    await page.keyboard.press("ControlOrMeta+Enter")
    await expect(sheet.get_by_role("alert")).to_contain_text("has changed meanwhile")
    await expect(sheet.get_by_role("textbox")).to_have_value("Mine")


async def test_a_guest_expert_answers_what_is_put_while_the_page_goes_on(
    browser: Browser, community: Community
) -> None:
    question = await community.ask("Who is safe?", stage=Stage.LIVE)
    page = (await watched(browser, viewport={"width": 360, "height": 740})).page
    await enters(page, community, Seat.STAGE, Role.SPEAKER)
    sheet = page.get_by_role("dialog")
    await page.get_by_role("button", name="Write an answer").click()
    await expect(sheet).to_contain_text("Who is safe?")
    await expect(sheet.get_by_role("textbox")).to_be_focused()
    await page.keyboard.type("Whoever ")
    # What comes meanwhile does not disturb whoever writes.
    other = await community.ask("And now?", stage=Stage.LIVE)
    await expect(page.locator(".now article")).to_have_count(2)
    await page.keyboard.type("keeps away.")
    await sheet.get_by_label("All who registered").check()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await sheet.get_by_role("button", name="Send the answer").click()
    await expect(page.locator(".now article")).to_have_count(1)
    await expect(page.locator(".now")).to_contain_text("And now?")
    assert await community.stage_of(question.id) is Stage.ANSWERED
    assert await community.stage_of(other.id) is Stage.LIVE
    async with community.storage.reading() as tx:
        found = await tx.moderation.get(question.id)
    assert found is not None
    assert (found.answer, found.answer_public) == ("Whoever keeps away.", True)


async def test_an_interpreter_goes_from_one_text_to_the_next_by_keyboard(
    browser: Browser, community: Community
) -> None:
    asked = [await community.ask(f"Number {n}?", stage=Stage.APPROVED) for n in (1, 2, 3)]
    async with community.storage.transaction() as tx:
        texts = [await tx.texts.want(each.id, "question", "ar") for each in asked]
        assert texts[1] is not None
        await tx.texts.put_draft(texts[1], "رقم ٢؟")
    told = await watched(browser, viewport={"width": 1280, "height": 800})
    page, bench = told.page, told.page.locator("#sheet")
    await enters(page, community, Seat.INTERPRET, Role.INTERPRETER)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("t")
    await expect(bench.get_by_role("textbox")).to_be_focused()
    assert await bench.get_by_role("textbox").evaluate("each => each.dir") == "rtl"
    await page.keyboard.type("رقم 1؟")
    await page.keyboard.press("ControlOrMeta+Enter")
    await expect(bench).to_contain_text("Number 2?")
    # The next one that nobody has in hand comes by itself.
    await bench.get_by_role("button", name="Take the draft").click()
    await page.keyboard.press("ControlOrMeta+Enter")
    await expect(bench).to_contain_text("Number 3?")
    await bench.get_by_role("button", name="Skip").click()
    await expect(bench.get_by_role("textbox")).to_have_count(0)
    await expect(page.locator("main .card")).to_have_count(1)
    async with community.storage.reading() as tx:
        approved = await tx.texts.approved([each.id for each in asked])
    assert sorted(each.text for each in approved) == ["رقم 1؟", "رقم ٢؟"]
    assert told.ran == []


async def test_questions_are_found_however_their_letters_are_typed(
    browser: Browser, community: Community
) -> None:
    await community.ask("هل تنتقل العدوى في المدرسة؟", language="ar")
    await community.ask("Is it safe at school?", stage=Stage.APPROVED)
    await community.ask("Who pays?", by="other")
    page = (await watched(browser)).page
    await enters(page, community)
    shown = page.locator(".card:visible")
    await page.get_by_role("searchbox").fill("المدرسه العدوي")
    await expect(shown).to_have_count(1)
    await expect(shown).to_contain_text("المدرسة")
    await expect(page.locator("#said")).to_have_text("Questions found: 1")
    # What arrives is sifted as well.
    await community.ask("المدرسة والعدوى", language="ar", by="third")
    await community.ask("Something else", by="third")
    await expect(shown).to_have_count(2)
    await expect(page.locator("#new header .count")).to_have_text("2")
    await page.keyboard.press("Escape")
    await expect(shown).to_have_count(5)
    await page.get_by_role("combobox", name="Show").select_option("lang:ar")
    await expect(shown).to_have_count(2)


async def test_a_role_that_ends_empties_the_open_page(
    browser: Browser, community: Community
) -> None:
    page = (await watched(browser)).page
    await community.ask("Who is safe?")
    await enters(page, community)
    await expect(page.get_by_text("Who is safe?")).to_be_visible()
    async with community.storage.transaction() as tx:
        for member in await tx.staff.members():
            await tx.staff.revoke(member.person)
    await expect(page.get_by_text("Who is safe?")).to_have_count(0)
    await expect(page.locator("#said")).to_contain_text("The board is closed here")


async def test_a_thousand_questions_are_there_within_a_second(
    browser: Browser, community: Community
) -> None:
    await community.ask_many(
        [f"{n}: ما الذي يحمي العاملين في المستشفيات؟ Who protects them?" for n in range(1000)]
    )
    page = (await watched(browser, viewport={"width": 1280, "height": 800})).page
    await enters(page, community)
    took: list[float] = []
    cost = Cost(await Work.of(page))
    for _ in range(3):
        # A page of its own: what one that is loaded again has worked begins anew.
        before, page = page, await page.context.new_page()
        await before.close()
        cost = Cost(await Work.of(page))
        await cost.begins()
        await page.goto(f"{community.site.url}{BOARD}")
        took.append(await cost.seconds())
        assert await page.locator("#new .card").count() == 1000
    assert 0 < min(took) < 1.0, took
    # A new one lands in its place without the page standing still.
    await cost.begins()
    await community.ask("one more")
    await expect(page.locator("#new .card")).to_have_count(1001)
    assert await cost.of_the_page() < 0.5
    # Nor while somebody looks for one, or scrolls through all of them.
    await cost.begins()
    await page.get_by_role("searchbox").fill("777")
    await expect(page.locator("#new .card:visible")).to_have_count(1)
    assert await cost.of_the_page() < 1.0
    await cost.begins()
    await page.get_by_role("searchbox").fill("")
    await expect(page.locator("#new header .count")).to_have_text("1001")
    assert await cost.of_the_page() < 1.0
    await cost.begins()
    frames = await page.evaluate(SCROLLED)
    assert await cost.of_the_page() / frames < 0.1


@dataclass
class Cost:
    """What something costs the page's own thread, and this process, which serves it."""

    work: Work
    before: tuple[float, float] = (0.0, 0.0)

    async def begins(self) -> None:
        self.before = await self.work.seconds(), time.process_time()

    async def of_the_page(self) -> float:
        """Seconds that the page worked since it began."""
        return await self.work.seconds() - self.before[0]

    async def seconds(self) -> float:
        """And the server."""
        return await self.of_the_page() + time.process_time() - self.before[1]


SCROLLED = """async () => {
  const list = document.querySelector("#new ol"), frames = 60;
  for (let step = 0; step < frames; step += 1) {
    list.scrollTop += list.scrollHeight / frames;
    await new Promise(requestAnimationFrame);
  }
  return frames; }"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everything_can_be_read_tapped_and_named(
    browser: Browser, community: Community, scheme: Literal["light", "dark"]
) -> None:
    for stage in Stage:
        if stage not in (Stage.MERGED, Stage.WITHDRAWN):
            asked = await community.ask(f"At {stage}?", stage=stage)
            async with community.storage.transaction() as tx:
                await tx.texts.want(asked.id, "question", "ar")
    page = (
        await watched(browser, color_scheme=scheme, viewport={"width": 320, "height": 640})
    ).page
    await enters(page, community)
    read = CONTRAST.replace(".bubble p, .key, h1, .over, #text", SHOWN)
    for way, opened in OPENED:
        await page.goto(f"{community.site.url}{BOARD}{way}?lang=ar")
        if opened:
            await page.locator(opened).first.click()
            await page.locator("#sheet h2").wait_for()
        await page.evaluate(PAINTED)
        assert json.loads(await page.evaluate(read)) == [], (way, opened)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await page.evaluate(SMALL) == [], (way, opened)
        assert await page.evaluate(NAMELESS) == [], (way, opened)
        if opened:
            await page.locator("[data-drop]").click()
            await expect(page.locator("#sheet h2")).to_have_count(0)


OPENED = (
    ("", ""),
    ("", "[data-key=E]"),
    ("", "[data-key=M]"),
    ("", "[data-key=T]"),
    ("", ".add"),
    ("/stage", ""),
    ("/projector", ""),
    ("/interpret", ""),
    ("/interpret", "main .main"),
)
PAINTED = "() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))"
"""Before that, cards with `content-visibility: auto` have no size, wherever they lie."""
NAMELESS = """() => [...document.querySelectorAll("button, select, input, textarea, a, summary")]
  .filter((each) => each.type !== "hidden" && each.checkVisibility()).filter((each) =>
    !(each.getAttribute("aria-label") || each.textContent.trim() || (each.labels || []).length))
  .map((each) => each.outerHTML)"""
SHOWN = "bdi, small, button, h1, h2, .marks span, .tabs a, .count, .none, .supports, nav a"
SMALL = """() => [...document.querySelectorAll(
  "button, .tabs a, .menu summary, .top nav a, .choice, textarea")]
  .filter((each) => each.checkVisibility()).map((each) => [each.textContent.trim(),
    each.getBoundingClientRect().height]).filter(([name, height]) => height < 44)"""
