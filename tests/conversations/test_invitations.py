"""An invitation on its whole way, by the links that people get, over every channel."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from dialogue.words import Text
from storage.roles import Role
from tests.conversations.community import Community, Way, community
from tests.conversations.people import Person
from tests.conversations.scripts import tap
from tests.conversations.steps import Greet, Manner, Say, See, Talker, Tap
from tests.conversations.telegram_person import TelegramPerson
from tests.conversations.web_person import WebPerson
from tests.conversations.whatsapp_person import WhatsAppPerson

ANY: tuple[Way, ...] = ("polling", "webhook", "forms", "scripts")


async def follows(person: Person, link: str) -> None:
    """Open the link that leads to this person's channel; on WhatsApp type the code."""
    if isinstance(person, TelegramPerson):
        await person.says(f"/start {link.partition('?start=')[2]}")
    elif isinstance(person, WhatsAppPerson):
        await person.says(link)
    else:
        assert isinstance(person, WebPerson)
        person.rest.begins()
        await person.looks(link.removeprefix(str(person.browser.base_url).rstrip("/")))
        await person.rest.ends(person)
        await person.looks()


def links_in(text: str) -> dict[str, str]:
    """The links in a message, by channel; on WhatsApp it is the code."""
    lines = text.splitlines()
    return {
        "telegram": next(line for line in lines if line.startswith("https://t.me/")),
        "web": next(line for line in lines if "/chat?i=" in line),
        "whatsapp": next(line for line in lines if re.fullmatch("[A-Z0-9]{10}", line)),
    }


async def first_owner(here: Community, language: str) -> Talker:
    """Somebody who came by the link that the command line prints."""
    owner = Talker(here.person(hint=language), language, Manner.BUTTONS)
    links = await here.invitation(Role.OWNER)
    await follows(owner.person, links[owner.person.channel])
    await owner.follows([Greet(), tap("agree"), See("invitation-offer"), tap("accept")])
    await owner.follows([See("role-begins")])
    return owner


async def looks_again(person: Person) -> None:
    """See what was said meanwhile."""
    if isinstance(person, WebPerson):
        await person.looks()


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("way", ANY)
async def test_the_first_owner_invites_an_organiser(
    tmp_path: Path, way: Way, language: str
) -> None:
    async with community(tmp_path, way) as here:
        owner = await first_owner(here, language)
        await owner.follows([tap("team"), See("team-line-you"), tap("invite")])
        await owner.follows([Tap(Text("btn-role-organiser")), See("invite-made")])
        link = links_in(owner.person.text)[owner.person.channel]

        other = "ar" if language == "en" else "en"
        organiser = Talker(here.person(hint=other), other, Manner.BUTTONS)
        await follows(organiser.person, link)
        await organiser.follows([Greet(), tap("agree"), See("agreed"), See("invitation-offer")])
        await organiser.follows([tap("accept"), See("invitation-taken")])

        await looks_again(owner.person)
        words = organiser.person.text.split("\n\n")[1:3]
        assert all(each in owner.person.text for each in words)
        await owner.follows([See("team-accepted"), tap("that-is-them"), See("team-confirmed")])

        await looks_again(organiser.person)
        await organiser.follows([See("role-begins"), Say("/team"), See("team-line-you")])


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_on_whatsapp_the_code_is_typed_and_the_words_are_agreed_to_in_the_list(
    tmp_path: Path, language: str
) -> None:
    async with community(tmp_path, "whatsapp") as here:
        owner = await first_owner(here, language)
        await owner.follows([tap("team"), tap("invite"), Tap(Text("btn-role-organiser"))])
        code = links_in(owner.person.text)["whatsapp"]
        organiser = Talker(here.person(), language, Manner.BUTTONS)
        await follows(organiser.person, code)
        await organiser.follows([Greet(), tap("agree"), See("invitation-offer"), tap("accept")])
        await owner.follows([See("team-accepted"), Say("/team"), See("team-line-you")])
        await owner.person.presses(owner.person.keys[0].label)
        await owner.follows([See("team-accepted"), tap("that-is-them"), See("team-confirmed")])
        organiser.sees("role-begins")


@pytest.mark.parametrize("way", ["polling", "forms"])
async def test_a_preview_of_the_link_burns_nothing(tmp_path: Path, way: Way) -> None:
    async with community(tmp_path, way) as here:
        owner = await first_owner(here, "en")
        await owner.follows([tap("team"), tap("invite"), Tap(Text("btn-role-speaker"))])
        links = links_in(owner.person.text)
        async with httpx.AsyncClient(follow_redirects=True, timeout=30) as preview:
            for method in ("HEAD", "GET", "GET"):
                answer = await preview.request(method, links["web"])
                assert answer.status_code == 200
        invited = Talker(here.person(), "en", Manner.BUTTONS)
        await follows(invited.person, links[invited.person.channel])
        await invited.follows([Greet(), tap("agree"), See("invitation-offer"), tap("accept")])
        await invited.follows([See("invitation-taken")])


@pytest.mark.parametrize("way", ["polling", "forms"])
async def test_owner_and_invited_may_be_on_different_channels(tmp_path: Path, way: Way) -> None:
    async with community(tmp_path, way) as here:
        owner = await first_owner(here, "en")
        await owner.follows([tap("team"), tap("invite"), Tap(Text("btn-role-organiser"))])
        links = links_in(owner.person.text)
        guest: Person = here.on_telegram("en")
        if way == "polling":
            guest = WebPerson(here.service.address, here, "en")
            here.people.append(guest)
        invited = Talker(guest, "en", Manner.BUTTONS)
        await follows(guest, links[guest.channel])
        await invited.follows([Greet(), tap("agree"), tap("accept"), See("invitation-taken")])
        await here.ends(owner.person)
        await looks_again(owner.person)
        await owner.follows([See("team-accepted"), tap("that-is-them")])
        await here.ends(guest)
        await looks_again(guest)
        await invited.follows([See("role-begins"), tap("menu"), tap("team"), See("team-line-you")])


@pytest.mark.parametrize("way", ["polling", "forms"])
async def test_a_wrong_link_is_told_after_consent(tmp_path: Path, way: Way) -> None:
    async with community(tmp_path, way) as here:
        person = Talker(here.person(), "en", Manner.BUTTONS)
        wrong = "x" * 32
        await follows(person.person, f"/chat?i={wrong}" if way == "forms" else f"?start=i-{wrong}")
        await person.follows([Greet(), tap("agree"), See("invitation-refused")])
        await person.follows([Say("/menu"), See("menu")])
