"""Authenticator apps, and the page of a board that asks for what they show."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING

from pyotp.totp import TOTP

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from playwright.async_api import Page

STEP = timedelta(seconds=30)
SEATS = ".desk, .stage, .interpret"


def code_at(secret: str, now: datetime) -> str:
    """What an app shows at this time."""
    return TOTP(secret).at(now)


def wrong_code(secret: str, now: datetime) -> str:
    """Six digits that it shows at no time near this one."""
    near = {TOTP(secret).at(now + each * STEP) for each in range(-3, 4)}
    return next(code for code in (f"{number:06}" for number in range(8)) if code not in near)


def secret_on(page: str) -> str | None:
    """The secret that a page shows to whoever sets a code up, as somebody would copy it by eye."""
    shown = re.search(r'<code class="secret"[^>]*>(.*?)</code>', page, re.DOTALL)
    return "".join(re.findall(r"[A-Z2-7]+", re.sub(r"<[^>]*>", " ", shown[1]))) if shown else None


class App:
    """The app on somebody's phone, who types no code twice."""

    def __init__(self) -> None:
        self.secret = ""
        self._typed = 0

    def reads(self, page: str) -> None:
        """Have it keep the secret on this page, if there is one."""
        self.secret = secret_on(page) or self.secret

    def shows(self, now: datetime) -> str:
        """The code to type now; the next one where that was typed already."""
        step = int(now.timestamp()) // 30
        self._typed = max(step, self._typed + 1)
        assert self._typed <= step + 1, "The next code is not shown yet: let the time go on."
        return TOTP(self.secret).generate_otp(self._typed)


def asks(page: str) -> bool:
    """Whether this page wants a code."""
    return 'name="code"' in page


async def typed(client: httpx.AsyncClient, page: str, code: str) -> httpx.Response:
    """Send the form of the page that asks for a code, as a browser without scripts does."""
    action = re.search(r'<form method="post" action="([^"]+)"', page)
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert action, page
    assert token, page
    form = {"token": token[1], "code": code}
    return await client.post(unescape(action[1]), data=form, follow_redirects=True)


async def let_in(
    client: httpx.AsyncClient, answer: httpx.Response, app: App, now: datetime
) -> httpx.Response:
    """What follows once the code is typed; the same page where none is asked for."""
    if not asks(answer.text):
        return answer
    app.reads(answer.text)
    return await typed(client, answer.text, app.shows(now))


async def let_in_by(page: Page, app: App, clock: Callable[[], datetime]) -> None:
    """The same in a browser, where the button behind the link was pressed."""
    await page.locator(f"{SEATS}, .code").first.wait_for()
    # A page that is still coming does not hold the secret yet.
    await page.wait_for_load_state()
    if await page.locator(".code").count():
        app.reads(await page.content())
        await page.locator("input[name=code]").fill(app.shows(clock()))
        await page.locator("form button").click()
    await page.locator(SEATS).first.wait_for()
    # What is pressed before its script has run is lost, or opens a page instead of a sheet.
    await page.wait_for_load_state()
