"""Mail that came in: a question to the experts, or one of the few words that are obeyed here.

Whoever has not agreed to the notice gets a link, and of their mail nothing is kept, anywhere but in
the mailbox: the link itself says where it lies. So does whoever may have been forged.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dialogue.fold import fold, split_text
from dialogue.form import Answer
from dialogue.incoming import Incoming, Mailed
from dialogue.words import Button, Label, Reply, Text, text
from handlers.commands import Commands
from handlers.house import House
from handlers.mail.tickets import Ticket, Way, ticket
from handlers.participants import privacy, profile, questions
from handlers.participants.welcome import guess
from handlers.series import programme
from handlers.series.standing import Standing, standing
from handlers.speaking import choices
from handlers.turn import Turn
from storage.series.webinars import Webinar

OBEYED = frozenset({"stop", "forget", "mydata", "privacy"})
"""Commands that are given by mail: what somebody may need who has no chat with us."""
_CONFIRMED = {
    Way.ASK: ("mail-question-asks", "btn-mail-question"),
    Way.ANSWER: ("mail-answers-asks", "btn-mail-answers"),
}
_TAKEN = frozenset({"question-received", "idea-received"})
_ASKED_ABOUT = frozenset({Standing.COMING, Standing.STARTED, Standing.OVER})
_SHORTEST_TITLE, _SHORTEST_BEGINNING = 8, 16
"""Letters: what is shorter stands in many a subject by chance."""


def asking(house: House, incoming: Incoming, mail: Mailed, now: datetime) -> Reply:
    """The mail, in every language, with the link to the notice and the button."""
    return _confirming(house, incoming, mail, now, Way.ASK)


def vouching(house: House, incoming: Incoming, mail: Mailed, now: datetime) -> Reply:
    """The same for answers that somebody else may have written in an expert's name."""
    return _confirming(house, incoming, mail, now, Way.ANSWER)


def _confirming(house: House, incoming: Incoming, mail: Mailed, now: datetime, way: Way) -> Reply:
    link = _link(house, way, ticket(incoming.sender, now, mail.lies_at))
    asks, label = _CONFIRMED[way]
    likely = guess(house, incoming)
    codes = sorted(house.languages.codes, key=lambda code: code != likely)
    name = house.community.name
    said = tuple(
        Text(key, {"community": name}, language=code)
        for code in codes
        for key in (asks, "mail-question-else")
    )
    buttons = tuple(Button(Text(label, language=code), url=f"{link}?lang={code}") for code in codes)
    return Reply(said, (buttons,))


async def answer(turn: Turn, commands: Commands) -> list[Reply]:
    """The replies to a mail of somebody who has agreed to the notice."""
    command = commands.find(turn.incoming.text or "")
    if command in OBEYED:
        return await _obey(turn, command)
    return [await question(turn)]


async def question(turn: Turn) -> Reply:
    """Keep the mail as a question, without a name; the receipt says for which webinar."""
    words, limits = turn.incoming.text or "", turn.house.rules
    if not words:
        return Reply((text("mail-empty"),))
    most = limits.questions_per_window
    if len(split_text(words, limits.question_length)) > most:
        return Reply((text("mail-too-long", length=most * limits.question_length),))
    webinar = _about(turn)
    answers: dict[str, Answer] = {"q": words, "kind": "question", "as": "anon"}
    answers["for"] = webinar.id if webinar else choices.SERIES
    before = turn.desk
    note = await questions.keep(turn, answers, "mail")
    # The words are in their own mailbox; what they were writing in a chat stays as it was.
    turn.desk = replace(turn.desk, draft=before.draft, draft_message=before.draft_message)
    if note.key not in _TAKEN:
        return Reply((note, text("mail-not-taken")))
    about: Label = webinar.title if webinar else text("btn-series")
    return Reply((text("mail-question-received", about=about), text("mail-words")))


async def obeyed_by_link(turn: Turn, command: str) -> list[Reply]:
    """The same of a command that somebody else may have sent: what it changes waits for a button.

    What only tells them something goes to their own address anyway.
    """
    if command != "stop":
        return await _obey(turn, command)
    url = turn.house.mail_link(Way.STOP, turn.incoming.sender)
    return [Reply((text("mail-stop"),), ((Button(text("btn-mail-stop"), url=url),),))]


async def _obey(turn: Turn, command: str) -> list[Reply]:
    match command:
        case "stop":
            if turn.address.linked:
                # Their other chats go on: whoever can write in this name must not end those.
                turn.address = replace(turn.address, stopped=True)
            else:
                profile.silence(turn)
            return [Reply((text("mail-stopped"),))]
        case "forget":
            link = _link(turn.house, Way.ERASE, ticket(turn.incoming.sender, turn.now))
            url = f"{link}?lang={turn.person.language}"
            return [Reply((text("mail-forget"),), ((Button(text("btn-forget"), url=url),),))]
        case "mydata":
            shown = await privacy.my_data(turn)
        case _:
            shown = await privacy.privacy(turn)
    return [Reply(tuple(said for each in shown for said in each.texts))]


def _link(house: House, way: Way, ticket: Ticket) -> str:
    return house.mail_link(way, str(ticket))


def _about(turn: Turn) -> Webinar | None:
    """The webinar that the address or the subject names, else what is next, if anything is."""
    mail = turn.incoming.mailed or Mailed()
    open_to = [w for w in turn.programme.webinars if standing(w, turn.now) in _ASKED_ABOUT]
    aimed = (mail.aim or "").removeprefix("w-")
    named = [w for w in open_to if w.id == aimed] or [w for w in open_to if _named(w, mail.subject)]
    return next(iter([*named, *programme.upcoming(turn.programme, turn.now)]), None)


def _named(webinar: Webinar, subject: str) -> bool:
    """Whether this is in the subject: its id, or its title, or where that is cut its beginning."""
    words = f" {fold(subject)} "
    # The subjects of our own mails are cut so, and answers keep them.
    cut = fold(subject.partition("…")[0]) if "…" in subject else ""
    for title in map(fold, (*webinar.title.by_language.values(), webinar.id)):
        if len(title) >= _SHORTEST_TITLE and f" {title} " in words:
            return True
        if any(cut.endswith(title[:end]) for end in range(_SHORTEST_BEGINNING, len(title))):
            return True
    return False
