"""The page in a real browser: with and without scripts, narrow, wide, by keyboard, on bad lines."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Literal

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    Response,
    Route,
    async_playwright,
    expect,
)

from dialogue.words import Act, Message, MessageButton
from tests.postgres import free_port
from tests.web.slowness import Work, slow_line
from tests.web.standin import AGREE, ASK, NOTICE, SAVED, Site, keys, running_site

pytestmark = pytest.mark.browser

SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SEND = {"ar": "إرسال", "en": "Send"}
NAMES = {"ar": "العربية", "en": "English"}

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "<script>alert(1)</script></textarea></template><svg onload=alert(1)>",
    "\u202etxt.exe \u2067open",
    "/for\u200bget " + "ا" + "\u064b" * 100,
    "\ufdfa" * 50,
    "👨‍👩‍👧‍👦" * 20,
    '=HYPERLINK("//x?"&A1)',
    "javascript:alert(1) https://t.me@evil.example",
    "_*[`~>#|{}.!<a href='tg://user?id=1'>x</a>",
    "%_\\'--",
    "می‌خواهم کوردی",
)


@pytest.fixture
async def browser(chromium: str) -> AsyncGenerator[Browser]:
    """A browser of one's own."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        yield running
        await running.close()


async def visitor(
    browser: Browser, language: str = "en", width: int = 320, script: bool = True
) -> BrowserContext:
    """Somebody new with this language, screen and browser."""
    return await browser.new_context(
        viewport={"width": width, "height": 640 if width < 800 else 800},
        locale=language,
        java_script_enabled=script,
    )


async def agreed(page: Page, site: Site, language: str) -> None:
    """Go through the greeting and the notice."""
    await page.goto(site.url + "/chat")
    await page.get_by_role("button", name=NAMES[language]).click()
    await page.get_by_role("button", name=AGREE[language]).click()
    await expect(page.get_by_text(ASK[language])).to_be_visible()


async def says(page: Page, words: str) -> None:
    """Type this and press Enter."""
    await page.get_by_role("textbox").fill(words)
    await page.get_by_role("textbox").press("Enter")


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_a_conversation(
    browser: Browser, site: Site, language: str, width: int, script: bool
) -> None:
    context = await visitor(browser, language, width, script)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text))
    await agreed(page, site, language)
    await page.get_by_role("textbox").fill("نور Noor")
    await page.get_by_role("button", name=SEND[language], exact=True).click()
    await expect(page.get_by_text(f"{SAVED[language]}: نور Noor")).to_be_in_viewport()
    await expect(page.locator(".own p")).to_have_text("نور Noor")
    await expect(page.locator("html")).to_have_attribute("lang", language)
    await expect(page.locator("html")).to_have_attribute("dir", {"ar": "rtl"}.get(language, "ltr"))
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert wrong == []


async def test_choosing_a_language_turns_the_page_round(browser: Browser, site: Site) -> None:
    page = await (await visitor(browser, "en")).new_page()
    await page.goto(site.url + "/chat")
    await page.get_by_role("button", name="العربية").click()
    await expect(page.get_by_text(NOTICE["ar"])).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    await expect(page.get_by_role("textbox", name="رسالة")).to_be_visible()
    await expect(page).to_have_title("تضامن")


async def test_each_line_lies_the_way_its_language_runs(browser: Browser, site: Site) -> None:
    page = await (await visitor(browser, "ar", 1280)).new_page()
    await page.goto(site.url + "/chat")
    await site.bot.say(site.account, "سلام\nHello there, this is a much longer line\nأهلًا", "ar")
    lines = page.locator(".bubble p").last
    await expect(lines).to_contain_text("Hello there")
    boxes = await lines.evaluate(
        """(p) => {
          const range = document.createRange(), text = p.firstChild, found = [];
          let from = 0;
          for (const line of text.data.split("\\n")) {
            range.setStart(text, from); range.setEnd(text, from + line.length);
            const box = range.getBoundingClientRect();
            found.push([box.left, box.right]);
            from += line.length + 1;
          }
          const outer = p.getBoundingClientRect();
          return [[outer.left, outer.right], ...found];
        }"""
    )
    outer, first, second, third = boxes
    assert first[1] == pytest.approx(outer[1], abs=1)
    assert second[0] == pytest.approx(outer[0], abs=1)
    assert third[1] == pytest.approx(outer[1], abs=1)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_a_long_message_is_shown_from_its_beginning(
    browser: Browser, site: Site, script: bool
) -> None:
    page = await (await visitor(browser, script=script)).new_page()
    await page.goto(site.url + "/chat")
    await page.get_by_role("textbox").fill("\n".join(["a long", *"story" * 20, "the end"]))
    await page.get_by_role("button", name="Send", exact=True).click()
    beginning = page.get_by_text("Saved: a long")
    await expect(beginning).to_be_visible()
    # It comes in from a little below, and a page without scripts is scrolled once it is there.
    await page.wait_for_function(FROM_ITS_BEGINNING, arg=await beginning.element_handle())


