"""The sentences that a platform approves beforehand, for whom it lets us write nothing else.

Each tells how to get the rest and how to get no more. What is inserted stands neither first nor
last nor beside something else that is inserted, as WhatsApp wants it
(https://www.twilio.com/docs/content/whatsapp-templates-approval-statuses).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dialogue.words import Button, Label, MessageButton, Reply, Template, Text, text
from handlers.commands import NAMES, STAFF
from handlers.lasting import lasting
from locales import Languages

NEWS = lasting("go:news")
"""The button to all of what a template told a part of."""

PLACES = {
    "an": "announce",
    "in": "interpret",
    "mo": "moderate",
    "notthem": "team",
    "q": "questions",
    "them": "team",
    "w": "webinars",
}
"""The commands that lead to what buttons carry; the others carry the command's own name."""
_PLACE = re.compile(r"\+?go:([a-z]+)")


class Category(StrEnum):
    """What a platform takes a template for: utility is about what people asked for themselves."""

    MARKETING = "marketing"
    UTILITY = "utility"


@dataclass(frozen=True, slots=True)
class Form:
    """A template as it is written: its category, what it inserts, in order, and its buttons."""

    name: str
    category: Category
    slots: tuple[tuple[str, str], ...]
    """The name of each value in the sentence, and the key of an example of it."""
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """A template in one language, as it is handed in to be approved."""

    name: str
    language: str
    category: Category
    body: str
    """With `{{1}}` and so on where `Filled.values` are inserted."""
    samples: tuple[str, ...]
    """What may stand there, for whoever approves it."""
    buttons: tuple[MessageButton, ...]
    """They last: their values are the same in each message."""


FORMS = (
    Form(
        "announcement",
        Category.MARKETING,
        (("words", "template-sample-announcement"),),
        (
            Button(text("btn-read-all"), NEWS),
            Button(text("btn-announcements-off"), lasting("go:set:announcements:off")),
        ),
    ),
    Form(
        "reminder",
        Category.UTILITY,
        (("webinars", "template-sample-webinar"), ("when", "template-sample-when")),
        (
            Button(text("btn-details"), NEWS),
            Button(text("btn-reminders-stop"), lasting("go:set:reminders:off")),
        ),
    ),
    Form(
        "notice",
        Category.UTILITY,
        (("subject", "template-sample-webinar"), ("news", "template-sample-news")),
        (
            Button(text("btn-read-all"), NEWS),
            Button(text("btn-stop"), lasting("go:stop")),
        ),
    ),
)


def announcement(words: Label) -> Template:
    """For what organisers write to many."""
    return Template("announcement", (words,))


def reminder(webinars: Label, when: Label) -> Template:
    """For a reminder of what somebody registered for, with the way in where it is time for it."""
    return Template("reminder", (webinars, when))


def notice(subject: Label, news: Label) -> Template:
    """For what somebody must know: of a webinar of theirs, or of what they do here."""
    return Template("notice", (subject, news))


def told(reply: Reply) -> Reply:
    """What one person is told, sayable also where nothing but a template may be said."""
    if reply.template is not None or not reply.texts:
        return reply
    first, *rest = reply.texts
    for more in rest:
        first = joined(first, more)
    command = typed_instead(reply)
    if command is not None:
        first = joined(first, Text("template-go-on", {"command": f"/{command}"}))
    return Reply(
        texts=reply.texts,
        rows=reply.rows,
        act=reply.act,
        language=reply.language,
        template=notice(text("template-about-you"), first),
        meetings=reply.meetings,
    )


def typed_instead(reply: Reply) -> str | None:
    """The command that leads where its first button does, since a template has none of its own."""
    for row in reply.rows:
        for button in row:
            found = _PLACE.match(button.value)
            place = found[1] if found else ""
            command = PLACES.get(place, place)
            if command in NAMES or command in STAFF:
                return command
    return None


def joined(first: Label, rest: Label) -> Text:
    """Both on one line, since no value may have more."""
    return text("template-joined", first=first, rest=rest)


def wordings(languages: Languages) -> Sequence[Wording]:
    """Every template in every language."""
    return [_wording(languages, form, code) for form in FORMS for code in languages.codes]


def _wording(languages: Languages, form: Form, code: str) -> Wording:
    voice = languages.voice(code)
    places = {name: f"{{{{{at}}}}}" for at, (name, _) in enumerate(form.slots, start=1)}
    shown = voice.render(Reply((Text(f"template-{form.name}", places),), (form.buttons,)))
    return Wording(
        name=form.name,
        language=code,
        category=form.category,
        body=shown.text,
        samples=tuple(voice.say(Text(sample)) for _, sample in form.slots),
        buttons=shown.rows[0],
    )
