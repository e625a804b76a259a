"""Before consent: language, notice, the programme to read. Nothing here is written anywhere.

Whatever is needed to go on stands in the buttons themselves: `hi:<language>:<aim>`,
`ok:<language>:<aim>:<notice version>` and the like. Only which of them somebody saw last is
remembered, in memory, so that they may be typed as well: nobody agrees to what they were not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dialogue.fold import fold
from dialogue.incoming import Incoming
from dialogue.words import Act, Button, Reply, Text, text
from handlers.commands import Commands
from handlers.desk import Entry, meant
from handlers.house import House
from handlers.links import AIM, aim_of
from handlers.participants import privacy
from handlers.series import programme
from handlers.series.screen import details
from handlers.speaking import lists, menus


@dataclass(frozen=True, slots=True)
class Greeting:
    """What to say to somebody unknown, in which language; `agreed` when they just consented."""

    language: str
    replies: tuple[Reply, ...] = ()
    agreed: bool = False
    aim: str = ""
    """Where the link that they came by leads; see `links.aim_of`."""


def greet(
    house: House,
    commands: Commands,
    incoming: Incoming,
    now: datetime,
    shown: Sequence[Entry],
) -> Greeting:
    """Answer somebody who has not agreed yet; `shown` is the list that they saw last."""
    words = incoming.text or ""
    choice = incoming.choice or meant(shown, words) or _yes(commands, words, shown)
    if choice is not None:
        greeting = _pressed(house, incoming, choice, now)
    else:
        greeting = _typed(house, commands, incoming, now, shown)
    numbered = tuple(replace(each, rows=lists.numbered(each.rows)) for each in greeting.replies)
    greeting = replace(greeting, replies=numbered)
    if incoming.choice is None or incoming.message is None or greeting.agreed:
        return greeting
    first = replace(greeting.replies[0], act=Act.EDIT, target=incoming.message)
    return replace(greeting, replies=(first, *greeting.replies[1:]))


def _yes(commands: Commands, words: str, shown: Sequence[Entry]) -> str | None:
    """What a plain yes means while the notice is on the screen: that they agree."""
    agreeing = next((entry.value for entry in shown if entry.value.startswith("ok:")), None)
    return agreeing if commands.says_yes(words) else None


def notice_screen(house: House, channel: str, language: str, aim: str, *before: Text) -> Reply:
    """The notice, with agree, read more, no thanks, and the programme."""
    mark = privacy.version(house)
    rows = (
        (Button(text("btn-agree"), f"ok:{language}:{aim}:{mark}"),),
        (
            Button(text("btn-read-more"), f"more:{language}:{aim}"),
            Button(text("btn-no-thanks"), f"no:{language}:{aim}"),
        ),
        (Button(text("btn-webinars"), f"pg:{language}:{aim}"),),
    )
    return Reply((*before, *privacy.notice(house, channel)), rows)


def _pressed(house: House, incoming: Incoming, choice: str, now: datetime) -> Greeting:
    kind, _, rest = choice.partition(":")
    language, _, rest = rest.partition(":")
    aim, _, mark = rest.partition(":")
    # What a forged button names would be carried on in ours, which have room for that alone.
    aim = aim if AIM.fullmatch(aim) else ""
    if language not in house.languages.codes:
        return _hello(house, incoming)
    if kind == "ok" and mark == privacy.version(house):
        return Greeting(language, agreed=True, aim=aim)
    if kind in {"hi", "ok"}:
        notes = () if kind == "hi" else (text("notice-changed"),)
        return Greeting(language, (notice_screen(house, incoming.channel, language, aim, *notes),))
    if kind == "more":
        return Greeting(language, (_more(house, incoming.channel, language, aim),))
    if kind == "no":
        return Greeting(language, (_declined(language, aim),))
    if kind == "pg":
        return Greeting(language, (_programme(house, language, aim, now),))
    return _hello(house, incoming)


def _typed(
    house: House,
    commands: Commands,
    incoming: Incoming,
    now: datetime,
    shown: Sequence[Entry],
) -> Greeting:
    words = incoming.text or ""
    language = guess(house, incoming, shown)
    aim = aim_of(incoming)
    for code in house.languages.codes:
        # Whoever agrees to what we do not know that they have seen is shown it first.
        agrees = fold(words) == fold(house.languages.voice(code).say(Text("btn-agree")))
        if agrees or fold(words) in house.languages.names(Text(f"language-own-{code}")):
            return _pressed(house, incoming, f"hi:{code}:{aim}", now)
    match commands.find(words):
        case "webinars":
            return Greeting(language, (_programme(house, language, aim, now),))
        case "privacy":
            return Greeting(language, (_more(house, incoming.channel, language, aim),))
        case "help":
            return _hello(house, incoming, text("help-before", contact=house.community.contact))
        case "stop" | "cancel" | "forget" | "mydata":
            return _hello(house, incoming, text("nothing-is-kept"))
        case "start" | "language" | "menu":
            return _hello(house, incoming)
        case None if aim:
            return _hello(house, incoming)
        case _:
            return _hello(house, incoming, text("not-kept-yet"))


def _hello(house: House, incoming: Incoming, *notes: Text) -> Greeting:
    """The greeting in every language, each line in its own, and a button for each."""
    aim = aim_of(incoming)
    said = tuple(
        replace(words, language=code)
        for code in house.languages.codes
        for words in (text("greeting", community=house.community.name), *notes)
    )
    buttons = menus.language_buttons(house.languages, "hi:", f":{aim}")
    return Greeting(guess(house, incoming), (Reply(said, (buttons,)),))


def _more(house: House, channel: str, language: str, aim: str) -> Reply:
    mark = privacy.version(house)
    rows = (
        (
            Button(text("btn-agree"), f"ok:{language}:{aim}:{mark}"),
            Button(text("btn-no-thanks"), f"no:{language}:{aim}"),
        ),
    )
    return Reply(privacy.more(house, channel), rows)


def _declined(language: str, aim: str) -> Reply:
    rows = (
        (
            Button(text("btn-webinars"), f"pg:{language}:"),
            Button(text("btn-to-notice"), f"hi:{language}:{aim}"),
        ),
    )
    return Reply((text("declined"),), rows)


def _programme(house: House, language: str, aim: str, now: datetime) -> Reply:
    known = programme.find(house.programme, aim) if aim else None
    listed = details(known, now) if known else programme.listing(house, now)
    rows = tuple(
        (Button(other.title, f"pg:{language}:{other.id}"),)
        for other in programme.upcoming(house.programme, now)
        if other is not known
    )
    kept = aim if known or aim[:1] in {"!", "="} else ""
    consent = (Button(text("btn-register"), f"hi:{language}:{kept}"),)
    return Reply(listed, (*rows, consent))


def guess(house: House, incoming: Incoming, shown: Sequence[Entry] = ()) -> str:
    """The likely language: the script that was typed, their choice so far, the platform's hint."""
    typed = incoming.text or ""
    if any("\u0600" <= letter <= "\u06ff" for letter in typed) and "ar" in house.languages.codes:
        return "ar"
    chosen = {entry.value.split(":")[1] for entry in shown if ":" in entry.value}
    hints = chosen if len(chosen) == 1 else {(incoming.hint or "")[:2].lower()}
    (hint,) = hints
    return hint if hint in house.languages.codes else house.languages.codes[0]
