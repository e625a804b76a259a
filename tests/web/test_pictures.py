"""Posters on the page, and pictures that organisers send from it where one was asked for."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from dialogue.pictures import LARGEST
from dialogue.words import Act, Message, MessageButton
from storage import Storage
from tests.pictures import jpeg, png, webp
from tests.web.conftest import Visit
from tests.web.standin import Site
from web.posters import StoredPosters
from web.security import UPLOAD_LIMIT

NOW = datetime(2026, 4, 3, 16, 30, tzinfo=UTC)
ROWS = ((MessageButton("Details", "go:w:virus"),),)


async def shows(site: Site, message: Message) -> int:
    """The bot says this to whoever was heard last."""
    return int(await site.chat.send(site.account, Act.SEND, None, message))


async def asked(visit: Visit) -> None:
    """The visitor is at a question that takes a picture."""
    await visit.open()
    await visit.press("English")
    await visit.send(text="/poster")
    assert 'type="file"' in visit.page


async def upload(
    visit: Visit, content: bytes, *, script: bool = False, **changed: str
) -> httpx.Response:
    """Submit the form with this picture, and look at the page that follows."""
    headers = {"Accept": "application/json"} if script else {}
    answer = await visit.client.post(
        "/chat/picture",
        data={**visit.form(), **changed},
        files={"picture": ("my poster.png", content, "image/png")},
        headers=headers,
        follow_redirects=True,
    )
    if not script:
        visit.page = answer.text
    return answer


# --- showing -------------------------------------------------------------------------------------


async def test_a_poster_is_shown_with_its_size_and_words_for_who_cannot_see_it(
    visit: Visit, site: Site
) -> None:
    await visit.open()
    hash = site.posters.add(png(1920, 1080))
    await shows(site, Message("ندوة", ROWS, "ar", photo=hash))
    await visit.open()
    (image,) = re.findall(r"<img[^>]*>", visit.page)
    assert f'src="/chat/poster/{hash}"' in image
    assert 'width="480" height="270"' in image
    assert 'alt="ملصق الندوة"' in image
    assert visit.page.index(image) < visit.page.index("ندوة</p>")


@pytest.mark.parametrize(
    ("content", "type"),
    [(png(), "image/png"), (jpeg(), "image/jpeg"), (webp(), "image/webp")],
)
async def test_a_poster_is_handed_out_once_for_ever_to_who_has_been_here(
    visit: Visit, site: Site, content: bytes, type: str
) -> None:
    address = f"/chat/poster/{site.posters.add(content)}"
    assert (await visit.client.get(address)).status_code == 404
    await visit.open()
    answer = await visit.client.get(address)
    assert (answer.content, answer.headers["content-type"]) == (content, type)
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await visit.client.get("/chat/poster/none")).status_code == 404


async def test_a_platform_that_fetches_a_poster_needs_only_its_address(
    visit: Visit, site: Site
) -> None:
    answer = await visit.client.get(f"/media/{site.posters.add(png())}")
    assert (answer.content, answer.headers["content-type"]) == (png(), "image/png")
    assert answer.headers["cache-control"] == "no-store"
    for hash in ("none", site.posters.add(b"<script>alert(1)</script>")):
        assert (await visit.client.get(f"/media/{hash}")).status_code == 404


async def test_what_is_no_picture_is_not_handed_out_as_one(visit: Visit, site: Site) -> None:
    await visit.open()
    hash = site.posters.add(b"<script>alert(1)</script>")
    assert (await visit.client.get(f"/chat/poster/{hash}")).status_code == 404


async def test_a_poster_that_is_gone_leaves_the_words(visit: Visit, site: Site) -> None:
    await visit.open()
    await shows(site, Message("the words", ROWS, photo="none"))
    await visit.open()
    assert "the words" in visit.page
    assert "<img" not in visit.page


async def test_an_open_page_gets_the_poster_with_the_letter(visit: Visit, site: Site) -> None:
    await visit.open()
    hash = site.posters.add(png(300, 900))
    await shows(site, Message("A webinar", photo=hash))
    answer = await visit.client.get("/chat/messages?after=1")
    html = answer.json()["letters"][-1]["html"]
    assert f'<img src="/chat/poster/{hash}" width="213" height="640" alt="Poster"' in html
    seen = ""
    async with visit.client.stream("GET", "/chat/events?after=1") as events:
        async for line in events.aiter_lines():
            seen += line
            if f"/chat/poster/{hash}" in seen:
                return
    pytest.fail("The open line did not bring the poster.")


async def test_a_button_under_a_poster_says_so(visit: Visit, site: Site) -> None:
    await visit.open()
    number = await shows(site, Message("A webinar", ROWS, photo=site.posters.add(png())))
    await visit.open()
    await visit.press("Details")
    heard = site.bot.heard[-1]
    assert (heard.choice, heard.message, heard.on_photo) == ("go:w:virus", str(number), True)


@pytest.mark.parametrize("press", ["p go:w:virus", "1pp go:w:virus", "1q go:w:virus"])
async def test_no_other_mark_is_taken_from_a_button(visit: Visit, press: str) -> None:
    await visit.open()
    assert (await visit.send(press=press)).status_code == 400


# --- sending -------------------------------------------------------------------------------------


async def test_nobody_is_offered_to_send_a_picture_who_was_not_asked_for_one(
    visit: Visit, site: Site
) -> None:
    await visit.open()
    assert 'type="file"' not in visit.page
    assert (await upload(visit, png())).status_code == 403
    assert site.posters.kept == {}
    assert len(site.bot.heard) == 1


async def test_a_picture_is_sent_by_form_and_comes_as_the_id_of_its_poster(
    visit: Visit, site: Site
) -> None:
    await asked(visit)
    content = png(64, 64) + b"\r\n--\x00" * 200_000
    answer = await upload(visit, content)
    assert answer.status_code == 200
    assert list(site.posters.kept.values()) == [content]
    heard = site.bot.heard[-1]
    assert (heard.media, heard.photo, heard.text) == ("photo", "upload:1", None)
    assert "Saved: upload:1" in visit.page
    assert 'type="file"' not in visit.page


async def test_the_script_gets_its_answer_as_json(visit: Visit, site: Site) -> None:
    await asked(visit)
    answer = await upload(visit, jpeg(), script=True, live="0")
    assert answer.status_code == 202
    assert "Saved: upload:1" in answer.json()["letters"][-1]["html"]


async def test_the_same_picture_sent_twice_by_a_bad_line_is_taken_once(
    visit: Visit, site: Site
) -> None:
    await asked(visit)
    site.bot.silent = True
    for _ in range(2):
        assert (await upload(visit, png(), script=True, live="1")).status_code == 202
    assert [heard.photo for heard in site.bot.heard].count("upload:1") == 1
    assert len(site.posters.kept) == 1


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a" + bytes(60), b"<svg/>", png()[:10], jpeg(9_999, 9_999)]
)
async def test_what_is_no_picture_is_told_and_not_kept(
    visit: Visit, site: Site, content: bytes
) -> None:
    await asked(visit)
    answer = await upload(visit, content)
    assert answer.status_code == 415
    assert "A picture (JPEG, PNG or WebP)" in visit.page
    assert 'type="file"' in visit.page
    assert (await upload(visit, content, script=True)).json() == {"error": "web-picture-unfit"}
    assert site.posters.kept == {}


async def test_five_megabytes_are_taken_and_more_is_refused(visit: Visit, site: Site) -> None:
    await asked(visit)
    assert (await upload(visit, png().ljust(LARGEST + 1, b"\x00"))).status_code == 415
    much = b"x" * (UPLOAD_LIMIT + 1)
    assert (await upload(visit, much, script=True)).status_code == 413
    assert site.posters.kept == {}
    assert (await upload(visit, png().ljust(LARGEST, b"\x00"))).status_code == 200


async def test_a_body_that_does_not_say_its_length_has_the_same_limit(
    visit: Visit, site: Site
) -> None:
    await asked(visit)

    async def long() -> AsyncIterator[bytes]:
        for _ in range(UPLOAD_LIMIT // 65_536 + 1):
            yield bytes(65_536)

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await visit.client.post("/chat/picture", content=long(), headers=headers)
    assert answer.status_code == 413
    assert (await visit.client.post("/chat", content=bytes(300_000))).status_code == 413


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}],
)
async def test_a_picture_from_another_site_is_refused(
    visit: Visit, site: Site, headers: dict[str, str]
) -> None:
    await asked(visit)
    visit.client.headers.update(headers)
    assert (await upload(visit, png())).status_code == 403
    assert site.posters.kept == {}


async def test_a_picture_without_the_form_s_token_is_refused(visit: Visit, site: Site) -> None:
    await asked(visit)
    answer = await upload(visit, png(), script=True, token="0" * 64)
    assert (answer.status_code, answer.json()) == (403, {"error": "web-stale"})
    visit.client.cookies.clear()
    assert (await upload(visit, png(), script=True)).status_code == 403
    assert site.posters.kept == {}


FIELDS = b'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n12345678\r\n'


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/x-www-form-urlencoded", b"id=12345678", 415),
        ("multipart/form-data", FIELDS + b"--b--", 415),
        ("multipart/form-data; boundary=", FIELDS + b"--b--", 415),
        ("multipart/form-data; boundary=b", b"", 400),
        ("multipart/form-data; boundary=b", FIELDS, 400),
        ("multipart/form-data; boundary=b", b"before" + FIELDS + b"--b--", 400),
        ("multipart/form-data; boundary=b", FIELDS * 2 + b"--b--", 400),
        ("multipart/form-data; boundary=b", FIELDS.replace(b"id", b"i d") + b"--b--", 400),
        ("multipart/form-data; boundary=b", FIELDS.replace(b"\r\n\r\n", b"\r\n") + b"--b--", 400),
        ("multipart/form-data; boundary=b", FIELDS.replace(b"12", b"\xff\xfe") + b"--b--", 400),
        ("multipart/form-data; boundary=b", b"\r\n--b".join([b"--b"] * 40) + b"--", 400),
        ("multipart/form-data; boundary=b", FIELDS + b"--b--", 403),
    ],
)
async def test_a_form_that_is_none_of_ours_is_refused(
    visit: Visit, site: Site, kind: str, body: bytes, status: int
) -> None:
    await asked(visit)
    heard = len(site.bot.heard)
    headers = {"Content-Type": kind}
    answer = await visit.client.post("/chat/picture", content=body, headers=headers)
    assert answer.status_code == status
    assert (len(site.bot.heard), site.posters.kept) == (heard, {})


async def test_while_nothing_can_be_kept_the_page_says_so(visit: Visit, site: Site) -> None:
    await asked(visit)
    site.posters.broken = True
    assert (await upload(visit, png(), script=True)).status_code == 503
    site.posters.broken, site.bot.out_of_order = False, True
    assert (await upload(visit, png())).status_code == 503
    assert "try again in a moment" in visit.page


async def test_only_the_newest_message_may_want_a_picture(visit: Visit, site: Site) -> None:
    await asked(visit)
    await site.bot.say(site.account, "Something else")
    await visit.open()
    assert 'type="file"' not in visit.page
    assert (await upload(visit, png())).status_code == 403


# --- stored --------------------------------------------------------------------------------------


async def test_stored_posters_are_found_by_the_hash_that_letters_carry(tmp_path: Path) -> None:
    url, keyring = f"sqlite:///{tmp_path}/data/tadamun.db", tmp_path / "keys" / "keyring.json"
    async with await Storage.open(url, keyring, None, lambda: NOW) as storage:
        posters = StoredPosters(storage, lambda: NOW)
        async with storage.reading() as tx:
            poster = await tx.posters.get(await posters.put(png()))
        assert poster
        assert poster.hash
        assert await posters.content(poster.hash) == png()