FROM_ITS_BEGINNING = """(words) => {
  const box = words.getBoundingClientRect(), header = document.querySelector("header").offsetHeight;
  return box.height > 640 && header <= box.top && box.top <= header + 60;
}"""


async def test_what_was_not_sent_is_sent_again_once(browser: Browser, site: Site) -> None:
    context = await visitor(browser)
    page = await context.new_page()
    await agreed(page, site, "en")
    await context.set_offline(True)
    await says(page, "from the tunnel")
    await expect(page.get_by_text("Not sent")).to_be_visible()
    await expect(page.get_by_text("The connection dropped")).to_be_visible()
    await context.set_offline(False)
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_text("Saved: from the tunnel")).to_be_visible()
    await expect(page.get_by_text("Not sent")).to_have_count(0)
    assert [each.text for each in site.bot.heard].count("from the tunnel") == 1


async def test_an_answer_that_got_lost_does_not_make_it_said_twice(
    browser: Browser, site: Site
) -> None:
    context = await visitor(browser)
    page = await context.new_page()
    await agreed(page, site, "en")
    lost = 0

    async def lose_the_first_answer(route: Route) -> None:
        nonlocal lost
        lost += 1
        if lost == 1:
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/chat", lose_the_first_answer)
    await says(page, "only once")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_text("Not sent")).to_have_count(0)
    await expect(page.get_by_text("Saved: only once")).to_have_count(1)
    assert [each.text for each in site.bot.heard].count("only once") == 1


async def test_what_was_typed_or_did_not_get_through_survives_a_reload(
    browser: Browser, site: Site
) -> None:
    page = await (await visitor(browser)).new_page()
    await agreed(page, site, "en")
    site.bot.out_of_order = True
    await says(page, "not taken yet")
    await expect(page.get_by_role("button", name="Try again")).to_be_visible()
    await page.get_by_role("textbox").press_sequentially("half a sen")
    site.bot.out_of_order = False
    await page.reload()
    await expect(page.get_by_role("textbox")).to_have_value("half a sen")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_text("Saved: not taken yet")).to_be_visible()


async def test_after_a_restart_an_open_page_goes_on(browser: Browser) -> None:
    page = await (await visitor(browser)).new_page()
    port = free_port()
    async with running_site(port=port) as first:
        await page.goto(first.url + "/chat")
        await expect(page.get_by_role("button", name="English")).to_be_visible()
    async with running_site(port=port) as second:
        await says(page, "still here")
        again = page.get_by_role("button", name="Try again")
        saved = page.get_by_text("Saved: still here")
        await expect(again.or_(saved).first).to_be_visible()
        if await again.is_visible():
            await again.click()
        await expect(saved).to_be_visible()
        assert [each.text for each in second.bot.heard] == ["still here"]


async def test_without_events_the_page_asks_for_what_is_new(browser: Browser, site: Site) -> None:
    page = await (await visitor(browser)).new_page()
    await page.add_init_script("delete window.EventSource")
    await agreed(page, site, "en")
    await site.bot.say(site.account, "a reminder")
    await expect(page.get_by_text("a reminder")).to_be_visible()


async def test_the_keyboard_is_enough(browser: Browser, site: Site) -> None:
    page = await (await visitor(browser)).new_page()
    await page.goto(site.url + "/chat")
    await expect(page.get_by_role("button", name="English")).to_be_visible()
    for _ in range(10):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.textContent == 'English'"):
            break
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert await page.evaluate(outline) == "solid"
    await page.keyboard.press("Enter")
    agree = page.get_by_role("button", name=AGREE["en"])
    await expect(agree).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(ASK["en"])).to_be_visible()
    await page.get_by_role("textbox").focus()
    await page.keyboard.type("one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Saved: one")).to_be_visible()
    assert site.bot.heard[-1].text == "one\ntwo"


