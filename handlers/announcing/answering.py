"""Between the answers of the form and what is kept of an announcement, both ways."""

from __future__ import annotations

from collections.abc import Mapping

from dialogue.form import Answer, Answers, photo_answer, poster_of
from handlers.announcing.content import Announcement
from handlers.announcing.drafting import (
    AT_ONCE,
    NO_WEBINAR,
    OF_ONE,
    OF_WEBINAR,
    SAME,
    poster_key,
    text_key,
)
from handlers.series import programme
from handlers.speaking import moments
from handlers.turn import Turn
from storage.broadcasting.broadcasts import Broadcast, Kind, Rule


def rule_of(answers: Answers) -> Rule:
    """Whom these answers choose."""
    who, webinar = str(answers["who"]), answers.get("w")
    return Rule(
        who=who,  # type: ignore[arg-type]
        webinar=str(webinar) if who in OF_ONE else None,
        languages=_several(answers, "langs"),
        channels=_several(answers, "chans"),
        governorates=_several(answers, "govs"),
        minus=_several(answers, "minus"),
    )


def announcement_of(
    turn: Turn, answers: Answers, webinar: str | None, before: Announcement | None = None
) -> Announcement:
    """What these answers say; pictures that are the same as before are as tested as before."""
    codes = turn.house.languages.codes
    texts = {code: str(words) for code in codes if (words := answers.get(text_key(code)))}
    posters = _posters(turn, answers, texts)
    photos = before.photos_of(posters) if before else {}
    when = answers.get("when")
    at = None if when in (None, AT_ONCE) else moments.from_answer(str(when))
    return Announcement(texts, webinar, posters, photos, at)


def webinar_of(answers: Answers) -> str | None:
    """The webinar that the button leads to."""
    webinar = answers.get("w")
    without = webinar in (None, NO_WEBINAR) or answers.get("button") == "without"
    return None if without else str(webinar)


def answers_of(turn: Turn, broadcast: Broadcast) -> dict[str, Answer]:
    """The answers from which this announcement would be made."""
    announcement, rule = Announcement.of(broadcast), broadcast.rule
    webinar = rule.webinar or announcement.webinar
    answers: dict[str, Answer] = {
        "@id": str(broadcast.id),
        "who": rule.who,
        "w": webinar or NO_WEBINAR,
        "button": "with" if announcement.webinar else "without",
        "langs": rule.languages or None,
        "chans": rule.channels or None,
        "govs": rule.governorates or None,
        "minus": rule.minus or None,
        "when": AT_ONCE if announcement.at is None else moments.to_answer(announcement.at),
    }
    if broadcast.kind is not Kind.ANNOUNCEMENT:
        answers["@about"] = str(broadcast.about)
    return {**_what_it_says(turn, announcement), **answers}


def _what_it_says(turn: Turn, announcement: Announcement) -> dict[str, Answer]:
    """The answers that give these texts and pictures; what was left out stays so."""
    answers: dict[str, Answer] = dict.fromkeys(map(text_key, turn.house.languages.codes))
    for code, words in announcement.texts.items():
        poster = announcement.posters.get(code)
        answers[text_key(code)] = words
        answers[poster_key(code)] = None if poster is None else photo_answer(poster)
    return answers


def _several(answers: Answers, key: str) -> tuple[str, ...]:
    chosen = answers.get(key)
    return chosen if isinstance(chosen, tuple) else ()


def _posters(turn: Turn, answers: Answers, texts: Mapping[str, str]) -> dict[str, int]:
    about = programme.find(turn.programme, str(answers.get("w") or answers.get("@webinar")))
    posters: dict[str, int] = {}
    same: list[str] = []
    for code in texts:
        answer = answers.get(poster_key(code))
        poster = poster_of(answer)
        if answer == OF_WEBINAR and about is not None:
            poster = about.posters.get(code) or next(iter(about.posters.values()), None)
        if poster is not None:
            posters[code] = poster
        elif answer == SAME:
            same.append(code)
    other = next(iter(posters.values()), None)
    return posters if other is None else {**posters, **dict.fromkeys(same, other)}
