"""What its author sees of a broadcast: how far it has come, and what became of it in the end."""

from __future__ import annotations

from datetime import timedelta

from dialogue.words import Button, Localised, Reply, Text, text
from handlers.announcing import figures
from handlers.announcing.content import KINDS, Announcement
from handlers.lasting import lasting
from storage.broadcasting.broadcasts import Broadcast, Counts, Kind, Phase
from storage.persons import VISITED

BLOCKS = 10

TAKEN = ("sent", "delivered", "read")
"""What a platform has taken; not each says what became of it then."""

FAULTS = (
    "gone",
    "refused",
    "unreachable",
    "error",
    "expired",
    "unknown",
    "stopped",
    "left",
    "joined",
    "closed",
    "held-back",
)
"""Those that have words of their own; all others are mistakes of ours."""
ALIKE = {"no-marketing": "stopped"}

OF_RECALLS = frozenset(
    {
        *(f"progress-{phase}" for phase in ("freezing", "running", "paused", "cancelling")),
        *("progress-cancelled", "progress-done", "progress-sent"),
        *("report-cancelled", "report-done", "report-nobody", "report-not-sent", "report-sent"),
        *("report-taken-back", "fault-error", "fault-expired", "fault-unknown"),
    }
)
"""What is said otherwise of a recall: it sends nothing, but takes away."""


def progress(
    broadcast: Broadcast,
    counts: Counts | None,
    rate: float | None,
    left: timedelta | None,
    language: str,
) -> Reply:
    """The one message that is edited while it runs; `rate` is messages a second, None unknown."""
    texts = [*heading_of(broadcast, language, f"progress-{broadcast.phase}")]
    if counts is not None and broadcast.phase is not Phase.FREEZING:
        gone = counts.total - counts.of("queued", "sending")
        percent = gone * 100 // counts.total if counts.total else 0
        bar = text("progress-bar", bar=_bar(percent), percent=percent)
        lines = [bar, _done(broadcast, counts, "progress-sent")]
        if rate is not None and broadcast.phase is Phase.RUNNING:
            lines.append(text("progress-rate", rate=round(rate)))
        if left is not None and broadcast.phase is Phase.RUNNING and gone < counts.total:
            lines.append(text("progress-left", time=figures.lasting(left)))
        texts.append(_joined((*lines, *_faults(broadcast, counts))))
    return Reply(tuple(texts), _controls(broadcast), language=language)


def report(
    broadcast: Broadcast, counts: Counts, language: str, *, recallable: bool = True
) -> Reply:
    """What became of it, with the ways to mend what went wrong.

    `recallable` is whether anything of it may be young enough to be taken back.
    """
    taken_back = broadcast.phase is Phase.CANCELLED and broadcast.began is None
    key = "report-taken-back" if taken_back else f"report-{broadcast.phase}"
    if broadcast.kind not in KINDS and not counts.total and not taken_back:
        key = "report-nobody"
    elif broadcast.kind is not Kind.RECALL and _reached_nobody(broadcast, counts):
        key = "report-none"
    heading = heading_of(broadcast, language, key)
    if taken_back or key == "report-nobody":
        return Reply(heading, language=language)
    told = (
        ("report-delivered", counts.of("delivered", "read")),
        ("report-read", counts.of("read")),
        ("report-visits", _visits(broadcast, counts)),
        ("report-not-sent", counts.of("cancelled")),
        ("report-waiting", counts.of("queued", "sending")),
    )
    lines = [_done(broadcast, counts, "report-sent")]
    lines += [Text(_key(broadcast, key), {"number": number}) for key, number in told if number]
    texts = (*heading, _joined((*lines, *_faults(broadcast, counts))))
    rows = _afterwards(broadcast, counts, recallable=recallable)
    return Reply(texts, rows, language=language)


def _reached_nobody(broadcast: Broadcast, counts: Counts) -> bool:
    done = broadcast.phase is Phase.DONE and counts.total > 0
    return done and not counts.of(*TAKEN, "unknown", "queued", "sending")


def _key(broadcast: Broadcast, key: str) -> str:
    return f"recall-{key}" if broadcast.kind is Kind.RECALL and key in OF_RECALLS else key


def _done(broadcast: Broadcast, counts: Counts, key: str) -> Text:
    done = {"sent": counts.of(*TAKEN), "total": counts.total}
    return Text(_key(broadcast, key), done)


def _visits(broadcast: Broadcast, counts: Counts) -> int:
    """How many read it when they come; what is taken away there is gone at once."""
    if broadcast.kind is Kind.RECALL:
        return 0
    return counts.by_channel.get(VISITED, 0)


def heading_of(broadcast: Broadcast, language: str, key: str) -> tuple[Text, ...]:
    """What is going on, and with which announcement."""
    said = Text(_key(broadcast, key))
    if broadcast.kind not in (*KINDS, Kind.RECALL):
        return (said, _named(broadcast))
    beginning = Announcement.of(broadcast).beginning(language)
    return (said, text("announce-called", beginning=beginning)) if beginning else (said,)


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


def _faults(broadcast: Broadcast, counts: Counts) -> tuple[Text, ...]:
    """A line for each reason for which people did not get it, the most frequent first."""
    numbers: dict[str, int] = {}
    for fault, number in counts.by_fault.items():
        name = fault if fault in FAULTS else ALIKE.get(fault, "error")
        numbers[name] = numbers.get(name, 0) + number
    known = sorted(numbers.items(), key=lambda each: -each[1])
    return tuple(
        Text(_key(broadcast, f"fault-{fault}"), {"number": number})
        for fault, number in known
        if number
    )


def _joined(lines: tuple[Text, ...]) -> Text:
    return text("lines", lines=lines)


def _controls(broadcast: Broadcast) -> tuple[tuple[Button, ...], ...]:
    id = broadcast.id
    pause = Button(text("btn-progress-pause"), f"go:an-pause:{id}")
    on = "btn-recall-resume" if broadcast.kind is Kind.RECALL else "btn-progress-resume"
    resume = Button(Text(on), f"go:an-resume:{id}")
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


def _afterwards(
    broadcast: Broadcast, counts: Counts, *, recallable: bool
) -> tuple[tuple[Button, ...], ...]:
    if broadcast.kind not in KINDS or not broadcast.content:
        return ()
    ways: list[Button] = []
    if counts.of("failed", "expired"):
        ways.append(Button(text("btn-report-retry"), lasting(f"go:an-again:{broadcast.id}")))
    if counts.of(*TAKEN, "unknown"):
        ways.append(Button(text("btn-report-correct"), lasting(f"go:an-fix:{broadcast.id}")))
        if recallable:
            ways.append(Button(text("btn-report-recall"), lasting(f"go:an-recall:{broadcast.id}")))
    return tuple((way,) for way in ways)
