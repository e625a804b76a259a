"""What an answer in one language changes of a webinar; the other languages stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dialogue.form import poster_of
from dialogue.words import Localised
from handlers.webinars import typed
from handlers.webinars.typed import Line
from storage.series.webinars import ExtraQuestion, Speaker, Webinar


def said(words: Localised, code: str) -> str:
    """The words in this language; none where it has none."""
    return words.by_language.get(code, "")


def _with(known: Localised, code: str, words: str | None, codes: Sequence[str]) -> Localised:
    """The words with those of one language changed, in the order of the languages."""
    all_words = {**known.by_language, code: words or ""}
    return Localised({each: all_words[each] for each in codes if all_words.get(each)})


def _with_title(webinar: Webinar, code: str, words: str | None, codes: Sequence[str]) -> Webinar:
    return replace(webinar, title=_with(webinar.title, code, words, codes))


def _with_about(webinar: Webinar, code: str, words: str | None, codes: Sequence[str]) -> Webinar:
    return replace(webinar, description=_with(webinar.description, code, words, codes))


def _with_speakers(webinar: Webinar, code: str, words: str | None, codes: Sequence[str]) -> Webinar:
    lines = typed.speakers(words) if words else []
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


def _with_extras(webinar: Webinar, code: str, words: str | None, codes: Sequence[str]) -> Webinar:
    lines = typed.extras(words) if words else []
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
    known = {said(each.prompt, code): each for each in kept}
    return [known.get(line.first) for line in lines]


def _labels(
    kept: Sequence[tuple[str, Localised]], code: str, chosen: Sequence[str], codes: Sequence[str]
) -> tuple[tuple[str, Localised], ...]:
    """The choices of a question with those of one language changed; each keeps its value."""
    taken = {value for value, _ in kept}
    labels: list[tuple[str, Localised]] = []
    for at in range(max(len(chosen), len(kept))):
        value, label = kept[at] if at < len(kept) else (_free(taken), Localised({}))
        taken.add(value)
        label = _with(label, code, chosen[at] if at < len(chosen) else None, codes)
        if label.by_language:
            labels.append((value, label))
    return tuple(labels)


def _free(taken: set[str]) -> str:
    """A key that none of the others has, nor had when answers were given to it."""
    number = 1 + max((int(key[1:]) for key in taken if key[1:].isdecimal()), default=0)
    return f"q{number}"


def _with_poster(webinar: Webinar, code: str, words: str | None, _codes: Sequence[str]) -> Webinar:
    poster = poster_of(words)
    posters = {each: id for each, id in webinar.posters.items() if each != code}
    return replace(webinar, posters=posters if poster is None else {**posters, code: poster})


CHANGES: Mapping[str, Callable[[Webinar, str, str | None, Sequence[str]], Webinar]] = {
    "title": _with_title,
    "about": _with_about,
    "speakers": _with_speakers,
    "extras": _with_extras,
    "poster": _with_poster,
}
