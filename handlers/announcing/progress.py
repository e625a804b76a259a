"""What its author sees of a broadcast: how far it has come, and what became of it in the end."""

from __future__ import annotations

from datetime import timedelta

from dialogue.words import Button, Localised, Reply, Text, text
from handlers.announcing import figures
from handlers.announcing.content import KINDS, Announcement
from handlers.lasting import lasting
from storage.broadcasts import Broadcast, Counts, Kind, Phase

BLOCKS = 10

FAULTS = ("gone", "refused", "unreachable", "error", "expired", "unknown", "stopped", "left")
"""Those that have words of their own; all others are mistakes of ours."""


def progress(
    broadcast: Broadcast,
    counts: Counts,
    rate: float | None,
    left: timedelta | None,
    language: str,
) -> Reply:
    """The one message that is edited while it runs; `rate` is messages a second, None unknown."""
    gone = counts.total - counts.of("queued", "sending")
    percent = gone * 100 // counts.total if counts.total else 0
    texts = [*_heading(broadcast, language, f"progress-{broadcast.phase}")]
    if broadcast.phase is not Phase.FREEZING:
        bar = text("progress-bar", bar=_bar(percent), percent=percent)
        lines = [bar, text("progress-sent", sent=counts.of("sent"), total=counts.total)]
        if rate is not None and broadcast.phase is Phase.RUNNING:
            lines.append(text("progress-rate", rate=round(rate)))
        if left is not None and broadcast.phase is Phase.RUNNING and gone < counts.total:
            lines.append(text("progress-left", time=figures.lasting(left)))
        texts.append(_joined((*lines, *_faults(counts))))
    return Reply(tuple(texts), _controls(broadcast), language=language)


def report(broadcast: Broadcast, counts: Counts, language: str) -> Reply:
    """What became of it, with the ways to mend what went wrong."""
    taken_back = broadcast.phase is Phase.CANCELLED and broadcast.began is None
    key = "report-taken-back" if taken_back else f"report-{broadcast.phase}"
    if broadcast.kind not in KINDS and not counts.total and not taken_back:
        key = "report-nobody"
    heading = _heading(broadcast, language, key)
    if taken_back or key == "report-nobody":
        return Reply(heading, language=language)
    visits = sum(counts.by_channel.get(channel, 0) for channel in figures.VISITED)
    told = (
        ("report-visits", visits),
        ("report-not-sent", counts.of("cancelled")),
        ("report-waiting", counts.of("queued", "sending")),
    )
    lines = [text("report-sent", sent=counts.of("sent"), total=counts.total)]
    lines += [Text(key, {"number": number}) for key, number in told if number]
    texts = (*heading, _joined((*lines, *_faults(counts))))
    return Reply(texts, _afterwards(broadcast, counts), language=language)


def _heading(broadcast: Broadcast, language: str, key: str) -> tuple[Text, ...]:
    """What is going on, and with which announcement."""
    if broadcast.kind not in KINDS:
        return (Text(key), _named(broadcast))
    beginning = Announcement.of(broadcast).beginning(language)
    return (Text(key), text("announce-called", beginning=beginning)) if beginning else (Text(key),)


def _named(broadcast: Broadcast) -> Text:
    """What was told, and of which webinar; once that was erased, only its kind."""
    if broadcast.content.get("notice") == "offline":
        return text("report-of-offline")
    title: dict[str, str] = broadcast.content.get("title", {})
    if broadcast.kind is not Kind.NOTICE or not title:
        return Text(f"report-of-{broadcast.kind}")
    return Text(f"report-of-{broadcast.content['notice']}", {"webinar": Localised(title)})


def _bar(percent: int) -> str:
    full = min(percent, 100) * BLOCKS // 100
    return "█" * full + "░" * (BLOCKS - full)


def _faults(counts: Counts) -> tuple[Text, ...]:
    """A line for each reason for which people did not get it, the most frequent first."""
    numbers: dict[str, int] = {}
    for fault, number in counts.by_fault.items():
        name = fault if fault in FAULTS else "error"
        numbers[name] = numbers.get(name, 0) + number
    known = sorted(numbers.items(), key=lambda each: -each[1])
    return tuple(Text(f"fault-{fault}", {"number": number}) for fault, number in known if number)


def _joined(lines: tuple[Text, ...]) -> Text:
    return text("lines", lines=lines)


def _controls(broadcast: Broadcast) -> tuple[tuple[Button, ...], ...]:
    id = broadcast.id
    pause = Button(text("btn-progress-pause"), f"go:an-pause:{id}")
    resume = Button(text("btn-progress-resume"), f"go:an-resume:{id}")
    cancel = Button(text("btn-progress-cancel"), f"go:an-cancel:{id}")
    match broadcast.phase:
        case Phase.FREEZING:
            return ((cancel,),)
        case Phase.RUNNING:
            return ((pause, cancel),)
        case Phase.PAUSED:
            return ((resume, cancel),)
        case _:
            return ()


def _afterwards(broadcast: Broadcast, counts: Counts) -> tuple[tuple[Button, ...], ...]:
    if broadcast.kind not in KINDS or not broadcast.content:
        return ()
    ways: list[Button] = []
    if counts.of("failed", "expired"):
        ways.append(Button(text("btn-report-retry"), lasting(f"go:an-again:{broadcast.id}")))
    if counts.of("sent", "unknown"):
        ways.append(Button(text("btn-report-correct"), lasting(f"go:an-fix:{broadcast.id}")))
    return tuple((way,) for way in ways)
