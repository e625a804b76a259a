"""How many people an announcement is for, where and in which language, and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from math import ceil

from dialogue.words import Label, Localised, Text, text
from handlers.counting import Audience, Recipients
from handlers.house import Rules
from handlers.series import programme
from handlers.turn import Turn
from storage.broadcasting.broadcasts import Broadcast, Counts, Rule
from storage.persons import MAILED, VISITED
from storage.series.webinars import Programme


def audience(turn: Turn, broadcast: Broadcast) -> Counts:
    """Whom this would reach if it left now; once it is confirmed, who is written down."""
    if broadcast.frozen is not None:
        return turn.count(Recipients(broadcast.id))
    return turn.count(Audience(broadcast.rule, broadcast.about, broadcast.kind))


def whom(known: Programme, rule: Rule) -> Text:
    """Whom the rule names, before it is narrowed."""
    return Text(f"announce-to-{rule.who}", {"webinar": _title(known, rule.webinar)})


def narrowed(known: Programme, rule: Rule) -> tuple[Text, ...]:
    """A line for each way in which fewer are meant."""
    parts: dict[str, tuple[Label, ...]] = {
        "langs": tuple(Text(f"language-{code}") for code in rule.languages),
        "chans": tuple(Text(f"channel-{name}") for name in rule.channels),
        "govs": tuple(map(_place, rule.governorates)),
        "minus": tuple(_title(known, webinar) for webinar in rule.minus),
    }
    return tuple(
        text("summary-line", title=Text(f"title-announce-{key}"), answer=enumerated(labels))
        for key, labels in parts.items()
        if labels
    )


def recipients(counts: Counts, rules: Rules) -> tuple[Text, ...]:
    """How many there are, where, in which languages, and how long it takes to reach them."""
    lines = [text("announce-recipients", number=counts.total)]
    if counts.total:
        lines += [_on(channel, number) for channel, number in sorted(counts.by_channel.items())]
        languages = sorted(counts.by_language.items())
        lines += [
            text("announce-in-language", language=Text(f"language-{code}"), number=number)
            for code, number in languages
        ]
        lines.append(text("announce-takes", time=lasting(time_for(counts.by_channel, rules))))
    return tuple(lines)


def time_for(by_channel: Mapping[str, int], rules: Rules) -> timedelta:
    """How long the slowest channel takes; what is written into the web chat takes no time."""
    paces = {"whatsapp": rules.whatsapp_per_second, MAILED: rules.mails_per_second}
    times = [
        number / paces.get(channel, rules.messages_per_second)
        for channel, number in by_channel.items()
        if channel != VISITED
    ]
    return timedelta(seconds=ceil(max(times, default=0)))


def lasting(time: timedelta) -> Text:
    """A length of time, as exact as it matters to somebody who waits."""
    seconds = max(1, ceil(time.total_seconds()))
    if seconds < 90:
        return text("lasting-seconds", count=seconds)
    minutes = ceil(seconds / 60)
    if minutes < 90:
        return text("lasting-minutes", count=minutes)
    return text("lasting-hours", count=ceil(minutes / 60))


def enumerated(labels: tuple[Label, ...]) -> Label:
    """Several labels as one."""
    first, *rest = labels
    return text("enumerated", first=first, rest=enumerated(tuple(rest))) if rest else first


def _on(channel: str, number: int) -> Text:
    name = Text(f"channel-{channel}")
    key = "announce-on-next-visit" if channel == VISITED else "announce-on-channel"
    return Text(key, {"channel": name, "number": number})


def _title(known: Programme, webinar_id: str | None) -> Localised | str:
    webinar = programme.find(known, webinar_id) if webinar_id else None
    return webinar.title if webinar else webinar_id or ""


def _place(code: str) -> Text:
    return Text(f"governorate-{code}")
