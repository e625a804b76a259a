"""/team: who helps, inviting others, and ending a role at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from storage.broadcasting.broadcasts import Broadcast, Kind, Phase, Rule
from storage.roles import Role
from tests.handlers.chatting import Bot, Chat
from tests.handlers.staff.team import becomes, person_of, standing
from tests.safety.people import newcomer, taps
from tests.safety.seen import LANGUAGES, shows, word


async def helper(bot: Bot, account: str, role: Role, language: str = "en") -> Chat:
    """Somebody with this role."""
    chat = await newcomer(bot, account, language)
    await becomes(chat, role)
    return chat


@pytest.fixture
async def owner(bot: Bot) -> Chat:
    """The first owner."""
    return await helper(bot, "owner", Role.OWNER)


async def link_in(chat: Chat, beginning: str) -> str:
    """The line of the last message that begins so."""
    return next(line for line in chat.text.splitlines() if line.startswith(beginning))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_team_is_shown_by_role_and_time_without_a_name(bot: Bot, language: str) -> None:
    owner = await helper(bot, "7700000001", Role.OWNER, language)
    other = await helper(bot, "7700000002", Role.ORGANISER)
    await other.says("/register", "Nour")
    await owner.says("/team")
    assert shows(owner, "team-line", language)
    assert shows(owner, "team-line-you", language)
    assert word("role-organiser", language) in owner.text
    assert "22" in owner.text
    assert ":00" not in owner.text, "only the hour is kept, so no time of day is told"
    for tell_tale in ("Nour", other.account, owner.account):
        assert tell_tale not in owner.text


async def test_an_organiser_sees_the_team_and_changes_nothing(bot: Bot, owner: Chat) -> None:
    organiser = await helper(bot, "organiser", Role.ORGANISER)
    await organiser.says("/team")
    assert shows(organiser, "team")
    assert organiser.labels == [word("btn-menu")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", Role)
async def test_an_invitation_holds_two_links_and_a_code_that_work(
    bot: Bot, anna: Chat, role: Role, language: str
) -> None:
    owner = await helper(bot, "owner", Role.OWNER, language)
    labels = [word(key, language) for key in ("btn-team", "btn-invite", f"btn-role-{role}")]
    await owner.says("/menu")
    await owner.presses(*labels)
    assert shows(owner, "invite-made", language)
    telegram = await link_in(owner, "https://t.me/tadamun_bot?start=i-")
    web = await link_in(owner, "https://tadamun.example.org/chat?i=")
    token = web.partition("?i=")[2]
    assert telegram.endswith(f"=i-{token}")
    code = owner.text.splitlines()[-1]
    await anna.says("/start", start=f"i-{token}")
    assert word(f"role-{role}") in anna.text
    await anna.says(code)
    assert shows(anna, "invitation-offer")


async def test_an_invitation_leaves_the_screen_when_its_time_is_over(bot: Bot, owner: Chat) -> None:
    await owner.says("/team")
    await taps(owner, "btn-invite", "btn-role-speaker")
    await owner.says("/menu")
    bot.calendar.passes(timedelta(minutes=15))
    await owner.says("/help")
    assert not any("?i=" in message.text for message in owner.screen.values())


async def test_who_waits_is_listed_and_can_be_confirmed_from_there(
    bot: Bot, owner: Chat, anna: Chat
) -> None:
    await owner.says("/team")
    await taps(owner, "btn-invite", "btn-role-organiser")
    await anna.says(owner.text.splitlines()[-1])
    await taps(anna, "btn-accept")
    english = anna.text.splitlines()[-1]
    await owner.says("/team")
    assert shows(owner, "team-line-waiting")
    await owner.presses(english)
    assert shows(owner, "team-same-words")
    await taps(owner, "btn-that-is-them")
    assert shows(owner, "team-confirmed")
    assert shows(anna, "role-begins")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_role_ends_at_once_and_its_holder_is_told(
    bot: Bot, owner: Chat, language: str
) -> None:
    organiser = await helper(bot, "organiser", Role.ORGANISER, language)
    await owner.says("/team")
    await taps(owner, "btn-revoke")
    await owner.presses(f". {word('role-organiser')}")
    assert shows(owner, "revoke-sure")
    await taps(owner, "btn-revoke-now")
    assert shows(owner, "revoked")
    assert shows(organiser, "role-ended", language)
    assert await standing(organiser) is None
    await organiser.says("/team")
    assert shows(organiser, "unasked", language)


async def test_the_tap_that_ends_a_role_counts_once_and_for_what_was_shown(
    bot: Bot, owner: Chat
) -> None:
    organiser = await helper(bot, "organiser", Role.ORGANISER)
    person = await person_of(organiser)
    await owner.presses_value(f"go:revoke:{person}")
    number, now = owner.button(word("btn-revoke-now"))
    await owner.says("/menu")
    await owner.presses_value(now, number)
    assert shows(owner, "stale")
    await owner.presses_value(f"go:revoke1:r-{person}-forged")
    assert await standing(organiser) is not None


async def test_the_only_owner_stays(bot: Bot, owner: Chat) -> None:
    await owner.presses_value(f"go:revoke:{await person_of(owner)}")
    assert shows(owner, "revoke-last-owner")
    assert await standing(owner) is not None


async def test_of_two_owners_one_may_go(bot: Bot, owner: Chat) -> None:
    second = await helper(bot, "second", Role.OWNER)
    await second.presses_value(f"go:revoke:{await person_of(second)}")
    await taps(second, "btn-revoke-now")
    assert shows(second, "revoked")
    assert word("btn-team") not in second.labels
    assert await standing(second) is None
    await owner.presses_value(f"go:revoke:{await person_of(owner)}")
    assert shows(owner, "revoke-last-owner")


async def test_two_owners_who_end_each_others_role_at_once_are_one_owner(
    bot: Bot, owner: Chat
) -> None:
    second = await helper(bot, "second", Role.OWNER)
    await second.presses_value(f"go:revoke:{await person_of(owner)}")
    await owner.presses_value(f"go:revoke:{await person_of(second)}")
    await asyncio.gather(taps(owner, "btn-revoke-now"), taps(second, "btn-revoke-now"))
    members = [await standing(owner), await standing(second)]
    assert sum(member is not None for member in members) == 1
    loser = owner if members[0] is None else second
    await loser.says("/team")
    assert shows(loser, "unasked")


async def test_the_tap_counts_no_more_when_they_are_the_only_owner_by_then(
    bot: Bot, owner: Chat
) -> None:
    second = await helper(bot, "second", Role.OWNER)
    await second.presses_value(f"go:revoke:{await person_of(second)}")
    await becomes(owner, None)
    await taps(second, "btn-revoke-now")
    assert shows(second, "revoke-last-owner")


async def test_the_invitations_of_somebody_revoked_are_void(
    bot: Bot, owner: Chat, anna: Chat
) -> None:
    second = await helper(bot, "second", Role.OWNER)
    await second.presses_value("go:invite:organiser")
    code = second.text.splitlines()[-1]
    await owner.presses_value(f"go:revoke:{await person_of(second)}")
    await taps(owner, "btn-revoke-now")
    await anna.says(code)
    assert shows(anna, "invitation-refused")


async def test_mydata_names_the_role_and_forget_ends_it(bot: Bot, owner: Chat) -> None:
    organiser = await helper(bot, "organiser", Role.ORGANISER)
    await organiser.says("/mydata")
    assert shows(organiser, "mydata-role")
    await organiser.says("/forget")
    await taps(organiser, "btn-forget-really", "btn-forget-now")
    await owner.says("/team")
    assert word("role-organiser") not in owner.text
    await organiser.says("/start")
    await taps(organiser, "language-own-en", "btn-agree")
    await organiser.says("/team")
    assert shows(organiser, "unasked")


async def test_the_only_owner_may_be_forgotten_and_somebody_else_begins_anew(
    bot: Bot, owner: Chat, anna: Chat
) -> None:
    await owner.says("/forget")
    await taps(owner, "btn-forget-really", "btn-forget-now")
    async with bot.storage.reading() as tx:
        assert not await tx.staff.has_owner()
    await becomes(anna, Role.OWNER)
    await anna.says("/team")
    assert shows(anna, "team")


async def about_to_announce(bot: Bot, chat: Chat) -> Broadcast:
    """What somebody has confirmed, and what leaves in a minute."""
    async with bot.storage.transaction() as tx:
        return await tx.broadcasts.put(
            Kind.ANNOUNCEMENT,
            Rule(),
            {"texts": {"en": "Everybody out."}},
            bot.calendar.now,
            made_by=await person_of(chat),
            phase=Phase.HELD,
            starts_at=bot.calendar.now + timedelta(minutes=10),
        )


async def ends_the_role_of(owner: Chat, role: Role) -> None:
    """By the buttons of /team."""
    await owner.says("/team")
    await taps(owner, "btn-revoke")
    await owner.presses(word(f"role-{role}"))
    await taps(owner, "btn-revoke-now")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_somebody_revoked_was_about_to_send_waits_for_another_yes(
    bot: Bot, language: str
) -> None:
    owner = await helper(bot, "owner", Role.OWNER, language)
    organiser = await helper(bot, "organiser", Role.ORGANISER)
    held = await about_to_announce(bot, organiser)
    await owner.says("/team")
    for key in ("btn-revoke", "role-organiser", "btn-revoke-now"):
        await owner.presses(word(key, language))
    assert shows(owner, "revoked", language)
    assert shows(owner, "revoked-held-back", language)
    async with bot.storage.reading() as tx:
        waiting = await tx.broadcasts.get(held.id)
    assert waiting is not None
    assert waiting.phase is Phase.WAITING
    await owner.presses_value(f"go:an:{held.id}")
    assert shows(owner, "announce-to-agree", language)


async def test_a_change_that_somebody_revoked_was_about_to_make_is_undone(
    bot: Bot, owner: Chat
) -> None:
    organiser = await helper(bot, "organiser", Role.ORGANISER)
    async with bot.storage.transaction() as tx:
        held = await tx.broadcasts.put(
            Kind.NOTICE,
            Rule("registered", "virus"),
            {"notice": "cancelled"},
            bot.calendar.now,
            made_by=await person_of(organiser),
            webinar="virus",
            change={"state": "cancelled"},
            phase=Phase.HELD,
            starts_at=bot.calendar.now + timedelta(minutes=10),
        )
    await ends_the_role_of(owner, Role.ORGANISER)
    assert not shows(owner, "revoked-held-back")
    async with bot.storage.reading() as tx:
        undone = await tx.broadcasts.get(held.id)
    assert undone is not None
    assert undone.phase is Phase.CANCELLED


async def test_what_somebody_revoked_was_about_to_take_back_stays(bot: Bot, owner: Chat) -> None:
    organiser = await helper(bot, "organiser", Role.ORGANISER)
    made = await about_to_announce(bot, owner)
    async with bot.storage.transaction() as tx:
        recall = await tx.broadcasts.put(
            Kind.RECALL,
            Rule("reached"),
            {"texts": {}},
            bot.calendar.now,
            made_by=await person_of(organiser),
            about=made.id,
            phase=Phase.HELD,
            starts_at=bot.calendar.now + timedelta(minutes=10),
        )
    await ends_the_role_of(owner, Role.ORGANISER)
    async with bot.storage.reading() as tx:
        undone = await tx.broadcasts.get(recall.id)
    assert undone is not None
    assert undone.phase is Phase.CANCELLED


async def test_what_others_are_about_to_send_leaves_all_the_same(bot: Bot, owner: Chat) -> None:
    await helper(bot, "organiser", Role.ORGANISER)
    held = await about_to_announce(bot, owner)
    await ends_the_role_of(owner, Role.ORGANISER)
    assert not shows(owner, "revoked-held-back")
    async with bot.storage.reading() as tx:
        still = await tx.broadcasts.get(held.id)
    assert still is not None
    assert still.phase is Phase.HELD


async def test_what_somebody_sent_who_was_forgotten_can_still_be_stopped(
    bot: Bot, owner: Chat
) -> None:
    organiser = await helper(bot, "organiser", Role.ORGANISER)
    held = await about_to_announce(bot, organiser)
    async with bot.storage.transaction() as tx:
        await tx.people.forget(await person_of(organiser))
    await owner.says("/announce")
    await owner.presses("Everybody out.")
    await taps(owner, "btn-announce-undo")
    async with bot.storage.reading() as tx:
        undone = await tx.broadcasts.get(held.id)
    assert undone is not None
    assert undone.phase is Phase.DRAFT
