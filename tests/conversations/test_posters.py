"""A picture on its whole way: sent on Telegram, fetched, kept, and shown there and on the web."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx

from delivery.clock import wait_until_set
from dialogue.words import Act, Message
from storage.series.posters import Fetching, Poster
from tests.conversations.community import Community, community
from tests.conversations.test_mail import by_mail
from tests.pictures import jpeg, png
from tests.platforms.smtp import SmtpServer
from tests.safety.seen import word

ANNA = 7_100_000_001


async def kept(here: Community, id: int) -> Poster:
    """The poster, once it was fetched."""
    pause = asyncio.Event()
    async with asyncio.timeout(30):
        while True:
            async with here.storage.reading() as tx:
                poster = await tx.posters.get(id)
            assert poster
            if poster.state is Fetching.KEPT:
                return poster
            await wait_until_set(pause, 0.01)


async def says(here: Community, poster: Poster, language: str) -> None:
    """The bot shows the poster on Telegram."""
    message = Message("A webinar", language=language, photo=poster.hash)
    await here.service.office.say("telegram", str(ANNA), Act.SEND, None, message)


async def test_a_photo_is_fetched_and_sent_again_without_bringing_it(tmp_path: Path) -> None:
    async with community(tmp_path, "polling") as here:
        here.telegram.people.says(ANNA, "/start")
        source = here.telegram.files.keep_photo(jpeg())[-1].id
        async with here.storage.transaction() as tx:
            id = await tx.posters.want(source, here.now)
        poster = await kept(here, id)
        await says(here, poster, "ar")
        assert here.telegram.called("sendPhoto")[0].fields["photo"] == source
        async with httpx.AsyncClient(base_url=here.service.address, timeout=30) as visitor:
            await visitor.get("/chat")
            shown = await visitor.get(f"/chat/poster/{poster.hash}")
        assert (shown.content, shown.headers["content-type"]) == (jpeg(), "image/jpeg")


async def test_what_was_uploaded_on_the_web_is_brought_to_telegram_once(tmp_path: Path) -> None:
    async with community(tmp_path, "polling") as here:
        here.telegram.people.says(ANNA, "/start")
        async with here.storage.transaction() as tx:
            id = await tx.posters.put(png(), here.now)
        poster = await kept(here, id)
        for _ in range(2):
            await says(here, poster, "en")
        brought = [call.fields["photo"] for call in here.telegram.called("sendPhoto")]
        assert brought[0][1] == png()
        async with here.storage.reading() as tx:
            bot = str(here.telegram.bot["id"])
            assert await tx.posters.file(poster.hash or "", "en", bot) == brought[1]


async def test_a_mail_brings_the_poster_along(tmp_path: Path) -> None:
    async with (
        SmtpServer() as mail,
        community(tmp_path, "forms", given=by_mail(mail)) as here,
    ):
        async with here.storage.transaction() as tx:
            id = await tx.posters.put(png(), here.now)
        poster = await kept(here, id)
        message = Message("ندوة", language="ar", photo=poster.hash)
        await here.service.office.say("email", "nour@example.org", Act.SEND, None, message)
        (got,) = mail.to("nour@example.org")
        (shown,) = [part for part in got.mail.walk() if part.get_content_maintype() == "image"]
        assert shown.get_content() == png()
        assert f'alt="{word("web-poster", "ar")}"' in got.html
        assert got.text.startswith("ندوة\n")
