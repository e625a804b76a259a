"""Questions on their whole way to the experts: asked in a chat, read in a mail and on paper."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx

from dialogue.stages import Stage
from dialogue.words import Text
from storage.community.people import Profile
from storage.roles import Role
from tests.conversations.community import Community, community
from tests.conversations.people import plain
from tests.conversations.scripts import tap
from tests.conversations.steps import Greet, Manner, Say, See, Talker, Tap
from tests.conversations.test_invitations import first_owner
from tests.platforms.smtp import Received, SmtpServer

CORONA = "coronavirus"
HUDA = "huda.nasser@hospital.example"
SARA = "sara@university.example"
ASKED = "Do washed cloth masks help?"
CANARY = "Canarina"
LINK = re.compile(r"http://[^\s<>\"]+/mail/guest/[A-Za-z0-9_-]+(?:/no)?\?lang=en")


def mailing(smtp: SmtpServer) -> dict[str, str]:
    """The settings of a bot that writes mail."""
    return {
        "TADAMUN_MAIL__SMTP_URL": smtp.url(),
        "TADAMUN_MAIL__SENDER": "Tadamun <webinars@example.org>",
    }


async def asks(here: Community) -> str:
    """Somebody who gave a nickname asks; their account on Telegram."""
    anna = Talker(here.on_telegram(), "en", Manner.BUTTONS)
    await anna.person.starts(None)
    await anna.follows([Greet(), tap("agree")])
    async with here.storage.transaction() as tx:
        address = await tx.people.find("telegram", anna.person.account)
        assert address is not None
        person = await tx.people.get(address.person)
        assert person is not None
        await tx.people.update(replace(person, profile=Profile(CANARY, "BA")), here.now)
    await anna.follows([Say("/ask"), Say(ASKED)])
    await anna.person.presses(await titled(here))
    await anna.follows([tap("question"), tap("nick"), tap("confirm"), See("question-received")])
    return anna.person.account


async def titled(here: Community) -> str:
    """What the webinar is called in English."""
    async with here.storage.reading() as tx:
        webinar = await tx.webinars.get(CORONA)
    assert webinar is not None
    return webinar.title.by_language["en"]


async def approve(here: Community) -> list[str]:
    """A moderator lets all of them through; what must never be seen of who asked."""
    async with here.storage.transaction() as tx:
        secrets: list[str] = []
        for each in await tx.moderation.changed_since(CORONA, 0):
            await tx.moderation.claim(each.id, 1, here.now)
            assert await tx.moderation.move(each.id, 1, Stage.APPROVED, here.now)
            secrets += [each.asker, str(each.id)]
    return secrets


async def expert(here: Community) -> None:
    """An expert on the team who has proved an address of mail."""
    sara = Talker(here.on_telegram(), "en", Manner.BUTTONS)
    await sara.person.starts(None)
    await sara.follows([Greet(), tap("agree")])
    async with here.storage.transaction() as tx:
        address = await tx.people.find("telegram", sara.person.account)
        assert address is not None
        invitation = await tx.staff.invite(Role.SPEAKER, None, here.now)
        member = await tx.staff.redeem(invitation.token, address.person, here.now)
        assert member is not None
        assert await tx.staff.activate(member.person, member.words)
        assert await tx.proofs.want(member.person, SARA, here.now)
        (proof,) = await tx.proofs.waiting(here.now)
        token = await tx.proofs.begin(proof.id, here.now)
        assert token is not None
        assert await tx.proofs.redeem(token, here.now)


async def names_a_guest(here: Community, owner: Talker) -> None:
    """The owner names an address, in the chat."""
    await owner.follows([Say("/moderate")])
    await owner.person.presses(await titled(here))
    await owner.follows([tap("digest"), tap("digest-guests"), tap("guest-add"), See("ask-guest")])
    await owner.follows([Say(HUDA), Tap(Text("language-en")), See("guest-asked")])


def links(mail: Received) -> list[str]:
    """The pages that a mail leads to, each once."""
    return list(dict.fromkeys(LINK.findall(mail.text)))


async def presses(link: str) -> str:
    """Look at the page behind a link in a mail, press its button, and read what follows."""
    async with httpx.AsyncClient(timeout=30) as browser:
        shown = await browser.get(link)
        assert shown.status_code == 200
        assert re.search(r'<form method="post" action="(/mail/guest/[^"?]+)', shown.text)
        return (await browser.post(link)).text


async def test_the_questions_reach_the_experts_and_nobody_learns_who_asked(tmp_path: Path) -> None:
    async with (
        SmtpServer() as smtp,
        community(tmp_path, "polling", given=mailing(smtp)) as here,
    ):
        owner = await first_owner(here, "en")
        account = await asks(here)
        secrets = [*await approve(here), account, CANARY]
        await expert(here)
        await names_a_guest(here, owner)

        # First they are asked, and nothing else.
        (asking,) = await smtp.takes(1)
        assert asking.recipient == HUDA
        assert ASKED not in asking.text
        yes, no = links(asking)
        assert "Thank you" in await presses(yes)

        # A day before the session it comes by itself, once to each.
        await here.passes(timedelta(days=8, hours=5))
        await smtp.takes(3)
        await here.passes(timedelta(hours=2))
        await here.settles()
        assert sorted(each.recipient for each in smtp.inbox[1:]) == [HUDA, SARA]
        digests = smtp.inbox[1:]
        for mail in digests:
            assert "1. " + ASKED in plain(mail.text)
            subject = str(mail.mail["Subject"]).strip()
            assert subject == f"Questions for the experts: {await titled(here)}"
            source = mail.raw.decode("ascii") + mail.text + mail.html
            assert [each for each in secrets if each in source] == []

        # The same to be printed, by the link that the bot gives.
        page = await printed(here, owner)
        assert ASKED in page
        assert [each for each in secrets if each in page] == []

        # Whoever has enough says so by the link in the mail, and their address is erased.
        (mine,) = [each for each in digests if each.recipient == HUDA]
        assert links(mine) == [no]
        assert "erased" in await presses(no)
        assert await addresses(here) == [None]
        await here.passes(timedelta(days=2))
        await smtp.takes(4)
        assert [each.recipient for each in smtp.inbox[3:]] == [SARA]
        assert "What became of the questions" in smtp.inbox[3].mail["Subject"]


async def printed(here: Community, owner: Talker) -> str:
    """The page behind the link from the bot."""
    await owner.follows([Say("/moderate")])
    await owner.person.presses(await titled(here))
    await owner.follows([tap("digest"), tap("digest-page"), See("digest-page")])
    found = re.search(r"http://\S+/board/digest/[A-Za-z0-9_-]{32}", plain(owner.person.text))
    assert found, owner.person.text
    async with httpx.AsyncClient(timeout=30, follow_redirects=True) as browser:
        assert ASKED not in (await browser.get(found[0])).text
        return (await browser.post(found[0])).text


async def addresses(here: Community) -> list[str | None]:
    """Those that are kept of the guests."""
    async with here.storage.reading() as tx:
        return [guest.account for guest in await tx.guests.of(CORONA)]