async def test_a_screen_reader_finds_names_for_everything(browser: Browser, site: Site) -> None:
    page = await (await visitor(browser)).new_page()
    await agreed(page, site, "en")
    await says(page, "Noor")
    await expect(page.get_by_text("Saved: Noor")).to_be_visible()
    assert '- heading "Tadamun" [level=1]' in await page.locator("body").aria_snapshot()
    await expect(page.get_by_role("log", name="Conversation")).to_have_count(1)
    await expect(page.get_by_role("textbox", name="Message")).to_have_count(1)
    await expect(page.get_by_role("button", name="Send", exact=True)).to_have_count(1)
    await expect(page.get_by_role("button", name="Menu")).to_have_count(1)
    own = await page.locator(".own").aria_snapshot()
    assert "You:" in own
    assert "Sent" in own
    unnamed = await page.evaluate(
        "[...document.querySelectorAll('button, a, textarea')].filter((each) => "
        "!(each.getAttribute('aria-label') || each.textContent.trim())).length"
    )
    assert unnamed == 0


async def test_everything_to_tap_is_large_enough(browser: Browser, site: Site) -> None:
    page = await (await visitor(browser)).new_page()
    await agreed(page, site, "en")
    links = ((MessageButton("Video room", url="https://meet.example/a"),),)
    await site.chat.send(site.account, Act.SEND, None, Message("Here", links))
    await page.get_by_role("link", name="Video room").wait_for()
    sizes = await page.evaluate(
        "[...document.querySelectorAll('button, a:not(.skip), textarea')]"
        ".filter((each) => each.checkVisibility()).map((each) => "
        "{ const box = each.getBoundingClientRect(); return [box.width, box.height]; })"
    )
    assert len(sizes) >= 4
    assert all(width >= 44 and height >= 44 for width, height in sizes), sizes


@pytest.mark.parametrize("width", [320, 360])
async def test_words_on_buttons_stay_whole_where_there_is_room(
    browser: Browser, site: Site, width: int
) -> None:
    page = await (await visitor(browser, width=width)).new_page()
    await agreed(page, site, "en")
    labels = ("Discard", "All announcements", "New announcement", "Menu", "Register", "x" * 90)
    buttons = [MessageButton(label, str(at)) for at, label in enumerate(labels)]
    rows = tuple(tuple(buttons[at : at + 2]) for at in (0, 2, 4))
    await site.chat.send(site.account, Act.SEND, None, Message("Here", rows))
    await page.get_by_role("button", name="Register").wait_for()
    broken, over = await page.evaluate(BROKEN_WORDS)
    assert broken == [labels[-1]]
    assert over == []


BROKEN_WORDS = r"""(() => {
  const keys = [...document.querySelectorAll(".row:last-child .key")];
  const broken = keys.flatMap((key) => {
    const text = key.querySelector("bdi").firstChild;
    return [...text.data.matchAll(/\S+/g)].filter((word) => {
      const range = document.createRange();
      range.setStart(text, word.index); range.setEnd(text, word.index + word[0].length);
      return range.getClientRects().length > 1;
    }).map((word) => word[0]);
  });
  const over = keys.filter((key) => key.scrollWidth > key.clientWidth);
  return [broken, over.map((key) => key.textContent)];
})()"""


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_hostile_words_are_shown_and_nothing_more(
    browser: Browser, site: Site, script: bool
) -> None:
    context = await visitor(browser, script=script)
    page = await context.new_page()
    asked: list[str] = []
    ran: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: ran.append(dialog.message))
    page.on("pageerror", lambda error: ran.append(str(error)))
    page.on("console", lambda message: ran.append(message.text))
    await agreed(page, site, "en")
    saved = page.locator(".bubble p").filter(has_text="Saved")
    for number, words in enumerate(HOSTILE, 1):
        await site.bot.say(site.account, words, "en", keys([(words[:24], "x")]))
        await page.get_by_role("textbox").fill(words)
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(saved).to_have_count(number)
        texts = await page.locator(".bubble p").all_text_contents()
        assert texts.count(words) == 2, words
    await page.reload()
    assert set(HOSTILE) <= set(await page.locator(".bubble p").all_text_contents())
    assert await page.locator("log img, #log script, #log a, .bubble svg").count() == 0
    assert ran == []
    assert all(url.startswith(site.url + "/") for url in asked), asked


