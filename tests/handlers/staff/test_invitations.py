"""From an invitation to a role: a link or a code, consent, three words, and an owner's yes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.staff.invitations import three_words
from storage.roles import Role
from tests.handlers.chatting import Bot, Chat, plain
from tests.handlers.staff.team import becomes, invited, person_of, standing
from tests.safety.people import newcomer, taps
from tests.safety.seen import LANGUAGES, shows, speech, word

WRONG = "w" * 32


async def owner_of(bot: Bot, language: str = "en") -> Chat:
    """Somebody who is an owner by the first invitation."""
    owner = await newcomer(bot, "owner", language)
    await becomes(owner, Role.OWNER)
    return owner


async def follows(chat: Chat, secret: str) -> str:
    """Open a link with this invitation."""
    return await chat.says("/start", start=f"i-{secret}")


async def words_of(bot: Bot, chat: Chat, language: str) -> str:
    """The words that this person has to read aloud, in this language."""
    member = await standing(chat)
    assert member is not None
    said = three_words(bot.receiver.house, member.words, language)
    return plain(speech().voice(language).say(said))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", Role)
async def test_an_invitation_leads_from_consent_over_three_words_to_a_role(
    bot: Bot, stranger: Chat, role: Role, language: str
) -> None:
    owner = await owner_of(bot, "ar" if language == "en" else "en")
    invitation = await invited(bot, role, await person_of(owner))

    await follows(stranger, invitation.token)
    await stranger.presses(word(f"language-own-{language}"))
    assert shows(stranger, "notice-heading", language)
    await stranger.presses(word("btn-agree", language))
    assert shows(stranger, "agreed", language)
    assert shows(stranger, "invitation-offer", language)
    assert word(f"role-{role}", language) in stranger.text
    assert await standing(stranger) is None

    await stranger.presses(word("btn-accept", language))
    assert shows(stranger, "invitation-taken", language)
    other = owner.bot.receiver.house.languages.codes
    for code in other:
        words = await words_of(bot, stranger, code)
        assert words in stranger.text
        assert words in owner.text
    theirs = "ar" if language == "en" else "en"
    assert shows(owner, "team-accepted", theirs)
    assert word(f"role-{role}", theirs) in owner.text

    await owner.presses(word("btn-that-is-them", theirs))
    assert shows(owner, "team-confirmed", theirs)
    assert shows(stranger, "role-begins", language)
    member = await standing(stranger)
    assert member is not None
    assert (member.role, member.active) == (role, True)


async def test_powers_begin_with_the_yes_and_not_before(bot: Bot, anna: Chat) -> None:
    owner = await owner_of(bot)
    await follows(anna, (await invited(bot, Role.ORGANISER)).token)
    await taps(anna, "btn-accept")
    await anna.says("/team")
    assert shows(anna, "unasked")
    await taps(owner, "btn-that-is-them")
    await anna.says("/team")
    assert shows(anna, "team")


async def test_the_first_owner_begins_at_once_and_needs_no_words(bot: Bot, anna: Chat) -> None:
    await follows(anna, (await invited(bot, Role.OWNER)).token)
    await taps(anna, "btn-accept")
    assert shows(anna, "role-begins")
    assert word("btn-team") in anna.labels


async def test_a_second_owner_by_the_command_line_waits_for_the_first(bot: Bot, anna: Chat) -> None:
    owner = await owner_of(bot)
    await follows(anna, (await invited(bot, Role.OWNER)).token)
    await taps(anna, "btn-accept")
    assert shows(anna, "invitation-taken")
    assert shows(owner, "team-accepted")


async def test_a_no_gives_nothing_and_is_told_politely(bot: Bot, anna: Chat) -> None:
    owner = await owner_of(bot)
    await follows(anna, (await invited(bot, Role.ORGANISER)).token)
    await taps(anna, "btn-accept")
    await taps(owner, "btn-not-them")
    assert shows(owner, "team-not-them")
    assert shows(anna, "role-not-given")
    assert await standing(anna) is None


async def test_of_several_owners_each_is_asked_and_one_answer_settles_it(
    bot: Bot, anna: Chat
) -> None:
    owner = await owner_of(bot)
    second = await newcomer(bot, "second")
    await becomes(second, Role.OWNER)
    await follows(anna, (await invited(bot, Role.ORGANISER, await person_of(owner))).token)
    await taps(anna, "btn-accept")
    number, no = second.button(word("btn-not-them"))
    await taps(owner, "btn-that-is-them")
    await second.presses_value(no, number)
    assert shows(second, "team-settled")
    member = await standing(anna)
    assert member is not None
    assert member.active


async def test_the_yes_is_for_the_words_that_were_shown(bot: Bot, anna: Chat) -> None:
    owner = await owner_of(bot)
    await follows(anna, (await invited(bot, Role.ORGANISER)).token)
    await taps(anna, "btn-accept")
    number, yes = owner.button(word("btn-that-is-them"))
    *who, words = yes.split(":")
    others = "-".join(str((int(each) + 1) % 64) for each in words.split("-"))
    await owner.presses_value(":".join((*who, others)), number)
    assert shows(owner, "team-settled")
    member = await standing(anna)
    assert member is not None
    assert not member.active


@pytest.mark.parametrize("typed", ["{code}", "{lower}", "{apart}", " {dashed} "])
async def test_the_code_may_be_typed_in_any_manner(bot: Bot, anna: Chat, typed: str) -> None:
    code = (await invited(bot, Role.OWNER)).code
    said = typed.format(
        code=code, lower=code.lower(), apart=" ".join(code), dashed=f"{code[:5]}-{code[5:]}"
    )
    await anna.says(said)
    assert shows(anna, "invitation-offer")
    await taps(anna, "btn-accept")
    assert shows(anna, "role-begins")


async def test_the_code_may_be_typed_before_consent(bot: Bot, stranger: Chat) -> None:
    await stranger.says((await invited(bot, Role.OWNER)).code)
    await stranger.says("English", "2")
    await taps(stranger, "btn-agree")
    assert shows(stranger, "invitation-offer")


async def test_the_code_may_be_typed_in_the_middle_of_a_form(bot: Bot, anna: Chat) -> None:
    await anna.says("/register", (await invited(bot, Role.OWNER)).code)
    assert shows(anna, "invitation-offer")
    await taps(anna, "btn-accept")
    assert shows(anna, "role-begins")
    assert shows(anna, "ask-nick")


async def test_who_says_no_to_the_notice_first_does_not_lose_the_invitation(
    bot: Bot, stranger: Chat
) -> None:
    await follows(stranger, (await invited(bot, Role.OWNER)).token)
    await taps(stranger, "language-own-en", "btn-read-more", "btn-no-thanks", "btn-to-notice")
    await taps(stranger, "btn-webinars", "btn-register", "btn-agree")
    assert shows(stranger, "invitation-offer")


async def test_a_look_at_a_link_uses_nothing_up(bot: Bot, stranger: Chat, anna: Chat) -> None:
    token = (await invited(bot, Role.OWNER)).token
    for _ in range(12):
        await follows(stranger, token)
        await follows(anna, token)
        assert shows(anna, "invitation-offer")
    await taps(anna, "btn-accept")
    assert shows(anna, "role-begins")


async def test_declining_uses_nothing_up(bot: Bot, anna: Chat) -> None:
    token = (await invited(bot, Role.OWNER)).token
    await follows(anna, token)
    await taps(anna, "btn-no-thanks")
    assert shows(anna, "menu")
    await follows(anna, token)
    assert shows(anna, "invitation-offer")


async def test_wrong_used_and_expired_get_the_same_answer(bot: Bot, anna: Chat) -> None:
    owner = await owner_of(bot)
    used, late = [await invited(bot, Role.ORGANISER) for _ in range(2)]
    await follows(owner, WRONG)
    wrong = (owner.text, owner.labels)
    assert shows(owner, "invitation-refused")
    await follows(anna, used.token)
    number, accept = anna.button(word("btn-accept"))
    await taps(anna, "btn-accept")
    bot.calendar.passes(timedelta(minutes=15))
    for secret in (used.token, late.token, "", "short", "?" * 70, "w" * 33):
        await follows(owner, secret)
        assert (owner.text, owner.labels) == wrong, secret
    for code in (used.code, late.code, "BBBBBBBBBB"):
        await owner.says(code)
        assert (owner.text, owner.labels) == wrong, code
    await anna.presses_value(accept, number)
    assert shows(anna, "invitation-refused")


async def test_after_ten_misses_in_an_hour_the_right_code_fails_in_the_same_way(
    bot: Bot, anna: Chat
) -> None:
    owner = await owner_of(bot)
    right = await invited(bot, Role.ORGANISER, await person_of(owner))
    for number in range(10):
        await (anna, owner)[number % 2].says(f"BCDFGHJK{'MNPQRSTVWX'[number]}Z")
    eleventh = await anna.says("BCDFGHJKZZ")
    assert shows(anna, "invitation-refused")
    assert await follows(anna, WRONG) == eleventh
    assert await anna.says(right.code) == eleventh
    await anna.presses_value(f"go:join:{right.code}")
    assert anna.text == eleventh
    assert await standing(anna) is None

    bot.calendar.passes(timedelta(hours=1))
    fresh = await invited(bot, Role.ORGANISER, await person_of(owner))
    await anna.says(fresh.code)
    assert shows(anna, "invitation-offer")


async def test_while_a_stranger_guesses_codes_a_link_leads_on(bot: Bot, anna: Chat) -> None:
    owner = await owner_of(bot)
    right = await invited(bot, Role.ORGANISER, await person_of(owner))
    for number in range(10):
        await owner.says(f"BCDFGHJK{'MNPQRSTVWX'[number]}Z")
    await follows(anna, right.token)
    assert shows(anna, "invitation-offer")
    await taps(anna, "btn-accept")
    assert shows(anna, "invitation-taken")


async def test_whoever_helps_already_uses_up_no_invitation(bot: Bot, anna: Chat) -> None:
    owner = await owner_of(bot)
    token = (await invited(bot, Role.MODERATOR)).token
    for value in (None, f"go:join:{token}"):
        if value is None:
            await follows(owner, token)
        else:
            await owner.presses_value(value)
        assert shows(owner, "invitation-not-needed")
    member = await standing(owner)
    assert member is not None
    assert member.role is Role.OWNER
    await follows(anna, token)
    assert shows(anna, "invitation-offer")


async def test_an_organiser_may_become_the_owner_that_is_missing(bot: Bot, anna: Chat) -> None:
    owner = await owner_of(bot)
    await becomes(anna, Role.ORGANISER)
    await becomes(owner, None)
    await follows(anna, (await invited(bot, Role.OWNER)).token)
    await taps(anna, "btn-accept")
    assert shows(anna, "role-begins")
    member = await standing(anna)
    assert member is not None
    assert member.role is Role.OWNER


async def test_whoever_wishes_for_no_messages_is_told_nothing(bot: Bot, anna: Chat) -> None:
    owner = await owner_of(bot)
    await owner.says("/stop")
    before = owner.text
    await follows(anna, (await invited(bot, Role.ORGANISER)).token)
    await taps(anna, "btn-accept")
    assert owner.text == before
    await owner.says("/team")
    assert shows(owner, "team-line-waiting")


def test_there_are_64_words_to_draw_from_all_different_in_each_language() -> None:
    for language in LANGUAGES:
        listed = word("spoken-words", language).replace("،", ",").split(",")
        assert len({each.strip() for each in listed}) == len(listed) == 64
