"""The code that a seat asks for beside the link: set up once, typed each time, over real HTTP."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest

from storage.community.boards import Seat
from storage.community.codes import TRIED, TRIES
from storage.community.doors import LASTING
from storage.roles import Role
from tests.codes import STEP, App, asks, code_at, let_in, secret_on, typed, wrong_code
from tests.web.community import OTHER, WEBINAR, Community, Member, running_community
from tests.web.standin import Site
from web.board.codes import address, drawn
from web.security import POLICY

BOARD = f"/board/{WEBINAR}"
PAGE = f"{BOARD}/code/desk"
WRONG = "This code does not fit"
EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.fixture
def site(community: Community) -> Site:
    return community.site


@pytest.fixture
async def at_the_page(community: Community, client: httpx.AsyncClient) -> str:
    """The page that a moderator sees after the button of their first link."""
    return await pressed(community, client, await community.staff(Role.MODERATOR))


async def pressed(
    community: Community, client: httpx.AsyncClient, person: int, seat: Seat = Seat.DESK
) -> str:
    """What is seen once the button behind a new link is pressed."""
    link = await community.link(person, seat)
    return (await client.post(link, follow_redirects=True)).text


async def settled(community: Community, client: httpx.AsyncClient, person: int) -> App:
    """The app of somebody who has set their code up, and closed the board again."""
    app = App()
    page = await pressed(community, client, person)
    app.reads(page)
    assert (await typed(client, page, app.shows(community.clock()))).url.path == BOARD
    client.cookies.clear()
    community.clock.forward(STEP)
    return app


def secret_of(page: str) -> str:
    secret = secret_on(page)
    assert secret, page
    return secret


# --- the first time -----------------------------------------------------------------------------


async def test_the_first_link_leads_to_a_page_that_sets_a_code_up(
    community: Community, client: httpx.AsyncClient
) -> None:
    link = await community.link(await community.staff(Role.MODERATOR))
    answer = await client.post(link, follow_redirects=True)
    assert answer.url.path == PAGE
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    secret, now = secret_of(answer.text), community.clock()
    assert re.fullmatch(r"[A-Z2-7]{32}", secret)
    groups = re.findall(r"<span>([A-Z2-7]+)</span>", answer.text)
    assert [len(group) for group in groups] == [4] * 8
    assert re.search(r'<code class="secret" lang="en" dir="ltr"', answer.text)
    assert "Aegis" in answer.text
    assert "FreeOTP+" in answer.text
    assert re.search(r'inputmode="numeric" autocomplete="one-time-code"', answer.text)
    assert (await client.get(BOARD)).status_code == 401
    entered = await typed(client, answer.text, code_at(secret, now))
    assert entered.url.path == BOARD
    assert entered.status_code == 200
    assert 'class="desk"' in entered.text


async def test_an_app_is_handed_the_same_by_picture_link_and_letters(at_the_page: str) -> None:
    found = re.search(r'href="(otpauth:[^"]+)"', at_the_page)
    assert found
    uri = unescape(found[1])
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/Board"
    assert parse_qs(parts.query) == {"secret": [secret_of(at_the_page)], "issuer": ["Tadamun"]}
    assert drawn(uri) in at_the_page


def test_the_picture_holds_the_address_module_by_module() -> None:
    import segno

    uri = address("A" * 32, "تضامن", "لوحة الأسئلة")
    svg, code = drawn(uri), segno.make(uri, micro=False)
    lines = re.search(r'stroke="#000" d="([^"]+)"', svg)
    assert lines, svg
    dark: set[tuple[int, int]] = set()
    x = y = 0.0
    for kind, first, _, second in re.findall(r"([Mmh])(-?[\d.]+)([ ,]?(-?[\d.]+))?", lines[1]):
        if kind == "M":
            x, y = float(first), float(second)
        elif kind == "m":
            x, y = x + float(first), y + float(second)
        else:
            dark |= {(int(y), int(x) + step) for step in range(int(first))}
            x += float(first)
    rows = [list(row) for row in code.matrix]
    expected = {
        (row + 4, column + 4)
        for row, modules in enumerate(rows)
        for column, module in enumerate(modules)
        if module
    }
    assert dark == expected


async def test_the_page_keeps_to_what_the_policy_lets_it(at_the_page: str) -> None:
    assert "style-src 'self'" in POLICY
    assert not re.search(r"\sstyle=|<style|<script(?! src=)|\son\w+=", at_the_page)


async def test_only_the_right_code_makes_it_theirs(
    community: Community, client: httpx.AsyncClient, at_the_page: str
) -> None:
    secret, now = secret_of(at_the_page), community.clock()
    answer = await typed(client, at_the_page, wrong_code(secret, now))
    assert answer.url.path == PAGE
    assert WRONG in answer.text
    # The page is the same: whoever has scanned it before need not do so again.
    assert secret_of(answer.text) == secret
    assert (await typed(client, answer.text, code_at(secret, now))).url.path == BOARD


async def test_looking_at_the_page_changes_nothing_and_may_be_done_again(
    community: Community, client: httpx.AsyncClient, at_the_page: str
) -> None:
    for _ in range(3):
        assert (await client.get(f"{PAGE}?said=wrong")).status_code == 200
    again = await client.get(PAGE)
    assert secret_of(again.text) == secret_of(at_the_page)
    code = code_at(secret_of(at_the_page), community.clock())
    assert (await typed(client, again.text, code)).url.path == BOARD


# --- from then on -------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["{}", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}"])
@pytest.mark.parametrize("digits", ["western", "eastern"])
async def test_the_next_time_only_the_code_is_asked_for(
    community: Community, client: httpx.AsyncClient, digits: str, written: str
) -> None:
    person = await community.staff(Role.MODERATOR)
    app = await settled(community, client, person)
    page = await pressed(community, client, person)
    assert asks(page)
    assert secret_on(page) is None
    assert "otpauth:" not in page
    shown = app.shows(community.clock())
    shown = shown.translate(EASTERN) if digits == "eastern" else shown
    assert (await typed(client, page, written.format(shown))).url.path == BOARD


async def test_a_code_opens_a_board_once(community: Community, client: httpx.AsyncClient) -> None:
    person = await community.staff(Role.MODERATOR)
    app = await settled(community, client, person)
    code = app.shows(community.clock())
    assert (await typed(client, await pressed(community, client, person), code)).url.path == BOARD
    client.cookies.clear()
    answer = await typed(client, await pressed(community, client, person), code)
    assert answer.url.path == PAGE
    assert WRONG in answer.text


@pytest.mark.parametrize(
    ("language", "words", "other"),
    [("en", "The six digits from the app", "العربية"), ("ar", "الأرقام الستة", "English")],
)
async def test_the_page_speaks_to_each_in_their_language_and_has_the_other(
    community: Community, client: httpx.AsyncClient, language: str, words: str, other: str
) -> None:
    person = await community.staff(Role.MODERATOR, language=language)
    page = await pressed(community, client, person)
    assert f'<html lang="{language}"' in page
    assert words in page
    way = re.search(rf'href="([^"]+)">{other}<', page)
    assert way, page
    turned = (await client.get(unescape(way[1]))).text
    assert f'<html lang="{language}"' not in turned
    code = code_at(secret_of(page), community.clock())
    # A wrong one does not turn the page back.
    wrong = await typed(client, turned, wrong_code(secret_of(page), community.clock()))
    assert f'<html lang="{language}"' not in wrong.text
    assert (await typed(client, wrong.text, code)).url.path == BOARD


async def test_after_five_wrong_codes_it_says_how_long_to_wait_whatever_is_typed(
    community: Community, client: httpx.AsyncClient
) -> None:
    person = await community.staff(Role.MODERATOR)
    app = await settled(community, client, person)
    page = await pressed(community, client, person)
    wrong = wrong_code(app.secret, community.clock())
    answer = [await typed(client, page, wrong) for _ in range(TRIES)][-1]
    assert "wait 15 minutes" in answer.text
    assert not asks(answer.text)
    community.clock.forward(timedelta(minutes=10))
    codes = (wrong_code(app.secret, community.clock()), code_at(app.secret, community.clock()))
    answers = [await typed(client, page, code) for code in codes]
    assert answers[0].text == answers[1].text
    assert "wait 5 minutes" in answers[0].text
    community.clock.forward(TRIED - timedelta(minutes=10))
    page = await pressed(community, client, person)
    assert (await typed(client, page, app.shows(community.clock()))).url.path == BOARD


# --- what it opens, and what not ----------------------------------------------------------------


async def test_a_preview_of_the_link_burns_nothing(
    community: Community, client: httpx.AsyncClient
) -> None:
    link = await community.link(await community.staff(Role.MODERATOR))
    async with httpx.AsyncClient(base_url=community.site.url, timeout=30) as preview:
        for _ in range(3):
            assert (await preview.get(link)).status_code == 200
            assert (await preview.head(link)).status_code in (200, 405)
            assert not preview.cookies
    answer = await client.post(link, follow_redirects=True)
    assert secret_on(answer.text)
    # The button has used it up, though the code is still to come.
    assert (await client.post(link)).status_code == 403


async def test_what_the_browser_holds_meanwhile_opens_nothing_else(
    community: Community, client: httpx.AsyncClient, at_the_page: str
) -> None:
    (name, held), *others = client.cookies.items()
    assert others == []
    assert name.startswith("code-desk-")
    for seat in Seat:
        client.cookies.set(name.replace("code-desk", seat), held)
    ways = ("", "/stage", "/projector", "/interpret", "/digest", "/events", "/events?view=stage")
    for way in ways:
        assert (await client.get(BOARD + way)).status_code == 401, way
    token = re.search(r'name="token" value="([^"]+)"', at_the_page)
    assert token
    for way in ("act", "close", "screen", "here", "translate", "answer"):
        answer = await client.post(f"{BOARD}/{way}", data={"token": token[1], "do": "x"})
        assert answer.status_code in (401, 405), way
    code = code_at(secret_of(at_the_page), community.clock())
    for webinar, seat in ((OTHER, "desk"), (WEBINAR, "stage"), (WEBINAR, "nowhere")):
        path = f"/board/{webinar}/code/{seat}"
        assert (await client.get(path)).status_code == 401
        assert (await client.post(path, data={"code": code})).status_code == 401


async def test_it_is_good_for_a_quarter_of_an_hour_and_for_one_board(
    community: Community, client: httpx.AsyncClient, at_the_page: str
) -> None:
    held = dict(client.cookies.items())
    code = code_at(secret_of(at_the_page), community.clock())
    assert (await typed(client, at_the_page, code)).url.path == BOARD
    assert not [name for name in client.cookies if name.startswith("code-")]
    client.cookies.update(held)
    community.clock.forward(STEP)
    code = code_at(secret_of(at_the_page), community.clock())
    # Whoever is in stays so, by the way back or a button that was pressed twice.
    assert (await client.get(PAGE, follow_redirects=True)).url.path == BOARD
    assert (await typed(client, at_the_page, code)).url.path == BOARD
    client.cookies.clear()
    client.cookies.update(held)
    assert (await typed(client, at_the_page, code)).status_code == 401
    client.cookies.clear()
    person = next(iter(community.people.values()))
    await pressed(community, client, person)
    community.clock.forward(LASTING)
    late = await client.get(PAGE)
    assert late.status_code == 401
    assert "/board" in late.text


async def test_a_cookie_that_was_tampered_with_is_none(
    community: Community, client: httpx.AsyncClient, at_the_page: str
) -> None:
    ((name, held),) = client.cookies.items()
    code = code_at(secret_of(at_the_page), community.clock())
    swapped = held[::-1]
    for tampered in (swapped, "A" * 43, held[:-1], held + "A", "", '"' + held + '"', "é"):
        async with httpx.AsyncClient(base_url=community.site.url, timeout=30) as other:
            headers = [(b"cookie", f"{name}={tampered}".encode())]
            shown = await other.get(PAGE, headers=headers)
            if tampered == f'"{held}"':
                continue  # Quotes around a cookie's value are no part of it.
            assert shown.status_code == 401, tampered
            data = {"token": "0" * 64, "code": code}
            assert (await other.post(PAGE, data=data, headers=headers)).status_code == 401
    assert (await typed(client, at_the_page, code)).url.path == BOARD


async def test_another_site_cannot_type_the_code(
    community: Community, client: httpx.AsyncClient, at_the_page: str
) -> None:
    code = code_at(secret_of(at_the_page), community.clock())
    token = re.search(r'name="token" value="([^"]+)"', at_the_page)
    assert token
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        data = {"token": token[1], "code": code}
        assert (await client.post(PAGE, data=data, headers=headers)).status_code == 403
    assert (await client.post(PAGE, data={"code": code})).status_code == 401
    assert (await client.post(PAGE, data={"code": code, "token": "é"})).status_code == 401
    assert (await typed(client, at_the_page, code)).url.path == BOARD


async def test_of_ten_who_send_the_same_right_code_at_once_one_gets_in(
    community: Community, client: httpx.AsyncClient, at_the_page: str
) -> None:
    held = dict(client.cookies.items())
    code = code_at(secret_of(at_the_page), community.clock())
    site = community.site.url
    browsers = [httpx.AsyncClient(base_url=site, timeout=30, cookies=held) for _ in range(10)]
    answers = await asyncio.gather(*(typed(each, at_the_page, code) for each in browsers))
    inside = [(await each.get(BOARD)).status_code for each in browsers]
    for each in browsers:
        await each.aclose()
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 9
    assert sorted(inside) == [200] + [401] * 9


async def test_nothing_gets_in_once_the_role_has_ended(
    community: Community, client: httpx.AsyncClient, at_the_page: str
) -> None:
    (person,) = community.people.values()
    async with community.storage.transaction() as tx:
        await tx.staff.revoke(person)
    code = code_at(secret_of(at_the_page), community.clock())
    assert (await typed(client, at_the_page, code)).status_code == 401
    assert (await client.get(BOARD)).status_code == 401


async def test_a_reset_closes_the_board_and_the_next_link_sets_a_code_up_anew(
    community: Community, client: httpx.AsyncClient
) -> None:
    person = await community.staff(Role.MODERATOR)
    member = Member(client, community)
    await member.enter(await community.link(person))
    before = community.apps[person].secret
    async with community.storage.transaction() as tx:
        assert await tx.codes.reset(person)
    assert (await member.open()).status_code == 401
    page = await pressed(community, client, person)
    assert secret_of(page) != before
    assert (await typed(client, page, code_at(before, community.clock()))).url.path == PAGE


# --- which seats --------------------------------------------------------------------------------


async def test_other_seats_open_by_their_link_alone(
    community: Community, client: httpx.AsyncClient
) -> None:
    for role, seat in ((Role.SPEAKER, Seat.STAGE), (Role.INTERPRETER, Seat.INTERPRET)):
        person = await community.staff(role, f"staff-{role}")
        answer = await client.post(await community.link(person, seat), follow_redirects=True)
        assert answer.url.path == f"{BOARD}/{seat}"


async def test_no_seat_asks_for_a_code_where_none_is_to(tmp_path: Path) -> None:
    async with (
        running_community(tmp_path, codes=()) as community,
        httpx.AsyncClient(base_url=community.site.url, timeout=30) as client,
    ):
        link = await community.link(await community.staff(Role.MODERATOR))
        assert (await client.post(link, follow_redirects=True)).url.path == BOARD


async def test_whichever_seats_ask_for_a_code_lead_to_where_the_link_did(tmp_path: Path) -> None:
    async with (
        running_community(tmp_path, codes=tuple(Seat)) as community,
        httpx.AsyncClient(base_url=community.site.url, timeout=30) as client,
    ):
        person, app = await community.staff(Role.MODERATOR), App()
        for seat, way in ((Seat.STAGE, "/stage"), (Seat.INTERPRET, "/interpret")):
            answer = await client.post(await community.link(person, seat), follow_redirects=True)
            entered = await let_in(client, answer, app, community.clock())
            assert entered.url.path == BOARD + way
        community.clock.forward(2 * STEP)
        link = (await community.link(person, Seat.STAGE)).replace("/open/", "/digest/")
        answer = await client.post(link, follow_redirects=True)
        assert answer.url.path == f"{BOARD}/code/stage"
        wrong = await typed(client, answer.text, wrong_code(app.secret, community.clock()))
        entered = await let_in(client, wrong, app, community.clock())
        assert entered.url.path == f"{BOARD}/digest"
