"""Whoever moderates in a real browser: presses that nobody meant, and what nobody has read."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from dialogue.stages import Stage
from storage.asking.alike import Alike
from tests.web.community import WEBINAR, Community
from tests.web.standin import Site, keys
from tests.web.test_browser import agreed, says
from tests.web.test_browser_board import PAINTED, browser, enters, watched

__all__ = ["browser"]
pytestmark = pytest.mark.browser

UNDER = "([x, y]) => document.elementFromPoint(x, y).textContent"
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}


async def middle(button: Locator) -> tuple[float, float]:
    """Where a finger hits it, once it lies where it is going to lie."""
    await button.page.evaluate(PAINTED)
    box = await button.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def taps(page: Page, at: tuple[float, float], time: int) -> None:
    """The first or the second press of a double one, as browsers count them."""
    await page.mouse.move(*at)
    await page.mouse.down(click_count=time)
    await page.mouse.up(click_count=time)


async def test_a_double_tap_decides_about_one_question(
    browser: Browser, community: Community
) -> None:
    asked = [await community.ask(f"Number {n}?", by=f"by-{n}") for n in range(3)]
    page = (await watched(browser, viewport=WIDE)).page
    await enters(page, community)
    approve = page.locator(f"#q{asked[0].id} [data-key=A]")
    at = await middle(approve)
    await taps(page, at, 1)
    await expect(page.locator(f"#approved #q{asked[0].id}")).to_be_visible()
    # The next one has come to lie under the finger.
    assert await page.evaluate(UNDER, at) == "Approve"
    await taps(page, at, 2)
    await taps(page, await middle(page.locator(f"#q{asked[2].id} [data-key=A]")), 1)
    await expect(page.locator(f"#approved #q{asked[2].id}")).to_be_visible()
    assert await community.stage_of(asked[1].id) is Stage.RECEIVED


async def merged(community: Community, into: int) -> None:
    """Somebody else merges another question into this one, so that its card is made anew."""
    async with community.storage.transaction() as tx:
        other = await tx.moderation.type_in(WEBINAR, "The same?", "en", 9, community.clock())
        assert await tx.moderation.merge(other.id, into, 9, community.clock())


CAME = """window.came = new Promise((tell) => {
  const hears = EventSource.prototype.addEventListener;
  EventSource.prototype.addEventListener = function (name, take) {
    hears.call(this, name, (event) => { take(event); if (name === "cards") tell(); });
  };
})"""
"""A promise that the page has been told of a question that changed."""


async def test_what_changes_while_a_button_is_down_is_pressed_all_the_same(
    browser: Browser, community: Community
) -> None:
    asked = await community.ask("Why?")
    page = (await watched(browser, viewport=WIDE)).page
    await page.add_init_script(CAME)
    await page.clock.install()
    await enters(page, community)
    await page.mouse.move(*await middle(page.locator(f"#q{asked.id} [data-key=A]")))
    # However long this takes here, it is one press: the page's own time stands still meanwhile.
    await page.clock.pause_at(await page.evaluate("Date.now() / 1000 + 20"))
    await page.mouse.down()
    await merged(community, asked.id)
    await page.evaluate("came")
    await page.mouse.up()
    await page.clock.resume()
    # What came meanwhile is shown as well.
    card = page.locator(f"#approved #q{asked.id}")
    await expect(card).to_contain_text("1 merged into it")


async def test_a_press_that_nobody_ended_holds_nothing_up(
    browser: Browser, community: Community
) -> None:
    asked = await community.ask("Why?")
    page = (await watched(browser, viewport=WIDE)).page
    await page.clock.install()
    await enters(page, community)
    button = page.locator(f"#q{asked.id} [data-key=A]")
    await button.dispatch_event("pointerdown")
    await button.dispatch_event("pointercancel")
    await merged(community, asked.id)
    await expect(page.locator(f"#q{asked.id}")).to_contain_text("1 merged into it")
    await page.locator(f"#q{asked.id} [data-key=A]").dispatch_event("pointerdown")
    await community.ask("Who else?", by="third")
    # Nobody says that it ended.
    await page.clock.fast_forward(10_000)
    await expect(page.get_by_text("Who else?")).to_be_visible()


async def test_a_question_that_changes_while_one_says_why_is_declined_all_the_same(
    browser: Browser, community: Community
) -> None:
    asked = await community.ask("Why?")
    told = await watched(browser, viewport=WIDE)
    page = told.page
    await enters(page, community)
    await page.locator(f"#q{asked.id}").press("d")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await merged(community, asked.id)
    await expect(page.locator(f"#q{asked.id}")).to_contain_text("1 merged into it")
    await page.get_by_role("dialog").get_by_role("button", name="Off topic").click()
    await expect(page.locator(f"#done #q{asked.id}")).to_contain_text("Off topic")
    assert told.ran == []


async def test_nothing_moves_under_the_finger_when_the_desk_says_something(
    browser: Browser, community: Community
) -> None:
    await community.ask("First?")
    second = await community.ask("Second?", by="second", stage=Stage.APPROVED)
    for viewport in (WIDE, PHONE):
        page = (await watched(browser, viewport=viewport)).page
        await enters(page, community)
        first = page.locator("#new [data-key=D]").first
        before = await middle(first)
        await page.locator(f"#q{second.id} button").first.dispatch_event("click")
        await expect(page.locator("#said")).not_to_be_empty()
        assert await middle(first) == before
        # It goes by itself, and was in nobody's way meanwhile.
        await page.locator(".menu summary").click()
        await expect(page.locator("#said")).to_be_empty()


async def test_nobody_approves_what_is_folded_away(browser: Browser, community: Community) -> None:
    person = await community.person("asker")
    async with community.storage.transaction() as tx:
        question = await tx.questions.add(
            *(person, WEBINAR, "question", "Are lizards behind it?", True, "en", None),
            community.clock(),
            flagged=True,
        )
    page = (await watched(browser, viewport=WIDE)).page
    await enters(page, community)
    card = page.locator(f"#q{question.id}")
    await expect(card.get_by_role("button")).to_have_text(["Decline"])
    for key in ("a", "e", "m"):
        await card.press(key)
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert await community.stage_of(question.id) is Stage.RECEIVED
    await card.locator("summary").click()
    await card.get_by_role("button", name="Approve").click()
    await expect(page.locator(f"#approved #q{question.id}")).to_be_visible()


async def test_what_is_folded_away_is_not_read_where_another_is_merged(
    browser: Browser, community: Community
) -> None:
    question = await community.ask("Are lizards behind all of it?", by="other")
    await community.ask("Are bats behind it?", by="third")
    person = await community.person("asker")
    async with community.storage.transaction() as tx:
        flagged = await tx.questions.add(
            *(person, WEBINAR, "question", "Are lizards behind it?", True, "en", None),
            community.clock(),
            flagged=True,
        )
        await tx.alike.put({question.id: [Alike(flagged.id, 900)]})
    page = (await watched(browser, viewport=WIDE)).page
    await enters(page, community)
    await page.locator(f"#q{question.id}").press("m")
    choices = page.get_by_role("dialog").locator("label.choice")
    await expect(choices).to_have_text(["Are bats behind it?"])
    for words, found in (("lizards", 0), ("bats", 1)):
        await page.get_by_role("dialog").get_by_role("searchbox").fill(words)
        await expect(choices).to_have_count(found)


async def test_the_menu_closes_when_somebody_looks_elsewhere(
    browser: Browser, community: Community
) -> None:
    page = (await watched(browser, viewport=WIDE)).page
    await enters(page, community)
    menu, sign = page.locator(".menu nav"), page.locator(".menu summary")
    await sign.click()
    await expect(menu).to_be_visible()
    await page.locator("h1").click()
    await expect(menu).to_be_hidden()
    await sign.click()
    await page.keyboard.press("Escape")
    await expect(menu).to_be_hidden()
    await expect(sign).to_be_focused()


async def test_a_double_tap_in_the_chat_decides_about_one_question(
    browser: Browser, site: Site
) -> None:
    page = (await watched(browser, viewport=PHONE)).page
    await agreed(page, site, "en")
    site.bot.silent = True
    number = await site.bot.say(site.account, "One?", "en", keys([("Approve", "one")]))
    approve = page.get_by_role("button", name="Approve")
    at = await middle(approve)
    before = len(site.bot.heard)
    await taps(page, at, 1)
    await site.bot.has_heard(before + 1)
    await site.bot.edit(site.account, str(number), "Two?", "en", keys([("Approve", "two")]))
    await expect(page.get_by_text("Two?")).to_be_visible()
    assert await page.evaluate(UNDER, at) == "Approve"
    await taps(page, at, 2)
    await says(page, "The last word")
    await site.bot.has_heard(before + 2)
    assert [each.choice for each in site.bot.heard[before:]] == ["one", None]
