"""Posters in a real browser: in their bubble, on any screen, and sent from a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from dialogue.words import Act, Message, MessageButton
from tests.pictures import png
from tests.web.standin import Site
from tests.web.test_browser import agreed, browser, says, visitor

__all__ = ["browser"]

pytestmark = pytest.mark.browser

ROWS = ((MessageButton("التسجيل", "go:register"), MessageButton("التفاصيل", "go:w:virus")),)
SEND = {"ar": "إرسال الصورة", "en": "Send the picture"}
SHAPES = [(1920, 1080), (300, 900), (120, 80)]


async def inside(page: Page) -> list[dict[str, float]]:
    """Of each picture: how far it reaches out of its bubble, and its width and height."""
    return await page.evaluate(
        """[...document.querySelectorAll(".bubble img")].map((image) => {
          const box = image.getBoundingClientRect();
          const bubble = image.parentElement.getBoundingClientRect();
          return { out: Math.max(bubble.left - box.left, box.right - bubble.right),
                   width: box.width, height: box.height };
        })"""
    )


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("width", [320, 1280])
async def test_posters_stay_within_their_bubble_and_keep_their_shape(
    browser: Browser, site: Site, language: str, width: int
) -> None:
    page = await (await visitor(browser, language, width)).new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    await agreed(page, site, language)
    for number, shape in enumerate(SHAPES):
        hash = site.posters.add(png(*shape, colour=(23 + 60 * number, 112, 95)))
        words = "ندوة عن العمل التطوعي\nالجمعة 3 نيسان، الساعة 7:00 مساءً"
        await site.chat.send(site.account, Act.SEND, None, Message(words, ROWS, "ar", photo=hash))
    await expect(page.get_by_role("img", name="ملصق الندوة")).to_have_count(len(SHAPES))
    shown = await inside(page)
    for (wide, high), picture in zip(SHAPES, shown, strict=True):
        assert picture["out"] <= 0
        assert picture["width"] / picture["height"] == pytest.approx(wide / high, rel=0.02)
        assert picture["width"] <= min(width, 480)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert wrong == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_nothing_moves_when_a_poster_arrives_late(
    browser: Browser, site: Site, script: bool
) -> None:
    page = await (await visitor(browser, script=script)).new_page()
    await agreed(page, site, "en")
    hash = site.posters.add(png(1600, 900))
    late: list[Route] = []
    await page.route("**/chat/poster/*", lambda route: late.append(route))
    chat = page.url
    await page.goto("about:blank")  # An open page would ask for the poster, too.
    message = Message("A webinar", ((MessageButton("Register", "go:register"),),), photo=hash)
    await site.chat.send(site.account, Act.SEND, None, message)
    async with page.expect_request("**/chat/poster/*"):
        # Not before the script has run; the whole page waits for the poster.
        await page.goto(chat, wait_until="domcontentloaded")
    button = page.get_by_role("button", name="Register")
    await button.wait_for()
    before = await button.bounding_box()
    (waiting,) = late
    await waiting.continue_()
    await page.locator(".bubble img").evaluate("image => image.decode()")
    assert await button.bounding_box() == before


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_a_picture_is_sent_from_a_file(
    browser: Browser, site: Site, tmp_path: Path, language: str, width: int, script: bool
) -> None:
    page = await (await visitor(browser, language, width, script)).new_page()
    await agreed(page, site, language)
    file = tmp_path / "ملصق poster.png"
    file.write_bytes(png(800, 450))
    await says_and_looks(page, "/poster")
    await page.locator("input[type=file]").set_input_files(file)
    boxes = await page.evaluate(
        "[...document.querySelectorAll('.pick > *')].map((each) => "
        "{ const b = each.getBoundingClientRect(); return [b.left, b.right, b.height]; })"
    )
    assert len(boxes) == 2
    assert all(0 <= left < right <= width and high >= 44 for left, right, high in boxes), boxes
    await page.get_by_role("button", name=SEND[language]).click()
    await expect(page.get_by_text("upload:1")).to_be_visible()
    await expect(page.locator("input[type=file]")).to_have_count(0)
    assert list(site.posters.kept.values()) == [png(800, 450)]


async def says_and_looks(page: Page, words: str) -> None:
    """Type this, send it as the page allows, and wait for a place to put a picture."""
    await page.get_by_role("textbox").fill(words)
    await page.locator("#say .round:not(.quiet)").click()
    await expect(page.locator("input[type=file]")).to_be_visible()


async def test_a_file_that_is_no_picture_is_told_and_another_may_be_sent(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    page = await (await visitor(browser)).new_page()
    await agreed(page, site, "en")
    await says(page, "/poster")
    bad, good = tmp_path / "bad.png", tmp_path / "good.png"
    bad.write_bytes(b"no picture at all")
    good.write_bytes(png())
    await page.locator("input[type=file]").set_input_files(bad)
    await page.get_by_role("button", name=SEND["en"]).click()
    await expect(page.get_by_text("A picture (JPEG, PNG or WebP)")).to_be_visible()
    await page.locator("input[type=file]").set_input_files(good)
    await page.get_by_role("button", name=SEND["en"]).click()
    await expect(page.get_by_text("upload:1")).to_be_visible()
    await expect(page.get_by_text("A picture (JPEG, PNG or WebP)")).to_have_count(0)
