"""Somebody with nothing but a web browser and an address of mail, from their first word to their
last: over real HTTP and real SMTP."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
from icalendar import Calendar, Event

from dialogue.words import Text
from service.email import STOP
from tests.conversations.community import Community, community
from tests.conversations.gathering import Gathering, gathering
from tests.conversations.organising import (
    ANNOUNCED,
    CREATING,
    DAY,
    LINK,
    MINUTE,
    PUBLISHING,
    STARTS,
    TITLE,
    UNDO,
    WEDNESDAY,
    WRITING,
)
from tests.conversations.people import plain
from tests.conversations.scripts import AGREED, tap
from tests.conversations.steps import Greet, Manner, Say, See, Start, Talker, Tap
from tests.conversations.web_person import WebPerson
from tests.platforms.smtp import Received, SmtpServer
from tests.safety.seen import says, word
from tests.safety.test_forgetting import forgets, in_plain, on_disk
from tests.storage.needles import left, noted

NOUR = "nour.of.kut@example.org"
SENDER = "Tadamun <webinars@example.org>"


def by_mail(mail: SmtpServer) -> dict[str, str]:
    """The settings of a bot that writes mails."""
    return {"TADAMUN_MAIL__SMTP_URL": mail.url(), "TADAMUN_MAIL__SENDER": SENDER}


@pytest.fixture
async def mail() -> AsyncGenerator[SmtpServer]:
    async with SmtpServer() as server:
        yield server


def link_in(got: Received, path: str) -> str:
    """The address under this path that a mail names."""
    found = re.search(rf"http://\S+{path}\S+", got.text)
    assert found is not None, got.text
    return found[0]


async def looked_at(link: str, language: str = "en") -> str:
    """What a program shows or reads that only opens the link."""
    async with httpx.AsyncClient(headers={"Accept-Language": language}, timeout=30) as browser:
        page = await browser.get(link)
    assert page.status_code == 200
    return page.text


async def pressed(link: str) -> str:
    """What comes of the button on the page."""
    async with httpx.AsyncClient(timeout=30) as browser:
        page = await browser.post(link, headers={"Sec-Fetch-Site": "same-origin"})
    return plain(page.text)


async def registers(here: Community, webinar: str, address: str) -> Talker:
    """Somebody who comes by the link to a webinar, in the web chat, and gives an address."""
    reader = Talker(here.on_the_web("en"), "en", Manner.BUTTONS)
    await reader.follows([Start(webinar), Greet(), tap("agree"), See(TITLE)])
    await reader.follows([tap("register"), Say("Nour"), Tap(Text("governorate-BA"))])
    await reader.follows([See("ask-mail"), Say(address), See("ask-question-too")])
    await reader.follows([tap("skip"), tap("confirm"), See("saved"), See("mail-asked")])
    return reader


def dates_in(got: Received) -> list[Event]:
    """What a calendar finds in a mail."""
    parts = [part for part in got.mail.walk() if part.get_content_type() == "text/calendar"]
    return [date for part in parts for date in Calendar.from_ical(part.get_content()).events]


async def announces(crowd: Gathering, count: int) -> None:
    await crowd.organiser.follows([Say("/new"), Tap(TITLE), *WRITING])
    await crowd.sends(count)
    await crowd.passes(UNDO)


async def test_an_address_from_the_first_word_to_the_last(
    tmp_path: Path, mail: SmtpServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    file = tmp_path / "data" / "tadamun.db"
    async with community(tmp_path, "polling", now=WEDNESDAY, given=by_mail(mail)) as here:
        crowd = await gathering(here)
        await crowd.organiser.follows([*CREATING, *PUBLISHING])
        webinar = (await crowd.webinar()).id
        nour = await registers(here, webinar, NOUR.upper())
        assert isinstance(nour.person, WebPerson)

        (proof,) = await mail.takes(1)
        assert (proof.sender, proof.recipient) == ("webinars@example.org", NOUR)
        assert proof.mail["Subject"] == word("mail-proof")
        assert proof.mail["List-Unsubscribe"] is None
        # Whatever looks for harm in mails opens each link, and more than once.
        for _ in range(2):
            assert word("btn-mail-prove") in await looked_at(link_in(proof, "/mail/"))
        await announces(crowd, 3)
        assert len(mail.inbox) == 1
        assert word("mail-proved") in await pressed(link_in(proof, "/mail/"))
        assert word("mail-link-void") in await pressed(link_in(proof, "/mail/"))
        await here.settles()
        _, confirmed = mail.to(NOUR)
        assert says(plain(confirmed.text), "mail-registered")
        (date,) = dates_in(confirmed)
        assert (date.start, str(date["SUMMARY"])) == (STARTS, TITLE.by_language["en"])

        await announces(crowd, 3)
        announced = mail.to(NOUR)[-1]
        assert announced.mail["Subject"] == ANNOUNCED["en"]
        await here.reaches(STARTS - DAY)
        await here.reaches(STARTS - 10 * MINUTE)
        day_before, soon = mail.to(NOUR)[-2:]
        assert TITLE.by_language["en"] in plain(day_before.text)
        assert LINK in soon.text
        assert LINK not in day_before.text

        async with httpx.AsyncClient(timeout=30) as provider:
            # As https://www.rfc-editor.org/rfc/rfc8058 has it: no cookie, and from nowhere.
            stop = str(soon.mail["List-Unsubscribe"]).strip("<>")
            one_click = {"List-Unsubscribe": "One-Click"}
            assert (await provider.post(stop, data=one_click)).status_code == 200
        before = len(mail.inbox)
        await here.reaches(STARTS)
        await announces(crowd, 3)
        assert len(mail.inbox) == before
        await nour.person.looks()
        assert ANNOUNCED["en"] in nour.person.text

        async with here.storage.reading() as tx:
            found = await tx.people.find("email", NOUR)
        assert found is not None
        needles = noted(file, found.person, "[]")
        plainly = in_plain(NOUR)
        assert left(on_disk(tmp_path), dict(needles))
        await forgets(here, nour.person)
        assert left(on_disk(tmp_path), dict(needles)) == []
        assert left(on_disk(tmp_path), dict(plainly)) == []
        assert left(caplog.text.encode(), dict(plainly)) == []


async def test_settings_show_it_remove_it_and_take_it_up_again(
    tmp_path: Path, mail: SmtpServer
) -> None:
    async with community(tmp_path, "forms", given=by_mail(mail)) as here:
        nour = Talker(here.on_the_web("en"), "en", Manner.BUTTONS)
        await nour.follows([*AGREED, Say("/settings"), See("setting-mail-none")])
        await nour.follows([tap("mail"), Say("nour@gmial.com"), See("reject-mail-typo")])
        await nour.follows([tap("mail-meant"), See("mail-asked"), See("setting-mail-waiting")])
        (proof,) = await mail.takes(1)
        assert proof.recipient == "nour@gmail.com"
        assert word("mail-proved") in await pressed(link_in(proof, "/mail/"))
        await nour.follows([Say("/settings"), See("setting-mail-on"), See("setting-first")])
        await nour.follows([tap("where"), tap("prefer-web"), See("setting-changed")])
        await nour.follows([Say("/mydata"), See("mydata-mail")])
        await nour.follows([Say("/privacy"), See("notice-reads-email")])
        await nour.follows([Say("/unlink"), See("unlink-alone")])
        await nour.follows([Say("/settings"), tap("mail-end"), See("mail-ended")])
        await nour.follows([See("setting-mail-none")])
        async with here.storage.reading() as tx:
            assert await tx.people.find("email", "nour@gmail.com") is None


async def test_no_page_tells_anything_to_whoever_guesses(
    tmp_path: Path, mail: SmtpServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with community(tmp_path, "forms", given=by_mail(mail)) as here:
        nour = Talker(here.on_the_web("en"), "en", Manner.BUTTONS)
        await nour.follows([*AGREED, Say("/settings"), tap("mail"), Say(NOUR)])
        (proof,) = await mail.takes(1)
        link = link_in(proof, "/mail/")
        token = link.partition("/mail/")[2].partition("?")[0]
        async with httpx.AsyncClient(base_url=here.service.address, timeout=30) as browser:
            elsewhere = {"Sec-Fetch-Site": "cross-site"}
            assert (await browser.post(link, headers=elsewhere)).status_code == 403
            assert word("mail-proved") in await pressed(link)
            used, unknown, odd = [
                await browser.post(f"/mail/{each}?lang=en")
                for each in (token, token[::-1], "x%00%ff")
            ]
            assert used.status_code == unknown.status_code == odd.status_code == 404
            assert used.content == unknown.content == odd.content
            stop = f"{here.service.address}/mail/stop/{here.storage.seal_link(STOP, NOUR)}"
            stopped = await browser.post(stop)
            guessed = await browser.post(stop[:-4] + "AAAA")
            assert (stopped.status_code, stopped.content) == (200, guessed.content)
            assert stopped.headers["Referrer-Policy"] == "no-referrer"
        assert token not in caplog.text
        assert stop.rpartition("/")[2] not in caplog.text


async def test_an_address_of_somebody_else_is_told_of_and_stays_theirs(
    tmp_path: Path, mail: SmtpServer
) -> None:
    async with community(tmp_path, "forms", given=by_mail(mail)) as here:
        said: list[str] = []
        for number in (1, 2):
            person = Talker(here.on_the_web("en"), "en", Manner.BUTTONS)
            await person.follows([*AGREED, Say("/settings"), tap("mail"), Say(NOUR)])
            said.append(person.person.text)
            await mail.takes(number)
            if number == 1:
                await pressed(link_in(mail.inbox[0], "/mail/"))
        assert said[0] == said[1]
        first, second = mail.inbox
        assert word("mail-taken") == second.mail["Subject"]
        assert "/mail/" not in second.text
        async with here.storage.reading() as tx:
            owner = await tx.people.find("email", NOUR)
            assert owner is not None
            assert len(await tx.people.addresses(owner.person)) == 2
        assert first.recipient == second.recipient == NOUR


async def test_a_server_that_is_away_for_hours_costs_nobody_their_proof(
    tmp_path: Path, mail: SmtpServer
) -> None:
    mail.answers["RCPT"] = ["451 4.7.1 greylisted", "451 4.7.1 greylisted"]
    async with community(tmp_path, "forms", given=by_mail(mail)) as here:
        nour = Talker(here.on_the_web("en"), "en", Manner.BUTTONS)
        await nour.follows([*AGREED, Say("/settings"), tap("mail"), Say(NOUR)])
        (proof,) = await mail.takes(1)
        assert word("mail-proved") in await pressed(link_in(proof, "/mail/"))
        ready = httpx.AsyncClient(base_url=here.service.address, timeout=30)
        async with ready:
            channels = (await ready.get("/readyz")).json()["channels"]
        assert channels["email"] is True


@pytest.mark.parametrize("typed", ["nour", "nour@", "علي\r\nBcc: x@y.example", "علي@example.org"])
async def test_what_is_no_address_is_asked_for_again(
    tmp_path: Path, mail: SmtpServer, typed: str
) -> None:
    async with community(tmp_path, "forms", given=by_mail(mail)) as here:
        nour = Talker(here.on_the_web("en"), "en", Manner.BUTTONS)
        await nour.follows([*AGREED, Say("/settings"), tap("mail"), Say(typed), See("ask-mail")])
        key = "reject-mail-letters" if typed.startswith("علي@") else "reject-mail"
        assert says(nour.person.text, key)
        await here.settles()
        assert "RCPT" not in mail.seen


async def test_without_mail_nobody_is_asked(tmp_path: Path) -> None:
    async with community(tmp_path, "forms") as here:
        nour = Talker(here.on_the_web("en"), "en", Manner.BUTTONS)
        await nour.follows([*AGREED, Say("/settings")])
        assert not says(nour.person.text, "setting-mail-none")
        async with httpx.AsyncClient(base_url=here.service.address, timeout=30) as browser:
            assert (await browser.get("/mail/anything")).status_code == 404
