"""The page that asks for a code, in a real browser: on a phone, at a desk, in both directions."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect

from storage.roles import Role
from tests.codes import App, asks, secret_on, wrong_code
from tests.web.community import Community
from tests.web.test_browser_board import BOARD, browser, watched

__all__ = ["browser"]
pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
# What a camera sees: no module is wider or rounder than the one beside it.
PICTURE = """() => {
    const svg = document.querySelector("svg.qr"), box = svg.getBoundingClientRect();
    const style = getComputedStyle(svg.querySelector("[stroke]"));
    return [style.strokeWidth, style.strokeLinecap, style.stroke, getComputedStyle(svg).stroke,
        Math.abs(box.width - box.height) < 1, box.width / svg.viewBox.baseVal.width > 2]; }"""
FITS = "() => document.documentElement.scrollWidth <= innerWidth"
IN_ONE_LINE = """() => [...document.querySelectorAll(".secret span")]
    .map((each) => each.getBoundingClientRect()).every((box) => box.height < 40)"""
FROM_LEFT_TO_RIGHT = """() => { const [a, b] = document.querySelectorAll(".secret span");
    return a.getBoundingClientRect().left < b.getBoundingClientRect().left; }"""


async def presses_the_button(page: Page, community: Community, person: int) -> None:
    """Come to the page by a link."""
    await page.goto(community.site.url + await community.link(person))
    await page.get_by_role("button").click()
    await page.locator("input[name=code]").wait_for()


@pytest.mark.parametrize(
    ("language", "machine", "theme"),
    [
        ("ar", PHONE, "dark"),
        ("en", PHONE, "light"),
        ("ar", DESK, "light"),
        ("en", DESK, "dark"),
    ],
    ids=["ar-phone", "en-phone", "ar-desk", "en-desk"],
)
async def test_a_code_is_set_up_and_typed(
    browser: Browser, community: Community, language: str, machine: dict[str, Any], theme: str
) -> None:
    person, app = await community.staff(Role.MODERATOR, language=language), App()
    told = await watched(browser, **machine, color_scheme=theme)
    page = told.page
    await presses_the_button(page, community, person)
    app.reads(await page.content())
    assert secret_on(await page.content())
    assert await page.evaluate(FITS)
    assert await page.evaluate(PICTURE) == ["1px", "butt", "rgb(0, 0, 0)", "none", True, True]
    assert await page.evaluate(IN_ONE_LINE)
    assert await page.evaluate(FROM_LEFT_TO_RIGHT)
    await page.locator("input[name=code]").fill(wrong_code(app.secret, community.clock()))
    await page.locator("form button").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.locator("input[name=code]").fill(app.shows(community.clock()))
    await page.locator("form button").click()
    await page.locator(".desk").wait_for()
    assert page.url.removeprefix(community.site.url).startswith(BOARD)
    await presses_the_button(page, community, person)
    assert not secret_on(await page.content())
    assert asks(await page.content())
    await page.locator("input[name=code]").fill(app.shows(community.clock()))
    await page.keyboard.press("Enter")
    await page.locator(".desk").wait_for()
    assert told.ran == []
    assert all(url.startswith(community.site.url + "/") for url in told.asked), told.asked


async def taps_twice(page: Page) -> None:
    """Tap the button once more before anything has come of the first time."""
    tapped = asyncio.Event()

    async def waits(route: Route) -> None:
        await tapped.wait()
        await route.continue_()

    await page.route("**", waits)
    button = page.locator("form button")
    await button.scroll_into_view_if_needed()
    box = await button.bounding_box()
    assert box
    for _ in range(2):
        await page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tapped.set()


async def test_a_double_tap_uses_up_neither_the_link_nor_the_code(
    browser: Browser, community: Community
) -> None:
    person, app, sent = await community.staff(Role.MODERATOR), App(), list[str]()
    page = (await watched(browser, **PHONE)).page
    page.on("request", lambda each: sent.append(each.url) if each.method == "POST" else None)
    await page.goto(community.site.url + await community.link(person))
    await taps_twice(page)
    await page.locator("input[name=code]").wait_for()
    # The second tap is nothing only once the page's script has run.
    await page.wait_for_load_state()
    app.reads(await page.content())
    await page.locator("input[name=code]").fill(app.shows(community.clock()))
    await taps_twice(page)
    await page.locator(".desk").wait_for()
    assert len(sent) == 2
