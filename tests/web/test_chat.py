"""The chat by forms alone, as a browser without scripts uses it, and as the script does."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import httpx
import pytest

from dialogue.words import Act, Message
from tests.web.conftest import Visit
from tests.web.standin import AGREE, ASK, NOTICE, Site, running_site
from web.intake import start_of


def shown(page: str) -> list[str]:
    """The texts of the conversation, in order."""
    log = page.split('role="log"')[1].split("</main>")[0]
    return re.findall(r'<p dir="auto">(.*?)</p>', log, re.DOTALL)


async def test_the_first_look_holds_the_greeting_and_its_buttons(visit: Visit, site: Site) -> None:
    answer = await visit.open()
    assert answer.status_code == 200
    assert "Welcome! Which language suits you?" in shown(visit.page)[0]
    assert visit.button("العربية").endswith(" hi:ar")
    assert [incoming.text for incoming in site.bot.heard] == ["/start"]


async def test_who_comes_back_sees_the_same_and_is_not_greeted_again(
    visit: Visit, site: Site
) -> None:
    await visit.open()
    before = shown(visit.page)
    await visit.open()
    assert shown(visit.page) == before
    assert len(site.bot.heard) == 1


async def test_the_page_speaks_the_language_the_browser_asks_for(visit: Visit) -> None:
    await visit.open(language="fr, en;q=0.8, ar;q=0.9")
    assert '<html lang="ar" dir="rtl">' in visit.page
    assert "إرسال" in visit.page


async def test_a_conversation_needs_no_script(visit: Visit, site: Site) -> None:
    await visit.open()
    await visit.press("العربية")
    assert shown(visit.page) == [NOTICE["ar"]]
    assert '<html lang="ar" dir="rtl">' in visit.page
    await visit.press(AGREE["ar"])
    assert shown(visit.page) == [NOTICE["ar"], ASK["ar"]]
    await visit.send(text="نور")
    assert shown(visit.page) == [NOTICE["ar"], ASK["ar"], "نور", "تم الحفظ: نور"]
    assert site.mailboxes.agreed == {site.account}


async def test_pressing_names_the_message_that_the_button_stands_under(
    visit: Visit, site: Site
) -> None:
    await visit.open()
    number = visit.field("seen")
    await visit.press("English")
    heard = site.bot.heard[-1]
    assert (heard.choice, heard.message, heard.channel) == ("hi:en", number, "web")


async def test_a_stripped_message_keeps_its_text_and_loses_its_buttons(visit: Visit) -> None:
    await visit.open()
    await visit.press("English")
    await visit.press(AGREE["en"])
    assert NOTICE["en"] in shown(visit.page)
    assert AGREE["en"] not in visit.page


async def test_a_deleted_message_is_gone_from_the_page(visit: Visit, site: Site) -> None:
    await visit.open()
    number = await site.bot.say(site.account, "For a moment only")
    await visit.open()
    assert "For a moment only" in visit.page
    await site.chat.send(site.account, Act.DELETE, str(number), Message())
    await visit.open()
    assert "For a moment only" not in visit.page


async def test_a_link_to_a_webinar_starts_there_once(visit: Visit, site: Site) -> None:
    answer = await visit.open("/chat?w=corona-1")
    assert answer.url.query == b""
    assert "[w-corona-1]" in shown(visit.page)[0]
    await visit.open(str(answer.url))
    assert [incoming.start for incoming in site.bot.heard] == ["w-corona-1"]


async def test_a_link_to_a_webinar_speaks_of_it_to_who_comes_back(visit: Visit, site: Site) -> None:
    await visit.open()
    await visit.open("/chat?w=corona-2")
    assert [incoming.start for incoming in site.bot.heard] == [None, "w-corona-2"]
    assert len(shown(visit.page)) == 2


@pytest.mark.parametrize("webinar", ["", "../../etc", "<script>", "x" * 100])
async def test_a_link_to_nonsense_is_a_plain_start(visit: Visit, site: Site, webinar: str) -> None:
    await visit.client.get("/chat", params={"w": webinar}, follow_redirects=True)
    assert [(each.text, each.start) for each in site.bot.heard] == [("/start", None)]


@pytest.mark.parametrize(("secret", "start"), [("Ab-_" * 8, "i-" + "Ab-_" * 8), ("a b", "i-")])
async def test_a_link_with_an_invitation_starts_with_it_and_leaves_the_address(
    visit: Visit, site: Site, secret: str, start: str
) -> None:
    answer = await visit.client.get("/chat", params={"i": secret}, follow_redirects=True)
    assert answer.url.query == b""
    assert [(each.text, each.start) for each in site.bot.heard] == [("/start", start)]


async def test_asking_for_the_head_of_the_page_greets_nobody(visit: Visit, site: Site) -> None:
    answer = await visit.client.head("/chat")
    assert answer.status_code == 200
    assert site.bot.heard == []


async def test_the_same_form_sent_twice_is_taken_once(visit: Visit, site: Site) -> None:
    await visit.open()
    form = visit.form(text="once")
    for _ in range(10):
        answer = await visit.client.post("/chat", data=form)
        assert answer.status_code == 303
    assert [each.text for each in site.bot.heard] == ["/start", "once"]


async def test_two_buttons_of_one_page_are_two_things(visit: Visit, site: Site) -> None:
    await visit.open()
    number = visit.field("seen")
    for choice in ("hi:ar", "hi:en"):
        await visit.client.post("/chat", data=visit.form(press=f"{number} {choice}"))
    assert [each.choice for each in site.bot.heard] == [None, "hi:ar", "hi:en"]


async def test_the_same_sending_has_the_same_id_and_anothers_a_different_one(site: Site) -> None:
    site.bot.silent = True
    form = {"id": "a" * 32, "seen": "0", "text": "hello"}
    for _ in range(2):
        async with httpx.AsyncClient(base_url=site.url, timeout=30) as http:
            one = Visit(http)
            await one.open()
            await http.post("/chat", data={**form, "token": one.field("token")})
    said = [each for each in site.bot.heard if each.text == "hello"]
    assert len({each.id for each in said}) == 2
    assert all(re.fullmatch("[0-9a-f]{64}", each.sender) for each in said)


async def test_what_was_not_taken_is_given_back_to_be_sent_again(visit: Visit, site: Site) -> None:
    await visit.open()
    site.bot.out_of_order = True
    answer = await visit.send(text="a long <story>")
    assert answer.status_code == 503
    assert ">a long &lt;story&gt;</textarea>" in visit.page
    assert "Please try again in a moment" in visit.page
    site.bot.out_of_order = False
    await visit.send(text="a long <story>")
    assert shown(visit.page)[-2:] == ["a long &lt;story&gt;", "Saved: a long &lt;story&gt;"]


async def test_a_first_visit_in_a_bad_moment_says_so(visit: Visit, site: Site) -> None:
    site.bot.out_of_order = True
    answer = await visit.open("/chat?w=corona-1")
    assert answer.status_code == 503
    assert "Please try again in a moment" in visit.page
    site.bot.out_of_order = False
    answer = await visit.open()
    assert answer.status_code == 200
    assert len(shown(visit.page)) == 1


async def test_a_form_of_before_a_restart_gives_back_what_was_typed(visit: Visit) -> None:
    await visit.open()
    token = visit.field("token")
    visit.page = visit.page.replace(token, "0" * 64)
    answer = await visit.send(text="typed long ago")
    assert answer.status_code == 403
    assert ">typed long ago</textarea>" in visit.page
    assert visit.field("token") == token


async def test_too_long_a_text_is_given_back(visit: Visit, site: Site) -> None:
    await visit.open()
    answer = await visit.send(text="x" * 8001)
    assert answer.status_code == 413
    assert "x" * 8001 in visit.page
    assert len(site.bot.heard) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "   "},
        {"id": "short", "text": "hello"},
        {"press": "hi:ar"},
        {"press": "1 "},
        {"press": "1 " + "x" * 65},
        {"press": "1 " + "ش" * 40},
    ],
)
async def test_a_form_that_is_none_of_ours_is_refused(
    visit: Visit, site: Site, fields: dict[str, str]
) -> None:
    await visit.open()
    answer = await visit.client.post("/chat", data=visit.form(**fields))
    assert answer.status_code == 400
    assert len(site.bot.heard) == 1


async def test_lines_arrive_as_they_were_typed(visit: Visit, site: Site) -> None:
    await visit.open()
    await visit.send(text="one\r\ntwo\r\n")
    assert site.bot.heard[-1].text == "one\ntwo"


async def test_a_document_is_handed_over_to_its_owner_alone(visit: Visit, site: Site) -> None:
    await visit.open()
    await visit.send(text="file")
    found = re.search(r'href="(/chat/file/\d+)" download', visit.page)
    assert found
    answer = await visit.client.get(found[1])
    assert answer.content == b'{"kept": []}'
    assert answer.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''%D8%A8%D9%8A%D8%A7%D9%86%D8%A7%D8%AA%20data.json"
    )
    async with httpx.AsyncClient(base_url=site.url, timeout=30) as stranger:
        assert (await stranger.get(found[1])).status_code == 404


async def test_forgetting_leaves_neither_words_on_the_page(visit: Visit, site: Site) -> None:
    await visit.open()
    await visit.press("English")
    await visit.press(AGREE["en"])
    await visit.send(text="my secret")
    await visit.send(text="/forget")
    assert shown(visit.page) == ["/forget", "Erased."]
    news = await visit.client.get("/chat/messages", params={"after": visit.field("seen")})
    assert news.json()["erased"] > 0
    assert "my secret" not in visit.page


async def test_the_script_gets_the_answer_along_with_the_receipt(visit: Visit, site: Site) -> None:
    await visit.open()
    answer = await visit.fetch(text="hello")
    assert answer.status_code == 202
    letters = answer.json()["letters"]
    assert [each["act"] for each in letters] == ["send"]
    assert '<p dir="auto">Saved: hello</p>' in letters[0]["html"]


async def test_the_script_with_an_open_line_gets_the_receipt_alone(
    visit: Visit, site: Site
) -> None:
    await visit.open()
    assert (await visit.fetch(text="hello", live="1")).json() == {"letters": []}


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"text": "x" * 8001}, 413, "web-too-long"),
        ({"text": "hello", "token": "wrong"}, 403, "web-stale"),
    ],
)
async def test_the_script_learns_by_key_what_is_wrong(
    visit: Visit, fields: dict[str, str], status: int, error: str
) -> None:
    await visit.open()
    answer = await visit.fetch(**fields)
    assert (answer.status_code, answer.json()) == (status, {"error": error})


async def test_the_script_learns_that_it_was_not_taken(visit: Visit, site: Site) -> None:
    await visit.open()
    site.bot.out_of_order = True
    answer = await visit.fetch(text="hello")
    assert (answer.status_code, answer.json()) == (503, {"error": "web-try-again"})


async def test_polling_gets_what_is_new_and_acknowledges_the_rest(visit: Visit, site: Site) -> None:
    await visit.open()
    seen = int(visit.field("seen"))
    await site.bot.say(site.account, "one more")
    news = (await visit.client.get("/chat/messages", params={"after": seen})).json()
    assert ["one more" in each["html"] for each in news["letters"]] == [True]
    assert news["letters"][0]["n"] > seen
    assert news["token"] == visit.field("token")
    assert site.mailboxes.acknowledged == {site.account: seen}


async def test_an_answer_that_takes_long_is_not_waited_for_for_ever() -> None:
    async with (
        running_site(lambda parts: replace(parts, patience=0.05)) as site,
        httpx.AsyncClient(base_url=site.url, timeout=30) as http,
    ):
        visit = Visit(http)
        await visit.open()
        site.bot.silent = True
        answer = await visit.send(text="anybody there?")
        assert answer.status_code == 200
        assert shown(visit.page)[-1] == "anybody there?"


async def test_an_answer_that_comes_a_little_later_is_on_the_page() -> None:
    async with (
        running_site(lambda parts: replace(parts, patience=30)) as site,
        httpx.AsyncClient(base_url=site.url, timeout=60) as http,
    ):
        visit = Visit(http)
        await visit.open()
        site.bot.silent = True
        async with asyncio.TaskGroup() as tasks:
            sending = tasks.create_task(visit.send(text="hello"))
            await site.bot.has_heard(2)
            await site.bot.say(site.account, "there you are")
            await sending
    assert shown(visit.page)[-1] == "there you are"


async def test_while_the_mailboxes_cannot_be_read_it_says_so_by_its_status(
    visit: Visit, site: Site
) -> None:
    await visit.open()
    site.mailboxes.broken = True
    for path in ("/chat", "/chat/messages", "/chat/file/1"):
        answer = await visit.client.get(path)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    site.mailboxes.broken = False
    assert (await visit.open()).status_code == 200


async def test_what_was_taken_counts_though_nothing_can_be_acknowledged(
    visit: Visit, site: Site
) -> None:
    await visit.open()
    site.mailboxes.broken = True
    site.bot.silent = True
    answer = await visit.fetch(text="hello", live="1")
    assert answer.status_code == 202
    assert site.bot.heard[-1].text == "hello"


@pytest.mark.parametrize(
    ("query", "start"),
    [
        ({"w": "corona-1"}, "w-corona-1"),
        ({"w": "corona-1\u2069"}, "w-corona-1"),
        ({"i": "AbC_-9"}, "i-AbC_-9"),
        ({"i": "\u2068AbC_-9\u2069 "}, "i-AbC_-9"),
        ({"i": "no secret"}, "i-"),
        ({}, None),
    ],
)
def test_a_link_leads_there_with_what_was_copied_around_it(
    query: dict[str, str], start: str | None
) -> None:
    assert start_of(query) == start
