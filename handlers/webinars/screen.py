"""One webinar as its organisers see it: what it is, what is missing, and what can be done."""

from __future__ import annotations

from dialogue.words import Button, Label, Reply, Text, text
from handlers import links
from handlers.content import warnings
from handlers.series.screen import details
from handlers.series.standing import Standing, is_on, lets_in, standing
from handlers.speaking import lists, moments, tokens
from handlers.telling import changes
from handlers.turn import Turn
from handlers.webinars import listing, questions
from storage.broadcasting.broadcasts import Broadcast
from storage.engines.times import from_epoch_ms
from storage.series.posters import Fetching
from storage.series.webinars import Webinar


async def screen(turn: Turn, webinar_id: str, *before: Text) -> list[Reply]:
    """The screen of this webinar; the list of all when there is none."""
    webinar = await turn.storage.webinars.get(webinar_id)
    if webinar is None:
        return await listing.listing(turn, *before, text("webinar-unknown"))
    held = await changes.held(turn.storage, webinar_id)
    texts = [*before, _facts(turn, webinar), *await _people(turn, webinar)]
    texts += _pending(held)
    texts += _missing(turn, webinar)
    texts += await _refused(turn, webinar)
    coming = standing(webinar, turn.now) is Standing.COMING
    if coming:
        texts.append(_links(turn, webinar))
    if webinar.state == "draft" or coming:
        texts += await warnings.about(turn, webinar.starts_at, webinar.minutes)
    undo = ((undo_button(held),),) if held else ()
    rows = lists.in_rows(tuple(_ways(turn, webinar)), 2)
    return [lists.menu(turn, tuple(texts), (*undo, *rows))]


def back_button(webinar_id: str) -> Button:
    """The way back to the screen."""
    return Button(text("btn-to-webinar"), f"go:wn:{webinar_id}")


def undo_button(held: Broadcast) -> Button:
    """The way to take a change back that is held."""
    return Button(text("btn-undo"), f"go:wu:{held.id:x}")


def _facts(turn: Turn, webinar: Webinar) -> Text:
    facts = details(webinar, turn.now)[0]
    return text(
        "staff-facts",
        facts=facts,
        utc=moments.in_utc(webinar.starts_at),
        state=listing.state(turn, webinar),
    )


async def _people(turn: Turn, webinar: Webinar) -> list[Text]:
    texts = [text("staff-approval")] if webinar.approval else []
    if webinar.state == "draft":
        return texts
    count = await turn.storage.registrations.count(webinar.id)
    texts.append(text("staff-registered", count=count))
    waiting = await turn.storage.registrations.count_waiting(webinar.id) if webinar.approval else 0
    if waiting:
        texts.append(text("staff-waiting", count=waiting))
    return texts


def _links(turn: Turn, webinar: Webinar) -> Text:
    """The links that lead people to it, to be passed on anywhere."""
    bot, web = turn.house.telegram_name(), turn.house.web_address()
    there = [links.webinar_on_telegram(bot, webinar.id)] if bot else []
    there.append(links.webinar_on_the_web(web, webinar.id))
    return text("staff-links", lines=tuple(text("link-line", link=link) for link in there))


def _pending(held: Broadcast | None) -> list[Text]:
    if held is None or held.change is None:
        return []
    if "starts_at" in held.change:
        return [text("staff-moving", at=from_epoch_ms(held.change["starts_at"]))]
    return [text("staff-cancelling")]


def _missing(turn: Turn, webinar: Webinar) -> list[Text]:
    """What is left for later, as far as participants would miss it."""
    if webinar.state not in {"draft", "published"}:
        return []
    missing: list[Text] = []
    for code in turn.house.languages.codes:
        if code not in webinar.title.by_language:
            missing.append(questions.named("title-w-title", code))
        if code not in webinar.description.by_language:
            missing.append(questions.named("title-w-about", code))
    missing += _missing_speakers(turn, webinar)
    if webinar.way_in is None:
        missing.append(text("btn-way-in"))
    return [text("staff-missing", what=tuple(missing))] if missing else []


async def _refused(turn: Turn, webinar: Webinar) -> list[Text]:
    """Pictures that were sent, and turned out not to be fit."""
    posters = {code: await turn.storage.posters.look(id) for code, id in webinar.posters.items()}
    return [
        questions.named("staff-poster-refused", code)
        for code, poster in posters.items()
        if poster is None or poster.state is Fetching.REFUSED
    ]


def _missing_speakers(turn: Turn, webinar: Webinar) -> list[Text]:
    if not webinar.speakers:
        return [text("btn-speakers")]
    return [
        questions.named("title-w-speakers", code)
        for code in turn.house.languages.codes
        if any(code not in speaker.name.by_language for speaker in webinar.speakers)
    ]


def _ways(turn: Turn, webinar: Webinar) -> list[Button]:
    id, stands = webinar.id, standing(webinar, turn.now)
    ways: list[Button] = []
    copy = f"go:wd:{tokens.new(turn)}:{id}"

    def way(key: str, value: str, label: Label | None = None) -> None:
        ways.append(Button(label or Text(key), value))

    if webinar.state == "draft":
        way("btn-publish", f"go:wp:{id}")
    if webinar.state in {"draft", "published"}:
        way("btn-edit-webinar", f"go:we:{id}")
    if stands is Standing.COMING:
        way("btn-announce-webinar", f"go:an-for:{id}")
        way("btn-move", f"go:wm:{id}")
    if lets_in(webinar, turn.now):
        way("btn-way-in", f"go:wi:{id}")
    if webinar.state != "draft":
        way("btn-registrations", f"go:wr:{id}")
    if webinar.state != "draft":
        way("btn-copy-webinar", copy)
    for code in questions.own_first(turn):
        way("btn-seen-in", f"go:wl:{code}:{id}", questions.named("btn-seen-in", code))
    if webinar.state == "draft":
        way("btn-copy-webinar", copy)
        way("btn-drop-draft", f"go:wz:{id}")
    if stands is Standing.COMING:
        way("btn-cancel-webinar", f"go:wc:{id}")
    if is_on(webinar, turn.now):
        way("btn-finish", f"go:wz:{id}")
    way("btn-all-webinars", "go:new")
    return ways
