"""Looking up who asked, in a real browser: from the card to the answer, which is gone when left."""

from __future__ import annotations

import json
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, expect

from storage.asking.reveals import AGAIN
from storage.roles import Role
from tests.web.community import Community
from tests.web.revealing import ACCOUNT, BOARD, WHO, WHY, asked_by
from tests.web.test_browser import CONTRAST, HOSTILE
from tests.web.test_browser_board import NAMELESS, PAINTED, SMALL, browser, enters, watched

__all__ = ["browser"]

pytestmark = pytest.mark.browser

SHOWN = "p:not(:empty), h2, h3, dt, dd, small, label span, button, a, bdi"


async def fills_in(page: Page, community: Community) -> None:
    """Give a reason and the code of the app."""
    app = next(iter(community.apps.values()))
    await page.locator("textarea").fill(WHY)
    await page.locator("input[name=code]").fill(app.shows(community.clock()))
    await page.locator("form button").click()
    await page.locator("dl").wait_for()


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_from_the_card_to_the_answer_which_is_gone_when_left(
    browser: Browser, community: Community, language: str
) -> None:
    every = [await asked_by(community, words=each, nickname=HOSTILE[2]) for each in HOSTILE]
    question = every[-1]
    told = await watched(browser, viewport={"width": 1280, "height": 800})
    page = told.page
    await enters(page, community, role=Role.ORGANISER)
    await page.goto(f"{community.site.url}{BOARD}?lang={language}")
    card = page.locator(f"#q{question}")
    await card.locator(".rare summary").click()
    await card.locator(".rare a").click()
    await fills_in(page, community)
    await expect(page.locator("dd bdi").first).to_have_text(HOSTILE[2], use_inner_text=True)
    await expect(page.locator("dl")).to_contain_text(ACCOUNT)
    assert await page.locator("main :is(img, script, svg, iframe)").count() == 0
    # Leaving, coming back and loading it again bring nothing of it.
    community.clock.forward(AGAIN)
    await page.reload()
    await expect(page.locator("dl")).to_have_count(0)
    assert ACCOUNT not in await page.content()
    await page.goto(f"{community.site.url}{WHO}/{question}")
    assert ACCOUNT not in await page.content()
    assert told.ran == [] or all("422" in each for each in told.ran)
    assert all(url.startswith(community.site.url + "/") for url in told.asked), told.asked


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_needs_no_scripts_and_can_be_read_and_tapped(
    browser: Browser, community: Community, scheme: Literal["light", "dark"]
) -> None:
    question = await asked_by(community, words="لماذا؟", nickname="نور")
    nameless = await asked_by(community, words="Why?", anonymous=True)
    context = {"color_scheme": scheme, "viewport": {"width": 320, "height": 640}}
    page = (await watched(browser, **context)).page
    await enters(page, community, role=Role.ORGANISER)
    for path in (f"{WHO}/{nameless}", f"{WHO}/{question}", ""):
        if path:
            await page.goto(f"{community.site.url}{path}?lang=ar")
        else:
            await fills_in(page, community)
        read = CONTRAST.replace(".bubble p, .key, h1, .over, #text", SHOWN)
        await page.evaluate(PAINTED)
        assert json.loads(await page.evaluate(read)) == [], path
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await page.evaluate(SMALL) == [], path
        assert await page.evaluate(NAMELESS) == [], path
        assert await page.locator("script").count() == 0
