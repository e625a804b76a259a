"""What every answer carries, and what is refused before anybody looks at it."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from tests.web.conftest import Visit
from tests.web.standin import Site, running_site
from web.app import WebParts

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 303),
        ("GET", "/chat", 200),
        ("GET", "/chat?w=corona-1", 303),
        ("POST", "/chat", 415),
        ("PUT", "/chat", 405),
        ("GET", "/chat/events", 401),
        ("GET", "/chat/messages", 401),
        ("GET", "/chat/file/1", 404),
        ("GET", "/nowhere", 404),
        ("GET", "/static/chat.css", 404),
        ("POST", "/telegram", 404),
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("GET", "/metrics", 404),
    ],
)
async def test_every_answer_carries_the_headers(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in answer.headers["permissions-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers


async def test_even_a_mistake_of_ours_carries_them(visit: Visit, site: Site) -> None:
    await visit.open()
    site.bot.mailboxes = None  # pyright: ignore[reportAttributeAccessIssue]
    answer = await visit.send(press="1 ok:en")
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.text == ""


async def test_the_cookie_is_random_hidden_from_scripts_and_long_lived(
    client: httpx.AsyncClient, site: Site
) -> None:
    cookie = (await client.get("/chat")).headers["set-cookie"]
    name, _, rest = cookie.partition("=")
    value, *attributes = rest.split("; ")
    assert name == "tadamun"
    assert len(value) == 43
    assert set(attributes) == {"HttpOnly", "Max-Age=34560000", "Path=/", "SameSite=lax"}
    assert site.account == hashlib.sha256(value.encode()).hexdigest()


async def test_over_https_the_cookie_belongs_to_this_host_alone() -> None:
    def public(parts: WebParts) -> WebParts:
        return replace(parts, public_url="https://talk.example/")

    async with (
        running_site(public) as site,
        httpx.AsyncClient(base_url=site.url, timeout=30) as http,
    ):
        answer = await http.get("/chat")
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-tadamun=")
        assert "Secure" in cookie
        assert "Domain" not in cookie
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("cookie", ["x", "a" * 44, "ا" * 43, "a" * 42 + "%", '"' + "a" * 42])
async def test_a_cookie_that_is_none_of_ours_is_replaced(site: Site, cookie: str) -> None:
    async with httpx.AsyncClient(base_url=site.url, timeout=30) as http:
        header = {b"Cookie": f"tadamun={cookie}".encode()}
        answer = await http.get("/chat", headers=header)
        assert answer.status_code == 200
        assert len(answer.cookies["tadamun"]) == 43


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
    ],
)
async def test_what_comes_from_another_site_is_refused(
    visit: Visit, site: Site, headers: dict[str, str]
) -> None:
    await visit.open()
    answer = await visit.client.post("/chat", data=visit.form(text="forged"), headers=headers)
    assert answer.status_code == 403
    assert answer.text == ""
    assert len(site.bot.heard) == 1


async def test_what_comes_from_our_own_page_is_taken(visit: Visit, site: Site) -> None:
    await visit.open()
    for number, headers in enumerate(
        ({"Sec-Fetch-Site": "same-origin"}, {"Origin": site.url}, {"Origin": "null"}, {})
    ):
        form = visit.form(text="mine", id=f"number-{number}")
        answer = await visit.client.post("/chat", data=form, headers=headers)
        assert answer.status_code == 303
    assert len(site.bot.heard) == 5


async def test_the_public_address_counts_and_the_addressed_host_does_not() -> None:
    def public(parts: WebParts) -> WebParts:
        return replace(parts, public_url="http://talk.example")

    async with (
        running_site(public) as site,
        httpx.AsyncClient(base_url=site.url, timeout=30) as http,
    ):
        visit = Visit(http)
        await visit.open()
        for origin, status in ((site.url, 403), ("http://talk.example", 303)):
            answer = await http.post(
                "/chat", data=visit.form(text="hello"), headers={"Origin": origin}
            )
            assert answer.status_code == status


async def test_the_token_of_one_visitor_opens_nothing_for_another(visit: Visit, site: Site) -> None:
    await visit.open()
    async with httpx.AsyncClient(base_url=site.url, timeout=30) as http:
        other = Visit(http)
        await other.open()
        stolen = {**other.form(text="forged"), "token": visit.field("token")}
        assert (await http.post("/chat", data=stolen)).status_code == 403
    assert {each.text for each in site.bot.heard} == {"/start"}


@pytest.mark.parametrize("token", ["", "x", "é" * 64, "0" * 64])
async def test_a_made_up_token_is_refused(visit: Visit, site: Site, token: str) -> None:
    await visit.open()
    answer = await visit.client.post("/chat", data=visit.form(text="forged", token=token))
    assert answer.status_code == 403
    assert len(site.bot.heard) == 1


async def test_without_a_cookie_nothing_is_taken(visit: Visit, site: Site) -> None:
    await visit.open()
    form = visit.form(text="forged")
    visit.client.cookies.clear()
    assert (await visit.client.post("/chat", data=form)).status_code == 403
    assert len(site.bot.heard) == 1


async def test_too_large_a_body_is_refused(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await client.post("/chat", content=b"a" * (256 * 1024 + 1), headers=headers)
    assert answer.status_code == 413


async def test_a_body_that_hides_its_size_is_refused_all_the_same(
    client: httpx.AsyncClient,
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(300):
            yield b"a" * 1024

    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await client.post("/chat", content=endless(), headers=headers)
    assert answer.status_code == 413


async def test_a_compressed_body_is_not_unfolded(client: httpx.AsyncClient) -> None:
    bomb = gzip.compress(b"a" * 10_000_000)
    headers = {
        "Content-Encoding": "gzip",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    answer = await client.post("/chat", content=bomb, headers=headers)
    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"text=a&text=b", 400),
        (b"&".join(b"a%d=1" % number for number in range(100)), 400),
        ("text=سلام".encode(), 400),
        (b"", 403),
        (b"text=%ED%A0%BD", 403),
        (b"text=%00%ff", 403),
    ],
)
async def test_odd_forms_get_a_plain_answer(
    client: httpx.AsyncClient, body: bytes, status: int
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await client.post("/chat", content=body, headers=headers)).status_code == status


async def test_half_a_character_arrives_as_a_replacement(visit: Visit, site: Site) -> None:
    await visit.open()
    form = visit.form(text="HERE")
    body = str(httpx.QueryParams(form)).replace("HERE", "a%ED%A0%BDb%FF")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await visit.client.post("/chat", content=body, headers=headers)
    assert answer.status_code == 303
    heard = site.bot.heard[-1].text or ""
    assert heard[0] + heard[-2:] == "ab\ufffd"
    heard.encode()


@pytest.mark.parametrize("type", ["multipart/form-data; boundary=x", "application/json", ""])
async def test_only_plain_forms_are_read(client: httpx.AsyncClient, type: str) -> None:
    answer = await client.post("/chat", content=b"{}", headers={"Content-Type": type})
    assert answer.status_code == 415
