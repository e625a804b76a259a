"""From answers to a webinar, and from a webinar to the answers that would have led to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dialogue.form import Answer, Answers, photo_answer, poster_of
from dialogue.words import Localised
from handlers import moments
from handlers.content.reading import USUAL_MINUTES
from handlers.webinars import typed
from handlers.webinars.lined import BETWEEN_NAME_AND_ABOUT, BETWEEN_PROMPT_AND_CHOICES
from handlers.webinars.questions import EMPTY, NO, NONE, USUAL, YES, picked
from handlers.webinars.typed import Line
from storage.webinars import ExtraQuestion, Speaker, WayIn, Webinar


def applied(webinar: Webinar, answers: Answers, codes: Sequence[str]) -> Webinar:
    """The webinar with everything that was answered; texts keep the order of these languages."""
    for key, answer in answers.items():
        name, _, code = key.partition("-")
        told = None if answer == EMPTY else answer
        if name in _PLAIN and not code:
            webinar = _PLAIN[name](webinar, told)
        elif name in _IN_LANGUAGE and code in codes:
            words = told if isinstance(told, str) else None
            webinar = _IN_LANGUAGE[name](webinar, code, words, codes)
    if webinar.languages:
        return webinar
    return replace(webinar, languages=tuple(webinar.title.by_language) or tuple(codes[:1]))


def told(webinar: Webinar, codes: Sequence[str]) -> dict[str, Answer]:
    """The answers that say what the webinar is."""
    way = webinar.way_in or WayIn()
    answers: dict[str, Answer] = {
        "series": webinar.series,
        "at": moments.to_answer(webinar.starts_at),
        "length": str(webinar.minutes),
        "held": webinar.languages,
        "into": webinar.interpreted or None,
        "link": way.link or None,
        "phone": way.dial_in or None,
        "passcode": way.passcode or None,
        "approval": YES if webinar.approval else NO,
        "reminders": _told_reminders(webinar.reminders),
    }
    for code in codes:
        answers |= _told_in(webinar, code)
    return answers


def _told_in(webinar: Webinar, code: str) -> dict[str, Answer]:
    speakers = [Line(_said(each.name, code), _said(each.about, code)) for each in webinar.speakers]
    extras = [
        Line(_said(each.prompt, code), "، ".join(_said(label, code) for _, label in each.choices))
        for each in webinar.questions
    ]
    poster = webinar.posters.get(code)
    return {
        f"title-{code}": _said(webinar.title, code) or None,
        f"about-{code}": _said(webinar.description, code) or None,
        f"speakers-{code}": _lines(speakers, BETWEEN_NAME_AND_ABOUT),
        f"extras-{code}": _lines(extras, BETWEEN_PROMPT_AND_CHOICES),
        f"poster-{code}": None if poster is None else photo_answer(poster),
    }


def _lines(lines: Sequence[Line], between: str) -> str | None:
    return typed.written(lines, between) if any(line.first for line in lines) else None


def _told_reminders(reminders: tuple[int, ...] | None) -> str:
    if reminders is None:
        return USUAL
    return " ".join(map(str, reminders)) or NONE


def _said(words: Localised, code: str) -> str:
    return words.by_language.get(code, "")


# --- what each answer does ----------------------------------------------------------------------


def _with_start(webinar: Webinar, answer: Answer) -> Webinar:
    return replace(webinar, starts_at=moments.from_answer(str(answer)))


def _with_length(webinar: Webinar, answer: Answer) -> Webinar:
    return replace(webinar, minutes=int(str(answer)) if answer else USUAL_MINUTES)


def _held_in(webinar: Webinar, answer: Answer) -> Webinar:
    held = picked(answer)
    into = tuple(code for code in webinar.interpreted if code not in held)
    return replace(webinar, languages=held, interpreted=into)


def _interpreted(webinar: Webinar, answer: Answer) -> Webinar:
    into = tuple(code for code in picked(answer) if code not in webinar.languages)
    return replace(webinar, interpreted=into)


def _with_reminders(webinar: Webinar, answer: Answer) -> Webinar:
    if answer in (None, USUAL):
        return replace(webinar, reminders=None)
    minutes = () if answer == NONE else tuple(int(each) for each in str(answer).split())
    return replace(webinar, reminders=minutes)


def _way(field: str) -> Callable[[Webinar, Answer], Webinar]:
    def change(webinar: Webinar, answer: Answer) -> Webinar:
        said = answer if isinstance(answer, str) else ""
        way = replace(webinar.way_in or WayIn(), **{field: said})
        return replace(webinar, way_in=None if way == WayIn() else way)

    return change


_PLAIN: Mapping[str, Callable[[Webinar, Answer], Webinar]] = {
    "series": lambda webinar, answer: replace(webinar, series=str(answer)),
    "at": _with_start,
    "length": _with_length,
    "held": _held_in,
    "into": _interpreted,
    "link": _way("link"),
    "phone": _way("dial_in"),
    "passcode": _way("passcode"),
    "approval": lambda webinar, answer: replace(webinar, approval=answer == YES),
    "reminders": _with_reminders,
}


def _with(words: Localised, code: str, said: str | None, codes: Sequence[str]) -> Localised:
    """The words with those of one language changed, in the order of the languages."""
    known = {**words.by_language, code: said or ""}
    return Localised({each: known[each] for each in codes if known.get(each)})


def _with_title(webinar: Webinar, code: str, said: str | None, codes: Sequence[str]) -> Webinar:
    return replace(webinar, title=_with(webinar.title, code, said, codes))


def _with_about(webinar: Webinar, code: str, said: str | None, codes: Sequence[str]) -> Webinar:
    return replace(webinar, description=_with(webinar.description, code, said, codes))


def _with_speakers(webinar: Webinar, code: str, said: str | None, codes: Sequence[str]) -> Webinar:
    lines = typed.speakers(said) if said else []
    kept = webinar.speakers
    speakers: list[Speaker] = []
    for at in range(max(len(lines), len(kept))):
        line = lines[at] if at < len(lines) else Line("")
        known = kept[at] if at < len(kept) else Speaker(Localised({}), Localised({}))
        name = _with(known.name, code, line.first, codes)
        about = _with(known.about, code, line.second, codes)
        if name.by_language:
            speakers.append(Speaker(name, about))
    return replace(webinar, speakers=tuple(speakers))


def _with_extras(webinar: Webinar, code: str, said: str | None, codes: Sequence[str]) -> Webinar:
    lines = typed.extras(said) if said else []
    kept = _aligned(webinar.questions, code, lines)
    taken = {each.key for each in webinar.questions}
    questions: list[ExtraQuestion] = []
    for at in range(max(len(lines), len(kept))):
        line = lines[at] if at < len(lines) else Line("")
        known = kept[at] if at < len(kept) else None
        known = known or ExtraQuestion(_free(taken), Localised({}))
        taken.add(known.key)
        prompt = _with(known.prompt, code, line.first, codes)
        if prompt.by_language:
            labels = _labels(known.choices, code, line.choices, codes)
            questions.append(replace(known, prompt=prompt, choices=labels))
    return replace(webinar, questions=tuple(questions))


def _aligned(
    kept: Sequence[ExtraQuestion], code: str, lines: Sequence[Line]
) -> Sequence[ExtraQuestion | None]:
    """What is asked already beside each line: by its place where another language has it, too."""
    if any(set(each.prompt.by_language) - {code} for each in kept):
        return kept
    known = {_said(each.prompt, code): each for each in kept}
    return [known.get(line.first) for line in lines]


def _labels(
    kept: Sequence[tuple[str, Localised]], code: str, said: Sequence[str], codes: Sequence[str]
) -> tuple[tuple[str, Localised], ...]:
    """The choices of a question with those of one language changed; each keeps its value."""
    taken = {value for value, _ in kept}
    labels: list[tuple[str, Localised]] = []
    for at in range(max(len(said), len(kept))):
        value, label = kept[at] if at < len(kept) else (_free(taken), Localised({}))
        taken.add(value)
        label = _with(label, code, said[at] if at < len(said) else None, codes)
        if label.by_language:
            labels.append((value, label))
    return tuple(labels)


def _free(taken: set[str]) -> str:
    """A key that none of the others has, nor had when answers were given to it."""
    number = 1 + max((int(key[1:]) for key in taken if key[1:].isdecimal()), default=0)
    return f"q{number}"


def _with_poster(webinar: Webinar, code: str, said: str | None, _codes: Sequence[str]) -> Webinar:
    poster = poster_of(said)
    posters = {each: id for each, id in webinar.posters.items() if each != code}
    return replace(webinar, posters=posters if poster is None else {**posters, code: poster})


_IN_LANGUAGE: Mapping[str, Callable[[Webinar, str, str | None, Sequence[str]], Webinar]] = {
    "title": _with_title,
    "about": _with_about,
    "speakers": _with_speakers,
    "extras": _with_extras,
    "poster": _with_poster,
}