async def test_links_are_only_where_a_button_is_one(browser: Browser, site: Site) -> None:
    page = await (await visitor(browser)).new_page()
    await agreed(page, site, "en")
    rows = (
        (MessageButton("Join", url="https://meet.example/a"),),
        (MessageButton("Run", url="javascript:alert(1)"), MessageButton("Odd", url="http://[")),
    )
    await site.chat.send(site.account, Act.SEND, None, Message("https://elsewhere.example", rows))
    await expect(page.get_by_role("link", name="Join")).to_have_attribute(
        "rel", "noopener noreferrer"
    )
    assert await page.locator("#log a").count() == 1


async def test_forgetting_clears_the_open_page(browser: Browser, site: Site) -> None:
    page = await (await visitor(browser)).new_page()
    await agreed(page, site, "en")
    await says(page, "my secret")
    await expect(page.get_by_text("Saved: my secret")).to_be_visible()
    await says(page, "/forget")
    await expect(page.get_by_text("Erased.")).to_be_visible()
    await expect(page.get_by_text("my secret")).to_have_count(0)
    assert "secret" not in str(await page.evaluate("sessionStorage.chat"))


async def test_a_third_tab_is_told_apart_and_comes_back_when_looked_at(
    browser: Browser, site: Site
) -> None:
    context = await visitor(browser)
    pages = [await context.new_page() for _ in range(3)]
    for page in pages:
        await page.goto(site.url + "/chat")
        await expect(page.get_by_role("button", name="English")).to_be_visible()
    told = pages[0].get_by_text("open on other pages")
    await expect(told).to_be_visible()


async def test_the_whole_page_is_light(browser: Browser, site: Site) -> None:
    page = await (await visitor(browser, "ar")).new_page()
    came: list[Response] = []
    page.on("response", lambda response: came.append(response))
    await page.goto(site.url + "/chat", wait_until="load")
    await page.get_by_role("button", name="English").wait_for()
    await page.wait_for_function("performance.getEntriesByType('resource').length >= 2")
    loaded = [each for each in came if "after=0" not in each.url and "events" not in each.url]
    sizes = {each.url: len(await each.body()) for each in loaded}
    assert len(sizes) >= 3
    assert sum(sizes.values()) <= 40_000, sizes


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
async def test_on_a_slow_line_the_first_page_is_usable_in_five_seconds(
    browser: Browser, site: Site, script: bool
) -> None:
    context = await visitor(browser, "ar", script=script)
    page = await context.new_page()
    work = await Work.of(page)
    async with slow_line(page) as line:
        await page.goto(site.url + "/chat?w=corona-1", wait_until="commit")
        button = page.get_by_role("button", name="العربية")
        await button.wait_for()
        await button.click(trial=True)
        # What the line and the page's own work take, however little of this machine they get.
        taken = line.seconds + await work.seconds()
    assert len(line.rounds) >= 3
    assert taken <= 5.0, (taken, line)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everything_can_be_read_in_light_and_in_the_dark(
    browser: Browser, scheme: Literal["light", "dark"]
) -> None:
    async with running_site(lambda parts: replace(parts, telegram_username=lambda: "a")) as site:
        context = await browser.new_context(color_scheme=scheme, locale="en")
        page = await context.new_page()
        await agreed(page, site, "en")
        await says(page, "Noor")
        await expect(page.get_by_text("Saved: Noor")).to_be_visible()
        assert await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") == (
            scheme == "dark"
        )
        low = json.loads(await page.evaluate(CONTRAST))
        assert low == []


CONTRAST = """(() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgb = (color, under) => {
    canvas.fillStyle = under; canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255;
    return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b; };
  const css = (c) => `rgb(${c.join(",")})`;
  const ground = (node) => node
    ? rgb(getComputedStyle(node).backgroundColor, css(ground(node.parentElement)))
    : [255, 255, 255];
  return JSON.stringify([...document.querySelectorAll(".bubble p, .key, h1, .over, #text")]
    .map((node) => { const back = ground(node);
      const front = rgb(getComputedStyle(node).color, css(back));
      const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
      return [node.className || node.tagName, (a + .05) / (b + .05)]; })
    .filter(([, ratio]) => ratio < 4.5));
})()"""
